import { expect, test } from 'vitest';
import type { Histogram } from '#shared/model/index.ts';
import { limitHistogram } from '../../../src/main/scrape/native-limits.ts';

const histogram: Histogram = {
  schema: 2,
  counterResetHint: 0,
  zeroThreshold: 0,
  zeroCount: 0,
  count: 8,
  sum: 1,
  positiveSpans: [1, 8],
  negativeSpans: [],
  positiveBuckets: [1, 1, 1, 1, 1, 1, 1, 1],
  negativeBuckets: [],
  customValues: [],
};
const limits = (nativeHistogramBucketLimit: number, nativeHistogramMinBucketFactor = 0) => ({
  nativeHistogramBucketLimit,
  nativeHistogramMinBucketFactor,
});

test('without limits a histogram stays as it is', () => {
  expect(limitHistogram(histogram, limits(0))).toBe(histogram);
  expect(limitHistogram(histogram, limits(8))).toBe(histogram);
});

test('too many buckets lower the resolution until they fit', () => {
  expect(limitHistogram(histogram, limits(7))).toMatchObject({ schema: 1, positiveBuckets: [2, 2, 2, 2], count: 8 });
  expect(limitHistogram(histogram, limits(2))).toMatchObject({ schema: 0, positiveBuckets: [4, 4] });
});

test('what cannot be lowered enough fails', () => {
  const far: Histogram = { ...histogram, schema: -4, positiveSpans: [-1, 3], positiveBuckets: [1, 1, 6] };
  expect(() => limitHistogram(far, limits(2))).toThrow('histogram bucket limit exceeded');
  const custom: Histogram = {
    ...histogram,
    schema: -53,
    positiveSpans: [0, 3],
    positiveBuckets: [1, 1, 6],
    customValues: [1, 2],
  };
  expect(() => limitHistogram(custom, limits(2))).toThrow('histogram bucket limit exceeded');
  expect(limitHistogram(custom, limits(3))).toBe(custom);
});

test('a least factor between buckets caps the resolution', () => {
  expect(limitHistogram(histogram, limits(0, 1.5))).toMatchObject({ schema: 0 });
  expect(limitHistogram(histogram, limits(0, 1.4))).toMatchObject({ schema: 1 });
  expect(limitHistogram(histogram, limits(0, 1.1))).toBe(histogram);
});
