import { CUSTOM_BUCKETS_SCHEMA, type Histogram } from './histogram.ts';

/** One side of a histogram's buckets: index of each bucket, ascending, and its count. */
export interface BucketList {
  readonly at: readonly number[];
  readonly counts: readonly number[];
}

/** Buckets with their bounds, from the lowest to the highest value; columns of equal length. */
export interface BoundedBuckets {
  readonly lower: readonly number[];
  readonly upper: readonly number[];
  readonly counts: readonly number[];
}

export function usesCustomBuckets(h: Histogram): boolean {
  return h.schema === CUSTOM_BUCKETS_SCHEMA;
}

/** Bucket indexes that spans (`[offset, length, ...]`) stand for. */
export function indexesOf(spans: readonly number[]): number[] {
  const at: number[] = [];
  let index = 0;
  for (let s = 0; s < spans.length; s += 2) {
    index += spans[s];
    for (let k = spans[s + 1]; k > 0; k--) at.push(index++);
  }
  return at;
}

/** Spans of ascending bucket indexes; neighbours share a span. */
export function spansOf(at: readonly number[]): number[] {
  const spans: number[] = [];
  let next = 0;
  for (let i = 0; i < at.length; i++) {
    if (i > 0 && at[i] === next) spans[spans.length - 1]++;
    else spans.push(at[i] - next, 1);
    next = at[i] + 1;
  }
  return spans;
}

export function positiveBuckets(h: Histogram): BucketList {
  return { at: indexesOf(h.positiveSpans), counts: h.positiveBuckets };
}

export function negativeBuckets(h: Histogram): BucketList {
  return { at: indexesOf(h.negativeSpans), counts: h.negativeBuckets };
}

const FINEST_SCHEMA = 8;

/**
 * Bounds of the finest schema from 1/2 up to 1; those of the others are among them. Each schema halves the buckets of the
 * one before. The steps are those that give the last digits which the original's bounds have.
 */
const FRACTIONS: readonly number[] = (() => {
  let coarser = [0.5];
  for (let schema = 1; schema <= FINEST_SCHEMA; schema++) {
    const growth = 2 ** (1 / 2 ** schema);
    coarser = coarser.flatMap((bound) => [bound, schema === 1 ? 1 / Math.SQRT2 : bound * growth]);
  }
  return coarser;
})();

/** Upper bound of bucket `index` of an exponential schema (of its absolute value). */
export function exponentialBound(index: number, schema: number): number {
  const exponent = schema >= 0 ? Math.floor(index / 2 ** schema) : index * 2 ** -schema;
  const within = schema > 0 ? index - exponent * 2 ** schema : 0;
  // The last bucket of finite numbers ends at the largest of them; only the one above it holds infinities.
  if (exponent === 1024 && within === 0) return Number.MAX_VALUE;
  return within === 0 ? 2 ** exponent : 2 * FRACTIONS[within * 2 ** (FINEST_SCHEMA - schema)] * 2 ** exponent;
}

/** Upper bound of bucket `index`; the lower one is that of `index - 1`. */
export function boundOf(index: number, schema: number, customValues: readonly number[]): number {
  if (schema !== CUSTOM_BUCKETS_SCHEMA) return exponentialBound(index, schema);
  if (index < 0) return -Infinity;
  return index < customValues.length ? customValues[index] : Infinity;
}

/** Index, in a schema that is coarser by `levels`, of the bucket that holds bucket `index`. */
export function coarserIndex(index: number, levels: number): number {
  return Math.floor((index - 1) / 2 ** levels) + 1;
}

/**
 * All buckets (negative, zero, positive) from the lowest to the highest value. Where a bucket overlaps the zero
 * bucket its bound is the zero threshold. Empty buckets are included where they are in a span.
 */
export function allBuckets(h: Histogram): BoundedBuckets {
  const lower: number[] = [];
  const upper: number[] = [];
  const counts: number[] = [];
  const zero = h.zeroThreshold;
  const negative = negativeBuckets(h);
  for (let i = negative.at.length - 1; i >= 0; i--) {
    const high = -boundOf(negative.at[i] - 1, h.schema, h.customValues);
    lower.push(-boundOf(negative.at[i], h.schema, h.customValues));
    upper.push(high < 0 && high > -zero ? -zero : high);
    counts.push(negative.counts[i]);
  }
  if (h.zeroCount > 0) {
    lower.push(-zero);
    upper.push(zero);
    counts.push(h.zeroCount);
  }
  const positive = positiveBuckets(h);
  for (let i = 0; i < positive.at.length; i++) {
    const low = boundOf(positive.at[i] - 1, h.schema, h.customValues);
    lower.push(low > 0 && low < zero ? zero : low);
    upper.push(boundOf(positive.at[i], h.schema, h.customValues));
    counts.push(positive.counts[i]);
  }
  return { lower, upper, counts };
}

function withoutEmpty(at: readonly number[], counts: readonly number[]): BucketList | null {
  if (!counts.includes(0)) return null;
  const keptAt: number[] = [];
  const keptCounts: number[] = [];
  for (let i = 0; i < at.length; i++) {
    if (counts[i] === 0) continue;
    keptAt.push(at[i]);
    keptCounts.push(counts[i]);
  }
  return { at: keptAt, counts: keptCounts };
}

/** The same histogram without empty buckets and with as few spans as possible. */
export function compact(h: Histogram): Histogram {
  const positive = withoutEmpty(indexesOf(h.positiveSpans), h.positiveBuckets);
  const negative = withoutEmpty(indexesOf(h.negativeSpans), h.negativeBuckets);
  return {
    ...h,
    positiveSpans: spansOf(positive?.at ?? indexesOf(h.positiveSpans)),
    positiveBuckets: positive?.counts ?? h.positiveBuckets,
    negativeSpans: spansOf(negative?.at ?? indexesOf(h.negativeSpans)),
    negativeBuckets: negative?.counts ?? h.negativeBuckets,
  };
}

/** What a histogram weighs against the limit on samples: one for each 16 bytes of the original's layout. */
export function sampleWeight(h: Histogram): number {
  const words =
    h.positiveSpans.length / 2 +
    h.negativeSpans.length / 2 +
    h.positiveBuckets.length +
    h.negativeBuckets.length +
    h.customValues.length;
  return Math.floor((168 + 8 + words * 8) / 16);
}

export function sameNumbers(a: readonly number[], b: readonly number[]): boolean {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

/** Whether two histograms are the same data: layout (empty buckets too) and every value bit by bit; hints aside. */
export function equalHistograms(a: Histogram, b: Histogram): boolean {
  if (a === b) return true;
  return (
    a.schema === b.schema &&
    Object.is(a.count, b.count) &&
    Object.is(a.sum, b.sum) &&
    a.zeroThreshold === b.zeroThreshold &&
    Object.is(a.zeroCount, b.zeroCount) &&
    (!usesCustomBuckets(a) || sameNumbers(a.customValues, b.customValues)) &&
    sameNumbers(indexesOf(a.negativeSpans), indexesOf(b.negativeSpans)) &&
    sameNumbers(indexesOf(a.positiveSpans), indexesOf(b.positiveSpans)) &&
    a.negativeBuckets.length === b.negativeBuckets.length &&
    a.positiveBuckets.length === b.positiveBuckets.length &&
    a.negativeBuckets.every((count, i) => Object.is(count, b.negativeBuckets[i])) &&
    a.positiveBuckets.every((count, i) => Object.is(count, b.positiveBuckets[i]))
  );
}
