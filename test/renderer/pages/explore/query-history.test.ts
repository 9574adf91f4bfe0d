import { expect, test } from 'vitest';
import { findInHistory, remember, toggleFavourite } from '#renderer/pages/explore/query-history.ts';
import type { KeptQuery } from '#shared/contract/index.ts';

test('a query stands once, newest first, and keeps its star', () => {
  let history: readonly KeptQuery[] = [];
  history = remember(history, 'up', 1);
  history = toggleFavourite(history, 'up');
  history = remember(history, 'rate(x[1m])', 2);
  history = remember(history, ' up ', 3);
  expect(history).toEqual([
    { expr: 'up', at: 3, favourite: true },
    { expr: 'rate(x[1m])', at: 2, favourite: false },
  ]);
  expect(remember(history, '  ', 4)).toBe(history);
});

test('the oldest go when there are too many, favourites stay', () => {
  let history: readonly KeptQuery[] = remember([], 'first', 0);
  history = toggleFavourite(history, 'first');
  for (let i = 1; i <= 150; i++) history = remember(history, `q${i}`, i);
  expect(history.length).toBe(100);
  expect(history.at(-1)?.expr).toBe('first');
  expect(history[0].expr).toBe('q150');
  expect(history.some((entry) => entry.expr === 'q51')).toBe(false);
});

test('found are entries with all words, favourites first', () => {
  let history = remember(remember(remember([], 'rate(a[1m])', 1), 'rate(b[1m])', 2), 'up', 3);
  history = toggleFavourite(history, 'rate(a[1m])');
  expect(findInHistory(history, 'RATE 1m').map((entry) => entry.expr)).toEqual(['rate(a[1m])', 'rate(b[1m])']);
});
