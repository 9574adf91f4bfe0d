/** Where the lines and samples of one body are; two of them take turns, the old one is compared with the new body. */
export class Layout {
  lines = 0;
  /** Offset of each line's first byte, end of its series text (samples), and end without the line feed. */
  start = new Int32Array(64);
  seriesEnd = new Int32Array(64);
  end = new Int32Array(64);
  /** Sample index of the line; negative: no sample (NO_EFFECT, MODE_CHANGE). */
  sample = new Int32Array(64);
  /** Mode in force after the line. */
  mode = new Int32Array(64);
  samples = 0;
  series = new Int32Array(64);
  values = new Float64Array(64);
  times = new Float64Array(64);

  growLines(): void {
    const size = this.start.length * 2;
    this.start = grown(this.start, new Int32Array(size));
    this.seriesEnd = grown(this.seriesEnd, new Int32Array(size));
    this.end = grown(this.end, new Int32Array(size));
    this.sample = grown(this.sample, new Int32Array(size));
    this.mode = grown(this.mode, new Int32Array(size));
  }

  growSamples(): void {
    const size = this.series.length * 2;
    this.series = grown(this.series, new Int32Array(size));
    this.values = grown(this.values, new Float64Array(size));
    this.times = grown(this.times, new Float64Array(size));
  }
}

function grown<T extends Int32Array | Float64Array>(from: T, to: T): T {
  to.set(from);
  return to;
}

/** A line without effect on others: blank, comment, HELP. */
export const NO_EFFECT = -1;
/** A line that sets the mode for those after it: TYPE, UNIT. */
export const MODE_CHANGE = -2;
