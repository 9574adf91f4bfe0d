import { expect, test } from 'vitest';
import { openMemoryStorage } from '#main/storage/index.ts';
import { append, pairs } from './batches.ts';

test('a store in memory stays within its bytes: the oldest samples go', async () => {
  const store = openMemoryStorage({ retention: { time: null, bytes: 200_000 } });
  const writer = store.writer('t');
  for (let t = 0; t < 20_000; t++) {
    append(writer, t * 1000, { labels: { __name__: 'a' }, value: t }, { labels: { __name__: 'b' }, value: t });
    if (t % 500 === 0) while (await store.housekeep());
  }
  while (await store.housekeep());
  expect(store.stats().headBytes).toBeLessThanOrEqual(200_000);
  for (const series of store.querier().select([], -Infinity, Infinity)) {
    const got = pairs(series);
    expect(got.at(-1)).toEqual([19_999_000, 19_999]);
    expect(got.length).toBeGreaterThan(2000);
    // Whole from where it begins.
    expect(got.map(([, value]) => value)).toEqual(got.map((_, i) => got[0][1] + i));
  }
});
