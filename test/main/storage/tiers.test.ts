import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { labelsFromRecord, type Histogram, type Matcher } from '#shared/model/index.ts';
import {
  checkStore,
  openMemoryStorage,
  openSqliteStorage,
  type Retention,
  type Storage,
  type TierAggregate,
} from '#main/storage/index.ts';
import { append, EXPONENTIAL, pairs, plainSamples, STALE } from './batches.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** A midnight. */
const START = 1_700_006_400_000;
const TIERS = [
  { resolution: 5 * MINUTE, keep: null },
  { resolution: HOUR, keep: null },
];
const KEPT: Retention = { time: null, bytes: null, tiers: TIERS };
const AGGREGATES: readonly TierAggregate[] = ['count', 'sum', 'min', 'max', 'last', 'increase'];
const ALL: readonly Matcher[] = [{ name: '__name__', type: '=~', value: '.+' }];

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hearth-tiers-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const open = (retention = KEPT, name = 'store.db'): Storage =>
  openSqliteStorage({ path: join(folder, name), retention, unsealedBytes: 0, maxExemplars: 0 });

async function settle(store: Storage): Promise<void> {
  await store.commit();
  while (await store.housekeep());
}

interface Sample {
  readonly time: number;
  readonly value: number | typeof STALE | Histogram;
}

/** What a tier must say of samples, bucket by bucket, from its definition. */
function plainly(samples: readonly Sample[], resolution: number, aggregate: TierAggregate): [number, number][] {
  const found: [number, number][] = [];
  if (samples.length === 0) return found;
  const sorted = [...samples].sort((a, b) => a.time - b.time);
  const first = Math.ceil(sorted[0].time / resolution) * resolution;
  const last = Math.floor(sorted[sorted.length - 1].time / resolution) * resolution;
  for (let end = first; end <= last; end += resolution) {
    const within = sorted.filter(({ time }) => time > end - resolution && time <= end);
    const numbers = within.flatMap(({ value }) => (typeof value === 'number' ? [value] : []));
    if (aggregate === 'last') {
      const newest = within.at(-1);
      if (newest !== undefined) found.push([end, typeof newest.value === 'number' ? newest.value : NaN]);
      continue;
    }
    if (numbers.length === 0) continue;
    if (aggregate === 'count') found.push([end, numbers.length]);
    if (aggregate === 'sum') found.push([end, numbers.reduce((sum, value) => sum + value, 0)]);
    const real = numbers.filter((value) => !Number.isNaN(value));
    if (aggregate === 'min') found.push([end, real.length === 0 ? NaN : Math.min(...real)]);
    if (aggregate === 'max') found.push([end, real.length === 0 ? NaN : Math.max(...real)]);
    if (aggregate !== 'increase') continue;
    let increase = 0;
    const floats = sorted.flatMap(({ time, value }) =>
      typeof value === 'number' && !Number.isNaN(value) ? [{ time, value }] : [],
    );
    for (const [i, { time, value }] of floats.entries()) {
      const before = floats[i - 1];
      if (before === undefined || time <= end - resolution || time > end || time - before.time > HOUR) continue;
      increase += value >= before.value ? value - before.value : value;
    }
    found.push([end, increase]);
  }
  return found;
}

function ask(
  store: Storage,
  resolution: number,
  aggregate: TierAggregate,
  name = 'm',
  start = -Infinity,
  end = Infinity,
) {
  const matchers: Matcher[] = [{ name: '__name__', type: '=', value: name }];
  const tier = { resolution, aggregate, weighted: false };
  return pairs(store.querier().select(matchers, start, end, false, tier)[0]);
}

function expectTiers(store: Storage, samples: readonly Sample[], name: string): void {
  for (const { resolution } of TIERS)
    for (const aggregate of AGGREGATES) {
      const expected = plainly(samples, resolution, aggregate);
      const found = ask(store, resolution, aggregate, name);
      expect(found.map(([time]) => time)).toEqual(expected.map(([time]) => time));
      for (const [i, [time, value]] of expected.entries()) {
        const other = found[i][1];
        const near = Object.is(other, value) || other === value || Math.abs(other - value) <= 1e-9 * Math.abs(value);
        expect(
          near || (Number.isNaN(value) && Number.isNaN(other)),
          `${name} ${aggregate} ${time}: ${other}, not ${value}`,
        ).toBe(true);
      }
    }
}

const run = fc.record({
  /** Minutes between samples, and how many. */
  every: fc.constantFrom(1, 7, 20, 59),
  count: fc.integer({ min: 1, max: 250 }),
  /** Hours of silence before. */
  pause: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, fc.integer({ min: 1, max: 40 })),
  kind: fc.nat(5),
  how: fc.constantFrom('scraped', 'scraped', 'imported'),
  after: fc.constantFrom('nothing', 'settle', 'kill'),
});

function valueOf(kind: number, i: number): Sample['value'] {
  switch (kind) {
    case 0:
      return 5;
    case 1:
      return i * 3;
    case 2:
      return (i % 40) * 7;
    case 3:
      return i % 9 === 4 ? STALE : Math.sin(i);
    case 4:
      return i % 5 === 0 ? NaN : -i;
    default:
      return i / 10;
  }
}

test('a tier says what its definition says of the samples, whatever is made already', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(run, { minLength: 1, maxLength: 6 }), async (runs) => {
      const path = join(mkdtempSync(join(folder, 'run-')), 'store.db');
      const options = { retention: KEPT, unsealedBytes: 0, maxExemplars: 0 };
      let store = openSqliteStorage({ path, ...options });
      const samples: Sample[] = [];
      let time = START + 13_000;
      for (const { every, count, pause, kind, how, after } of runs) {
        time += pause * HOUR;
        const fresh = Array.from({ length: count }, (_, i): Sample => ({
          time: (time += every * MINUTE),
          value: valueOf(kind, i),
        }));
        if (how === 'scraped') {
          const writer = store.writer('source');
          for (const one of fresh) append(writer, one.time, { labels: { __name__: 'm' }, value: one.value });
          writer.release();
        } else {
          const numbers = fresh.filter(({ value }) => typeof value === 'number');
          await store.importSamples([
            {
              labels: labelsFromRecord({ __name__: 'm' }),
              times: Float64Array.from(numbers, (one) => one.time),
              values: Float64Array.from(numbers, (one) => one.value as number),
              startTimes: null,
              histograms: null,
            },
          ]);
        }
        samples.push(...fresh.filter(({ value }) => how === 'scraped' || typeof value === 'number'));
        await store.commit();
        if (after === 'nothing') continue;
        await settle(store);
        if (after === 'settle') continue;
        const killed = join(mkdtempSync(join(folder, 'killed-')), 'store.db');
        for (const suffix of ['', '-wal']) cpSync(path + suffix, killed + suffix);
        await store.close();
        for (const suffix of ['', '-wal', '-shm']) rmSync(path + suffix, { force: true });
        for (const suffix of ['', '-wal']) cpSync(killed + suffix, path + suffix);
        store = openSqliteStorage({ path, ...options });
      }
      expectTiers(store, samples, 'm');
      await settle(store);
      expectTiers(store, samples, 'm');
      expect(store.stats().damage).toBeNull();
      await store.close();
    }),
    { numRuns: 12 },
  );
});

/** Three days of a counter and a gauge, each five minutes, sealed and in tiers. */
async function filled(retention = KEPT, days = 3): Promise<{ readonly store: Storage; readonly counter: Sample[] }> {
  const store = open(retention);
  const writer = store.writer('source');
  const counter: Sample[] = [];
  for (let i = 0; i <= (days * DAY) / (5 * MINUTE) + 30; i++) {
    const time = START + i * 5 * MINUTE + 10_000;
    const value = i % 100 === 0 ? 0 : i * 4;
    counter.push({ time, value });
    append(writer, time, { labels: { __name__: 'm' }, value }, { labels: { __name__: 'other' }, value: i % 17 });
    if (i % 50 === 0) await store.commit();
  }
  await settle(store);
  return { store, counter };
}

test('tiers outlive the samples, and say from when to when they are made', async () => {
  const { store, counter } = await filled();
  expect(store.tiers()).toEqual([
    { resolution: 5 * MINUTE, keep: null, from: START, builtTo: START + 3 * DAY },
    { resolution: HOUR, keep: null, from: START, builtTo: START + 3 * DAY },
  ]);
  const before = ask(store, HOUR, 'increase');
  store.setRetention({ ...KEPT, time: HOUR });
  await settle(store);
  expect(store.querier().select(ALL, -Infinity, START + 2 * DAY)).toEqual([]);
  expect(ask(store, HOUR, 'increase')).toEqual(before);
  expectTiers(store, counter, 'm');
  await store.close();
  const again = open({ ...KEPT, time: HOUR });
  expectTiers(again, counter, 'm');
  await again.close();
});

test('samples wait for their tier: retention does not take them before', async () => {
  const store = open({ ...KEPT, time: HOUR });
  const writer = store.writer('source');
  const samples: Sample[] = [];
  for (let i = 0; i < 2000; i++) {
    const time = START + i * 2 * MINUTE;
    samples.push({ time, value: i });
    append(writer, time, { labels: { __name__: 'm' }, value: i });
    await store.commit();
    if (i % 20 === 0) while (await store.housekeep());
  }
  await settle(store);
  expect(store.querier().select(ALL, -Infinity, START + DAY)).toEqual([]);
  expectTiers(store, samples, 'm');
  await store.close();
});

test('a tier is kept as long as it says; then its buckets and their series go', async () => {
  const { store } = await filled({ ...KEPT, tiers: [{ resolution: HOUR, keep: DAY }] });
  expect(ask(store, HOUR, 'last')[0][0]).toBeGreaterThan(START + 2 * DAY);
  expect(() => ask(store, 5 * MINUTE, 'last')).toThrow(/no tier/);
  await store.close();
});

test('deleted samples are in no bucket: not of what is in a tier only either', async () => {
  const { store, counter } = await filled();
  const from = START + DAY + 12 * HOUR;
  const to = from + 3 * HOUR - 1;
  await store.deleteSeries([{ name: '__name__', type: '=', value: 'm' }], from, to);
  const left = counter.filter(({ time }) => time < from || time > to);
  expectTiers(store, left, 'm');
  await settle(store);
  while (await store.cleanTombstones());
  await settle(store);
  expectTiers(store, left, 'm');
  // Now the samples are gone, and only the tiers are left to delete from.
  store.setRetention({ ...KEPT, time: HOUR });
  await settle(store);
  await store.deleteSeries([{ name: '__name__', type: '=', value: 'm' }], START, START + 2 * HOUR - 1);
  const hours = (): number[] => ask(store, HOUR, 'count').map(([time]) => time);
  expect(hours()[0]).toBe(START + 3 * HOUR);
  while (await store.cleanTombstones());
  expect(hours()[0]).toBe(START + 3 * HOUR);
  expect(ask(store, HOUR, 'count', 'other')[0][0]).toBe(START + HOUR);
  await store.deleteSeries([{ name: '__name__', type: '=', value: 'm' }], -Infinity, Infinity);
  expect(ask(store, HOUR, 'count')).toEqual([]);
  await store.close();
  const again = open();
  expect(ask(again, HOUR, 'count')).toEqual([]);
  await again.close();
});

test('what is imported into a day that is made already is in its buckets', async () => {
  const { store, counter } = await filled();
  const times = Float64Array.from({ length: 30 }, (_, i) => START + DAY + i * MINUTE);
  await store.importSamples([
    {
      labels: labelsFromRecord({ __name__: 'm' }),
      times,
      values: times.map((_, i) => i),
      startTimes: null,
      histograms: null,
    },
  ]);
  const all = [...counter, ...Array.from(times, (time, i) => ({ time, value: i }))];
  expect(store.tiers()[1].from).toBe(START + 2 * DAY);
  expectTiers(store, all, 'm');
  await settle(store);
  expectTiers(store, all, 'm');
  await store.close();
});

test('of native histograms the newest of each bucket is there, whatever is asked for', async () => {
  const store = open();
  const writer = store.writer('source');
  for (let i = 0; i <= DAY / (10 * MINUTE) + 10; i++)
    append(writer, START + (i + 1) * 10 * MINUTE, { labels: { __name__: 'h' }, value: { ...EXPONENTIAL, count: i } });
  await settle(store);
  for (const aggregate of ['increase', 'last'] as const) {
    const tier = { resolution: HOUR, aggregate, weighted: false };
    const [series] = store
      .querier()
      .select([{ name: '__name__', type: '=', value: 'h' }], START, START + 2 * HOUR, false, tier);
    expect(plainSamples(series).map(({ time, histogram }) => [time - START, histogram?.count])).toEqual([
      [HOUR, 5],
      [2 * HOUR, 11],
    ]);
  }
  await store.close();
});

test('weights say how many samples a bucket stands for', async () => {
  const { store } = await filled();
  const tier = { resolution: HOUR, aggregate: 'sum', weighted: true } as const;
  const [series] = store
    .querier()
    .select([{ name: '__name__', type: '=', value: 'm' }], START + DAY, START + 2 * DAY, false, tier);
  expect(series.weights?.slice(series.from, series.to)).toEqual(new Float64Array(25).fill(12));
  await store.close();
});

test('a series that a rule lets go earlier than the rest is in no tier', async () => {
  const rule = { matchers: [{ name: '__name__', type: '=', value: 'other' } as const], keep: HOUR };
  const { store } = await filled({ ...KEPT, rules: [rule] });
  expect(ask(store, HOUR, 'count', 'other', START, START + DAY)).toEqual([]);
  expect(ask(store, HOUR, 'count', 'm', START, START + DAY)).not.toEqual([]);
  await store.close();
});

test('tiers go last when the file must be smaller', async () => {
  const { store } = await filled();
  store.setRetention({ ...KEPT, bytes: 120_000 });
  await settle(store);
  expect(store.stats().fileBytes).toBeLessThanOrEqual(120_000);
  await store.close();
});

test('a check reads tiers too, and a copy has them', async () => {
  const { store, counter } = await filled();
  mkdirSync(join(folder, 'copy'));
  await store.snapshot(join(folder, 'copy', 'store.db'), { skipHead: true });
  await store.close();
  expect(checkStore(join(folder, 'store.db')).findings).toEqual([]);
  const copy = open(KEPT, join('copy', 'store.db'));
  const sealed = plainly(counter, HOUR, 'sum').filter(([end]) => end <= START + 3 * DAY);
  expect(ask(copy, HOUR, 'sum', 'm', START, START + 3 * DAY)).toEqual(sealed);
  await copy.close();
});

test('a store in memory makes no tiers', () => {
  expect(openMemoryStorage({ retention: KEPT }).tiers()).toEqual([]);
});
