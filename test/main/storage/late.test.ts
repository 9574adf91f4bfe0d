import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { labelsFromRecord } from '#shared/model/index.ts';
import type { SeriesSamples, Storage, StorageOptions } from '#main/storage/index.ts';
import { append, batchOf, CUSTOM, EXPONENTIAL, pairs, plainSamples, STALE, type TestSample } from './batches.ts';
import { ENGINES } from './engines.ts';

const WINDOW = 1_000_000;
const A = { __name__: 'a' };

describe.each(ENGINES)('out-of-order samples in engine $name', (engine) => {
  let folder = '';
  let store: Storage;
  const open = (options: StorageOptions = { outOfOrderWindow: WINDOW }): Storage =>
    (store = engine.open(folder, options));
  const one = (name: string, start = -Infinity, end = Infinity): SeriesSamples | undefined => {
    const querier = store.querier();
    const [found] = querier.select([{ name: '__name__', type: '=', value: name }], start, end);
    querier.release();
    return found;
  };
  /** Whatever upkeep and a restart may do, what is stored stays the same. */
  const later = async (...check: (() => void)[]): Promise<void> => {
    for (const one of check) one();
    await store.commit();
    for (const one of check) one();
    for (let steps = 0; await store.housekeep(); steps++) if (steps > 1000) throw new Error('upkeep never ends');
    for (const one of check) one();
    if (!engine.durable) return;
    await store.close();
    open();
    for (const one of check) one();
  };
  const none = { appended: 0, outOfOrder: 0, duplicate: 0, tooOld: 0 };

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'hearth-late-'));
  });
  afterEach(async () => {
    await store.close().catch(() => undefined);
    rmSync(folder, { recursive: true, force: true });
  });

  test('within the window they are taken, merged when read, and counted', async () => {
    const writer = open().writer('t');
    for (let t = 0; t < 100; t++) append(writer, t * 1000, { labels: A, value: t });
    for (const t of [50, 3, 70, 4]) expect(append(writer, t * 1000 + 500, { labels: A, value: -t }).appended).toBe(1);
    expect(store.stats()).toMatchObject({ lateSamples: 4, outOfOrderSamples: 0, samplesAppended: 104 });
    await later(() => {
      const got = pairs(one('a'));
      expect(got).toHaveLength(104);
      expect(got.map(([time]) => time)).toEqual(got.map(([time]) => time).sort((a, b) => a - b));
      expect(pairs(one('a', 3000, 5000))).toEqual([
        [3000, 3],
        [3500, -3],
        [4000, 4],
        [4500, -4],
        [5000, 5],
      ]);
      expect(pairs(one('a', 3100, 3900))).toEqual([[3500, -3]]);
    });
  });

  test('the same time again: the same value is nothing new, another a duplicate', async () => {
    const writer = open().writer('t');
    for (let t = 0; t < 1200; t++) append(writer, t * 100, { labels: A, value: t });
    append(writer, 550, { labels: A, value: 7 });
    await store.commit();
    while (await store.housekeep());
    expect(append(writer, 500, { labels: A, value: 5 })).toEqual(none);
    expect(append(writer, 500, { labels: A, value: 6 })).toEqual({ ...none, duplicate: 1 });
    expect(append(writer, 550, { labels: A, value: 7 })).toEqual(none);
    expect(append(writer, 550, { labels: A, value: 8 })).toEqual({ ...none, duplicate: 1 });
    expect(append(writer, 560, { labels: A, value: 1 }, { labels: A, value: 1 }, { labels: A, value: 2 })).toEqual({
      ...none,
      appended: 1,
      duplicate: 1,
    });
    expect(store.stats()).toMatchObject({ duplicateSamples: 3, lateSamples: 2 });
    await later(() =>
      expect(pairs(one('a', 500, 600))).toEqual([
        [500, 5],
        [550, 7],
        [560, 1],
        [600, 6],
      ]),
    );
  });

  test('older than the window is too old; without a window out of order; it may change at any time', () => {
    const writer = open().writer('t');
    append(writer, 2_000_000, { labels: A, value: 1 });
    append(writer, 5_000_000, { labels: { __name__: 'newest' }, value: 1 });
    expect(append(writer, 1_000_000, { labels: A, value: 1 })).toEqual({ ...none, tooOld: 1 });
    store.setOutOfOrderWindow(4_000_000);
    expect(append(writer, 1_000_000, { labels: A, value: 1 })).toEqual({ ...none, appended: 1 });
    expect(append(writer, 999_999, { labels: A, value: 1 })).toEqual({ ...none, tooOld: 1 });
    store.setOutOfOrderWindow(0);
    expect(append(writer, 1_500_000, { labels: A, value: 1 })).toEqual({ ...none, outOfOrder: 1 });
    expect(store.stats()).toMatchObject({ tooOldSamples: 2, outOfOrderSamples: 1, lateSamples: 1 });
  });

  test('with histograms, start times, stale markers and times of their own', async () => {
    const writer = open().writer('t');
    append(writer, 10_000, { labels: A, value: 1 });
    const late: TestSample[] = [
      { labels: A, value: EXPONENTIAL, time: 1000, startTime: 5 },
      { labels: A, value: { ...CUSTOM, sum: 3 }, time: 2000 },
      { labels: A, value: STALE, time: 3000 },
      { labels: A, value: -0, time: 4000, startTime: 7 },
    ];
    expect(writer.append(batchOf(writer, 11_000, late)).appended).toBe(4);
    expect(append(writer, 1000, { labels: A, value: EXPONENTIAL })).toEqual(none);
    expect(append(writer, 1000, { labels: A, value: { ...EXPONENTIAL, count: 99 } })).toEqual({
      ...none,
      duplicate: 1,
    });
    expect(append(writer, 1000, { labels: A, value: 0 })).toEqual({ ...none, duplicate: 1 });
    await later(() =>
      expect(plainSamples(one('a') as SeriesSamples)).toEqual([
        { time: 1000, bits: '', histogram: EXPONENTIAL, startTime: 5 },
        { time: 2000, bits: '', histogram: { ...CUSTOM, sum: 3 } },
        { time: 3000, bits: '7ff0000000000002' },
        { time: 4000, bits: '8000000000000000', startTime: 7 },
        { time: 10_000, bits: '3ff0000000000000' },
      ]),
    );
  });

  test('from several writers onto one series, in whatever order', async () => {
    open();
    const writers = ['scrape', 'rules', 'remote'].map((source) => store.writer(source));
    const times = Array.from({ length: 300 }, (_, i) => (i * 7919) % 300);
    for (const [i, t] of times.entries()) append(writers[i % 3], t * 1000, { labels: A, value: t });
    await later(() => expect(pairs(one('a'))).toEqual(Array.from({ length: 300 }, (_, t) => [t * 1000, t])));
  });

  test('in time they are brought into frames, where they stay', async () => {
    let writer = open().writer('t');
    for (let t = 0; t < 50; t++)
      append(writer, t * 1000, { labels: A, value: t }, { labels: { __name__: 'b' }, value: EXPONENTIAL });
    append(writer, 7500, { labels: A, value: 7.5 }, { labels: { __name__: 'b' }, value: CUSTOM, startTime: 3 });
    append(writer, 900, { labels: A, value: 0.9 });
    await store.commit();
    for (const minutes of [0, 31, 62]) {
      append(writer, minutes * 60_000 + 60_000, { labels: { __name__: 'clock' }, value: 1 });
      await later(() => {
        expect(pairs(one('a', 0, 2000))).toEqual([
          [0, 0],
          [900, 0.9],
          [1000, 1],
          [2000, 2],
        ]);
        expect(pairs(one('a'))).toHaveLength(52);
        expect(plainSamples(one('b', 7500, 7500) as SeriesSamples)).toEqual([
          { time: 7500, bits: '', histogram: CUSTOM, startTime: 3 },
        ]);
      });
      writer = store.writer('t');
    }
    store.setOutOfOrderWindow(1e9);
    expect(append(writer, 900, { labels: A, value: 0.9 })).toEqual(none);
    expect(append(writer, 900, { labels: A, value: 0.8 })).toEqual({ ...none, duplicate: 1 });
  });

  test('deleting removes them too, and they do not come back', async () => {
    const writer = open().writer('t');
    for (let t = 0; t < 10; t++) append(writer, t * 1000, { labels: A, value: t });
    append(writer, 1500, { labels: A, value: 1.5 }, { labels: { __name__: 'b' }, value: 1 });
    append(writer, 7500, { labels: A, value: 7.5 });
    await store.deleteSeries([{ name: '__name__', type: '=', value: 'a' }], 1000, 3000);
    await later(() =>
      expect(pairs(one('a')).map(([time]) => time)).toEqual([0, 4000, 5000, 6000, 7000, 7500, 8000, 9000]),
    );
  });

  test('beside imported samples', async () => {
    const writer = open().writer('t');
    append(writer, 500_000, { labels: A, value: 1 });
    const times = Float64Array.from({ length: 100 }, (_, i) => i * 1000);
    const column = { labels: labelsFromRecord(A), times, values: times.slice(), startTimes: null, histograms: null };
    await store.importSamples([column]);
    expect(append(writer, 5000, { labels: A, value: 5000 })).toEqual(none);
    expect(append(writer, 5000, { labels: A, value: 1 })).toEqual({ ...none, duplicate: 1 });
    expect(append(writer, 5001, { labels: A, value: 1 }).appended).toBe(1);
    // What is imported after is shown.
    await store.importSamples([{ ...column, times: Float64Array.of(5001), values: Float64Array.of(2) }]);
    expect(pairs(one('a'))).toHaveLength(102);
    expect(pairs(one('a', 5000, 6000)).map(([time]) => time)).toEqual([5000, 5001, 6000]);
    await later(() => expect(pairs(one('a'))).toHaveLength(102));
  });

  test('whatever comes, what is read is what was taken first', async () => {
    const sample = fc.record({
      series: fc.constantFrom('a', 'b', 'c'),
      time: fc.integer({ min: 0, max: 300 }),
      value: fc.integer({ min: 0, max: 3 }),
    });
    const step = fc.oneof(
      { weight: 10, arbitrary: fc.array(sample, { minLength: 1, maxLength: 6 }) },
      { weight: 1, arbitrary: fc.constantFrom('keep' as const, 'reopen' as const, 'commit' as const, 'age' as const) },
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
        const own = mkdtempSync(join(folder, 'run-'));
        let current = engine.open(own, { outOfOrderWindow: 100 });
        let writer = current.writer('t');
        const model = new Map<string, Map<number, number>>();
        let newest = 0;
        const latest = new Map<string, number>();
        try {
          for (const one of steps) {
            if (one === 'commit') await current.commit();
            else if (one === 'keep') while (await current.housekeep());
            else if (one === 'age') {
              newest += 31 * 60_000;
              append(writer, newest, { labels: { __name__: 'clock' }, value: 0 });
            } else if (one === 'reopen') {
              if (!engine.durable) continue;
              await current.close();
              current = engine.open(own, { outOfOrderWindow: 100 });
              writer = current.writer('t');
            } else
              for (const { series, time, value } of one) {
                append(writer, time, { labels: { __name__: series }, value });
                let known = model.get(series);
                if (known === undefined) model.set(series, (known = new Map()));
                const inOrder = time > (latest.get(series) ?? -Infinity);
                if ((inOrder || time >= newest - 100) && !known.has(time)) known.set(time, value);
                if (!inOrder) continue;
                latest.set(series, time);
                newest = Math.max(newest, time);
              }
          }
          for (const [series, known] of model) {
            const [found] = current
              .querier()
              .select([{ name: '__name__', type: '=', value: series }], -Infinity, Infinity);
            expect(pairs(found)).toEqual([...known].sort(([a], [b]) => a - b));
          }
        } finally {
          await current.close();
        }
      }),
      { numRuns: engine.durable ? 25 : 200 },
    );
  });
});
