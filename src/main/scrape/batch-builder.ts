import { setStaleAt, wordsOf, type Millis } from '#shared/model/index.ts';

/** The growing columns of one batch; used again for the next. */
export class BatchBuilder {
  length = 0;
  refs = new Int32Array(64);
  values = new Float64Array(64);
  times = new Float64Array(64);
  #words = wordsOf(this.values);

  reserve(size: number): void {
    if (size <= this.refs.length) return;
    const capacity = Math.max(size, this.refs.length * 2);
    const refs = new Int32Array(capacity);
    refs.set(this.refs);
    this.refs = refs;
    const values = new Float64Array(capacity);
    values.set(this.values);
    this.values = values;
    const times = new Float64Array(capacity);
    times.set(this.times);
    this.times = times;
    this.#words = wordsOf(values);
  }

  /** Becomes `count` samples: of the series in their order, with the values of the samples `from` (null: in order). Times are left as they are. */
  fill(refs: Int32Array, values: Float64Array, from: Int32Array | null, count: number): void {
    this.reserve(count);
    this.refs.set(refs.subarray(0, count));
    if (from === null) this.values.set(values.subarray(0, count));
    else for (let k = 0; k < count; k++) this.values[k] = values[from[k]];
    this.length = count;
  }

  /** Adds a sample; `time` NaN means the batch's. */
  push(ref: number, value: number, time: Millis): void {
    this.reserve(this.length + 1);
    const i = this.length++;
    this.refs[i] = ref;
    this.values[i] = value;
    this.times[i] = time;
  }

  pushStale(ref: number): void {
    this.push(ref, 0, NaN);
    setStaleAt(this.#words, this.length - 1);
  }
}
