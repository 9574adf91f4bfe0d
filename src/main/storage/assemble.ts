import { copyBits, wordsOf, type Histogram, type Labels } from '#shared/model/index.ts';
import type { SeriesSamples } from './contract.ts';
import { FloatSlab } from './float-slab.ts';
import { isDeleted, type Interval } from './tombstones.ts';

/** Samples of one series from one place: elements from (inclusive) to (exclusive) of its columns. */
export interface Part {
  readonly times: Float64Array;
  readonly values: Float64Array;
  readonly from: number;
  readonly to: number;
  readonly startTimes: Float64Array | null;
  readonly histograms: readonly (Histogram | null)[] | null;
  /** Of two samples with one time the one of the higher rank is shown: the number of the block or timeline. */
  readonly rank: number;
  /** So many elements behind those of `values` are free in its buffer: whoever joins the series may write there. */
  readonly spare?: number;
}

/** Takes only some elements of a part. */
export function pick(part: Part, elements: readonly number[]): Part {
  const values = new Float64Array(elements.length);
  const words = wordsOf(values);
  const source = wordsOf(part.values);
  for (const [at, i] of elements.entries()) copyBits(source, i, words, at);
  const { startTimes, histograms } = part;
  return {
    times: Float64Array.from(elements, (i) => part.times[i]),
    values,
    from: 0,
    to: elements.length,
    startTimes: startTimes === null ? null : Float64Array.from(elements, (i) => startTimes[i]),
    histograms: histograms === null ? null : elements.map((i) => histograms[i]),
    rank: part.rank,
  };
}

/** The part without deleted samples: itself when there are none, null when nothing is left. */
export function withoutDeleted(part: Part, intervals: readonly Interval[]): Part | null {
  const kept: number[] = [];
  for (let i = part.from; i < part.to; i++) if (!isDeleted(intervals, part.times[i])) kept.push(i);
  if (kept.length === part.to - part.from) return part;
  return kept.length === 0 ? null : pick(part, kept);
}

/** Parts by series, as they are read, without what is deleted of them. */
export class KeptParts {
  readonly bySeries = new Map<number, Part[]>();
  /** Samples of a series so far. */
  readonly count = (ref: number): number =>
    this.bySeries.get(ref)?.reduce((sum, { from, to }) => sum + to - from, 0) ?? 0;
  readonly #deleted: (ref: number) => readonly Interval[] | null;

  constructor(deleted: (ref: number) => readonly Interval[] | null) {
    this.#deleted = deleted;
  }

  readonly add = (ref: number, part: Part): void => {
    const deleted = this.#deleted(ref);
    const kept = deleted === null ? part : withoutDeleted(part, deleted);
    if (kept === null) return;
    const parts = this.bySeries.get(ref);
    if (parts === undefined) this.bySeries.set(ref, [kept]);
    else parts.push(kept);
  };
}

/** Joins parts to whole series; series with the same sequence of shared times come out with the same `times`. */
export class Assembler {
  readonly #numbers = new Map<Float64Array, number>();
  readonly #joined = new Map<string, Float64Array<ArrayBuffer>>();
  /** The parts that were joined last, and their times: series of one target come one after the other, all alike. */
  #lastParts: readonly Part[] = [];
  #lastTimes = new Float64Array(0);
  readonly #slab = new FloatSlab();

  #key(parts: readonly Part[]): string {
    let key = '';
    for (const { times, from, to } of parts) {
      let number = this.#numbers.get(times);
      if (number === undefined) this.#numbers.set(times, (number = this.#numbers.size));
      key += `${number}:${from}:${to},`;
    }
    return key;
  }

  #join(parts: readonly Part[], length: number): Float64Array {
    if (!sameTimes(parts, this.#lastParts)) {
      this.#lastTimes = this.#joinNew(parts, length);
      this.#lastParts = parts;
    }
    return this.#lastTimes;
  }

  #joinNew(parts: readonly Part[], length: number): Float64Array<ArrayBuffer> {
    const key = this.#key(parts);
    let times = this.#joined.get(key);
    if (times === undefined) {
      times = new Float64Array(length);
      let at = 0;
      for (const part of parts) {
        times.set(part.times.subarray(part.from, part.to), at);
        at += part.to - part.from;
      }
      this.#joined.set(key, times);
    }
    return times;
  }

  /** @returns null when there are no samples */
  series(labels: Labels, found: readonly Part[]): SeriesSamples | null {
    if (found.length === 0) return null;
    if (found.length === 1) return plain(labels, found[0]);
    const parts = inOrder(found);
    for (let i = 1; i < parts.length; i++) {
      const before = parts[i - 1];
      // Several writers in turn: their blocks overlap in time.
      if (parts[i].times[parts[i].from] <= before.times[before.to - 1]) return plain(labels, merge(parts, this.#slab));
    }
    let length = 0;
    for (const part of parts) length += part.to - part.from;
    const joined = concatenate(parts, length, this.#slab);
    return plain(labels, { ...joined, times: this.#join(parts, length), rank: 0 });
  }
}

/** The parts by when they begin. Two are what there mostly are: one of the head, one of a frame. */
function inOrder(parts: readonly Part[]): readonly Part[] {
  const begins = ({ times, from }: Part): number => times[from];
  if (parts.length === 2) return begins(parts[1]) < begins(parts[0]) ? [parts[1], parts[0]] : parts;
  return [...parts].sort((a, b) => begins(a) - begins(b));
}

function sameTimes(a: readonly Part[], b: readonly Part[]): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++)
    if (a[i].times !== b[i].times || a[i].from !== b[i].from || a[i].to !== b[i].to) return false;
  return true;
}

function concatenate(parts: readonly Part[], length: number, slab: FloatSlab): Omit<Part, 'times' | 'rank'> {
  const values = inPlace(parts, length) ?? copied(parts, length, slab);
  const startTimes = parts.some((part) => part.startTimes !== null) ? new Float64Array(length) : null;
  const histograms: (Histogram | null)[] | null = parts.some((part) => part.histograms !== null) ? [] : null;
  if (startTimes === null && histograms === null) return { values, from: 0, to: length, startTimes, histograms };
  let at = 0;
  for (const part of parts) {
    if (startTimes !== null && part.startTimes !== null)
      startTimes.set(part.startTimes.subarray(part.from, part.to), at);
    if (histograms !== null) for (let i = part.from; i < part.to; i++) histograms.push(part.histograms?.[i] ?? null);
    at += part.to - part.from;
  }
  return { values, from: 0, to: length, startTimes, histograms };
}

/**
 * The values where they lie, if those of the first parts lie one after the other and there is room behind for the
 * others, which are copied there: a read of many samples has put them so. Null where they do not.
 */
function inPlace(parts: readonly Part[], length: number): Float64Array<ArrayBuffer> | null {
  const [first] = parts;
  const { buffer } = first.values;
  const start = first.values.byteOffset + 8 * first.from;
  let end = start;
  let run = 0;
  for (; run < parts.length; run++) {
    const { values, from, to } = parts[run];
    if (values.buffer !== buffer || values.byteOffset + 8 * from !== end) break;
    end = values.byteOffset + 8 * to;
  }
  const { spare = 0, to, values } = parts[run - 1];
  const rest = length - (end - start) / 8;
  if (rest > 0 && (rest > spare || to < values.length)) return null;
  const joined = new Float64Array(buffer as ArrayBuffer, start, length);
  let at = length - rest;
  for (; run < parts.length; at += parts[run].to - parts[run].from, run++) {
    const { values: more, from } = parts[run];
    joined.set(more.subarray(from, parts[run].to), at);
  }
  return joined;
}

function copied(parts: readonly Part[], length: number, slab: FloatSlab): Float64Array<ArrayBuffer> {
  const start = slab.take(length);
  const { values: joined } = slab;
  let at = start;
  for (const { values, from, to } of parts) {
    const count = to - from;
    // From Float64Array to Float64Array all bits are kept, those of NaN too.
    joined.set(count === values.length ? values : values.subarray(from, to), at);
    at += count;
  }
  return joined.subarray(start, at);
}

/** Brings parts that overlap into the order of time; of equal times the part of the highest rank wins. */
function merge(overlapping: readonly Part[], slab: FloatSlab): Part {
  const parts = [...overlapping].sort((a, b) => a.rank - b.rank);
  let length = 0;
  for (const part of parts) length += part.to - part.from;
  const joined = concatenate(parts, length, slab);
  const times = new Float64Array(length);
  let at = 0;
  for (const part of parts) {
    times.set(part.times.subarray(part.from, part.to), at);
    at += part.to - part.from;
  }
  const order = Array.from(times.keys()).sort((a, b) => times[a] - times[b] || a - b);
  const unique = order.filter((i, k) => k + 1 === order.length || times[order[k + 1]] !== times[i]);
  return pick({ ...joined, times, rank: 0 }, unique);
}

function plain(labels: Labels, part: Part): SeriesSamples {
  const { from, to, times, values } = part;
  let { startTimes, histograms } = part;
  if (startTimes !== null) {
    let any = false;
    for (let i = from; i < to && !any; i++) any = startTimes[i] !== 0;
    if (!any) startTimes = null;
  }
  if (histograms !== null) {
    let any = false;
    for (let i = from; i < to && !any; i++) any = histograms[i] !== null;
    if (!any) histograms = null;
  }
  return { labels, from, to, times, values, histograms, startTimes };
}
