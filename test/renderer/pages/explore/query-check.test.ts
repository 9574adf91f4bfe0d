import { expect, test } from 'vitest';
import { checkQuery, placeOf } from '#renderer/pages/explore/query-check.ts';

test('a query that can run has no problem, nor has an empty one', () => {
  expect(checkQuery('sum(rate(up[1m]))')).toEqual([]);
  expect(checkQuery('  ')).toEqual([]);
});

test('a mistake is marked where it is', () => {
  const text = 'sum(rate(up))';
  const [problem] = checkQuery(text);
  expect(text.slice(problem.from, problem.to)).toBe('up');
  expect(placeOf(text, problem)).toBe('1:10');
});

test('places count lines', () => {
  const text = 'sum(\n  rate(up)\n)';
  const [problem] = checkQuery(text);
  expect(placeOf(text, problem)).toBe('2:8');
});

test('experimental parts are for the core to allow or refuse', () => {
  expect(checkQuery('sort_by_label(up, "job")')).toEqual([]);
});
