import {
  packHistograms,
  unpackHistogram,
  type ExpectedSeries,
  type LiveFrame,
  type QueryResult,
  type SeriesColumn,
  type Steps,
} from '#shared/contract/index.ts';
import {
  EMPTY_LABELS,
  isPresent,
  labelsKey,
  newPresence,
  setPresent,
  type Histogram,
  type Labels,
  type Millis,
} from '#shared/model/index.ts';

const NO_STATS = { seriesRead: 0, samplesRead: 0, evalMillis: 0 };

/** One series of a live query: NaN where there is no sample. */
interface Row {
  readonly labels: Labels;
  readonly values: Float64Array;
  /** What was to be expected, at the same places as the values; null until someone says. */
  expected: ExpectedSeries | null;
  /** Native histograms by absolute step number; null where the series has none. */
  histograms: Map<number, Histogram> | null;
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
  #learn: Millis | null = null;
  #memory: Millis | null = null;

  constructor(step: Millis, maxSteps: number) {
    this.#step = step;
    this.#maxSteps = maxSteps;
  }

  get error(): string | null {
    return this.#error;
  }

  /** So much has to be seen before anything is expected; null where nobody judges. */
  get learn(): Millis | null {
    return this.#learn;
  }

  /** What is expected is read from so much of the past; null where nobody judges. */
  get memory(): Millis | null {
    return this.#memory;
  }

  /** Time of the first value of any series in the window. */
  get firstValue(): Millis | null {
    let first = Infinity;
    for (const { values } of this.#rows.values()) {
      for (let at = this.#first - this.#origin; at < Math.min(this.#end - this.#origin, first); at++) {
        if (Number.isNaN(values[at])) continue;
        first = at;
        break;
      }
    }
    return first === Infinity ? null : (first + this.#origin) * this.#step;
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
    if (frame.expected !== null) {
      this.#learn = frame.expected.learn;
      this.#memory = frame.expected.memory;
    }
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
      for (const [s, column] of columnsOf(frame.result).entries())
        this.#write(column, frame.expected?.series[s] ?? null, steps, first);
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

  /** What was to be expected of a series, read as `read` reads its values; null when nobody judged it. */
  expected(key: string, start: Millis, count: number): ExpectedSeries | null {
    const row = this.#rows.get(key);
    if (row === undefined || row.expected === null) return null;
    const offset = Math.round(start / this.#step) - this.#origin;
    const from = Math.max(0, this.#first - this.#origin - offset);
    const to = Math.min(count, this.#end - this.#origin - offset);
    const cut = (column: Float32Array): Float32Array => {
      const out = new Float32Array(count).fill(Number.NaN);
      if (to > from) out.set(column.subarray(offset + from, offset + to), from);
      return out;
    };
    return { low: cut(row.expected.low), high: cut(row.expected.high), heat: cut(row.expected.heat) };
  }

  /** Adds the heat of all series to `into`, step by step: the highest wins. `into[0]` is the step at `start`. */
  mergeHeat(start: Millis, into: Float32Array): void {
    const offset = Math.round(start / this.#step) - this.#origin;
    const from = Math.max(0, this.#first - this.#origin - offset);
    const to = Math.min(into.length, this.#end - this.#origin - offset);
    for (const { expected } of this.#rows.values()) {
      if (expected === null) continue;
      const { heat } = expected;
      for (let i = from; i < to; i++) {
        const value = heat[offset + i];
        if (!Number.isNaN(value) && !(into[i] >= value)) into[i] = value;
      }
    }
  }

  /** Sets `into[i]` to 1 where a series has a value; `into[0]` is the step at `start`. */
  mergePresence(start: Millis, into: Uint8Array): void {
    const offset = Math.round(start / this.#step) - this.#origin;
    const from = Math.max(0, this.#first - this.#origin - offset);
    const to = Math.min(into.length, this.#end - this.#origin - offset);
    for (const { values } of this.#rows.values())
      for (let i = from; i < to; i++) if (!Number.isNaN(values[offset + i])) into[i] = 1;
  }

  /** The window as the result of a range query, histograms included. */
  result(start: Millis, count: number): QueryResult {
    const steps: Steps = { start, step: this.#step, count };
    const firstStep = Math.round(start / this.#step);
    const series = [...this.#rows].map(([key, { labels, histograms }]): SeriesColumn => {
      const present = newPresence(count);
      const values = Float64Array.from(this.read(key, start, count), (value, i) => {
        if (value !== null) setPresent(present, i);
        return value ?? Number.NaN;
      });
      const own = [...(histograms ?? [])]
        .map(([at, histogram]) => [at - firstStep, histogram] as const)
        .filter(([at]) => at >= 0 && at < count)
        .sort(([a], [b]) => a - b);
      for (const [at] of own) setPresent(present, at);
      const packed = packHistograms(
        own.map(([at]) => at),
        own.map(([, histogram]) => histogram),
      );
      return { labels, values, present, histograms: packed };
    });
    return { type: 'matrix', steps, series, warnings: [], infos: [], stats: NO_STATS };
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
      const columns =
        row.expected === null ? [row.values] : [row.values, row.expected.low, row.expected.high, row.expected.heat];
      for (const column of columns) {
        column.copyWithin(0, Math.min(shift, column.length));
        column.fill(Number.NaN, Math.max(0, column.length - shift));
      }
    }
    this.#origin = this.#first;
  }

  #write(column: SeriesColumn, expected: ExpectedSeries | null, steps: Steps, first: number): void {
    const key = labelsKey(column.labels);
    let row = this.#rows.get(key);
    if (row === undefined) {
      const values = new Float64Array(this.#maxSteps * 2).fill(Number.NaN);
      row = { labels: column.labels, values, expected: null, histograms: null, lastSeen: -1 };
      this.#rows.set(key, row);
    }
    // Columns are empty for a series that nobody judges.
    const judged = expected !== null && expected.heat.length > 0 ? expected : null;
    if (judged !== null) row.expected ??= emptyExpected(row.values.length);
    writeHistograms(row, column, first, this.#first);
    for (let i = 0; i < steps.count; i++) {
      const at = first + i - this.#origin;
      if (at < 0 || at >= row.values.length) continue;
      if (isPresent(column.present, i)) {
        row.values[at] = column.values[i];
        row.lastSeen = first + i;
      } else row.values[at] = Number.NaN;
      if (judged === null || row.expected === null) continue;
      row.expected.low[at] = judged.low[i];
      row.expected.high[at] = judged.high[i];
      row.expected.heat[at] = judged.heat[i];
    }
  }
}

/** Takes over the histograms of a column; those that fell out of the window go. */
function writeHistograms(row: Row, { histograms }: SeriesColumn, first: number, oldest: number): void {
  if (histograms !== null) {
    row.histograms ??= new Map();
    for (let i = 0; i < histograms.at.length; i++)
      row.histograms.set(first + histograms.at[i], unpackHistogram(histograms, i));
  }
  if (row.histograms === null) return;
  for (const at of row.histograms.keys()) if (at < oldest) row.histograms.delete(at);
}

function emptyExpected(length: number): ExpectedSeries {
  const column = (): Float32Array => new Float32Array(length).fill(Number.NaN);
  return { low: column(), high: column(), heat: column() };
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
