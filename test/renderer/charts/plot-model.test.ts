import { expect, test } from 'vitest';
import { findGaps, indexAt, stackValues, summarize, type PlotSeries } from '#renderer/charts/index.ts';

const series = (values: (number | null)[]): PlotSeries => ({ key: 'k', label: 'l', color: 0, values });

test('a step without any value between values is a gap, from the last value to the next', () => {
  const gaps = findGaps([10, 20, 30, 40], [series([1, null, null, 4])], 3);
  expect(gaps).toEqual([{ from: 10_000, to: 40_000 }]);
});

test('a step where one series still has a value is no gap', () => {
  expect(findGaps([10, 20, 30], [series([1, null, 3]), series([1, 2, null])], 3)).toEqual([]);
});

test('what lies before the first value is no gap', () => {
  expect(findGaps([10, 20, 30, 40], [series([null, null, 3, 4])], 3)).toEqual([]);
});

test('missing values at the end are a gap once there are enough of them', () => {
  const values = [1, 2, null, null, null];
  expect(findGaps([10, 20, 30, 40, 50], [series(values)], 3)).toEqual([{ from: 20_000, to: 50_000 }]);
  expect(findGaps([10, 20, 30, 40], [series(values.slice(0, 4))], 3)).toEqual([]);
});

test('a stack adds up from the bottom; one missing series counts as nothing, all missing stay missing', () => {
  expect(stackValues([series([1, 2, null]), series([10, null, null])])).toEqual([
    [1, 2, null],
    [11, 2, null],
  ]);
});

test('a summary ignores missing values', () => {
  expect(summarize([null, 2, 4, null])).toEqual({ min: 2, avg: 3, max: 4, last: 4 });
  expect(summarize([null])).toEqual({ min: null, avg: null, max: null, last: null });
});

test('the step at a time is the nearest one, and none outside', () => {
  const times = [100, 105, 110];
  expect(indexAt(times, 106_000)).toBe(1);
  expect(indexAt(times, 108_000)).toBe(2);
  expect(indexAt(times, 90_000)).toBe(-1);
  expect(indexAt(times, 120_000)).toBe(-1);
  expect(indexAt([], 0)).toBe(-1);
});
