import { expect, test, vi } from 'vitest';
import type { LiveFrame, SubscriptionListener, TopicName } from '#shared/contract/index.ts';
import { labelsFromRecord, newPresence } from '#shared/model/index.ts';
import { LiveStore, type RendererClient } from '#renderer/data/index.ts';
import { unusualCharts } from '#renderer/pages/live/chart-order.ts';
import { companions, pearson } from '#renderer/pages/live/correlation.ts';
import { deviationAt, lastUnusual } from '#renderer/pages/live/deviation.ts';
import { byHeat, liveHeat } from '#renderer/pages/live/live-heat.ts';
import { liveChart, liveQueries, queryId } from '#renderer/pages/live/live-model.ts';
import type { NamedChart } from '#renderer/pages/live/named-chart.ts';

vi.stubGlobal('requestAnimationFrame', () => 1);

const STEP = 1000;
const COUNT = 31;

function chart(id: string, group: string): NamedChart {
  return {
    id,
    group,
    groupName: group,
    wordOf: (word) => word,
    title: id,
    metric: id,
    type: 'gauge',
    kind: 'lines',
    unit: '',
    queries: [{ expr: id, legendLabel: '', legend: id }],
    hidden: 0,
    buckets: null,
  };
}

interface Line {
  readonly values: (i: number) => number;
  readonly heat?: (i: number) => number;
}

function storeOf(charts: readonly NamedChart[], lines: Readonly<Record<string, Line>>): LiveStore {
  let listener: SubscriptionListener<'live'> | null = null;
  const client: Pick<RendererClient, 'subscribe'> = {
    subscribe: <T extends TopicName>(_topic: T, _params: unknown, one: SubscriptionListener<T>) => {
      listener = one as unknown as SubscriptionListener<'live'>;
      return () => undefined;
    },
  };
  const store = new LiveStore(client as RendererClient, {
    queries: liveQueries(charts),
    window: (COUNT - 1) * STEP,
    step: STEP,
    until: null,
  });
  const steps = { start: 100_000, step: STEP, count: COUNT };
  const column = (of: (i: number) => number) => Float32Array.from({ length: COUNT }, (_, i) => of(i));
  const frames = charts.map((spec): LiveFrame => {
    const line = lines[spec.id];
    return {
      id: queryId(spec, 0),
      reset: true,
      steps,
      error: null,
      expected:
        line.heat === undefined
          ? null
          : {
              memory: 900_000,
              learn: 120_000,
              series: [{ low: column(() => 1), high: column(() => 3), heat: column(line.heat) }],
            },
      result: {
        type: 'matrix',
        steps,
        series: [
          {
            labels: labelsFromRecord({}),
            values: Float64Array.from({ length: COUNT }, (_, i) => line.values(i)),
            present: newPresence(COUNT).fill(0xff),
            histograms: null,
          },
        ],
        warnings: [],
        infos: [],
        stats: { seriesRead: 0, samplesRead: 0, evalMillis: 0 },
      },
    };
  });
  (listener as SubscriptionListener<'live'> | null)?.event(frames);
  return store;
}

const charts = [chart('a', 'CPU'), chart('b', 'Disk'), chart('c', 'Disk'), chart('s', 'Scrape')];
const lines: Record<string, Line> = {
  a: { values: () => 2, heat: () => 0 },
  b: { values: (i) => (i >= 10 && i < 20 ? 8 : 2), heat: (i) => (i >= 10 && i < 20 ? 0.7 : 0) },
  c: { values: (i) => (i === 30 ? 20 : 2), heat: (i) => (i === 30 ? 0.9 : 0) },
  s: { values: (i) => i, heat: () => 1 },
};

test('groups are as hot as the hottest of their charts, step by step', () => {
  const heat = liveHeat(charts, storeOf(charts, lines));
  expect(heat.groups.map(({ name, charts: count }) => [name, count])).toEqual([
    ['CPU', 1],
    ['Disk', 2],
    ['Scrape', 1],
  ]);
  const disk = heat.groups[1];
  expect(disk.steps[15]).toBeCloseTo(0.7);
  expect(disk.steps[30]).toBeCloseTo(0.9);
  expect(disk.steps[5]).toBe(0);
  expect(byHeat(heat.groups).map(({ name }) => name)).toEqual(['Disk', 'CPU', 'Scrape']);
  expect(heat.since).toBe(100_000);
  expect(heat.gaps).toEqual([]);
});

test('hottest first under what is unusual; what scraping reports is never there', () => {
  const heat = liveHeat(charts, storeOf(charts, lines));
  expect(unusualCharts(charts, heat)).toEqual(['c', 'b']);
  expect(heat.unusual).toBe(2);
});

test('where nothing was stored there is a gap', () => {
  const holes = { a: { values: (i: number) => (i > 5 && i < 9 ? Number.NaN : 1), heat: () => 0 } };
  expect(liveHeat([charts[0]], storeOf([charts[0]], holes)).gaps).toEqual([[6, 9]]);
});

test('a deviation has its factor, its bounds and its time', () => {
  const shown = liveChart(charts[1], storeOf(charts, lines));
  expect(deviationAt(shown, 15)).toEqual({
    series: 0,
    value: 8,
    low: 1,
    high: 3,
    above: true,
    ratio: 4,
    from: 110_000,
    to: 119_000,
    ongoing: false,
  });
  expect(deviationAt(shown, 5)).toBeNull();
  expect(lastUnusual(shown)).toBe(19);
  expect(deviationAt(liveChart(charts[2], storeOf(charts, lines)), 30)).toMatchObject({ ongoing: true, ratio: 10 });
});

test('correlation has both signs and says nothing of what stands still', () => {
  const up = Float32Array.from({ length: 40 }, (_, i) => i);
  const down = up.map((value) => 100 - 3 * value);
  expect(pearson(up, up)).toBeCloseTo(1);
  expect(pearson(up, down)).toBeCloseTo(-1);
  expect(
    pearson(
      up,
      up.map(() => 4),
    ),
  ).toBeNaN();
  expect(pearson(up.subarray(0, 5), down.subarray(0, 5))).toBeNaN();
});

test('the charts that move with one are found, closest first', () => {
  const moving: Record<string, Line> = {
    a: { values: (i) => Math.sin(i / 3) },
    b: { values: (i) => 5 - 2 * Math.sin(i / 3) },
    c: { values: () => 4 },
    s: { values: (i) => Math.sin(i / 3) + 0.4 * Math.cos(i) },
  };
  const found = companions(charts[0], charts, storeOf(charts, moving));
  expect(found.map(({ spec }) => spec.id)).toEqual(['b', 's']);
  expect(found[0].r).toBeCloseTo(-1);
});
