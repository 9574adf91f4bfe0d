import { expect, test } from 'vitest';
import { parseRoute, routeTo } from '#renderer/frame/index.ts';

test('an address made from a place is read back as that place', () => {
  const hash = routeTo(['live', 'job/a b?c'], { expr: 'rate(x{a="1&2"}[5m])', left: null });
  const route = parseRoute(hash);
  expect(route.path).toEqual(['live', 'job/a b?c']);
  expect(route.query.get('expr')).toBe('rate(x{a="1&2"}[5m])');
  expect(route.query.has('left')).toBe(false);
});

test('an empty or broken address is no place, and breaks nothing', () => {
  expect(parseRoute('').path).toEqual([]);
  expect(parseRoute('#/live/%zz').path).toEqual(['live', '%zz']);
});
