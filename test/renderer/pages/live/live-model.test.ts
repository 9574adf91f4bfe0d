import { beforeEach, expect, test, vi } from 'vitest';
import type { LiveFrame, SubscriptionListener, TopicName } from '#shared/contract/index.ts';
import { labelsFromRecord, newPresence, setPresent } from '#shared/model/index.ts';
import { forgetColors } from '#renderer/charts/index.ts';
import { LiveStore, type RendererClient } from '#renderer/data/index.ts';
import { liveChart, liveQueries, queryId } from '#renderer/pages/live/live-model.ts';
import type { NamedChart } from '#renderer/pages/live/named-chart.ts';

const spec: NamedChart = {
  id: 'chart',
  group: 'Traffic',
  groupName: 'Traffic',
  wordOf: (word) => word,
  title: 'Request rate',
  metric: 'http_requests_total',
  type: 'counter',
  kind: 'stacked',
  unit: 'per-second',
  queries: [{ expr: 'rate(http_requests_total[30s])', legendLabel: 'route', legend: '' }],
  hidden: 2,
  buckets: null,
};

beforeEach(() => {
  forgetColors();
  vi.stubGlobal('requestAnimationFrame', (run: () => void) => {
    run();
    return 1;
  });
});

/** A store fed by hand. */
function storeOf(charts: readonly NamedChart[]) {
  const listeners: SubscriptionListener<'live'>[] = [];
  const client: Pick<RendererClient, 'subscribe'> = {
    subscribe: <T extends TopicName>(_topic: T, _params: unknown, listener: SubscriptionListener<T>) => {
      listeners.push(listener as unknown as SubscriptionListener<'live'>);
      return () => undefined;
    },
  };
  const store = new LiveStore(client as RendererClient, {
    queries: liveQueries(charts),
    window: 4000,
    step: 1000,
    until: null,
  });
  return { store, push: (frames: readonly LiveFrame[]) => listeners[0].event(frames) };
}

function frame(id: string, series: Record<string, number[]>, start = 10_000): LiveFrame {
  const count = Object.values(series)[0]?.length ?? 0;
  const steps = { start, step: 1000, count };
  return {
    id,
    reset: true,
    steps,
    expected: null,
    error: null,
    result: {
      type: 'matrix',
      steps,
      series: Object.entries(series).map(([route, values]) => {
        const present = newPresence(count);
        for (let i = 0; i < count; i++) setPresent(present, i);
        return { labels: labelsFromRecord({ route }), values: Float64Array.from(values), present, histograms: null };
      }),
      warnings: [],
      infos: [],
      stats: { seriesRead: 0, samplesRead: 0, evalMillis: 0 },
    },
  };
}

test('a chart that nobody has answered for has no steps', () => {
  const { store } = storeOf([spec]);
  const chart = liveChart(spec, store);
  expect(chart.answered).toBe(false);
  expect(chart.model.times).toEqual([]);
});

test('a stack has its largest series at the bottom and is named by the label', () => {
  const { store, push } = storeOf([spec]);
  push([frame(queryId(spec, 0), { '/cart': [1, 1, 1], '/search': [5, 5, 5] })]);
  const { model, lastValueAt, hidden } = liveChart(spec, store);
  expect(model.series.map(({ label }) => label)).toEqual(['/search', '/cart']);
  expect(lastValueAt).toBe(12_000);
  expect(hidden).toBe(2);
});

test('the ten series with the largest values are drawn, the rest is counted', () => {
  const { store, push } = storeOf([spec]);
  const series = Object.fromEntries(Array.from({ length: 14 }, (_, i) => [`/r${i}`, [i, i, i]]));
  push([frame(queryId(spec, 0), series)]);
  const { model, hidden } = liveChart(spec, store);
  expect(model.series).toHaveLength(10);
  expect(model.series.map(({ label }) => label)).not.toContain('/r3');
  expect(hidden).toBe(2 + 4);
});

test('queries that end at different steps share the time axis of the newest', () => {
  const two: NamedChart = {
    ...spec,
    kind: 'lines',
    queries: [
      { expr: 'a', legendLabel: '', legend: 'a' },
      { expr: 'b', legendLabel: '', legend: 'b' },
    ],
  };
  const { store, push } = storeOf([two]);
  push([frame(queryId(two, 0), { '/': [1, 2, 3] }), frame(queryId(two, 1), { '/': [7, 8] })]);
  const { model } = liveChart(two, store);
  expect(model.times).toEqual([8, 9, 10, 11, 12]);
  expect(model.series.map(({ values }) => values)).toEqual([
    [null, null, 1, 2, 3],
    [null, null, 7, 8, null],
  ]);
  expect(model.series.map(({ label }) => label)).toEqual(['a', 'b']);
});
