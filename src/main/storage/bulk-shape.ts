import { BLOCK_ROWS } from './head-block.ts';
import { lowerBound } from './search-times.ts';

/** A series' part in the bulk: elements from (inclusive) to (exclusive) of its columns. */
export interface BulkSeries {
  readonly ref: number;
  readonly times: Float64Array;
  readonly from: number;
  readonly to: number;
}

/** Series that share times; `times` holds all that one of them has. */
export interface BulkSet<T extends BulkSeries> {
  times: Float64Array;
  readonly members: T[];
}

/** Sets that a series is compared with: those looked at last. */
const CANDIDATES = 6;
/** A series joins a set when so much of it has times of the set, and the set so much of the series' span filled. */
const COMMON = 0.8;

/** How many of the elements are among `times`; both ascending. */
function commonTimes(series: BulkSeries, times: Float64Array, from: number): number {
  let common = 0;
  let at = from;
  for (let i = series.from; i < series.to; i++) {
    while (at < times.length && times[at] < series.times[i]) at++;
    if (at === times.length) break;
    if (times[at] === series.times[i]) common++;
  }
  return common;
}

function sameTimes(series: BulkSeries, times: Float64Array): boolean {
  if (series.to - series.from !== times.length) return false;
  for (let i = 0; i < times.length; i++) if (times[i] !== series.times[series.from + i]) return false;
  return true;
}

function union(series: BulkSeries, times: Float64Array, common: number): Float64Array {
  const result = new Float64Array(times.length + (series.to - series.from) - common);
  let a = 0;
  let b = series.from;
  for (let at = 0; at < result.length; at++) {
    const left = a < times.length ? times[a] : Infinity;
    const right = b < series.to ? series.times[b] : Infinity;
    result[at] = Math.min(left, right);
    if (left <= right) a++;
    if (right <= left) b++;
  }
  return result;
}

/** Whether the series was taken into the set. */
function join<T extends BulkSeries>(set: BulkSet<T>, series: T): boolean {
  if (sameTimes(series, set.times)) {
    set.members.push(series);
    return true;
  }
  const count = series.to - series.from;
  const from = lowerBound(set.times, 0, set.times.length, series.times[series.from]);
  const to = lowerBound(set.times, from, set.times.length, series.times[series.to - 1]);
  // The set's rows in the series' span: where most of them are not the series', a frame would be full of gaps.
  if (to - from + 1 < count * COMMON || count < (to - from) * COMMON) return false;
  const common = commonTimes(series, set.times, from);
  if (common < count * COMMON) return false;
  if (common < count) set.times = union(series, set.times, common);
  set.members.push(series);
  return true;
}

/** Puts series into sets that share their times, in the order in which they come. */
export function arrange<T extends BulkSeries>(series: Iterable<T>): BulkSet<T>[] {
  const sets: BulkSet<T>[] = [];
  let recent: BulkSet<T>[] = [];
  for (const one of series) {
    if (one.from === one.to) continue;
    const found = recent.find((set) => join(set, one));
    const set = found ?? { times: one.times.slice(one.from, one.to), members: [one] };
    if (found === undefined) sets.push(set);
    recent = [set, ...recent.filter((other) => other !== set)].slice(0, CANDIDATES);
  }
  return sets;
}

/** One member's share of a slice. */
export interface BulkPart<T extends BulkSeries> {
  readonly series: T;
  readonly from: number;
  readonly to: number;
  /** By row of the slice 1 where the series has a sample; null: in all. */
  readonly present: Uint8Array | null;
}

/** Rows beyond a whole slice that are rather shared among the slices than made one of their own. */
const REST = BLOCK_ROWS / 4;

/** Where the rows of a set are cut, into slices that are about even. @returns first rows of slices */
export function sliceStarts(rows: number): number[] {
  const slices = Math.max(1, Math.ceil((rows - REST) / BLOCK_ROWS));
  return Array.from({ length: slices }, (_, i) => Math.round((i * rows) / slices));
}

/** What a member has in the rows [first, end) of its set; null where nothing. */
export function partOf<T extends BulkSeries>(
  { times }: BulkSet<T>,
  series: T,
  first: number,
  end: number,
): BulkPart<T> | null {
  const from = lowerBound(series.times, series.from, series.to, times[first]);
  const to = end === times.length ? series.to : lowerBound(series.times, from, series.to, times[end]);
  if (from === to) return null;
  const rows = end - first;
  if (to - from === rows) return { series, from, to, present: null };
  const present = new Uint8Array(rows);
  let i = from;
  for (let row = 0; row < rows && i < to; row++) {
    if (times[first + row] !== series.times[i]) continue;
    present[row] = 1;
    i++;
  }
  return { series, from, to, present };
}
