import fc from 'fast-check';
import { expect, test } from 'vitest';
import { labelsFromPairs, labelsKey, setStaleAt, wordsOf, type Labels } from '#shared/model/index.ts';
import { openMemoryStorage, type Storage } from '#main/storage/index.ts';
import { exportOpenMetrics, importColumns, importStream, storageSource } from '#main/transfer/index.ts';
import { secondsText } from '../../../src/main/transfer/export-openmetrics.ts';
import { plainSamples, EXPONENTIAL } from '../storage/batches.ts';

const EVERYTHING = { selectors: [], start: -Infinity, end: Infinity };

async function exported(store: Storage) {
  const counts = { series: 0, samples: 0, histograms: 0, nameless: 0 };
  let text = '';
  for await (const piece of exportOpenMetrics(storageSource(store), EVERYTHING, counts)) text += piece;
  return { text, counts };
}

async function imported(text: string): Promise<Storage> {
  const store = openMemoryStorage();
  // eslint-disable-next-line @typescript-eslint/require-await
  async function* whole(): AsyncGenerator<Uint8Array> {
    yield Buffer.from(text);
  }
  await importStream(whole(), 'openmetrics', 0, ({ columns, metadata }) => {
    store.putMetadata('import', metadata);
    return store.importSamples(importColumns(columns));
  });
  return store;
}

function content(store: Storage): Record<string, unknown> {
  const all = store.querier().select([], -Infinity, Infinity);
  return Object.fromEntries(all.map((series) => [labelsKey(series.labels), plainSamples(series)]));
}

const name = fc.constantFrom('a', 'b_total', 'c:d', 'not.legacy', 'with "quotes"\nand \\', '\u00e9');
const labels: fc.Arbitrary<Labels> = fc
  .tuple(
    name,
    fc.uniqueArray(fc.tuple(fc.constantFrom('l', 'm', 'n.o', 'p q'), fc.string({ minLength: 1, unit: 'grapheme' })), {
      selector: ([label]) => label,
      maxLength: 3,
    }),
  )
  .map(([metric, pairs]) => labelsFromPairs([['__name__', metric], ...pairs]));
const number = fc.oneof(
  fc.double({ noNaN: true }),
  fc.integer(),
  fc.constantFrom(-0, Infinity, -Infinity, NaN, 'stale' as const),
);

test('floats come back bit by bit, stale markers as such', async () => {
  const series = fc.uniqueArray(
    fc.record({
      labels,
      samples: fc.uniqueArray(fc.tuple(fc.integer({ min: -1e13, max: 1e13 }), number), {
        selector: ([time]) => time,
        minLength: 1,
        maxLength: 20,
      }),
    }),
    { selector: (one) => labelsKey(one.labels), maxLength: 8 },
  );
  await fc.assert(
    fc.asyncProperty(series, async (all) => {
      const store = openMemoryStorage();
      await store.importSamples(
        all.map(({ labels: own, samples }) => {
          const sorted = [...samples].sort(([a], [b]) => a - b);
          const values = Float64Array.from(sorted, ([, value]) => (value === 'stale' ? 0 : value));
          for (const [i, [, value]] of sorted.entries()) if (value === 'stale') setStaleAt(wordsOf(values), i);
          const times = Float64Array.from(sorted, ([time]) => time);
          return { labels: own, times, values, startTimes: null, histograms: null };
        }),
      );
      const { text, counts } = await exported(store);
      expect(counts.series).toBe(all.length);
      expect(content(await imported(text))).toEqual(content(store));
    }),
    { numRuns: 200 },
  );
});

test('times survive being multiplied by a thousand and cut', () => {
  fc.assert(
    fc.property(fc.integer({ min: -1e14, max: 1e14 }), (time) => {
      expect(Math.trunc(Number(secondsText(time)) * 1000) + 0).toBe(time + 0);
    }),
    { numRuns: 5000 },
  );
  expect(secondsText(1_795_557_600_000)).toBe('1795557600');
  expect(secondsText(1_795_557_600_500)).toBe('1795557600.5');
});

test('what the format cannot hold is left out and counted', async () => {
  const store = openMemoryStorage();
  const column = { startTimes: null, times: Float64Array.of(1, 2), values: Float64Array.of(0, 5) };
  await store.importSamples([
    { ...column, labels: labelsFromPairs([['__name__', 'h']]), histograms: [EXPONENTIAL, null] },
    { ...column, labels: labelsFromPairs([['x', 'y']]), histograms: null },
  ]);
  const { text, counts } = await exported(store);
  expect(text).toBe('h 5 0.002\n# EOF\n');
  expect(counts).toEqual({ series: 1, samples: 1, histograms: 1, nameless: 1 });
});

test('metrics of one family stand together under its type', async () => {
  const store = openMemoryStorage();
  const column = { startTimes: null, histograms: null, times: Float64Array.of(1000), values: Float64Array.of(1) };
  for (const metric of ['x_sum', 'x_bytes', 'x_bucket', 'x_count', 'y_total', 'z_seconds'])
    await store.importSamples([{ ...column, labels: labelsFromPairs([['__name__', metric]]) }]);
  store.putMetadata('t', [
    { family: 'x', type: 'histogram', help: 'An\n"X".', unit: '' },
    { family: 'y_total', type: 'counter', help: '', unit: '' },
    { family: 'z_seconds', type: 'gauge', help: '', unit: 'seconds' },
  ]);
  const { text } = await exported(store);
  expect(text).toBe(
    [
      '# TYPE x histogram',
      '# HELP x An\\n\\"X\\".',
      'x_bucket 1 1',
      'x_count 1 1',
      'x_sum 1 1',
      'x_bytes 1 1',
      '# TYPE y counter',
      'y_total 1 1',
      '# TYPE z_seconds gauge',
      '# UNIT z_seconds seconds',
      'z_seconds 1 1',
      '# EOF\n',
    ].join('\n'),
  );
});
