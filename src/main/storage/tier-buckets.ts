import { copyBits, isStaleAt, wordsOf, type Histogram, type Millis } from '#shared/model/index.ts';
import type { SeriesSamples, TierAggregate } from './contract.ts';
import type { Interval } from './tombstones.ts';

/** Tiers are made, kept and removed by days of UTC. */
export const DAY: Millis = 86_400_000;

/** A sample counts as the one before another only if it is not older than this: both at a day's border and within. */
export const PREVIOUS: Millis = 3_600_000;

/** What is kept of each bucket, by number in the database. */
export const AGGREGATES = ['count', 'sum', 'min', 'max', 'last', 'increase', 'histogram'] as const;

/** Number of an aggregate in the database. */
export const aggregateNumber = (aggregate: TierAggregate | 'histogram'): number => AGGREGATES.indexOf(aggregate);

/** One series' aggregates over buckets (start, start + resolution], and so on; an element a bucket. */
export interface Buckets {
  /** Floats in the bucket, stale markers not counted. Where it is 0 there is no sum, min, max or increase. */
  readonly count: Float64Array;
  readonly sum: Float64Array;
  readonly min: Float64Array;
  readonly max: Float64Array;
  /** The newest float or stale marker, where `ended` is 1. */
  readonly last: Float64Array;
  readonly ended: Uint8Array;
  /** By how much a counter rose to each sample from the one before it, added up; a fall is a reset to 0. */
  readonly increase: Float64Array;
  /** The newest histogram of each bucket, null where a float is newer; null: there is none at all. */
  readonly histograms: readonly (Histogram | null)[] | null;
}

/**
 * Puts a series into buckets, each named for its end: (end - resolution, end].
 * @param series its samples from `start` - PREVIOUS on: older ones than `start` only count as the one before the first
 * @param start multiple of the resolution, `end` too
 * @returns null when there is nothing in (start, end]
 */
export function bucketsOf(series: SeriesSamples, resolution: Millis, start: Millis, end: Millis): Buckets | null {
  const { times, values, from, to } = series;
  const rows = Math.round((end - start) / resolution);
  const words = wordsOf(values);
  const count = new Float64Array(rows);
  const sum = new Float64Array(rows);
  const rest = new Float64Array(rows);
  const min = new Float64Array(rows);
  const max = new Float64Array(rows);
  const last = new Float64Array(rows);
  const lastWords = wordsOf(last);
  const ended = new Uint8Array(rows);
  const increase = new Float64Array(rows);
  let histograms: (Histogram | null)[] | null = null;
  let before = NaN;
  let beforeTime = -Infinity;
  let any = false;
  for (let i = from; i < to; i++) {
    const time = times[i];
    if (time > end) break;
    const row = Math.ceil((time - start) / resolution) - 1;
    const histogram = series.histograms?.[i] ?? null;
    if (histogram !== null) {
      if (row < 0) continue;
      histograms ??= Array.from<Histogram | null>({ length: rows }).fill(null);
      histograms[row] = histogram;
      ended[row] = 0;
      any = true;
      continue;
    }
    const value = values[i];
    const stale = value !== value && isStaleAt(words, i);
    if (row >= 0) {
      any = true;
      copyBits(words, i, lastWords, row);
      ended[row] = 1;
      if (!stale) {
        if (histograms !== null) histograms[row] = null;
        if (count[row]++ === 0) {
          sum[row] = min[row] = max[row] = value;
        } else {
          const total = sum[row] + value;
          if (total === Infinity || total === -Infinity) rest[row] = 0;
          else if (Math.abs(sum[row]) >= Math.abs(value)) rest[row] += sum[row] - total + value;
          else rest[row] += value - total + sum[row];
          sum[row] = total;
          // A NaN gives way to any number.
          if (value < min[row] || min[row] !== min[row]) min[row] = value;
          if (value > max[row] || max[row] !== max[row]) max[row] = value;
        }
        if (value === value && time - beforeTime <= PREVIOUS) increase[row] += value >= before ? value - before : value;
      }
    }
    // What is no number is no place to count from.
    if (value !== value) continue;
    before = value;
    beforeTime = time;
  }
  if (!any) return null;
  for (let row = 0; row < rows; row++) if (sum[row] !== Infinity && sum[row] !== -Infinity) sum[row] += rest[row];
  return { count, sum, min, max, last, ended, increase, histograms };
}

/** Elements of an aggregate that are there, by row; null: in all rows. */
export function presenceOf(buckets: Buckets, aggregate: TierAggregate): Uint8Array | null {
  const { count, ended } = buckets;
  const present = aggregate === 'last' ? ended : Uint8Array.from(count, (n) => (n > 0 ? 1 : 0));
  return present.includes(0) ? present : null;
}

/** The elements that are there, with their bits. */
export function compacted(column: Float64Array, present: Uint8Array | null): Float64Array {
  if (present === null) return column;
  let length = 0;
  for (const flag of present) length += flag;
  const kept = new Float64Array(length);
  const words = wordsOf(kept);
  const source = wordsOf(column);
  for (let row = 0, at = 0; row < present.length; row++) if (present[row] === 1) copyBits(source, row, words, at++);
  return kept;
}

/** Ends of all buckets of a day. */
export function endsOfDay(resolution: Millis, day: Millis): Float64Array {
  return Float64Array.from({ length: DAY / resolution }, (_, row) => day + (row + 1) * resolution);
}

/** Ends of the buckets that have any of the times: what they say of other samples cannot be told apart. */
export function bucketsWithin(intervals: readonly Interval[] | null, resolution: Millis): readonly Interval[] | null {
  return intervals?.map(({ start, end }) => ({ start, end: end + resolution - 1 })) ?? null;
}
