import type { ForcedMonotonicity } from '../annotations.ts';

/** Cumulative buckets of a classic histogram: upper bounds ascending, and the count up to each. */
export interface ClassicBuckets {
  readonly bounds: readonly number[];
  readonly counts: readonly number[];
}

/** Differences below this part of the sum are taken for rounding errors. */
const TOLERANCE = 1e-12;
const MIN_NORMAL = 2 ** -1022;

function almostEqual(a: number, b: number): boolean {
  if (Number.isNaN(a) && Number.isNaN(b)) return true;
  if (a === b) return true;
  const sum = Math.abs(a) + Math.abs(b);
  const difference = Math.abs(a - b);
  if (a === 0 || b === 0 || sum < MIN_NORMAL) return difference < TOLERANCE * MIN_NORMAL;
  return difference / Math.min(sum, Number.MAX_VALUE) < TOLERANCE;
}

/** Adds up buckets with equal bounds. */
function coalesce({ bounds, counts }: ClassicBuckets): { bounds: number[]; counts: number[] } {
  const outBounds: number[] = [];
  const outCounts: number[] = [];
  for (let i = 0; i < bounds.length; i++) {
    const last = outBounds.length - 1;
    if (last >= 0 && outBounds[last] === bounds[i]) outCounts[last] += counts[i];
    else {
      outBounds.push(bounds[i]);
      outCounts.push(counts[i]);
    }
  }
  return { bounds: outBounds, counts: outCounts };
}

type Repair = Pick<ForcedMonotonicity, 'minBucket' | 'maxBucket' | 'maxDiff'>;

/** Lifts counts that are below the one before them; silently where it is only rounding. */
function makeMonotonic(bounds: readonly number[], counts: number[]): Repair | null {
  let kept = counts[0];
  let minBucket = Infinity;
  let maxBucket = -Infinity;
  let maxDiff = 0;
  let forced = false;
  for (let i = 1; i < counts.length; i++) {
    const count = counts[i];
    if (count === kept) continue;
    if (almostEqual(kept, count)) counts[i] = kept;
    else if (count < kept) {
      counts[i] = kept;
      forced = true;
      minBucket = Math.min(minBucket, bounds[i]);
      maxBucket = Math.max(maxBucket, bounds[i]);
      maxDiff = Math.max(maxDiff, kept - count);
    } else kept = count;
  }
  return forced ? { minBucket, maxBucket, maxDiff } : null;
}

/** The q-quantile of a classic histogram, linear within its bucket, and what had to be repaired for it. */
export function bucketQuantile(q: number, buckets: ClassicBuckets): { value: number; repair: Repair | null } {
  const none = (value: number): { value: number; repair: null } => ({ value, repair: null });
  if (Number.isNaN(q)) return none(NaN);
  if (q < 0) return none(-Infinity);
  if (q > 1) return none(Infinity);
  if (buckets.bounds[buckets.bounds.length - 1] !== Infinity) return none(NaN);
  const { bounds, counts } = coalesce(buckets);
  const repair = makeMonotonic(bounds, counts);
  const top = counts.length - 1;
  const observations = counts[top];
  if (top < 1 || observations === 0) return { value: NaN, repair };
  const rank = q * observations;
  let b = 0;
  let high = top;
  while (b < high) {
    const middle = (b + high) >> 1;
    if (counts[middle] >= rank) high = middle;
    else b = middle + 1;
  }
  if (b === top) return { value: bounds[top - 1], repair };
  if (b === 0 && bounds[0] <= 0) return { value: bounds[0], repair };
  const start = b > 0 ? bounds[b - 1] : 0;
  const below = b > 0 ? counts[b - 1] : 0;
  return { value: start + (bounds[b] - start) * ((rank - below) / (counts[b] - below)), repair };
}

/** The share of observations between two values. */
export function bucketFraction(lower: number, upper: number, buckets: ClassicBuckets): number {
  if (buckets.bounds[buckets.bounds.length - 1] !== Infinity) return NaN;
  const { bounds, counts } = coalesce(buckets);
  const total = counts[counts.length - 1];
  if (total === 0 || Number.isNaN(lower) || Number.isNaN(upper)) return NaN;
  if (lower >= upper) return 0;
  let rank = 0;
  let lowerRank = NaN;
  let upperRank = NaN;
  let low = bounds[0] <= 0 ? -Infinity : 0;
  for (let i = 0; i < bounds.length; i++) {
    if (i > 0) low = bounds[i - 1];
    const high = bounds[i];
    const rankAt = (v: number): number =>
      low === -Infinity ? counts[i] : rank + ((counts[i] - rank) * (v - low)) / (high - low);
    if (Number.isNaN(lowerRank)) {
      if (low >= lower) lowerRank = rank;
      else if (high > lower) lowerRank = rankAt(lower);
    }
    if (Number.isNaN(upperRank)) {
      if (low >= upper) upperRank = rank;
      else if (high > upper) upperRank = rankAt(upper);
    }
    rank = counts[i];
  }
  if (Number.isNaN(lowerRank) || lowerRank > total) lowerRank = total;
  if (Number.isNaN(upperRank) || upperRank > total) upperRank = total;
  return (upperRank - lowerRank) / total;
}
