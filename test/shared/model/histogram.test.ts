import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  addHistograms,
  addTo,
  allBuckets,
  compact,
  CUSTOM_BUCKETS_SCHEMA,
  detectReset,
  divideHistogram,
  equalHistograms,
  exponentialBound,
  formatHistogram,
  HINT_GAUGE,
  HINT_NOT_RESET,
  HINT_RESET,
  HINT_UNKNOWN,
  histogramFraction,
  histogramQuantile,
  histogramVariance,
  indexesOf,
  multiplyHistogram,
  reduceSchema,
  spansOf,
  subtractHistograms,
  sumOf,
  sumValue,
  trimHistogram,
  withHint,
  type Histogram,
} from '#shared/model/index.ts';

function exponential(parts: Partial<Histogram> = {}): Histogram {
  return {
    schema: 0,
    counterResetHint: HINT_UNKNOWN,
    zeroThreshold: 0,
    zeroCount: 0,
    count: 0,
    sum: 0,
    positiveSpans: [],
    negativeSpans: [],
    positiveBuckets: [],
    negativeBuckets: [],
    customValues: [],
    ...parts,
  };
}

/** Buckets (1,2], (2,4], (4,8] from index 1 on. */
const small = exponential({
  schema: 0,
  count: 10,
  sum: 30,
  positiveSpans: [1, 3],
  positiveBuckets: [2, 5, 3],
});

function custom(bounds: number[], counts: number[], sum = 0): Histogram {
  return exponential({
    schema: CUSTOM_BUCKETS_SCHEMA,
    customValues: bounds,
    positiveSpans: [0, counts.length],
    positiveBuckets: counts,
    count: counts.reduce((a, b) => a + b, 0),
    sum,
  });
}

/** Exponential histograms with whole counts, so that sums are exact. */
const anyHistogram = fc
  .record({
    schema: fc.integer({ min: -2, max: 4 }),
    zero: fc.integer({ min: 0, max: 5 }),
    positive: fc.dictionary(fc.integer({ min: -20, max: 40 }).map(String), fc.integer({ min: 0, max: 9 })),
    negative: fc.dictionary(fc.integer({ min: -20, max: 40 }).map(String), fc.integer({ min: 0, max: 9 })),
  })
  .map(({ schema, zero, positive, negative }) => {
    const side = (counts: Record<string, number>) => {
      const at = Object.keys(counts)
        .map(Number)
        .sort((a, b) => a - b);
      return { spans: spansOf(at), buckets: at.map((i) => counts[String(i)]) };
    };
    const p = side(positive);
    const n = side(negative);
    const count = zero + [...p.buckets, ...n.buckets].reduce((a, b) => a + b, 0);
    return exponential({
      schema,
      zeroCount: zero,
      zeroThreshold: 2 ** -120,
      count,
      sum: count,
      positiveSpans: p.spans,
      positiveBuckets: p.buckets,
      negativeSpans: n.spans,
      negativeBuckets: n.buckets,
    });
  });

const total = (h: Histogram): number => allBuckets(h).counts.reduce((a, b) => a + b, 0);

test('spans and bucket indexes are two forms of the same', () => {
  expect(indexesOf([2, 2, 3, 1])).toEqual([2, 3, 7]);
  expect(spansOf([2, 3, 7])).toEqual([2, 2, 3, 1]);
  fc.assert(
    fc.property(fc.uniqueArray(fc.integer({ min: -50, max: 50 })), (list) => {
      const at = [...list].sort((a, b) => a - b);
      expect(indexesOf(spansOf(at))).toEqual(at);
    }),
  );
});

test('bounds of exponential buckets are powers of the base, and the last finite one is the largest number', () => {
  expect(exponentialBound(0, 0)).toBe(1);
  expect(exponentialBound(3, 0)).toBe(8);
  expect(exponentialBound(-1, 0)).toBe(0.5);
  expect(exponentialBound(1, -2)).toBe(16);
  expect(exponentialBound(1, 1)).toBe(1.414213562373095);
  expect(exponentialBound(-1, 3)).toBe(0.9170040432046711);
  expect(exponentialBound(3, 2)).toBe(2 * 0.8408964152537144);
  expect(exponentialBound(255, 8)).toBeCloseTo(2 ** (255 / 256), 14);
  expect(exponentialBound(1024, 0)).toBe(Number.MAX_VALUE);
  expect(exponentialBound(1025, 0)).toBe(Infinity);
  expect(exponentialBound(-1074, 0)).toBe(Number.MIN_VALUE);
});

test('compacting removes empty buckets and joins spans', () => {
  const h = exponential({ positiveSpans: [0, 2, 0, 3, 1, 1], positiveBuckets: [0, 1, 2, 0, 3, 0] });
  const done = compact(h);
  expect(done.positiveSpans).toEqual([1, 2, 1, 1]);
  expect(done.positiveBuckets).toEqual([1, 2, 3]);
});

test('adding and subtracting again gives the same buckets, whatever the schemas', () => {
  fc.assert(
    fc.property(anyHistogram, anyHistogram, (a, b) => {
      const sum = addHistograms(a, b);
      expect(sum).not.toBeNull();
      if (sum === null) return;
      expect(total(sum.histogram)).toBe(total(a) + total(b));
      expect(sum.histogram.schema).toBe(Math.min(a.schema, b.schema));
      const back = subtractHistograms(sum.histogram, b);
      expect(back).not.toBeNull();
      if (back === null) return;
      const expected = compact(reduceSchema(a, sum.histogram.schema));
      expect(equalHistograms(compact(back.histogram), expected)).toBe(true);
    }),
  );
});

test('a sum keeps what the floats would lose', () => {
  const big = { ...small, sum: 1e100, count: 1e16, positiveBuckets: [1e16, 0, 0] };
  const one = { ...small, sum: 1, count: 1, positiveBuckets: [1, 0, 0] };
  const sum = sumOf(big);
  for (let i = 0; i < 10; i++) addTo(sum, one);
  addTo(sum, multiplyHistogram(big, -1));
  const value = sumValue(sum, true);
  expect(value.sum).toBe(10);
  expect(value.count).toBe(10);
  expect(value.positiveBuckets[0]).toBe(10);
});

test('hints combine: gauge wins, then unknown; reset with not-reset is a collision', () => {
  const hinted = (a: Histogram['counterResetHint'], b: Histogram['counterResetHint']) => {
    const sum = addHistograms(withHint(small, a), withHint(small, b));
    return [sum?.histogram.counterResetHint, sum?.collision];
  };
  expect(hinted(HINT_RESET, HINT_RESET)).toEqual([HINT_RESET, false]);
  expect(hinted(HINT_RESET, HINT_GAUGE)).toEqual([HINT_GAUGE, false]);
  expect(hinted(HINT_RESET, HINT_UNKNOWN)).toEqual([HINT_UNKNOWN, false]);
  expect(hinted(HINT_RESET, HINT_NOT_RESET)).toEqual([HINT_UNKNOWN, true]);
});

test('the zero bucket grows to whole populated buckets', () => {
  const wide = exponential({ zeroThreshold: 3, zeroCount: 1, count: 1 });
  const sum = addHistograms(small, wide);
  expect(sum?.histogram.zeroThreshold).toBe(4);
  expect(sum?.histogram.zeroCount).toBe(8);
  expect(sum === null ? null : compact(sum.histogram).positiveSpans).toEqual([3, 1]);
});

test('differing custom bounds leave the common ones', () => {
  const sum = addHistograms(custom([1, 2, 5], [1, 2, 3, 4]), custom([2, 5, 8], [10, 20, 30, 40]));
  expect(sum?.reconciled).toBe(true);
  expect(sum?.histogram.customValues).toEqual([2, 5]);
  expect(sum?.histogram.positiveBuckets).toEqual([13, 23, 74]);
  expect(addHistograms(small, custom([1], [1, 1]))).toBeNull();
});

test('multiplying and dividing: a negative factor makes a gauge, dividing by zero removes the buckets', () => {
  expect(multiplyHistogram(small, -2)).toMatchObject({ count: -20, counterResetHint: HINT_GAUGE });
  expect(divideHistogram(small, 2)).toMatchObject({ count: 5, positiveBuckets: [1, 2.5, 1.5] });
  expect(divideHistogram(small, 0)).toMatchObject({ count: Infinity, positiveBuckets: [], positiveSpans: [] });
});

test('resets: the hint decides, else lower counts, lost buckets, a finer schema or a smaller zero bucket', () => {
  const more = { ...small, count: 11, positiveBuckets: [3, 5, 3] };
  expect(detectReset(more, small)).toBe(false);
  expect(detectReset(small, more)).toBe(true);
  expect(detectReset(withHint(more, HINT_RESET), small)).toBe(true);
  expect(detectReset(withHint(small, HINT_NOT_RESET), more)).toBe(false);
  expect(detectReset({ ...more, positiveSpans: [2, 2], positiveBuckets: [8, 3] }, small)).toBe(true);
  expect(detectReset({ ...more, schema: 1 }, small)).toBe(true);
  expect(detectReset({ ...more, zeroThreshold: 0.001 }, { ...small, zeroThreshold: 0.01 })).toBe(true);
  const coarser = exponential({ schema: -1, count: 12, positiveSpans: [1, 2], positiveBuckets: [7, 5] });
  expect(detectReset(coarser, small)).toBe(false);
  // A coarser bucket that reaches beyond the zero bucket is compared with all that the finer ones had in its place.
  const widened = exponential({
    schema: -1,
    count: 12,
    zeroThreshold: 2,
    zeroCount: 4,
    positiveSpans: [1, 1],
    positiveBuckets: [8],
  });
  const before = exponential({ schema: 0, count: 12, positiveSpans: [1, 2], positiveBuckets: [4, 8] });
  expect(detectReset(widened, before)).toBe(true);
  expect(detectReset({ ...widened, positiveBuckets: [12] }, before)).toBe(false);
  expect(detectReset(custom([2, 5], [3, 4, 9]), custom([1, 2, 5], [1, 2, 3, 4]))).toBe(false);
  expect(detectReset(custom([2, 5], [2, 4, 9]), custom([1, 2, 5], [1, 2, 3, 4]))).toBe(true);
});

test('quantiles interpolate on a logarithmic scale, and linearly in custom buckets', () => {
  expect(histogramQuantile(0.2, small).value).toBeCloseTo(2, 12);
  expect(histogramQuantile(0.45, small).value).toBeCloseTo(2 * Math.SQRT2, 12);
  expect(histogramQuantile(1, small).value).toBe(8);
  expect(histogramQuantile(-1, small).value).toBe(-Infinity);
  expect(histogramQuantile(2, small).value).toBe(Infinity);
  expect(histogramQuantile(0.5, custom([1, 2], [0, 4, 0])).value).toBe(1.5);
  expect(histogramQuantile(0.5, exponential()).value).toBeNaN();
  const withNaN = { ...small, count: 20, sum: NaN };
  expect(histogramQuantile(0.9, withNaN)).toEqual({ value: NaN, note: 'result-is-nan' });
  expect(histogramQuantile(0.4, withNaN).note).toBe('skewed-higher');
});

test('the fraction is the inverse of the quantile', () => {
  fc.assert(
    fc.property(fc.double({ min: 0.01, max: 0.99, noNaN: true }), (q) => {
      const at = histogramQuantile(q, small).value;
      expect(histogramFraction(-Infinity, at, small).value).toBeCloseTo(q, 9);
    }),
  );
  expect(histogramFraction(5, 1, small).value).toBe(0);
  expect(histogramFraction(-Infinity, Infinity, { ...small, count: 20, sum: NaN })).toEqual({
    value: 0.5,
    note: 'excluded',
  });
});

test('the variance is taken from the middles of the buckets', () => {
  expect(histogramVariance(custom([0, 2, 4], [0, 1, 1], 4))).toBe(1);
});

test('trimming splits the bucket that holds the value and leaves the rest', () => {
  const upper = trimHistogram(custom([0, 2, 4], [0, 4, 4, 0], 16), 3, true);
  expect(upper.positiveBuckets).toEqual([4, 2]);
  expect(upper.count).toBe(6);
  expect(upper.sum).toBe(4 * 1 + 2 * 2.5);
  const lower = trimHistogram(custom([0, 2, 4], [0, 4, 4, 0], 16), 3, false);
  expect(lower.count).toBe(2);
  expect(trimHistogram(small, 100, true)).toBe(small);
  expect(trimHistogram(small, 0.5, true)).toMatchObject({ count: 0, positiveBuckets: [] });
});

test('as text a histogram lists its populated buckets from low to high', () => {
  const h = exponential({
    count: 4,
    sum: 1.5,
    zeroThreshold: 0.001,
    zeroCount: 1,
    positiveSpans: [0, 3],
    positiveBuckets: [1, 0, 1],
    negativeSpans: [1, 1],
    negativeBuckets: [1],
  });
  expect(formatHistogram(h)).toBe('{count:4, sum:1.5, [-2,-1):1, [-0.001,0.001]:1, (0.5,1]:1, (2,4]:1}');
  // A zero bucket that covers others does not change their bounds; what subtraction left below zero is shown too.
  expect(formatHistogram({ ...h, zeroThreshold: 0.75, zeroCount: -1 })).toBe(
    '{count:4, sum:1.5, [-2,-1):1, [-0.75,0.75]:-1, (0.5,1]:1, (2,4]:1}',
  );
});
