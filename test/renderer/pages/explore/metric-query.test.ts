import { expect, test } from 'vitest';
import type { MetricInfo } from '#renderer/editor/vocabulary.ts';
import {
  browserRows,
  filterRows,
  insertionFor,
  queryForRow,
  starterQueries,
} from '#renderer/pages/explore/metric-query.ts';
import { nearestNames } from '#renderer/pages/explore/nearest.ts';
import { whyEmpty } from '#renderer/pages/explore/why-empty.ts';
import { parseExpr } from '#shared/promql/index.ts';

const metric = (name: string, change: Partial<MetricInfo> = {}): MetricInfo => ({
  name,
  family: name,
  type: 'unknown',
  help: '',
  unit: '',
  series: 1,
  ...change,
});
const histogram = (suffix: string, series: number): MetricInfo =>
  metric(`http_seconds${suffix}`, { family: 'http_seconds', type: 'histogram', series });
const METRICS = [
  metric('up'),
  histogram('_bucket', 10),
  histogram('_count', 2),
  histogram('_sum', 2),
  metric('hits_total', { family: 'hits', type: 'counter', help: 'Cache hits.', series: 3 }),
  metric('pool.size', { type: 'gauge' }),
];
const rows = browserRows(METRICS);

test('the parts of a histogram are one row', () => {
  expect(rows.map(({ name, kind, series }) => [name, kind, series])).toEqual([
    ['hits_total', 'counter', 3],
    ['http_seconds', 'histogram', 14],
    ['pool.size', 'gauge', 1],
    ['up', 'other', 1],
  ]);
});

test('every row has a query that parses and suits its type', () => {
  const queries = rows.map((row) => queryForRow(row, '1m'));
  expect(queries).toEqual([
    'rate(hits_total[1m])',
    'histogram_quantile(0.95, sum by (le) (rate(http_seconds_bucket[1m])))',
    '{"pool.size"}',
    'up',
  ]);
  for (const query of queries) expect(() => parseExpr(query)).not.toThrow();
});

test('into a query goes the name that can stand there', () => {
  expect(rows.map(insertionFor)).toEqual(['hits_total', 'http_seconds_bucket', '{"pool.size"}', 'up']);
});

test('a filter looks into names and help', () => {
  expect(filterRows(rows, 'cache HITS', 'all').map((row) => row.name)).toEqual(['hits_total']);
  expect(filterRows(rows, '', 'gauge').map((row) => row.name)).toEqual(['pool.size']);
});

test('the first queries are one of each type, of metrics that are not about the monitor itself', () => {
  const own = browserRows([...METRICS, metric('go_goroutines', { type: 'gauge' })]);
  expect(starterQueries(own, '1m')).toEqual([
    'rate(hits_total[1m])',
    '{"pool.size"}',
    'histogram_quantile(0.95, sum by (le) (rate(http_seconds_bucket[1m])))',
  ]);
  expect(starterQueries([], '1m')).toEqual([]);
});

test('names that are near come first', () => {
  expect(nearestNames('http_request_total', ['up', 'http_requests_total', 'node_load1'])).toEqual([
    'http_requests_total',
  ]);
});

test('no result is explained by the name or the value that does not exist', async () => {
  const vocabulary = {
    metrics: async () => METRICS,
    trend: () => Promise.resolve([]),
    rateWindow: () => '1m',
    labelNames: async () => ['code'],
    labelValues: async () => ['200', '500'],
  };
  expect(await whyEmpty('rate(hit_total[1m])', vocabulary)).toEqual({
    kind: 'no-metric',
    metric: 'hit_total',
    near: [{ text: 'hits_total', query: 'rate(hits_total[1m])' }],
  });
  expect(await whyEmpty('sum(rate(hits_total{code="5xx"}[1m]))', vocabulary)).toMatchObject({
    kind: 'no-value',
    label: 'code',
    value: '5xx',
    near: [{ text: '500', query: 'sum(rate(hits_total{code="500"}[1m]))' }],
  });
  expect(await whyEmpty('hits_total > 1e9', vocabulary)).toEqual({ kind: 'unknown' });
});
