import { describe, expect, test } from 'vitest';
import type { ChartSpec, PageView } from '#shared/contract/index.ts';
import { buildPage, digestSeries, type SeriesDigest } from '#main/insight/index.ts';
import { labelsFromRecord, setStaleAt, wordsOf, type MetricMetadata, type MetricType } from '#shared/model/index.ts';

const TARGET = { job: 'shop', instance: 'localhost:80' };

interface MadeSeries {
  readonly name: string;
  readonly labels?: Record<string, string>;
  readonly from?: number;
  readonly to?: number;
  readonly falls?: boolean;
}

function digest({ name, labels = {}, from = 1, to = 2, falls = false }: MadeSeries): SeriesDigest {
  const all = labelsFromRecord({ __name__: name, ...TARGET, ...labels });
  return { labels: all, last: to, min: from, max: to, samples: 60, span: 600_000, falls };
}

function page(series: readonly MadeSeries[], types: Record<string, [MetricType, string?]>, interval = 2000): PageView {
  return buildPage({
    targetId: 't',
    targetLabels: labelsFromRecord(TARGET),
    interval,
    series: series.map(digest),
    metadata: (family): MetricMetadata | undefined => {
      const found = Object.hasOwn(types, family) ? types[family] : undefined;
      return found === undefined ? undefined : { family, type: found[0], help: found[1] ?? '', unit: '' };
    },
  });
}

function only(view: PageView): ChartSpec {
  expect(view.charts).toHaveLength(1);
  return view.charts[0];
}

const WHO = 'instance="localhost:80"';
const OF = `{job="shop",${WHO}}`;

describe('the chart of a metric', () => {
  test('a counter is a rate over 30 s, or over four intervals where that is longer', () => {
    const series = [{ name: 'logins_total' }];
    const types = { logins_total: ['counter'] as [MetricType] };
    expect(only(page(series, types)).queries[0].expr).toBe(`rate(logins_total${OF}[30s])`);
    expect(only(page(series, types, 15_000)).queries[0].expr).toBe(`rate(logins_total${OF}[1m])`);
    expect(only(page(series, types))).toMatchObject({ kind: 'lines', unit: 'per-second', type: 'counter' });
  });

  test('a counter with a label that splits a whole is stacked by it, other labels added up', () => {
    const series = ['GET', 'POST'].flatMap((method) =>
      ['200', '500'].map((code) => ({ name: 'http_requests_total', labels: { method, code } })),
    );
    const chart = only(page(series, { http_requests_total: ['counter', 'Requests served.'] }));
    expect(chart.kind).toBe('stacked');
    expect(chart.queries).toEqual([
      { expr: `sum by (code) (rate(http_requests_total${OF}[30s]))`, legendLabel: 'code', legend: '' },
    ]);
    expect(chart.group).toBe('Traffic');
    expect(chart.title).toEqual({ kind: 'text', text: 'Requests served' });
  });

  test('of more than ten series the ten with the most are drawn and the rest is counted', () => {
    const series = Array.from({ length: 14 }, (_, i) => ({
      name: 'calls_total',
      labels: { route: `/r.${i}` },
      from: 0,
      to: i,
    }));
    const chart = only(page(series, { calls_total: ['counter'] }));
    expect(chart.hidden).toBe(4);
    const expr = chart.queries[0].expr;
    expect(expr).toContain('route=~"/r\\\\.13|/r\\\\.12|');
    expect(expr).not.toContain('/r\\\\.3|');
    expect(expr).not.toContain('/r\\\\.3"');
  });

  test('a histogram shows three quantiles, its buckets, and how often it was observed', () => {
    const series = [
      ...['0.1', '1', '+Inf'].map((le) => ({ name: 'query_duration_seconds_bucket', labels: { le } })),
      { name: 'query_duration_seconds_sum' },
      { name: 'query_duration_seconds_count' },
    ];
    const view = page(series, { query_duration_seconds: ['histogram', 'Time to answer'] });
    const chart = view.charts.find((one) => one.type === 'histogram');
    expect(chart).toMatchObject({
      kind: 'heatmap',
      unit: 'seconds',
      group: 'Latency',
      title: { kind: 'text', text: 'Time to answer' },
    });
    expect(chart?.queries.map((query) => query.legend)).toEqual(['p50', 'p90', 'p99']);
    expect(chart?.queries[2].expr).toBe(
      `histogram_quantile(0.99, sum by (le) (rate(query_duration_seconds_bucket${OF}[30s])))`,
    );
    expect(chart?.buckets).toBe(`sum by (le) (rate(query_duration_seconds_bucket${OF}[30s]))`);
    expect(view.charts.some((one) => one.metric === 'query_duration_seconds_count')).toBe(true);
    expect(view.charts).toHaveLength(2);
  });

  test('a summary shows its quantiles', () => {
    const series = ['0.5', '0.99'].map((quantile) => ({ name: 'wait_seconds', labels: { quantile } }));
    const chart = only(page(series, { wait_seconds: ['summary'] }));
    expect(chart.queries).toEqual([{ expr: `wait_seconds${OF}`, legendLabel: 'quantile', legend: '' }]);
  });

  test('_info metrics and constants are text, with the labels that are their own', () => {
    const view = page(
      [
        { name: 'app_info', labels: { version: '1.2' }, from: 1, to: 1 },
        { name: 'workers_limit', from: 8, to: 8 },
        { name: 'process_start_time_seconds', from: 1_700_000_000, to: 1_700_000_000 },
        { name: 'workers', from: 1, to: 3 },
      ],
      { workers_limit: ['gauge', 'Most workers.'], workers: ['gauge'], process_start_time_seconds: ['gauge'] },
    );
    expect(view.charts.map((chart) => chart.metric)).toEqual(['workers']);
    expect(view.facts.map((fact) => fact.metric).sort()).toEqual([
      'app_info',
      'process_start_time_seconds',
      'workers_limit',
    ]);
    const info = view.facts.find((fact) => fact.metric === 'app_info');
    expect(info?.labels).toEqual(labelsFromRecord({ version: '1.2' }));
    expect(view.facts.find((fact) => fact.metric === 'workers_limit')).toMatchObject({
      value: 8,
      help: 'Most workers.',
    });
  });

  test('what has no type and only rises is drawn as a counter; what falls is not', () => {
    const rises = only(page([{ name: 'pgfault', from: 5, to: 900 }], {}));
    expect(rises.queries[0].expr).toContain('rate(');
    const falls = only(page([{ name: 'pgfault', from: 5, to: 900, falls: true }], {}));
    expect(falls.queries[0].expr).toBe(`pgfault${OF}`);
  });

  test('what scraping reports of a target are gauges, though nobody gives them a type', () => {
    const { charts } = page([{ name: 'scrape_samples_scraped' }, { name: 'scrape_duration_seconds' }], {});
    expect(charts.map(({ type }) => type)).toEqual(['gauge', 'gauge']);
  });

  test('names and values are quoted so that the query means what it says', () => {
    const view = buildPage({
      targetId: 't',
      targetLabels: labelsFromRecord({ job: 'a"b\\', instance: 'x' }),
      interval: 1000,
      series: [digest({ name: 'my.metric', from: 1, to: 2, falls: true })],
      metadata: () => undefined,
    });
    expect(view.charts[0].queries[0].expr).toBe('{"my.metric",job="a\\"b\\\\",instance="x"}');
  });
});

describe('the page of a computer', () => {
  const node = (name: string, labels: Record<string, string> = {}): MadeSeries => ({ name, labels });
  const series = [
    ...['idle', 'user', 'system'].flatMap((mode) => [
      node('node_cpu_seconds_total', { mode, cpu: '0' }),
      node('node_cpu_seconds_total', { mode, cpu: '1' }),
    ]),
    ...['node_load1', 'node_load5', 'node_load15'].map((name) => node(name)),
    ...['MemTotal', 'MemFree', 'Buffers', 'Cached', 'MemAvailable'].map((name) => node(`node_memory_${name}_bytes`)),
    ...['eth0', 'wlan0'].map((device) => node('node_network_receive_bytes_total', { device })),
  ];
  const types: Record<string, [MetricType]> = {
    node_cpu_seconds_total: ['counter'],
    node_network_receive_bytes_total: ['counter'],
  };

  test('begins with CPU by mode, which idle time is no part of, then load and memory', () => {
    const view = page(series, types);
    expect(view.charts.map(({ title }) => title)).toEqual(
      ['cpu-usage', 'cpu-usage-by-core', 'load-average', 'memory', 'memory-in-use', 'network-received'].map(
        (recipe) => ({
          kind: 'recipe',
          recipe,
        }),
      ),
    );
    expect(view.charts[0]).toMatchObject({ kind: 'stacked', unit: 'ratio', group: 'CPU' });
    expect(view.charts[0].queries[0].expr).toBe(
      `avg by (mode) (rate(node_cpu_seconds_total{job="shop",${WHO},mode!="idle"}[30s]))`,
    );
  });

  test('memory is parts that sum to the total', () => {
    const memory = page(series, types).charts.find(({ id }) => id === 'memory');
    expect(memory).toMatchObject({ kind: 'stacked', unit: 'bytes' });
    expect(memory?.queries.map((query) => query.legend)).toEqual(['used', 'cached', 'buffers', 'free']);
  });

  test('ids are unique', () => {
    const ids = page(series, types).charts.map((chart) => chart.id);
    expect(new Set(ids).size).toBe(ids.length);
  });
});

describe('two ways of one thing', () => {
  const both = ['shop_messages_received_total', 'shop_messages_sent_total'];
  const types: Record<string, [MetricType, string?]> = Object.fromEntries(both.map((name) => [name, ['counter']]));

  test('share a chart, with the id of the first', () => {
    const chart = only(
      page(
        both.map((name) => ({ name })),
        types,
      ),
    );
    expect(chart).toMatchObject({
      id: both[0],
      title: { kind: 'ways', text: 'Shop messages', ways: ['received', 'sent'] },
      unit: 'per-second',
    });
    expect(chart.queries.map(({ legend }) => legend)).toEqual(['received', 'sent']);
    expect(chart.queries[1].expr).toBe(`rate(${both[1]}${OF}[30s])`);
  });

  test('are named by label and way where a label tells the series apart', () => {
    const series = both.flatMap((name) => ['a', 'b'].map((device) => ({ name, labels: { device } })));
    const chart = only(page(series, types));
    expect(chart.queries.map(({ legendLabel }) => legendLabel)).toEqual(['side', 'side']);
    expect(chart.queries[1].expr).toBe(
      `label_replace(rate(${both[1]}${OF}[30s]), "side", "$1 sent", "device", "(.*)")`,
    );
  });

  test('stay apart where there would be more than ten lines, or their units differ', () => {
    const many = both.flatMap((name) => [1, 2, 3, 4, 5, 6].map((i) => ({ name, labels: { device: `d${i}` } })));
    expect(page(many, types).charts).toHaveLength(2);
    const units = [{ name: 'read_bytes' }, { name: 'write_bytes' }, { name: 'rx_bytes' }, { name: 'tx_seconds' }];
    expect(page(units, {}).charts.length).toBe(4);
  });
});

test('a family of OpenMetrics, named without its _total, is not drawn beside its recipe', () => {
  const names = ['node_disk_read_bytes', 'node_disk_written_bytes'];
  const view = page(
    names.flatMap((name) => ['total', 'created'].map((end) => ({ name: `${name}_${end}`, labels: { device: 'sda' } }))),
    Object.fromEntries(names.map((name) => [name, ['counter'] as [MetricType]])),
  );
  expect(only(view)).toMatchObject({
    id: 'disk-read',
    title: { kind: 'recipe', recipe: 'disk-throughput' },
    type: 'counter',
  });
});

describe('what few look for', () => {
  const node = (name: string, to: number): MadeSeries => ({ name, from: 0, to });

  test('comes last: raw counters of a kernel leave the groups of their names', () => {
    const view = page([node('node_memory_Mapped_bytes', 5), node('node_forks_total', 5), { name: 'up' }], {});
    expect(view.charts.map(({ group }) => group)).toEqual(['System', 'Scrape', 'Details']);
  });

  test('swap is no chart where there is none', () => {
    const swap = (to: number): PageView =>
      page([node('node_memory_SwapTotal_bytes', to), node('node_memory_SwapFree_bytes', to)], {});
    expect(swap(100).charts.map(({ title }) => title)).toEqual([{ kind: 'recipe', recipe: 'swap' }]);
    expect(swap(0).charts).toEqual([]);
    expect(swap(0).facts).toHaveLength(2);
  });

  test('a counter that stands still is a detail on a crowded page, and last of its group on a small one', () => {
    const groups = (count: number): string[] => {
      const series = Array.from({ length: count }, (_, i) => node(`shop_a${i}_requests_total`, i === 0 ? 0 : 9));
      const charts = page(series, {}).charts;
      expect(charts.at(-1)?.metric).toBe('shop_a0_requests_total');
      return [...new Set(charts.map(({ group }) => group))];
    };
    expect(groups(10)).toEqual(['Traffic']);
    expect(groups(60)).toEqual(['Traffic', 'Details']);
  });
});

test('a digest leaves stale markers out and sees falls', () => {
  const values = new Float64Array([3, 1, 2, 0]);
  setStaleAt(wordsOf(values), 3);
  const labels = labelsFromRecord({ __name__: 'x' });
  const columns = { labels, from: 0, to: 4, times: new Float64Array([0, 10, 20, 30]), values };
  expect(digestSeries({ ...columns, histograms: null, startTimes: null })).toEqual({
    labels,
    last: 2,
    min: 1,
    max: 3,
    samples: 3,
    span: 20,
    falls: true,
  });
  expect(digestSeries({ ...columns, from: 3, histograms: null, startTimes: null })).toBeNull();
});
