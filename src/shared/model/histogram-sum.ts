import type { CounterResetHint, Histogram } from './histogram.ts';
import { indexesOf, spansOf } from './histogram-layout.ts';

/** Buckets of one side under summation: count and its compensation (Neumaier) by index. */
export interface Side {
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

/** Rounding error of `sum + value`, and 0 where the sum is infinite. */
export function restOf(total: number, sum: number, value: number, rest: number): number {
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

/** Adds to one bucket, keeping the error. */
export function addAt(side: Side, i: number, value: number): void {
  const total = side.counts[i] + value;
  side.rests[i] = restOf(total, side.counts[i], value, side.rests[i]);
  side.counts[i] = total;
}
