import type { Storage } from '#main/storage/index.ts';
import { append, CUSTOM, EXPONENTIAL, STALE } from './batches.ts';

const START = 1_700_000_000_000;

/**
 * What `first-format.db` was filled with, by a store of format 1 that was not closed. `rest` does one round of upkeep,
 * after which everything that is due must be in frames.
 */
export async function fillFirstFormat(store: Storage, rest: () => Promise<void>): Promise<void> {
  const node = store.writer('node');
  const rows = (from: number, to: number): void => {
    for (let row = from; row < to; row++) {
      const time = START + row * 1000;
      append(
        node,
        time,
        { labels: { __name__: 'up', job: 'node' }, value: row === 77 ? STALE : 1 },
        { labels: { __name__: 'total', job: 'node' }, value: row * 7, startTime: START - 5 },
        { labels: { __name__: 'noise', job: 'node' }, value: Math.sin(row) },
        { labels: { __name__: 'odd', job: 'node' }, value: [NaN, -0, Infinity, 2 ** 53, 0.1][row % 5] },
        ...(row % 3 === 0
          ? [
              { labels: { __name__: 'latency', job: 'node' }, value: { ...EXPONENTIAL, count: row } },
              { labels: { __name__: 'sizes', job: 'node' }, value: { ...CUSTOM, sum: row } },
            ]
          : []),
        ...(row >= 100 ? [{ labels: { __name__: 'late', job: 'node' }, value: row / 100 }] : []),
        ...(row === 200 ? [{ labels: { __name__: 'timed', job: 'node' }, value: 5, time: time - 300 }] : []),
      );
    }
  };
  rows(0, 250);
  await store.commit();
  await rest();
  rows(250, 290);
  const other = store.writer('other');
  for (let row = 0; row < 20; row++)
    append(other, START + row * 15_000, { labels: { __name__: 'up', job: 'other' }, value: row % 2 });
  await store.commit();
  await store.deleteSeries([{ name: '__name__', type: '=', value: 'noise' }], START + 10_000, START + 20_000);
  store.putMetadata('node', [{ family: 'total', type: 'counter', help: 'All of it.', unit: '' }]);
  await store.commit();
}
