import {
  isPresent,
  newPresence,
  setPresent,
  type Histogram,
  type Labels,
  type Millis,
  type Presence,
} from '#shared/model/index.ts';

/** Evaluation times of a node: start, start + step, ... An instant is one step. */
export interface Grid {
  readonly start: Millis;
  readonly step: Millis;
  readonly count: number;
}

/** One series over all steps of a grid. Immutable once made: nodes share arrays with their inputs. */
export interface Column {
  readonly labels: Labels;
  /** The metric name (with type and unit) is to go when the result is made. */
  readonly dropName: boolean;
  /** One value a step; meaningless where absent or where there is a histogram. */
  readonly values: Float64Array;
  readonly present: Presence;
  /** Histogram of each step, null at steps without one; null when the series has none at all. */
  readonly histograms: readonly (Histogram | null)[] | null;
}

/** Value of a node over its grid. */
export type NodeValue =
  | { readonly type: 'scalar'; readonly values: Float64Array }
  | { readonly type: 'string'; readonly value: string }
  | { readonly type: 'vector'; readonly columns: readonly Column[] };

/** Presence of one step, for all columns of instants. Never written to. */
const ABSENT: Presence = newPresence(1);
const PRESENT: Presence = Uint8Array.of(1);

/** A column while it is filled. */
export class ColumnBuilder {
  readonly values: Float64Array;
  #present: Presence;
  histograms: (Histogram | null)[] | null = null;
  /** Steps set so far, each counted once. */
  filled = 0;

  constructor(count: number) {
    this.values = new Float64Array(count);
    this.#present = count === 1 ? ABSENT : newPresence(count);
  }

  /** What was marked so far; not to be written to. */
  get present(): Presence {
    return this.#present;
  }

  setFloat(step: number, value: number): void {
    this.values[step] = value;
    this.mark(step);
    if (this.histograms !== null) this.histograms[step] = null;
  }

  setHistogram(step: number, histogram: Histogram): void {
    this.histograms ??= Array.from({ length: this.values.length }, () => null);
    this.histograms[step] = histogram;
    this.mark(step);
  }

  has(step: number): boolean {
    return isPresent(this.#present, step);
  }

  private mark(step: number): void {
    if (isPresent(this.#present, step)) return;
    if (this.#present === ABSENT) this.#present = PRESENT;
    else setPresent(this.#present, step);
    this.filled++;
  }

  finish(labels: Labels, dropName: boolean): Column {
    return { labels, dropName, values: this.values, present: this.#present, histograms: this.histograms };
  }
}

/** Number of steps that are present. */
export function countPresent(present: Presence): number {
  let count = 0;
  for (const byte of present) {
    let bits = byte;
    while (bits !== 0) {
      bits &= bits - 1;
      count++;
    }
  }
  return count;
}

export function isEmpty(present: Presence): boolean {
  for (const byte of present) if (byte !== 0) return false;
  return true;
}

/** Presence with all of `count` steps set. */
export function fullPresence(count: number): Presence {
  const present = newPresence(count).fill(0xff);
  const used = count & 7;
  if (used !== 0) present[present.length - 1] = (1 << used) - 1;
  return present;
}

export function isFull(present: Presence, count: number): boolean {
  const whole = count >> 3;
  for (let i = 0; i < whole; i++) if (present[i] !== 0xff) return false;
  const used = count & 7;
  return used === 0 || present[whole] === (1 << used) - 1;
}

/** The histogram at a step, or null. */
export function histogramAt(column: Column, step: number): Histogram | null {
  return column.histograms === null ? null : column.histograms[step];
}

/** Presence of the floats alone. */
export function floatPresence(column: Column): Presence {
  const { histograms } = column;
  if (histograms === null) return column.present;
  const present = column.present.slice();
  for (let i = 0; i < histograms.length; i++) if (histograms[i] !== null) present[i >> 3] &= ~(1 << (i & 7));
  return present;
}

/** Repeats the only step of a column over `count` steps. */
export function repeatColumn(column: Column, count: number): Column {
  const histogram = histogramAt(column, 0);
  return {
    labels: column.labels,
    dropName: column.dropName,
    values: new Float64Array(count).fill(column.values[0]),
    present: isPresent(column.present, 0) ? fullPresence(count) : newPresence(count),
    histograms: histogram === null ? null : Array.from({ length: count }, () => histogram),
  };
}
