import { CUSTOM_BUCKETS_SCHEMA, HINT_GAUGE, HINT_UNKNOWN, type CounterResetHint, type Histogram } from './histogram.ts';
import { sameNumbers, usesCustomBuckets } from './histogram-layout.ts';
import {
  coarsen,
  commonBounds,
  mapToBounds,
  mergeSides,
  reconcileZeroBuckets,
  widenZeroBucket,
  withoutLow,
} from './histogram-merge.ts';
import { restOf, sumOf, sumValue, type HistogramSum } from './histogram-sum.ts';

/** What happened while two histograms were combined. */
export interface Combined {
  /** One was marked as a counter reset, the other as none. */
  readonly collision: boolean;
  /** Custom bounds differed; the common ones are left. */
  readonly reconciled: boolean;
}

export interface CombinedHistogram extends Combined {
  readonly histogram: Histogram;
}

/** Hint of a combination: same stays, gauge wins, then unknown; reset with not-reset is a collision and unknown. */
function combineHints(a: CounterResetHint, b: CounterResetHint): { hint: CounterResetHint; collision: boolean } {
  if (a === b) return { hint: a, collision: false };
  if (a === HINT_GAUGE || b === HINT_GAUGE) return { hint: HINT_GAUGE, collision: false };
  return { hint: HINT_UNKNOWN, collision: a !== HINT_UNKNOWN && b !== HINT_UNKNOWN };
}

/**
 * Adds `other` (subtracts it with `sign` -1). The coarser schema wins, the zero bucket grows as needed, differing
 * custom bounds leave the common ones.
 * @returns null, with `into` unchanged, when one has exponential and the other custom buckets
 */
export function addTo(into: HistogramSum, other: Histogram, sign: 1 | -1 = 1): Combined | null {
  const custom = usesCustomBuckets(other);
  if ((into.schema === CUSTOM_BUCKETS_SCHEMA) !== custom) return null;
  const { hint, collision } = combineHints(into.hint, other.counterResetHint);
  into.hint = hint;
  const b = sumOf(other);
  if (!custom) reconcileZeroBuckets(into, b);
  const addPart = (part: 'zero' | 'count' | 'sum', value: number): void => {
    const key = part === 'zero' ? 'zeroCount' : part;
    const rest = `${part}Rest` as const;
    const total = into[key] + value;
    into[rest] = restOf(total, into[key], value, into[rest]);
    into[key] = total;
  };
  if (!custom) {
    addPart('zero', sign * b.zeroCount);
    if (b.zeroRest !== 0) addPart('zero', sign * b.zeroRest);
  }
  addPart('count', sign * b.count);
  addPart('sum', sign * b.sum);
  if (custom) {
    if (sameNumbers(into.customValues, other.customValues)) {
      into.positive = mergeSides(into.positive, b.positive, sign);
      return { collision, reconciled: false };
    }
    const bounds = commonBounds(into.customValues, other.customValues);
    into.positive = mapToBounds(
      [
        [into.positive, into.customValues, 1],
        [b.positive, other.customValues, sign],
      ],
      bounds,
    );
    into.customValues = bounds;
    return { collision, reconciled: true };
  }
  if (other.schema < into.schema) {
    into.positive = coarsen(into.positive, into.schema - other.schema);
    into.negative = coarsen(into.negative, into.schema - other.schema);
    into.schema = other.schema;
  } else if (other.schema > into.schema) {
    b.positive = coarsen(b.positive, other.schema - into.schema);
    b.negative = coarsen(b.negative, other.schema - into.schema);
  }
  into.positive = mergeSides(into.positive, withoutLow(b.positive, into.schema, into.zeroThreshold), sign);
  into.negative = mergeSides(into.negative, withoutLow(b.negative, into.schema, into.zeroThreshold), sign);
  return { collision, reconciled: false };
}

/** `a + b`, not compacted; null when exponential meets custom buckets. */
export function addHistograms(a: Histogram, b: Histogram): CombinedHistogram | null {
  const sum = sumOf(a);
  const combined = addTo(sum, b, 1);
  return combined === null ? null : { ...combined, histogram: sumValue(sum, false) };
}

/** `a - b`, not compacted; null when exponential meets custom buckets. */
export function subtractHistograms(a: Histogram, b: Histogram): CombinedHistogram | null {
  const sum = sumOf(a);
  const combined = addTo(sum, b, -1);
  return combined === null ? null : { ...combined, histogram: sumValue(sum, false) };
}

/** All counts and the sum times `factor`; a negative factor makes it a gauge. */
export function multiplyHistogram(h: Histogram, factor: number): Histogram {
  return {
    ...h,
    counterResetHint: factor < 0 ? HINT_GAUGE : h.counterResetHint,
    zeroCount: h.zeroCount * factor,
    count: h.count * factor,
    sum: h.sum * factor,
    positiveBuckets: h.positiveBuckets.map((count) => count * factor),
    negativeBuckets: h.negativeBuckets.map((count) => count * factor),
  };
}

/** All counts and the sum divided by `divisor`; dividing by zero removes the buckets. */
export function divideHistogram(h: Histogram, divisor: number): Histogram {
  const totals = { zeroCount: h.zeroCount / divisor, count: h.count / divisor, sum: h.sum / divisor };
  if (divisor === 0) {
    const none = { positiveSpans: [], negativeSpans: [], positiveBuckets: [], negativeBuckets: [] };
    return { ...h, ...totals, ...none };
  }
  return {
    ...h,
    ...totals,
    counterResetHint: divisor < 0 ? HINT_GAUGE : h.counterResetHint,
    positiveBuckets: h.positiveBuckets.map((count) => count / divisor),
    negativeBuckets: h.negativeBuckets.map((count) => count / divisor),
  };
}

/** The histogram with buckets merged to a coarser exponential schema. */
export function reduceSchema(h: Histogram, schema: number): Histogram {
  if (schema >= h.schema || usesCustomBuckets(h)) return h;
  const sum = sumOf(h);
  sum.positive = coarsen(sum.positive, h.schema - schema);
  sum.negative = coarsen(sum.negative, h.schema - schema);
  sum.schema = schema;
  sum.hint = HINT_UNKNOWN;
  return sumValue(sum, false);
}

/** The previous histogram as it would be with a larger zero threshold; for comparing with one that has it. */
export function withZeroThreshold(h: Histogram, threshold: number): Histogram {
  if (threshold === h.zeroThreshold) return h;
  const sum = sumOf(h);
  widenZeroBucket(sum, threshold);
  return sumValue(sum, false);
}

export function withHint(h: Histogram, hint: CounterResetHint): Histogram {
  return h.counterResetHint === hint ? h : { ...h, counterResetHint: hint };
}
