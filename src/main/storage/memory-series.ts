import { copyBits, sameBits, wordsOf, type Histogram, type Labels, type Millis } from '#shared/model/index.ts';
import type { ImportColumn, SeriesSamples } from './contract.ts';
import { equalHistograms } from './histogram-equal.ts';
import { lowerBound } from './search-times.ts';

export type Verdict = 'appended' | 'same' | 'duplicate' | 'out-of-order';

/**
 * One series of the memory engine: plain columns. Elements once written are never changed in place (trimming makes
 * new columns), so a view handed to a querier stays as it was.
 */
export class MemorySeries {
  readonly labels: Labels;
  length = 0;
  #times = new Float64Array(4);
  #values = new Float64Array(4);
  #words = wordsOf(this.#values);
  #histograms: (Histogram | null)[] | null = null;
  #startTimes: Float64Array | null = null;
  /** The newest sample ever taken, deleted or not: what comes next is compared with it. */
  #newestTime: Millis = -Infinity;
  readonly #newestWords = new Uint32Array(2);
  #newestHistogram: Histogram | null = null;

  constructor(labels: Labels) {
    this.labels = labels;
  }

  get firstTime(): Millis {
    return this.#times[0];
  }

  get lastTime(): Millis {
    return this.length === 0 ? -Infinity : this.#times[this.length - 1];
  }

  get bytes(): number {
    return this.#times.byteLength + this.#values.byteLength + (this.#startTimes?.byteLength ?? 0);
  }

  /** Value `i` of `words` is the sample unless `histogram` is given; start time 0 means unknown. */
  append(time: Millis, words: Uint32Array, i: number, histogram: Histogram | null, startTime: Millis): Verdict {
    if (time <= this.#newestTime) {
      if (time < this.#newestTime) return 'out-of-order';
      const known = this.#newestHistogram;
      const same =
        histogram === null
          ? known === null && sameBits(words, i, this.#newestWords, 0)
          : known !== null && equalHistograms(histogram, known);
      return same ? 'same' : 'duplicate';
    }
    this.#newestTime = time;
    this.#newestHistogram = histogram;
    copyBits(words, i, this.#newestWords, 0);
    const at = this.length;
    if (at === this.#times.length) this.#grow();
    this.#times[at] = time;
    if (histogram === null) {
      copyBits(words, i, this.#words, at);
      this.#histograms?.push(null);
    } else {
      this.#values[at] = 0;
      this.#histograms ??= Array.from({ length: at }, () => null);
      this.#histograms.push(histogram);
    }
    if (startTime !== 0 || this.#startTimes !== null) {
      this.#startTimes ??= new Float64Array(this.#times.length);
      this.#startTimes[at] = startTime;
    }
    this.length++;
    return 'appended';
  }

  /** Takes a sample that is older than the newest. */
  insert(time: Millis, words: Uint32Array, i: number, histogram: Histogram | null, startTime: Millis): Verdict {
    const at = lowerBound(this.#times, 0, this.length, time);
    if (at < this.length && this.#times[at] === time) {
      const known = this.#histograms?.[at] ?? null;
      const same =
        histogram === null
          ? known === null && sameBits(words, i, this.#words, at)
          : known !== null && equalHistograms(histogram, known);
      return same ? 'same' : 'duplicate';
    }
    const values = new Float64Array(1);
    if (histogram === null) copyBits(words, i, wordsOf(values), 0);
    const startTimes = startTime === 0 ? null : Float64Array.of(startTime);
    const histograms = histogram === null ? null : [histogram];
    this.merge({ labels: this.labels, times: Float64Array.of(time), values, startTimes, histograms }, 0);
    return 'appended';
  }

  /** Merges samples into those that are there; of equal times the new one is kept. */
  merge({ times, values, histograms, startTimes }: ImportColumn, from: number): void {
    const own = { times: this.#times, words: this.#words, histograms: this.#histograms, startTimes: this.#startTimes };
    const ownLength = this.length;
    const words = wordsOf(values);
    const capacity = Math.max(4, ownLength + times.length - from);
    this.#times = new Float64Array(capacity);
    this.#values = new Float64Array(capacity);
    this.#words = wordsOf(this.#values);
    this.#histograms = own.histograms === null && histograms === null ? null : [];
    this.#startTimes = own.startTimes === null && startTimes === null ? null : new Float64Array(capacity);
    let at = 0;
    for (let a = 0, b = from; a < ownLength || b < times.length; at++) {
      const left = a < ownLength ? own.times[a] : Infinity;
      const right = b < times.length ? times[b] : Infinity;
      this.#times[at] = Math.min(left, right);
      const fresh = right <= left;
      copyBits(fresh ? words : own.words, fresh ? b : a, this.#words, at);
      this.#histograms?.push((fresh ? histograms?.[b] : own.histograms?.[a]) ?? null);
      if (this.#startTimes !== null) this.#startTimes[at] = (fresh ? startTimes?.[b] : own.startTimes?.[a]) ?? 0;
      if (left <= right) a++;
      if (fresh) b++;
    }
    this.length = at;
    if (at === 0 || this.#times[at - 1] < this.#newestTime) return;
    this.#newestTime = this.#times[at - 1];
    this.#newestHistogram = this.#histograms?.[at - 1] ?? null;
    copyBits(this.#words, at - 1, this.#newestWords, 0);
  }

  #grow(): void {
    this.#replace(this.#times.length * 2, [[0, this.length]]);
  }

  /** New columns of room for `capacity`, filled with the given ranges of the old ones. */
  #replace(capacity: number, ranges: readonly (readonly [from: number, to: number])[]): void {
    const times = new Float64Array(capacity);
    const values = new Float64Array(capacity);
    const startTimes = this.#startTimes === null ? null : new Float64Array(capacity);
    const histograms: (Histogram | null)[] | null = this.#histograms === null ? null : [];
    const words = wordsOf(values);
    let at = 0;
    for (const [from, to] of ranges) {
      times.set(this.#times.subarray(from, to), at);
      words.set(this.#words.subarray(2 * from, 2 * to), 2 * at);
      if (this.#startTimes !== null) startTimes?.set(this.#startTimes.subarray(from, to), at);
      if (this.#histograms !== null) for (let i = from; i < to; i++) histograms?.push(this.#histograms[i]);
      at += to - from;
    }
    this.#times = times;
    this.#values = values;
    this.#words = words;
    this.#startTimes = startTimes;
    this.#histograms = histograms;
    this.length = at;
  }

  /** Drops the samples in [start, end]. */
  remove(start: Millis, end: Millis): void {
    const from = lowerBound(this.#times, 0, this.length, start);
    let to = lowerBound(this.#times, 0, this.length, end);
    if (to < this.length && this.#times[to] === end) to++;
    if (to <= from) return;
    const kept = this.length - (to - from);
    const ranges = [[0, from] as const, [to, this.length] as const];
    this.#replace(Math.max(4, kept), ranges);
  }

  /** The samples in [start, end], or null when there are none. */
  view(start: Millis, end: Millis): SeriesSamples | null {
    const from = lowerBound(this.#times, 0, this.length, start);
    let to = lowerBound(this.#times, from, this.length, end);
    if (to < this.length && this.#times[to] === end) to++;
    if (to <= from) return null;
    let histograms = this.#histograms;
    if (histograms !== null && !histograms.slice(from, to).some((histogram) => histogram !== null)) histograms = null;
    let startTimes = this.#startTimes;
    if (startTimes?.subarray(from, to).every((startTime) => startTime === 0)) startTimes = null;
    return { labels: this.labels, from, to, times: this.#times, values: this.#values, histograms, startTimes };
  }
}
