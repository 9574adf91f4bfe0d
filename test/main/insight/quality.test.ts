import { describe, expect, test } from 'vitest';
import type { TargetView } from '#shared/contract/index.ts';
import { EMPTY_LABELS, labelsFromRecord } from '#shared/model/index.ts';
import { qualityView, type QualityInput } from '#main/insight/index.ts';
import type { SeriesSamples } from '#main/storage/index.ts';

const NOW = 100 * 86_400_000;
const STEP = 5000;
const COUNT = 60;

const target: TargetView = {
  id: 't',
  job: 'shop',
  name: 'shop',
  url: 'http://shop/metrics',
  labels: labelsFromRecord({ job: 'shop', instance: 'shop:80' }),
  discoveredLabels: EMPTY_LABELS,
  health: 'up',
  since: NOW - 3_600_000,
  lastScrape: NOW,
  lastAnswer: NOW,
  lastDuration: 3,
  lastSamples: 300,
  refused: { duplicates: 0, outOfOrder: 0, outOfBounds: 0, last: null },
  lastBodyBytes: 1000,
  lastError: null,
  nextScrape: NOW + STEP,
  interval: STEP,
  stretch: 1,
  timeout: STEP,
  pulse: new Float32Array(0),
  builtin: false,
};

function series(name: string, labels: Record<string, string>, value: (i: number) => number, from = 0): SeriesSamples {
  const times = Float64Array.from({ length: COUNT }, (_, i) => NOW - (COUNT - i) * STEP);
  return {
    labels: labelsFromRecord({ __name__: name, job: 'shop', instance: 'shop:80', ...labels }),
    from,
    to: COUNT,
    times,
    values: Float64Array.from(times, (_, i) => value(i)),
    histograms: null,
    startTimes: null,
  };
}

const many = (count: number, make: (i: number) => SeriesSamples) => Array.from({ length: count }, (_, i) => make(i));

function look(all: readonly SeriesSamples[], more: Partial<QualityInput> = {}) {
  return qualityView({
    now: NOW,
    targets: [target],
    metadata: new Map(),
    samplesPerSecond: 60,
    storeBytes: 60 * 86_400 * 2,
    oldest: NOW - 2 * 86_400_000,
    freeBytes: 60 * 86_400 * 100,
    retention: null,
    queries: [],
    select: () => all,
    breathe: () => Promise.resolve(),
    ...more,
  });
}

const causes = async (all: readonly SeriesSamples[], more: Partial<QualityInput> = {}) =>
  (await look(all, more)).findings.filter(({ cause }) => cause.kind !== 'no-type');

describe('findings', () => {
  test('a metric whose series stand still, with a rule that drops it and what reads it', async () => {
    const flags = many(40, (i) => series('flag', { name: `f${i}` }, () => 1));
    const moving = many(40, (i) => series('work_total', { kind: `k${i}` }, (at) => at));
    const [found, ...rest] = await causes([...flags, ...moving], { queries: ['sum(flag)', 'flags'] });
    expect(rest).toEqual([]);
    expect(found).toMatchObject({
      cause: { kind: 'flat', metric: 'flag', scrapes: COUNT },
      series: 40,
      samplesPerSecond: 8,
      readers: 1,
      drop: { job: 'shop', regex: 'flag' },
    });
    // One byte a sample: two days of samples take so much.
    expect(found.bytesPerDay).toBeCloseTo(8 * 86_400);
  });

  test('series that are never anything but NaN', async () => {
    const [found] = await causes(many(6, (i) => series('rpc_duration', { quantile: `0.${i}` }, () => Number.NaN)));
    expect(found).toMatchObject({ cause: { kind: 'nan', metrics: ['rpc_duration'] }, series: 6 });
  });

  test('a label that always has new values', async () => {
    const old = many(100, (i) => series('sessions', { user: `u${i}` }, (at) => at + i));
    const fresh = many(150, (i) => series('sessions', { user: `n${i}` }, (at) => at + i, 40));
    const [found] = await causes([...old, ...fresh]);
    expect(found).toMatchObject({
      severity: 'crit',
      cause: { kind: 'growing', metric: 'sessions', label: 'user', values: 250, fresh: 150 },
    });
  });

  test('a target that is down, and no rule against it', async () => {
    const down = { ...target, health: 'down' as const, since: NOW - 120_000 };
    const [found] = await causes([], { targets: [down] });
    expect(found).toMatchObject({ cause: { kind: 'down', missed: 24 }, drop: null });
  });

  test('samples that were refused of late; what is long past is over', async () => {
    const refused = { duplicates: 2, outOfOrder: 1, outOfBounds: 0, last: NOW - 600_000 };
    const [found] = await causes([], { targets: [{ ...target, refused }] });
    expect(found).toMatchObject({ severity: 'crit', cause: { kind: 'refused', refused }, drop: null });
    const past = { ...refused, last: NOW - 3_600_000 };
    expect(await causes([], { targets: [{ ...target, refused: past }] })).toEqual([]);
  });

  test('what exporters say of their own scraping; the names are matched as they are', async () => {
    const own = many(24, (i) => series('node_scrape_collector_success', { collector: `c${i}` }, () => 1));
    const [found] = await causes(own);
    expect(found).toMatchObject({ cause: { kind: 'own-reports' }, drop: { regex: 'node_scrape_collector_success' } });
    const odd = await causes(many(30, (i) => series('a.b', { n: String(i) }, () => 1)));
    expect(odd[0].drop?.regex).toBe(String.raw`a\.b`);
  });

  test('a young target gives no rise to findings', async () => {
    expect(await causes(many(40, (i) => series('flag', { name: `f${i}` }, () => 1, COUNT - 10)))).toEqual([]);
  });
});

test('totals, tables and when the disk is full', async () => {
  const all = [
    ...many(3, (i) => series('a', { le: String(i), route: 'x' }, (at) => at)),
    ...many(2, (i) => series('b', { le: String(i) }, () => 1)),
  ];
  const view = await look(all);
  expect(view).toMatchObject({ series: 5, unchanged: 2, newSeries: 0, metricCount: 2, bytesPerSample: 1 });
  expect(view.fullIn).toBeCloseTo(100 * 86_400_000);
  expect(view.labels).toEqual([
    ['le', 3, 5],
    ['route', 1, 3],
  ]);
  expect(view.metrics.map(({ metric, series: count }) => [metric, count])).toEqual([
    ['a', 3],
    ['b', 2],
  ]);
  // Retention removes before the disk is full.
  expect((await look(all, { retention: 15 * 86_400_000 })).fullIn).toBeNull();
  expect((await look(all, { oldest: NOW - 60_000 })).bytesPerSample).toBeNull();
});
