import type { Millis } from '#shared/model/index.ts';

/** For each step, the elements [starts[i], ends[i]) of a column of times that are in its window. */
export interface Windows {
  readonly starts: Int32Array;
  readonly ends: Int32Array;
}

/** Where the right ends of windows lie: `first + i * step`. A step of 0 repeats one window. */
export interface WindowEnds {
  readonly first: Millis;
  readonly step: Millis;
  readonly count: number;
}

/** First index in [from, to) whose time is above `bound`, looking near `from` first. */
export function firstAbove(times: Float64Array, from: number, to: number, bound: Millis): number {
  let low = from;
  let reach = 1;
  while (low + reach < to && times[low + reach - 1] <= bound) {
    low += reach;
    reach *= 2;
  }
  let high = Math.min(low + reach, to);
  while (low < high) {
    const middle = (low + high) >> 1;
    if (times[middle] <= bound) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Windows (end - range, end] over elements [from, to) of ascending times. */
export function computeWindows(
  times: Float64Array,
  from: number,
  to: number,
  ends: WindowEnds,
  range: Millis,
): Windows {
  const { first, step, count } = ends;
  const windowStarts = new Int32Array(count);
  const windowEnds = new Int32Array(count);
  let a = from;
  let b = from;
  for (let i = 0; i < count; i++) {
    const end = first + i * step;
    const start = end - range;
    if (a < to && times[a] <= start) a = firstAbove(times, a, to, start);
    if (b < to && times[b] <= end) b = firstAbove(times, b, to, end);
    windowStarts[i] = a;
    windowEnds[i] = b;
  }
  return { starts: windowStarts, ends: windowEnds };
}

/** For each step the newest element not after it and within the lookback, or -1. */
export function computeNewest(
  times: Float64Array,
  from: number,
  to: number,
  ends: WindowEnds,
  lookback: Millis,
): Int32Array {
  const { first, step, count } = ends;
  const newest = new Int32Array(count);
  let b = from;
  for (let i = 0; i < count; i++) {
    const end = first + i * step;
    if (b < to && times[b] <= end) b = firstAbove(times, b, to, end);
    newest[i] = b > from && times[b - 1] > end - lookback ? b - 1 : -1;
  }
  return newest;
}

interface Cached<T> {
  readonly from: number;
  readonly to: number;
  readonly result: T;
}

/**
 * Results per timeline: series of one scrape share their column of times by identity, so what depends on times alone
 * is computed for the first of them and found for the others. One cache serves one node, whose grid is fixed.
 */
export class TimelineCache<T> {
  private readonly byTimes = new Map<Float64Array, Cached<T>[]>();
  private readonly compute: (times: Float64Array, from: number, to: number) => T;

  constructor(compute: (times: Float64Array, from: number, to: number) => T) {
    this.compute = compute;
  }

  get(times: Float64Array, from: number, to: number): T {
    let entries = this.byTimes.get(times);
    if (entries === undefined) {
      entries = [];
      this.byTimes.set(times, entries);
    }
    for (const entry of entries) if (entry.from === from && entry.to === to) return entry.result;
    const result = this.compute(times, from, to);
    entries.push({ from, to, result });
    return result;
  }
}
