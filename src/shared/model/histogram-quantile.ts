import type { Histogram } from './histogram.ts';
import { allBuckets, usesCustomBuckets } from './histogram-layout.ts';

/** What the reader of a result has to know about NaN observations, which are in no bucket. */
export type NanNote = 'none' | 'result-is-nan' | 'skewed-higher' | 'excluded';

export interface NotedValue {
  readonly value: number;
  readonly note: NanNote;
}

const plain = (value: number): NotedValue => ({ value, note: 'none' });

/** Bounds of the zero bucket: one-sided where only the other sign has buckets. */
function zeroBounds(h: Histogram, lower: number, upper: number): readonly [number, number] {
  if (h.negativeBuckets.length === 0 && h.positiveBuckets.length > 0) return [0, upper];
  if (h.positiveBuckets.length === 0 && h.negativeBuckets.length > 0) return [lower, 0];
  return [lower, upper];
}

/** Which part of a bucket lies below `v`, which is inside it: on a linear or, for exponential buckets, log scale. */
export function fractionBelow(lower: number, upper: number, v: number, linear: boolean): number {
  if (linear) return (v - lower) / (upper - lower);
  const logLower = Math.log2(Math.abs(lower));
  const logUpper = Math.log2(Math.abs(upper));
  const logV = Math.log2(Math.abs(v));
  return v > 0 ? (logV - logLower) / (logUpper - logLower) : 1 - (logV - logUpper) / (logLower - logUpper);
}

/**
 * The q-quantile of a native histogram, interpolated within its bucket: linearly for custom buckets and the zero
 * bucket, on a logarithmic scale for exponential ones.
 */
export function histogramQuantile(q: number, h: Histogram): NotedValue {
  if (q < 0) return plain(-Infinity);
  if (q > 1) return plain(Infinity);
  if (h.count === 0 || Number.isNaN(q)) return plain(NaN);
  const sumIsNan = Number.isNaN(h.sum);
  const custom = usesCustomBuckets(h);
  const { lower: lowers, upper: uppers, counts } = allBuckets(h);
  const n = counts.length;
  // NaN observations are counted but in no bucket, as if above all: then only ranks from below are meaningful.
  const upwards = sumIsNan || q < 0.5;
  const rank = (upwards ? q : 1 - q) * h.count;
  let count = 0;
  let hit = -1;
  let seen = 0;
  for (; seen < n; seen++) {
    const i = upwards ? seen : n - 1 - seen;
    hit = i;
    if (counts[i] === 0) continue;
    count += counts[i];
    if (count >= rank) break;
  }
  let lower = hit < 0 ? 0 : lowers[hit];
  let upper = hit < 0 ? 0 : uppers[hit];
  if (!custom && lower < 0 && upper > 0) [lower, upper] = zeroBounds(h, lower, upper);
  else if (custom) {
    if (lower === -Infinity) {
      if (upper <= 0) return plain(upper);
      lower = 0;
    } else if (upper === Infinity) return plain(lower);
  }
  count = Math.min(count, h.count);
  if (count < rank) return sumIsNan ? { value: NaN, note: 'result-is-nan' } : plain(upper);
  const inBucket = hit < 0 ? 0 : counts[hit];
  const within = upwards ? rank - (count - inBucket) : count - rank;
  let note: NanNote = 'none';
  if (sumIsNan) {
    let total = count;
    for (let k = seen + 1; k < n; k++) total += counts[k];
    if (total < h.count) note = 'skewed-higher';
  }
  const fraction = within / inBucket;
  if (custom || (lower <= 0 && upper >= 0)) return { value: lower + (upper - lower) * fraction, note };
  const logLower = Math.log2(Math.abs(lower));
  const logUpper = Math.log2(Math.abs(upper));
  if (lower > 0) return { value: 2 ** (logLower + (logUpper - logLower) * fraction), note };
  return { value: -(2 ** (logUpper + (logLower - logUpper) * (1 - fraction))), note };
}

/** The share of observations between two values, interpolated as in `histogramQuantile`. */
export function histogramFraction(lower: number, upper: number, h: Histogram): NotedValue {
  if (h.count === 0 || Number.isNaN(lower) || Number.isNaN(upper)) return plain(NaN);
  if (lower >= upper) return plain(0);
  const custom = usesCustomBuckets(h);
  const buckets = allBuckets(h);
  let rank = 0;
  let total = 0;
  let lowerRank = NaN;
  let upperRank = NaN;
  for (let i = 0; i < buckets.counts.length; i++) {
    const count = buckets.counts[i];
    total += count;
    let low = buckets.lower[i];
    let high = buckets.upper[i];
    const spansZero = low <= 0 && high >= 0;
    if (spansZero) [low, high] = zeroBounds(h, low, high);
    const rankAt = (v: number): number => {
      const linear = custom || spansZero;
      if (linear && low === -Infinity) return count;
      return rank + count * fractionBelow(low, high, v, linear);
    };
    if (Number.isNaN(lowerRank)) {
      if (low >= lower) lowerRank = rank;
      else if (high > lower) lowerRank = rankAt(lower);
    }
    if (Number.isNaN(upperRank)) {
      if (low >= upper) upperRank = rank;
      else if (high > upper) upperRank = rankAt(upper);
    }
    rank += count;
  }
  const sumIsNan = Number.isNaN(h.sum);
  const limit = sumIsNan ? total : h.count;
  if (Number.isNaN(lowerRank) || lowerRank > limit) lowerRank = limit;
  if (Number.isNaN(upperRank) || upperRank > limit) upperRank = limit;
  return { value: (upperRank - lowerRank) / h.count, note: sumIsNan && total < h.count ? 'excluded' : 'none' };
}

/** Variance of the observations, estimated from the middles of the buckets. */
export function histogramVariance(h: Histogram): number {
  const mean = h.sum / h.count;
  const custom = usesCustomBuckets(h);
  const buckets = allBuckets(h);
  let sum = 0;
  let rest = 0;
  for (let i = 0; i < buckets.counts.length; i++) {
    const count = buckets.counts[i];
    if (count === 0) continue;
    const low = buckets.lower[i];
    const high = buckets.upper[i];
    let middle: number;
    if (custom) middle = (high + low) / 2;
    else if (low <= 0 && high >= 0) middle = 0;
    else middle = high < 0 ? -Math.sqrt(high * low) : Math.sqrt(high * low);
    const value = count * (middle - mean) * (middle - mean);
    const total = sum + value;
    if (total === Infinity || total === -Infinity) rest = 0;
    else rest += Math.abs(sum) >= Math.abs(value) ? sum - total + value : value - total + sum;
    sum = total;
  }
  return (sum + rest) / h.count;
}
