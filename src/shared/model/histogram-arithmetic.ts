import { CUSTOM_BUCKETS_SCHEMA, HINT_GAUGE, HINT_UNKNOWN, type CounterResetHint, type Histogram } from './histogram.ts';
import {
  coarserIndex,
  exponentialBound,
  indexesOf,
  sameNumbers,
  spansOf,
  usesCustomBuckets,
} from './histogram-layout.ts';

/** Buckets of one side under summation: count and its compensation (Neumaier) by index. */
interface Side {
  at: number[];
  counts: number[];
  rests: number[];
}

/**
 * A histogram that others are added to, with the rounding errors of every number kept beside it.
 * Owned by whoever made it; `addTo` changes it in place.
 */
export interface HistogramSum {
  schema: number;
  hint: CounterResetHint;
  zeroThreshold: number;
  zeroCount: number;
  zeroRest: number;
  count: number;
  countRest: number;
  sum: number;
  sumRest: number;
  customValues: readonly number[];
  positive: Side;
  negative: Side;
}

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

/** Rounding error of `sum + value`, and 0 where the sum is infinite. */
function restOf(total: number, sum: number, value: number, rest: number): number {
  if (total === Infinity || total === -Infinity) return 0;
  return Math.abs(sum) >= Math.abs(value) ? rest + (sum - total + value) : rest + (value - total + sum);
}

function sideOf(spans: readonly number[], counts: readonly number[]): Side {
  return { at: indexesOf(spans), counts: [...counts], rests: counts.map(() => 0) };
}

function copySide(side: Side): Side {
  return { at: [...side.at], counts: [...side.counts], rests: [...side.rests] };
}

/** Starts a sum with one histogram. */
export function sumOf(h: Histogram): HistogramSum {
  return {
    schema: h.schema,
    hint: h.counterResetHint,
    zeroThreshold: h.zeroThreshold,
    zeroCount: h.zeroCount,
    zeroRest: 0,
    count: h.count,
    countRest: 0,
    sum: h.sum,
    sumRest: 0,
    customValues: h.customValues,
    positive: sideOf(h.positiveSpans, h.positiveBuckets),
    negative: sideOf(h.negativeSpans, h.negativeBuckets),
  };
}

export function copySum(s: HistogramSum): HistogramSum {
  return { ...s, positive: copySide(s.positive), negative: copySide(s.negative) };
}

/** The sum as a histogram; `compensated` adds the kept errors. */
export function sumValue(s: HistogramSum, compensated: boolean): Histogram {
  const k = compensated ? 1 : 0;
  const counts = (side: Side): readonly number[] =>
    compensated ? side.counts.map((count, i) => count + side.rests[i]) : side.counts;
  return {
    schema: s.schema,
    counterResetHint: s.hint,
    zeroThreshold: s.zeroThreshold,
    zeroCount: s.zeroCount + k * s.zeroRest,
    count: s.count + k * s.countRest,
    sum: s.sum + k * s.sumRest,
    positiveSpans: spansOf(s.positive.at),
    negativeSpans: spansOf(s.negative.at),
    positiveBuckets: counts(s.positive),
    negativeBuckets: counts(s.negative),
    customValues: s.customValues,
  };
}

/** Multiplies everything, errors included. */
export function scaleSum(s: HistogramSum, factor: number): void {
  s.zeroCount *= factor;
  s.count *= factor;
  s.sum *= factor;
  s.zeroRest *= factor;
  s.countRest *= factor;
  s.sumRest *= factor;
  for (const side of [s.positive, s.negative]) {
    for (let i = 0; i < side.counts.length; i++) {
      side.counts[i] *= factor;
      side.rests[i] *= factor;
    }
  }
}

/** Divides everything, errors included. */
export function divideSum(s: HistogramSum, divisor: number): void {
  s.zeroCount /= divisor;
  s.count /= divisor;
  s.sum /= divisor;
  s.zeroRest /= divisor;
  s.countRest /= divisor;
  s.sumRest /= divisor;
  for (const side of [s.positive, s.negative]) {
    for (let i = 0; i < side.counts.length; i++) {
      side.counts[i] /= divisor;
      side.rests[i] /= divisor;
    }
  }
}

export function sumOverflows(s: HistogramSum): boolean {
  const infinite = (x: number): boolean => x === Infinity || x === -Infinity;
  return (
    infinite(s.zeroCount) ||
    infinite(s.count) ||
    infinite(s.sum) ||
    s.positive.counts.some(infinite) ||
    s.negative.counts.some(infinite)
  );
}

function addAt(side: Side, i: number, value: number): void {
  const total = side.counts[i] + value;
  side.rests[i] = restOf(total, side.counts[i], value, side.rests[i]);
  side.counts[i] = total;
}

/** Merges buckets so that they fit a schema coarser by `levels`. */
function coarsen(side: Side, levels: number): Side {
  const out: Side = { at: [], counts: [], rests: [] };
  for (let i = 0; i < side.at.length; i++) {
    const index = coarserIndex(side.at[i], levels);
    const last = out.at.length - 1;
    if (last >= 0 && out.at[last] === index) {
      addAt(out, last, side.counts[i]);
      addAt(out, last, side.rests[i]);
    } else {
      out.at.push(index);
      out.counts.push(side.counts[i]);
      out.rests.push(side.rests[i]);
    }
  }
  return out;
}

/** Adds the buckets of `other` (times `sign`) to those of `side`. */
function mergeSides(side: Side, other: Side, sign: number): Side {
  if (other.at.length === 0) return side;
  if (side.at.length === other.at.length && side.at.every((index, i) => index === other.at[i])) {
    for (let i = 0; i < side.at.length; i++) {
      addAt(side, i, sign * other.counts[i]);
      if (other.rests[i] !== 0) addAt(side, i, sign * other.rests[i]);
    }
    return side;
  }
  const out: Side = { at: [], counts: [], rests: [] };
  let a = 0;
  let b = 0;
  while (a < side.at.length || b < other.at.length) {
    const fromA = b >= other.at.length || (a < side.at.length && side.at[a] <= other.at[b]);
    if (fromA) {
      out.at.push(side.at[a]);
      out.counts.push(side.counts[a]);
      out.rests.push(side.rests[a]);
      if (b < other.at.length && other.at[b] === side.at[a]) {
        addAt(out, out.at.length - 1, sign * other.counts[b]);
        if (other.rests[b] !== 0) addAt(out, out.at.length - 1, sign * other.rests[b]);
        b++;
      }
      a++;
    } else {
      out.at.push(other.at[b]);
      out.counts.push(sign * other.counts[b]);
      out.rests.push(sign * other.rests[b]);
      b++;
    }
  }
  return out;
}

function withoutLow(side: Side, schema: number, threshold: number): Side {
  let from = 0;
  while (from < side.at.length && exponentialBound(side.at[from], schema) <= threshold) from++;
  if (from === 0) return side;
  return { at: side.at.slice(from), counts: side.counts.slice(from), rests: side.rests.slice(from) };
}

/**
 * Widens the zero bucket of `s` to `threshold`, or further where that would cut through a populated bucket, and
 * takes the buckets inside it into the zero count.
 */
function widenZeroBucket(s: HistogramSum, threshold: number): void {
  let wanted = threshold;
  const sides = [s.positive, s.negative];
  // A bucket that is cut on one side may push the threshold into a bucket of the other side: repeat until stable.
  for (let stable = false; !stable;) {
    stable = true;
    for (const side of sides) {
      for (let i = 0; i < side.at.length; i++) {
        if (exponentialBound(side.at[i] - 1, s.schema) >= wanted) break;
        const bound = exponentialBound(side.at[i], s.schema);
        if (bound > wanted && side.counts[i] !== 0) {
          wanted = bound;
          stable = false;
        }
      }
    }
  }
  const add = (value: number): void => {
    const total = s.zeroCount + value;
    s.zeroRest = restOf(total, s.zeroCount, value, s.zeroRest);
    s.zeroCount = total;
  };
  for (const side of sides) {
    let inside = 0;
    while (inside < side.at.length && exponentialBound(side.at[inside] - 1, s.schema) < wanted) {
      add(side.counts[inside]);
      if (side.rests[inside] !== 0) add(side.rests[inside]);
      inside++;
    }
    side.at.splice(0, inside);
    side.counts.splice(0, inside);
    side.rests.splice(0, inside);
  }
  s.zeroThreshold = wanted;
}

/** Brings both to one zero threshold that cuts through no populated bucket of either. */
function reconcileZeroBuckets(a: HistogramSum, b: HistogramSum): void {
  while (a.zeroThreshold !== b.zeroThreshold) {
    if (a.zeroThreshold > b.zeroThreshold) widenZeroBucket(b, a.zeroThreshold);
    else widenZeroBucket(a, b.zeroThreshold);
  }
}

/** Bounds that both have; both ascending. */
export function commonBounds(a: readonly number[], b: readonly number[]): number[] {
  const out: number[] = [];
  for (let i = 0, j = 0; i < a.length && j < b.length;) {
    if (a[i] === b[j]) {
      out.push(a[i]);
      i++;
      j++;
    } else if (a[i] < b[j]) i++;
    else j++;
  }
  return out;
}

/** Which bucket of `bounds` takes bucket `index` of `from`, where `bounds` is a part of `from`. */
export function bucketInBounds(index: number, from: readonly number[], bounds: readonly number[]): number {
  if (index >= from.length) return bounds.length;
  const upper = from[index];
  let target = 0;
  while (target < bounds.length && bounds[target] < upper) target++;
  return target;
}

function mapToBounds(parts: readonly [Side, readonly number[], number][], bounds: readonly number[]): Side {
  const counts = Array.from({ length: bounds.length + 1 }, () => 0);
  const dense: Side = { at: counts.map((_, i) => i), counts, rests: counts.map(() => 0) };
  for (const [side, from, sign] of parts) {
    for (let i = 0; i < side.at.length; i++) {
      const target = bucketInBounds(side.at[i], from, bounds);
      addAt(dense, target, sign * side.counts[i]);
      if (side.rests[i] !== 0) addAt(dense, target, sign * side.rests[i]);
    }
  }
  const out: Side = { at: [], counts: [], rests: [] };
  for (let i = 0; i < dense.at.length; i++) {
    if (dense.counts[i] === 0 && dense.rests[i] === 0) continue;
    out.at.push(i);
    out.counts.push(dense.counts[i]);
    out.rests.push(dense.rests[i]);
  }
  return out;
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
