import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  CUSTOM_BUCKETS_SCHEMA,
  labelsFromPairs,
  labelsKey,
  setStaleAt,
  wordsOf,
  type CounterResetHint,
  type Histogram,
  type Labels,
} from '#shared/model/index.ts';
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

/** Both sides of a histogram: spans that cover just the buckets given, any counts. */
const side = fc
  .tuple(
    fc.array(fc.tuple(fc.integer({ min: 0, max: 9 }), fc.integer({ min: 1, max: 4 })), { maxLength: 3 }),
    fc.integer({ min: -20, max: 20 }),
    fc.array(fc.double({ min: 0, noNaN: true }), { minLength: 12, maxLength: 12 }),
  )
  .map(([gaps, first, counts]) => ({
    spans: gaps.flatMap(([gap, length], i) => [i === 0 ? first : gap, length]),
    buckets: counts.slice(
      0,
      gaps.reduce((sum, [, length]) => sum + length, 0),
    ),
  }));
const exponential = fc
  .record({
    schema: fc.integer({ min: -4, max: 8 }),
    hint: fc.constantFrom<CounterResetHint>(0, 1, 2, 3),
    zeroThreshold: fc.double({ min: 0, noNaN: true }),
    zeroCount: fc.double({ min: 0, noNaN: true }),
    count: fc.double({ min: 0, noNaN: true }),
    sum: fc.double(),
    negative: side,
    positive: side,
  })
  .map(({ hint, negative, positive, ...rest }): Histogram => ({
    ...rest,
    counterResetHint: hint,
    negativeSpans: negative.spans,
    negativeBuckets: negative.buckets,
    positiveSpans: positive.spans,
    positiveBuckets: positive.buckets,
    customValues: [],
  }));
const custom = fc
  .tuple(exponential, fc.uniqueArray(fc.double({ noNaN: true, noDefaultInfinity: true }), { maxLength: 5 }))
  .map(([base, bounds]): Histogram => ({
    ...base,
    schema: CUSTOM_BUCKETS_SCHEMA,
    zeroThreshold: 0,
    zeroCount: 0,
    negativeSpans: [],
    negativeBuckets: [],
    // Zeros of both signs are one bound.
    customValues: [...new Set(bounds.map((bound) => bound + 0))].sort((x, y) => x - y),
  }));

test('native histograms come back number by number, floats of their series beside them', async () => {
  const value = fc.oneof(exponential, custom, fc.integer());
  await fc.assert(
    fc.asyncProperty(fc.array(value, { minLength: 1, maxLength: 8 }), fc.boolean(), async (values, legacy) => {
      const store = openMemoryStorage();
      const own = labelsFromPairs([
        ['__name__', legacy ? 'h' : 'h.\u00e9'],
        ['le', 'a b{}'],
      ]);
      await store.importSamples([
        {
          labels: own,
          times: Float64Array.from(values, (_, i) => 1000 * i),
          values: Float64Array.from(values, (one) => (typeof one === 'number' ? one : 0)),
          startTimes: null,
          histograms: values.map((one) => (typeof one === 'number' ? null : one)),
        },
      ]);
      const { text, counts } = await exported(store);
      expect(counts.samples).toBe(values.length);
      expect(counts.histograms).toBe(values.filter((one) => typeof one !== 'number').length);
      const [series] = (await imported(text)).querier().select([], -Infinity, Infinity);
      const back = values.map((_, i) => series.histograms?.[series.from + i] ?? series.values[series.from + i]);
      expect(back).toEqual(values);
    }),
    { numRuns: 300 },
  );
});

test('a histogram is written as OpenMetrics 2.0 has it, with the custom bounds and the hint that this lacks', async () => {
  const store = openMemoryStorage();
  const bounded: Histogram = {
    ...EXPONENTIAL,
    schema: CUSTOM_BUCKETS_SCHEMA,
    counterResetHint: 3,
    zeroThreshold: 0,
    zeroCount: 0,
    count: 3,
    sum: -0.5,
    negativeSpans: [],
    negativeBuckets: [],
    positiveSpans: [0, 1, 1, 1],
    positiveBuckets: [1, 2],
    customValues: [0.25, 1, 2.5],
  };
  await store.importSamples([
    {
      labels: labelsFromPairs([['__name__', 'h']]),
      times: Float64Array.of(1000, 2000),
      values: Float64Array.of(0, 5),
      startTimes: null,
      histograms: [bounded, null],
    },
    {
      labels: labelsFromPairs([['x', 'y']]),
      times: Float64Array.of(1),
      values: Float64Array.of(0),
      startTimes: null,
      histograms: null,
    },
  ]);
  const { text, counts } = await exported(store);
  expect(text).toBe(
    'h {count:3,sum:-0.5,schema:-53,positive_spans:[0:1,1:1],positive_buckets:[1,2],custom_values:[0.25,1,2.5],hint:gauge} 1\nh 5 2\n# EOF\n',
  );
  expect(counts).toEqual({ series: 1, samples: 2, histograms: 1, nameless: 1 });
});

test.each([
  ['{count:1,sum:1', 'a histogram has no end'],
  ['{count:1,sum:1}', 'a histogram lacks schema'],
  ['{count:1,sum:1,schema:9}', 'histogram has an invalid schema 9'],
  ['{count:1,sum:1,schema:1.5}', 'schema of a histogram is no integer: 1.5'],
  ['{count:1,sum:1,schema:0,sum:2}', 'sum stands twice in a histogram'],
  ['{count:1,sum:1,schema:0,colour:3}', 'unknown field of a histogram: colour'],
  ['{count:1,sum:1,schema:0,hint:never}', 'unknown hint of a histogram: never'],
  ['{count:1,sum:1,schema:0,positive_spans:[0:2],positive_buckets:[1]}', 'histogram spans need 2 positive buckets'],
  ['{count:1,sum:1,schema:0,positive_spans:[0:1],positive_buckets:[-1]}', 'negative count'],
  ['{count:1,sum:1,schema:0,positive_spans:[0],positive_buckets:[1]}', 'positive_spans of a histogram has no pair: 0'],
  ['{count:1,sum:1,schema:0,positive_spans:[0:1,positive_buckets:1}', 'positive_spans of a histogram has no end'],
  ['{count:1,sum:1,schema:0,custom_values:[1]}', 'only a histogram of schema -53 has custom_values'],
  ['{count:1,sum:1,schema:-53,custom_values:[2,1]}', 'custom_values of a histogram are not finite and ascending'],
  ['{}', 'a histogram lacks'],
  ['{count}', 'expected name:value in a histogram, got count'],
])('%s is refused with its line and the reason', async (value, reason) => {
  await expect(imported(`a 1 1\nh{x="y"} ${value} 2\n# EOF\n`)).rejects.toThrow(
    expect.objectContaining({ message: expect.stringContaining(reason) as string, line: 2, stored: 1 }),
  );
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
