import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { labelsFromRecord } from '#shared/model/index.ts';
import { createEngine, type TierPolicy } from '#main/promql/index.ts';
import { chooseTier } from '#main/promql/tiers.ts';
import { openSqliteStorage, type FileStorage } from '#main/storage/index.ts';
import { ViewReader } from '#main/storage/view-reader.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** A midnight. */
const START = 1_700_006_400_000;
const END = START + 3 * DAY;

describe('which tier is chosen', () => {
  const policy: TierPolicy = {
    tiers: [
      { resolution: 5 * MINUTE, from: 100 * DAY },
      { resolution: HOUR, from: -Infinity },
    ],
    samplesFrom: 200 * DAY,
  };
  test.each([
    ['steps finer than any bucket', 300 * DAY, MINUTE, HOUR, null],
    ['steps of a bucket', 300 * DAY, 5 * MINUTE, 5 * MINUTE, 5 * MINUTE],
    ['coarse steps, short range', 300 * DAY, DAY, 10 * MINUTE, 5 * MINUTE],
    ['a range shorter than any bucket', 300 * DAY, DAY, MINUTE, null],
    ['coarse steps of an instant selector', 300 * DAY, DAY, null, HOUR],
    ['an instant selector once', 300 * DAY, null, null, null],
    ['a long range once', 300 * DAY, null, DAY, HOUR],
    ['a range of few buckets once', 300 * DAY, null, 30 * MINUTE, null],
    ['samples gone, fine steps', 150 * DAY, MINUTE, MINUTE, 5 * MINUTE],
    ['the fine tier gone too', 50 * DAY, MINUTE, MINUTE, HOUR],
    ['the fine tier gone, coarse steps', 50 * DAY, DAY, DAY, HOUR],
  ])('%s', (_, start, step, range, expected) => {
    expect(chooseTier(policy, start, step, range)).toBe(expected);
  });
  test('without tiers samples are read', () => {
    expect(chooseTier({ tiers: [], samplesFrom: 0 }, -1, DAY, DAY)).toBeNull();
  });
});

describe('queries of tiers', () => {
  let folder: string;
  let store: FileStorage;
  const policy: TierPolicy = {
    tiers: [
      { resolution: 5 * MINUTE, from: -Infinity },
      { resolution: HOUR, from: -Infinity },
    ],
    samplesFrom: -Infinity,
  };
  const engine = createEngine({
    lookback: 5 * MINUTE,
    timeout: MINUTE,
    maxSamples: 50_000_000,
    features: new Set(['promql-experimental-functions']),
    noStepSubqueryInterval: () => MINUTE,
    clock: () => performance.now(),
  });

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'hearth-tier-queries-'));
    const tiers = [5 * MINUTE, HOUR].map((resolution) => ({ resolution, keep: null }));
    store = openSqliteStorage({ path: join(folder, 'store.db'), retention: { time: null, bytes: null, tiers } });
    const count = (3 * DAY) / (15 * SECOND);
    const times = Float64Array.from({ length: count }, (_, i) => START + (i + 1) * 15 * SECOND);
    let counter = 0;
    await store.importSamples(
      [
        { name: 'c_total', values: times.map((_, i) => (counter = i % 3001 === 3000 ? 0 : counter + (i % 7))) },
        { name: 'g', values: times.map((_, i) => Math.sin(i / 100) * 50 + (i % 13)) },
      ].map(({ name, values }) => ({
        labels: labelsFromRecord({ __name__: name }),
        times,
        values,
        startTimes: null,
        histograms: null,
      })),
    );
    while (await store.housekeep());
  });
  afterAll(async () => {
    await store.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const range = { start: START + DAY, end: END, step: HOUR };
  const ask = async (expr: string, tiers: TierPolicy | null, where = range) => {
    const result = await engine.range(store.querier(), expr, where, { tiers });
    if (result.type !== 'matrix') throw new Error(result.type);
    return { values: [...(result.series[0]?.values ?? [])], infos: result.infos, samples: result.stats.samplesRead };
  };

  test.each([
    'count_over_time(g[2h])',
    'sum_over_time(g[2h])',
    'avg_over_time(g[3h])',
    'min_over_time(g[1h])',
    'max_over_time(g[1h])',
    'last_over_time(g[1h])',
    'g',
    'present_over_time(g[1h])',
  ])('%s is what it is of the samples, read from far fewer', async (expr) => {
    const plain = await ask(expr, null);
    const tiered = await ask(expr, policy);
    expect(tiered.values).toHaveLength(plain.values.length);
    for (const [i, value] of plain.values.entries()) expect(tiered.values[i]).toBeCloseTo(value, 6);
    expect(tiered.samples * 20).toBeLessThan(plain.samples);
    expect(tiered.infos).toEqual([expect.stringContaining('read from the tier of 1h')]);
    expect(plain.infos).toEqual([]);
  });

  test('rate and increase count every rise, the one across the border of the window too, and resets', async () => {
    const all = await engine.range(store.querier(), 'c_total', {
      start: START + DAY - HOUR,
      end: END,
      step: 15 * SECOND,
    });
    if (all.type !== 'matrix') throw new Error(all.type);
    const raw = all.series[0].values;
    const rises = (from: number, to: number): number => {
      let sum = 0;
      for (let i = from + 1; i <= to; i++) sum += raw[i] >= raw[i - 1] ? raw[i] - raw[i - 1] : raw[i];
      return sum;
    };
    const increase = await ask('increase(c_total[1h])', policy);
    const rate = await ask('rate(c_total[1h])', policy);
    for (const [i, value] of increase.values.entries()) {
      const expected = rises(i * 240, (i + 1) * 240);
      expect(value).toBeCloseTo(expected, 6);
      expect(rate.values[i]).toBeCloseTo(expected / 3600, 9);
    }
    // A range that is no whole number of buckets is scaled from those that end in it.
    const scaled = await ask('increase(c_total[90m])', policy);
    const whole = await ask('rate(c_total[90m])', policy);
    for (const [i, value] of scaled.values.entries()) expect(value).toBeCloseTo(whole.values[i] * 5400, 6);
  });

  test('samples that are gone are answered from a tier, however fine the steps', async () => {
    const gone = { ...policy, samplesFrom: END };
    const fine = { start: START + DAY, end: START + DAY + HOUR, step: MINUTE };
    const { values, infos } = await ask('avg_over_time(g[1m])', gone, fine);
    expect(values).toHaveLength(61);
    expect(infos[0]).toContain('the tier of 5m');
    const plain = await ask('avg_over_time(g[5m])', null, { ...fine, step: 5 * MINUTE });
    for (let i = 0; i <= 12; i++) expect(values[i * 5]).toBeCloseTo(plain.values[i], 6);
  });

  test('extended ranges, times of samples and bare ranges are read from samples', async () => {
    expect((await ask('timestamp(g)', policy)).infos).toEqual([]);
    const raw = await engine.instant(store.querier(), 'g[1d]', END, { tiers: policy });
    expect(raw.stats.samplesRead).toBe(5760);
  });

  test('a thread of its own reads the same', async () => {
    const reader = new ViewReader({ path: store.path, cacheBytes: 1 << 20, damaged: () => undefined });
    const querier = store.querier();
    for (const expr of ['avg_over_time(g[3h])', 'rate(c_total[1h])', 'g']) {
      const requests = engine.plan(expr, range, { tiers: policy }).selections.requests();
      const view = store.view(requests);
      const { data } = await view.collect(
        () => false,
        () => Promise.resolve(),
      );
      reader.begin(data, () => undefined);
      const there = await engine.range(
        { ...querier, select: (matchers, start, end, _, tier) => reader.select(matchers, start, end, tier) },
        expr,
        range,
        { tiers: policy },
      );
      reader.end();
      view.release();
      const here = await engine.range(querier, expr, range, { tiers: policy });
      expect({ ...there, stats: null }).toEqual({ ...here, stats: null });
    }
    reader.close();
  });
});
