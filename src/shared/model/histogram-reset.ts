import { HINT_NOT_RESET, HINT_RESET, type Histogram } from './histogram.ts';
import { reduceSchema, withZeroThreshold } from './histogram-arithmetic.ts';
import { bucketInBounds, commonBounds } from './histogram-merge.ts';
import {
  exponentialBound,
  negativeBuckets,
  positiveBuckets,
  sameNumbers,
  usesCustomBuckets,
  type BucketList,
} from './histogram-layout.ts';

/** Whether a populated bucket of `previous` is missing or lower in `current`; buckets up to `threshold` do not count. */
function lostBuckets(current: BucketList, previous: BucketList, schema: number, threshold: number): boolean {
  let c = 0;
  for (let p = 0; p < previous.at.length; p++) {
    const index = previous.at[p];
    if (threshold > 0 && exponentialBound(index, schema) <= threshold) continue;
    while (c < current.at.length && current.at[c] < index) c++;
    const count = previous.counts[p];
    const kept = c < current.at.length && current.at[c] === index;
    if (kept ? current.counts[c] < count : count !== 0) return true;
  }
  return false;
}

function perBounds(h: Histogram, bounds: readonly number[]): number[] {
  const counts = Array.from({ length: bounds.length + 1 }, () => 0);
  const buckets = positiveBuckets(h);
  for (let i = 0; i < buckets.at.length; i++)
    counts[bucketInBounds(buckets.at[i], h.customValues, bounds)] += buckets.counts[i];
  return counts;
}

function customReset(current: Histogram, previous: Histogram): boolean {
  if (sameNumbers(current.customValues, previous.customValues))
    return lostBuckets(positiveBuckets(current), positiveBuckets(previous), current.schema, 0);
  const bounds = commonBounds(current.customValues, previous.customValues);
  const now = perBounds(current, bounds);
  return perBounds(previous, bounds).some((count, i) => now[i] < count);
}

/**
 * Whether the counter was reset between `previous` and `current`. The hint of `current` decides where it has one;
 * else lower counts, lost buckets, a finer schema or a smaller zero bucket tell.
 */
export function detectReset(current: Histogram, previous: Histogram): boolean {
  if (current.counterResetHint === HINT_RESET) return true;
  if (current.counterResetHint === HINT_NOT_RESET) return false;
  if (current.count < previous.count) return true;
  if (usesCustomBuckets(current)) return !usesCustomBuckets(previous) || customReset(current, previous);
  if (current.schema > previous.schema) return true;
  const threshold = current.zeroThreshold;
  if (threshold < previous.zeroThreshold) return true;
  const widened = withZeroThreshold(previous, threshold);
  if (widened.zeroThreshold !== threshold || current.zeroCount < widened.zeroCount) return true;
  // Merged buckets count whole if they reach beyond the threshold, with what of them is in the zero bucket too.
  const before = reduceSchema(previous, current.schema);
  return (
    lostBuckets(positiveBuckets(current), positiveBuckets(before), current.schema, threshold) ||
    lostBuckets(negativeBuckets(current), negativeBuckets(before), current.schema, threshold)
  );
}
