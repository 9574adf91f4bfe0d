import { expect, test } from 'vitest';
import { coreVocabulary, metadataOf, selectorOf } from '#renderer/editor/vocabulary.ts';
import { HearthError, type CoreClient } from '#shared/contract/index.ts';
import { labelsFromRecord, type MetricMetadata } from '#shared/model/index.ts';

const histogram: MetricMetadata = { family: 'http_seconds', type: 'histogram', help: 'Time.', unit: 'seconds' };
const counter: MetricMetadata = { family: 'hits', type: 'counter', help: 'Hits.', unit: '' };

interface Asked {
  readonly method: string;
  readonly params: Readonly<Record<string, unknown>>;
}

function fakeCore(answers: Readonly<Record<string, unknown>>): { client: CoreClient; asked: Asked[] } {
  const asked: Asked[] = [];
  const client = {
    request: (method: string, params: Readonly<Record<string, unknown>>) => {
      asked.push({ method, params });
      const answer = answers[method];
      return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
    },
    subscribe: () => () => undefined,
  } as unknown as CoreClient;
  return { client, asked };
}

test('a metric finds its metadata by its own name, else by its family', () => {
  const metadata = { http_seconds: [histogram], hits: [counter] };
  expect(metadataOf('http_seconds_bucket', metadata)).toBe(histogram);
  expect(metadataOf('hits_total', metadata)).toBe(counter);
  expect(metadataOf('http_seconds', metadata)).toBe(histogram);
  expect(metadataOf('other_total', metadata)).toBeNull();
  expect(metadataOf('constructor', metadata)).toBeNull();
});

test('selectors quote what needs quotes', () => {
  expect(selectorOf('up', [])).toBe('up');
  expect(selectorOf('up', [{ name: 'job', type: '=', value: 'a"b' }])).toBe('up{job="a\\"b"}');
  expect(selectorOf('a.b', [{ name: 'c.d', type: '!~', value: 'x' }])).toBe('{"a.b","c.d"!~"x"}');
  expect(selectorOf(null, [{ name: 'job', type: '=', value: 'x' }])).toBe('{job="x"}');
});

test('metrics carry type, help and the number of series', async () => {
  const { client } = fakeCore({
    'labels.values': { values: ['hits_total', 'up'], truncated: false },
    'metadata.list': { metadata: { hits: [counter] } },
    'query.instant': {
      type: 'vector',
      steps: { start: 10, step: 1, count: 1 },
      series: [
        { labels: labelsFromRecord({ __name__: 'up' }), values: Float64Array.of(3), present: Uint8Array.of(1) },
        { labels: labelsFromRecord({ __name__: 'hits_total' }), values: Float64Array.of(7), present: Uint8Array.of(1) },
      ],
    },
  });
  const vocabulary = coreVocabulary({
    client,
    window: () => ({ start: 0, end: 10 }),
    now: () => 0,
    rateWindow: () => '1m',
  });
  expect(await vocabulary.metrics()).toEqual([
    { name: 'hits_total', family: 'hits', type: 'counter', help: 'Hits.', unit: '', series: 7 },
    { name: 'up', family: 'up', type: 'unknown', help: '', unit: '', series: 3 },
  ]);
});

test('names are there even when counting is refused', async () => {
  const { client } = fakeCore({
    'labels.values': { values: ['up'], truncated: false },
    'metadata.list': { metadata: {} },
    'query.instant': new HearthError({ kind: 'query-execution', message: 'too many samples' }),
  });
  const vocabulary = coreVocabulary({
    client,
    window: () => ({ start: 0, end: 10 }),
    now: () => 0,
    rateWindow: () => '1m',
  });
  expect((await vocabulary.metrics())[0]).toMatchObject({ name: 'up', series: null });
});

test('answers are kept for half a minute, failures are not', async () => {
  let now = 0;
  const { client, asked } = fakeCore({ 'labels.names': { names: ['__name__', 'job'], truncated: false } });
  const vocabulary = coreVocabulary({
    client,
    window: () => ({ start: 0, end: 10 }),
    now: () => now,
    rateWindow: () => '1m',
  });
  expect(await vocabulary.labelNames('up')).toEqual(['job']);
  await vocabulary.labelNames('up');
  expect(asked.length).toBe(1);
  now = 31_000;
  await vocabulary.labelNames('up');
  expect(asked.length).toBe(2);

  const failing = fakeCore({ 'labels.names': new HearthError({ kind: 'unavailable', message: 'not there' }) });
  const other = coreVocabulary({
    client: failing.client,
    window: () => ({ start: 0, end: 1 }),
    now: () => 0,
    rateWindow: () => '1m',
  });
  await expect(other.labelNames(null)).rejects.toThrow('not there');
  await expect(other.labelNames(null)).rejects.toThrow('not there');
  expect(failing.asked.length).toBe(2);
});

test('values are narrowed by the other conditions, not by the one being typed', async () => {
  const { client, asked } = fakeCore({ 'labels.values': { values: ['a'], truncated: false } });
  const vocabulary = coreVocabulary({
    client,
    window: () => ({ start: 0, end: 10 }),
    now: () => 0,
    rateWindow: () => '1m',
  });
  await vocabulary.labelValues('mode', 'cpu', [
    { name: 'mode', type: '=', value: 'i' },
    { name: 'job', type: '=', value: 'node' },
  ]);
  expect(asked[0].params.selectors).toEqual(['cpu{job="node"}']);
});
