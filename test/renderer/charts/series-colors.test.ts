import { beforeEach, expect, test } from 'vitest';
import { assignColors, forgetColors } from '#renderer/charts/index.ts';

beforeEach(forgetColors);

test('a label value keeps its slot whatever comes with it and in whatever order', () => {
  expect(assignColors('http_requests_total', ['/cart', '/search'])).toEqual([0, 1]);
  expect(assignColors('http_requests_total', ['/checkout', '/search', '/cart'])).toEqual([2, 1, 0]);
  expect(assignColors('http_requests_total', ['/search'])).toEqual([1]);
});

test('metrics do not share their slots', () => {
  assignColors('a', ['x', 'y']);
  expect(assignColors('b', ['y'])).toEqual([0]);
});

test('the eleventh value gets a slot of its own, which is drawn dashed', () => {
  const values = Array.from({ length: 12 }, (_, i) => `v${i}`);
  expect(assignColors('m', values)).toEqual(values.map((_, i) => i));
});

test('two series of the same name share a slot', () => {
  expect(assignColors('m', ['same', 'same', 'other'])).toEqual([0, 0, 1]);
});
