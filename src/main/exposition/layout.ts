/** What a line is to those who compare with it. */
export const SAMPLE_LINE = 0;
/** A line without effect on others: blank, comment, HELP. */
export const NO_EFFECT = 1;
/** A line that sets the mode for those after it: TYPE, UNIT. */
export const MODE_CHANGE = 2;

/** Where the lines and samples of one body are, as columns. */
export type Columns = Pick<Layout, 'start' | 'seriesEnd' | 'first' | 'kind' | 'mode' | 'series' | 'values' | 'times'>;

/** Copies the first lines and samples to columns that have room; times only where they are kept. */
export function copyColumns(from: Columns, to: Columns, lines: number, samples: number): void {
  to.start.set(from.start.subarray(0, lines + 1));
  to.seriesEnd.set(from.seriesEnd.subarray(0, lines));
  to.first.set(from.first.subarray(0, lines));
  to.kind.set(from.kind.subarray(0, lines));
  to.mode.set(from.mode.subarray(0, lines));
  to.series.set(from.series.subarray(0, samples));
  to.values.set(from.values.subarray(0, samples));
  if (to.times.length > 0) to.times.set(from.times.subarray(0, samples));
}

/** Columns of their own, and how much of them is in use. */
export class Layout {
  lines = 0;
  samples = 0;
  /** Whether `times` holds a time. */
  timed = false;
  /** Offset of each line's first byte; one more element: where a line after the last would start. */
  start: Int32Array;
  /** End of the series text of a sample's line. */
  seriesEnd: Int32Array;
  /** Samples before the line. */
  first: Int32Array;
  /** SAMPLE_LINE, NO_EFFECT or MODE_CHANGE. */
  kind: Uint8Array;
  /** Mode in force after the line. */
  mode: Uint16Array;
  /** Handle of each sample. */
  series: Int32Array;
  values: Float64Array;
  /** Milliseconds; NaN where a sample has none. */
  times: Float64Array;

  constructor(size: number) {
    this.start = new Int32Array(size + 1);
    this.seriesEnd = new Int32Array(size);
    this.first = new Int32Array(size);
    this.kind = new Uint8Array(size);
    this.mode = new Uint16Array(size);
    this.series = new Int32Array(size);
    this.values = new Float64Array(size);
    this.times = new Float64Array(size);
  }

  /** Makes room for as much again. */
  grow(): void {
    const size = this.kind.length * 2;
    this.start = grown(this.start, new Int32Array(size + 1));
    this.seriesEnd = grown(this.seriesEnd, new Int32Array(size));
    this.first = grown(this.first, new Int32Array(size));
    this.kind = grown(this.kind, new Uint8Array(size));
    this.mode = grown(this.mode, new Uint16Array(size));
    this.series = grown(this.series, new Int32Array(size));
    this.values = grown(this.values, new Float64Array(size));
    this.times = grown(this.times, new Float64Array(size));
  }

  /** Takes over the first lines and samples of other columns, in arrays that are hardly larger than they must be: one is kept for each target. */
  copyFrom(other: Columns, lines: number, samples: number, timed: boolean): void {
    if (lines > this.kind.length || lines * 2 < this.kind.length) {
      const size = roomFor(lines);
      this.start = new Int32Array(size + 1);
      this.seriesEnd = new Int32Array(size);
      this.first = new Int32Array(size);
      this.kind = new Uint8Array(size);
      this.mode = new Uint16Array(size);
    }
    if (samples > this.series.length || samples * 2 < this.series.length) {
      const size = roomFor(samples);
      this.series = new Int32Array(size);
      this.values = new Float64Array(size);
    }
    if (!timed) this.times = NO_TIMES;
    else if (this.times.length < this.values.length) this.times = new Float64Array(this.values.length);
    this.lines = lines;
    this.samples = samples;
    this.timed = timed;
    copyColumns(other, this, lines, samples);
  }

  /** The line of a sample. */
  lineOf(sample: number): number {
    // Lines without a sample count those before them, so a sample's line is the last one with its count.
    let low = 0;
    let high = this.lines;
    while (high - low > 1) {
      const middle = (low + high) >>> 1;
      if (this.first[middle] <= sample) low = middle;
      else high = middle;
    }
    return low;
  }
}

const NO_TIMES = new Float64Array(0);

/** A little more than needed, so that a few new series do not copy everything. */
export function roomFor(size: number): number {
  return size + (size >> 4) + 8;
}

function grown<T extends Int32Array | Float64Array | Uint8Array | Uint16Array>(from: T, to: T): T {
  to.set(from);
  return to;
}
