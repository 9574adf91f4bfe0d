import { expect, test } from 'vitest';
import { HearthError } from '#shared/contract/index.ts';
import type { Histogram } from '#shared/model/index.ts';
import { storeOf, table, testEngine } from './support.ts';

const engine = testEngine();

const counters = storeOf([
  { labels: { __name__: 'http_total', job: 'a', code: '200' }, samples: [0, 15, 30, 45, 60, 75, 90] },
  { labels: { __name__: 'http_total', job: 'a', code: '500' }, samples: [0, 3, 6, 1, 4, 7, 10] },
  { labels: { __name__: 'http_total', job: 'b', code: '200' }, samples: [5, 5, 5, 5, 'stale', null, null] },
  { labels: { __name__: 'limit', job: 'a' }, samples: [100, 100, 100, 100, 100, 100, 100] },
]);

async function instant(expr: string, time = 90_000) {
  return table(await engine.instant(counters, expr, time));
}

async function failure(promise: Promise<unknown>): Promise<HearthError> {
  const error: unknown = await promise.then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(HearthError);
  return error as HearthError;
}

test('a selector takes the newest sample within the lookback and nothing after a stale marker', async () => {
  expect(await instant('http_total{code="200"}')).toEqual({ 'http_total{code="200", job="a"}': [90] });
  expect(await instant('http_total{job="b"}', 59_000)).toEqual({ 'http_total{code="200", job="b"}': [5] });
  expect(await instant('limit', 390_000)).toEqual({});
  expect(await instant('limit', 389_999)).toEqual({ 'limit{job="a"}': [100] });
});

test('all four kinds of matchers select', async () => {
  expect(Object.keys(await instant('http_total{code!="500"}'))).toHaveLength(1);
  expect(Object.keys(await instant('http_total{code=~"2..|5.."}'))).toHaveLength(2);
  expect(Object.keys(await instant('http_total{code!~"5.*"}'))).toHaveLength(1);
});

test('rate makes good for resets and extrapolates to the bounds of the range', async () => {
  const rate = await instant('rate(http_total{code="200"}[1m])');
  expect(rate['{code="200", job="a"}'][0]).toBeCloseTo(1, 12);
  const withReset = await instant('increase(http_total{code="500"}[1m])');
  // 1, 4, 7, 10 within (30 s, 90 s]: nothing is lost inside, the start is a sample's distance away.
  expect(withReset['{code="500", job="a"}'][0]).toBeCloseTo(10, 9);
});

test('offset and @ move what is looked at', async () => {
  expect(await instant('http_total{code="200"} offset 30s')).toEqual({ 'http_total{code="200", job="a"}': [60] });
  expect(await instant('http_total{code="200", job="a"} @ 15')).toEqual({ 'http_total{code="200", job="a"}': [15] });
  expect(await instant('http_total{code="200", job="a"} offset -15s', 60_000)).toEqual({
    'http_total{code="200", job="a"}': [75],
  });
});

test('aggregations group by labels', async () => {
  expect(await instant('sum by (job) (http_total)')).toEqual({ '{job="a"}': [100] });
  expect(await instant('avg without (code) (http_total)')).toEqual({ '{job="a"}': [50] });
  expect(await instant('count(http_total)')).toEqual({ '{}': [2] });
  expect(await instant('topk(1, http_total)')).toEqual({ 'http_total{code="200", job="a"}': [90] });
  expect(await instant('bottomk(1, http_total)')).toEqual({ 'http_total{code="500", job="a"}': [10] });
  expect(await instant('quantile(0.5, http_total)')).toEqual({ '{}': [50] });
});

test('a join has the labels of the series that it meets, not of those that it met before', async () => {
  const one = { labels: { __name__: 'info', i: '1', version: 'old' }, samples: [1, 1, 'stale'] } as const;
  const two = { labels: { __name__: 'info', i: '1', version: 'new', zone: 'z' }, samples: [null, null, 1, 1] } as const;
  const store = storeOf([{ labels: { __name__: 'm', i: '1', job: 'a' }, samples: [5, 6, 7, 8] }, one, two]);
  const at = async (expr: string, time: number) => table(await engine.instant(store, expr, time));
  const joined = 'm * on (i) group_left (version) info';
  expect(await at(joined, 15_000)).toEqual({ '{i="1", job="a", version="old"}': [6] });
  expect(await at(joined, 45_000)).toEqual({ '{i="1", job="a", version="new"}': [8] });
  expect(await at('m * on (i) group_left (zone) info', 45_000)).toEqual({ '{i="1", job="a", zone="z"}': [8] });
  expect(await at('m > on (i) group_left (version) info', 45_000)).toEqual({ 'm{i="1", job="a", version="new"}': [8] });
  expect(await at('m * on (i) info', 45_000)).toEqual({ '{i="1"}': [8] });
  expect(await at(joined, 15_000)).toEqual({ '{i="1", job="a", version="old"}': [6] });
});

test('operators match series and keep what they should', async () => {
  expect(await instant('http_total / on (job) group_left limit')).toEqual({
    '{code="200", job="a"}': [0.9],
    '{code="500", job="a"}': [0.1],
  });
  expect(await instant('http_total > 50')).toEqual({ 'http_total{code="200", job="a"}': [90] });
  expect(await instant('http_total > bool 50')).toEqual({ '{code="200", job="a"}': [1], '{code="500", job="a"}': [0] });
  expect(await instant('http_total and on (code) http_total{code="500"}')).toEqual({
    'http_total{code="500", job="a"}': [10],
  });
  expect(await instant('2 ^ 3 * vector(2)')).toEqual({ '{}': [16] });
});

test('ambiguous matches are refused in the words of the original', async () => {
  const error = await failure(engine.instant(counters, 'limit / on (job) http_total', 90_000));
  expect(error.detail).toEqual({
    kind: 'query-execution',
    message:
      'found duplicate series for the match group {job="a"} on the right hand-side of the operation: ' +
      '[{__name__="http_total", code="200", job="a"}, {__name__="http_total", code="500", job="a"}];' +
      'many-to-many matching not allowed: matching labels must be unique on one side',
  });
});

test('classic histograms have quantiles', async () => {
  const buckets = storeOf(
    [
      ['0.1', 0],
      ['1', 50],
      ['+Inf', 100],
    ].map(([le, count]) => ({ labels: { __name__: 'd_bucket', le: String(le) }, samples: [Number(count)] })),
  );
  expect(table(await engine.instant(buckets, 'histogram_quantile(0.25, d_bucket)', 0))).toEqual({ '{}': [0.55] });
});

test('a subquery evaluates its expression at multiples of its step', async () => {
  expect(await instant('max_over_time(sum(http_total{code="200"})[1m:15s])')).toEqual({ '{}': [90] });
  expect(await instant('count_over_time(vector(1)[1m:15s])', 91_000)).toEqual({ '{}': [4] });
});

test('a range query gives one series over all steps, sorted by labels', async () => {
  const result = await engine.range(counters, 'http_total', { start: 0, end: 60_000, step: 30_000 });
  expect(result.type).toBe('matrix');
  expect(table(result)).toEqual({
    'http_total{code="200", job="a"}': [0, 30, 60],
    'http_total{code="200", job="b"}': [5, 5, null],
    'http_total{code="500", job="a"}': [0, 6, 4],
  });
});

test('a range selector at an instant gives the samples with their own times', async () => {
  const result = await engine.instant(counters, 'http_total{job="b"}[1m]', 59_000);
  if (result.type !== 'samples') throw new Error(result.type);
  expect(Array.from(result.series[0].times)).toEqual([0, 15_000, 30_000, 45_000]);
});

test('annotations carry the position of their node', async () => {
  const result = await engine.instant(counters, 'sum(rate(limit[1m]))', 90_000);
  expect(result.infos).toEqual([
    'PromQL info: metric might not be a counter, name does not end in _total/_sum/_count/_bucket: "limit" (1:10)',
  ]);
  const bad = await engine.instant(counters, 'quantile(7, limit)', 90_000);
  expect(bad.warnings).toEqual(['PromQL warning: quantile value should be between 0 and 1, got 7 (1:10)']);
});

test('a query that does not parse says where', async () => {
  const error = await failure(engine.instant(counters, 'sum(', 0));
  expect(error.detail.kind).toBe('query-parse');
});

test('too many samples, a lapsed deadline and an aborted signal end a query', async () => {
  const tight = testEngine({ maxSamples: 3 });
  const many = await failure(tight.range(counters, 'http_total', { start: 0, end: 60_000, step: 15_000 }));
  expect(many.detail).toMatchObject({
    kind: 'query-execution',
    message: 'query processing would load too many samples into memory in query execution',
  });
  let now = 0;
  const slow = testEngine({ clock: () => (now += 50), timeout: 100 });
  expect((await failure(slow.instant(counters, 'http_total', 0))).detail.kind).toBe('query-timeout');
  const signal = AbortSignal.abort();
  expect((await failure(engine.instant(counters, 'http_total', 0, { signal }))).detail.kind).toBe('canceled');
});

test('a subquery of absurdly many steps is refused, not tried', async () => {
  const error = await failure(engine.instant(counters, 'count_over_time(vector(1)[10y:1ms])', 0));
  expect(error.detail).toMatchObject({ kind: 'query-execution' });
  expect(error.message).toContain('too many samples');
});

test('a long query lets others run', async () => {
  let now = 0;
  const engine = testEngine({ clock: () => (now += 1) });
  let turns = 0;
  const ticking = setInterval(() => turns++, 0);
  const store = storeOf(
    Array.from({ length: 300 }, (_, i) => ({ labels: { __name__: 'm', i: String(i) }, samples: [1, 2, 3] })),
  );
  await engine.range(store, 'sum by (i) (rate(m[1m])) + count_over_time(m[1m])', { start: 0, end: 60_000, step: 1000 });
  clearInterval(ticking);
  expect(turns).toBeGreaterThan(0);
});

test('without delayed name removal names go at once', async () => {
  const plain = testEngine({ features: new Set() });
  const result = await plain.instant(counters, 'sum by (__name__) (-limit)', 90_000);
  expect(table(result)).toEqual({ '{}': [-100] });
  const store = storeOf([
    { labels: { __name__: 'x' }, samples: [1] },
    { labels: { __name__: 'y' }, samples: [2] },
  ]);
  const error = await failure(plain.instant(store, 'abs({__name__=~"x|y"})', 0));
  expect(error.detail).toMatchObject({ message: 'vector cannot contain metrics with the same labelset' });
});

test('without delayed name removal type and unit go with the name, but not from totals of histograms', async () => {
  const plain = testEngine({ features: new Set(['promql-experimental-functions']) });
  const h: Histogram = {
    schema: 0,
    counterResetHint: 0,
    zeroThreshold: 0,
    zeroCount: 0,
    count: 2,
    sum: 3,
    positiveSpans: [0, 1],
    negativeSpans: [],
    positiveBuckets: [2],
    negativeBuckets: [],
    customValues: [],
  };
  const labels = { __name__: 'h', __type__: 'histogram', __unit__: 's', job: 'a' };
  const store = storeOf([{ labels, samples: [h] }]);
  const rows = async (expr: string) => Object.keys(table(await plain.instant(store, expr, 0)));
  expect(await rows('histogram_count(h)')).toEqual(['{__type__="histogram", __unit__="s", job="a"}']);
  expect(await rows('histogram_quantile(0.5, h)')).toEqual(['{job="a"}']);
  expect(await rows('count_over_time(h[1m])')).toEqual(['{job="a"}']);
  // What is set after the names are gone stays.
  expect(await rows('label_replace(timestamp(h), "__type__", "gauge", "", "")')).toEqual([
    '{__type__="gauge", job="a"}',
  ]);
});

test('explain tells what each node did', async () => {
  const { explain, result } = await engine.explain(counters, 'sum(rate(http_total[1m]))', {
    start: 60_000,
    end: 90_000,
    step: 15_000,
  });
  expect(result.type).toBe('matrix');
  expect(explain).toMatchObject({ kind: 'aggregate', series: 1, samples: 3, steps: 3 });
  expect(explain.read).toBeNull();
  expect(explain.children[0]).toMatchObject({ kind: 'range-call', series: 3, from: 4, to: 24 });
  expect(explain.children[0].read).toEqual({ series: 3, samples: result.stats.samplesRead });
});

test('the cost of a query is told before it is run', async () => {
  const range = { start: 60_000, end: 90_000, step: 15_000 };
  const { series, samples, steps, maxSamples } = engine.cost(counters, 'sum(rate(http_total[1m]))', range);
  expect({ series, steps }).toEqual({ series: 3, steps: 3 });
  const { stats } = await engine.range(counters, 'sum(rate(http_total[1m]))', range);
  expect(samples).toBe(stats.samplesRead);
  expect(maxSamples).toBeGreaterThan(0);
  expect(engine.cost(counters, 'http_total / http_total', range).series).toBe(3);
  expect(() => engine.cost(counters, 'sum(', range)).toThrow(HearthError);
});
