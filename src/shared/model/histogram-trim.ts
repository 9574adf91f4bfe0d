import type { Histogram } from './histogram.ts';
import { boundOf, compact, indexesOf, usesCustomBuckets } from './histogram-layout.ts';
import { fractionBelow } from './histogram-quantile.ts';

/** Observations of a bucket that are kept and the value that stands for each of them. */
type Kept = readonly [count: number, middle: number];

const isInfinite = (x: number): boolean => x === Infinity || x === -Infinity;
const finiteOrZero = (x: number): number => (isInfinite(x) ? 0 : x);

function middleOf(lower: number, upper: number, positive: boolean, linear: boolean): number {
  if (isInfinite(lower)) {
    if (isInfinite(upper)) return 0;
    return upper > 0 ? upper / 2 : upper;
  }
  if (isInfinite(upper)) return lower;
  if (linear) return (lower + upper) / 2;
  const geometric = Math.sqrt(Math.abs(lower * upper));
  return positive ? geometric : -geometric;
}

/** A bucket without a lower end: linear from 0 where that makes sense, else kept or dropped whole. */
function cutOpenLow(upper: number, count: number, at: number, keepBelow: boolean): Kept {
  const finite = upper > 0 && upper !== Infinity;
  if (keepBelow) {
    if (at >= upper) return [count, 0];
    if (at > 0 && finite) return [(count * at) / upper, at / 2];
    return upper <= 0 ? [count, at] : [0, finiteOrZero(upper)];
  }
  if (at === -Infinity) return [count, 0];
  if (at >= 0 && upper > at && finite) return [count * (1 - at / upper), (at + upper) / 2];
  return [0, finiteOrZero(upper)];
}

function cutBucket(
  lower: number,
  upper: number,
  count: number,
  at: number,
  keepBelow: boolean,
  positive: boolean,
  linear: boolean,
): Kept {
  if (lower === -Infinity) return cutOpenLow(upper, count, at, keepBelow);
  // Nothing is known of how values lie in a bucket without an upper end: it is kept whole or not at all.
  if (upper === Infinity) return !keepBelow && at >= lower ? [count, at] : [0, finiteOrZero(lower)];
  let below = count;
  if (at <= lower) below = 0;
  else if (at < upper) below = count * fractionBelow(lower, upper, at, linear);
  return keepBelow
    ? [below, middleOf(lower, at, positive, linear)]
    : [count - below, middleOf(at, upper, positive, linear)];
}

function cutZeroBucket(lower: number, upper: number, count: number, at: number, keepBelow: boolean): Kept {
  const whole: Kept = [count, (lower + upper) / 2];
  if (at <= lower) return keepBelow ? [0, 0] : whole;
  if (at >= upper) return keepBelow ? whole : [0, 0];
  return keepBelow
    ? [(count * (at - lower)) / (upper - lower), (lower + at) / 2]
    : [(count * (upper - at)) / (upper - lower), (at + upper) / 2];
}

/**
 * Removes the observations above `at` (`keepBelow`, the operator `</`) or below it (`>/`), splitting the bucket that
 * holds it. Count and sum are estimated anew from the buckets, but only if something was removed.
 */
export function trimHistogram(h: Histogram, at: number, keepBelow: boolean): Histogram {
  const linear = usesCustomBuckets(h);
  let count = 0;
  let sum = 0;
  let cut = false;
  const trimSide = (spans: readonly number[], counts: readonly number[], positive: boolean): readonly number[] => {
    const indexes = indexesOf(spans);
    return counts.map((inBucket, i) => {
      if (inBucket === 0) return 0;
      const outer = boundOf(indexes[i], h.schema, h.customValues);
      const inner = boundOf(indexes[i] - 1, h.schema, h.customValues);
      const lower = positive ? inner : -outer;
      const upper = positive ? outer : -inner;
      const inside = keepBelow ? upper <= at : lower >= at;
      const partly = keepBelow ? lower < at : upper > at;
      let kept: Kept = [0, 0];
      if (inside) kept = [inBucket, middleOf(lower, upper, positive, linear)];
      else if (partly) kept = cutBucket(lower, upper, inBucket, at, keepBelow, positive, linear);
      else cut = true;
      if (kept[0] !== inBucket) cut = true;
      if (inside || partly) {
        count += kept[0];
        sum += kept[1] * kept[0];
      }
      return kept[0];
    });
  };
  const positive = trimSide(h.positiveSpans, h.positiveBuckets, true);
  const negative = trimSide(h.negativeSpans, h.negativeBuckets, false);
  let zeroCount = h.zeroCount;
  if (zeroCount > 0) {
    const hasPositive = h.positiveBuckets.some((n) => n !== 0);
    const hasNegative = h.negativeBuckets.some((n) => n !== 0);
    const lower = hasPositive && !hasNegative ? 0 : -h.zeroThreshold;
    const upper = hasNegative && !hasPositive ? 0 : h.zeroThreshold;
    const kept = cutZeroBucket(lower, upper, zeroCount, at, keepBelow);
    if (kept[0] !== zeroCount) cut = true;
    zeroCount = kept[0];
    sum += kept[1] * kept[0];
    count += kept[0];
  }
  if (!cut) return h;
  return compact({ ...h, zeroCount, count, sum, positiveBuckets: positive, negativeBuckets: negative });
}
