import type { LiveFrame, QueryResult, SeriesColumn, Steps } from '#shared/contract/index.ts';
import { EMPTY_LABELS, isPresent, labelsKey, type Labels, type Millis } from '#shared/model/index.ts';

/** One series of a live query: NaN where there is no sample. */
interface Row {
  readonly labels: Labels;
  values: Float64Array;
  /** Absolute step number (time / step) of the newest sample. */
  lastSeen: number;
}

/**
 * The last `maxSteps` steps of one live query. New steps are written behind the old ones; what falls out of the window is
 * dropped, and with it the series that have nothing left in it. Memory is bounded by twice the window.
 */
export class LiveWindow {
  readonly #step: Millis;
  readonly #maxSteps: number;
  readonly #rows = new Map<string, Row>();
  /** Absolute step number of element 0 of every row. */
  #origin = 0;
  /** Absolute step numbers of the window: first and one past the last. */
  #first = 0;
  #end = 0;
  #error: string | null = null;

  constructor(step: Millis, maxSteps: number) {
    this.#step = step;
    this.#maxSteps = maxSteps;
  }

  get error(): string | null {
    return this.#error;
  }

  get empty(): boolean {
    return this.#end === this.#first;
  }

  /** Time of the first step in the window. */
  get start(): Millis {
    return this.#first * this.#step;
  }

  /** Time of the last step in the window. */
  get last(): Millis {
    return (this.#end - 1) * this.#step;
  }

  get labels(): readonly Labels[] {
    return [...this.#rows.values()].map((row) => row.labels);
  }

  get keys(): readonly string[] {
    return [...this.#rows.keys()];
  }

  apply(frame: LiveFrame): void {
    this.#error = frame.error;
    const { steps } = frame;
    const first = Math.round(steps.start / this.#step);
    const count = steps.count;
    // A single step says nothing with its own step width.
    const otherGrid = (count > 1 && steps.step !== this.#step) || first < this.#first;
    if (frame.reset || otherGrid || this.empty) {
      this.#rows.clear();
      this.#origin = first;
      this.#first = first;
      this.#end = first;
    }
    if (count === 0) return;
    const end = Math.max(this.#end, first + count);
    this.#trimTo(end);
    if (frame.result !== null) {
      for (const column of columnsOf(frame.result)) this.#write(column, steps, first);
    }
    this.#end = end;
  }

  /** Values of a series over `count` steps from `start` (a time on the grid); null where there is no sample. */
  read(key: string, start: Millis, count: number): (number | null)[] {
    const out: (number | null)[] = Array.from({ length: count }, () => null);
    const row = this.#rows.get(key);
    if (row === undefined) return out;
    const offset = Math.round(start / this.#step) - this.#origin;
    const from = Math.max(0, this.#first - this.#origin - offset);
    const to = Math.min(count, this.#end - this.#origin - offset);
    for (let i = from; i < to; i++) {
      const value = row.values[offset + i];
      if (!Number.isNaN(value)) out[i] = value;
    }
    return out;
  }

  /** Labels of a series, by the key it has here. */
  labelsOf(key: string): Labels {
    return this.#rows.get(key)?.labels ?? EMPTY_LABELS;
  }

  #trimTo(end: number): void {
    this.#first = Math.max(this.#first, end - this.#maxSteps);
    const shift = this.#first - this.#origin;
    if (shift < this.#maxSteps) return;
    for (const [key, row] of this.#rows) {
      if (row.lastSeen < this.#first) {
        this.#rows.delete(key);
        continue;
      }
      row.values.copyWithin(0, Math.min(shift, row.values.length));
      row.values.fill(Number.NaN, Math.max(0, row.values.length - shift));
    }
    this.#origin = this.#first;
  }

  #write(column: SeriesColumn, steps: Steps, first: number): void {
    const key = labelsKey(column.labels);
    let row = this.#rows.get(key);
    if (row === undefined) {
      row = { labels: column.labels, values: new Float64Array(this.#maxSteps * 2).fill(Number.NaN), lastSeen: -1 };
      this.#rows.set(key, row);
    }
    for (let i = 0; i < steps.count; i++) {
      const at = first + i - this.#origin;
      if (at < 0 || at >= row.values.length) continue;
      if (isPresent(column.present, i)) {
        row.values[at] = column.values[i];
        row.lastSeen = first + i;
      } else row.values[at] = Number.NaN;
    }
  }
}

function columnsOf(result: QueryResult): readonly SeriesColumn[] {
  switch (result.type) {
    case 'vector':
    case 'matrix':
      return result.series;
    case 'scalar': {
      const present = new Uint8Array((result.steps.count + 7) >> 3).fill(255);
      return [{ labels: EMPTY_LABELS, values: result.values, present, histograms: null }];
    }
    case 'string':
    case 'samples':
      // Neither is a chart.
      return [];
  }
}
