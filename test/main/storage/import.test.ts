import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { labelsFromRecord, setStaleAt, wordsOf } from '#shared/model/index.ts';
import type { ImportColumn, SeriesSamples, Storage, StorageOptions } from '#main/storage/index.ts';
import { append, CUSTOM, EXPONENTIAL, pairs, plainSamples } from './batches.ts';
import { ENGINES } from './engines.ts';

const STEP = 15_000;

function column(name: string, samples: readonly (readonly [time: number, value: number])[]): ImportColumn {
  return {
    labels: labelsFromRecord({ __name__: name }),
    times: Float64Array.from(samples, ([time]) => time),
    values: Float64Array.from(samples, ([, value]) => value),
    startTimes: null,
    histograms: null,
  };
}

/** `count` samples of step STEP from the `first`-th on, values by `value`. */
function regular(name: string, first: number, count: number, value: (i: number) => number): ImportColumn {
  return column(
    name,
    Array.from({ length: count }, (_, i) => [(first + i) * STEP, value(first + i)]),
  );
}

describe.each(ENGINES)('import into engine $name', (engine) => {
  let folder = '';
  let store: Storage;
  const open = (options?: StorageOptions): Storage => (store = engine.open(folder, options));
  const one = (name: string, start = -Infinity, end = Infinity): SeriesSamples | undefined => {
    const querier = store.querier();
    const [found] = querier.select([{ name: '__name__', type: '=', value: name }], start, end);
    querier.release();
    return found;
  };
  const reopen = async (): Promise<void> => {
    if (!engine.durable) return;
    await store.close();
    open();
  };

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'hearth-import-'));
  });
  afterEach(async () => {
    await store.close().catch(() => undefined);
    rmSync(folder, { recursive: true, force: true });
  });

  test('samples are seen and durable when it resolves', async () => {
    open();
    const result = await store.importSamples([regular('a', 0, 1000, (i) => i / 8), regular('b', 10, 700, (i) => i)]);
    expect(result).toEqual({ stored: 1700, tooOld: 0 });
    for (let round = 0; round < 2; round++) {
      expect(pairs(one('a'))).toEqual(Array.from({ length: 1000 }, (_, i) => [i * STEP, i / 8]));
      expect(pairs(one('b'))).toHaveLength(700);
      expect(pairs(one('b', 500 * STEP, 501 * STEP))).toEqual([
        [500 * STEP, 500],
        [501 * STEP, 501],
      ]);
      expect(store.stats()).toMatchObject({ series: 2, minTime: 0, maxTime: 999 * STEP });
      await reopen();
    }
  });

  test('bits, stale markers, histograms and start times come back as they were', async () => {
    open();
    const values = Float64Array.from([1, -0, 0, NaN, Infinity, 0, 5, 0.1]);
    setStaleAt(wordsOf(values), 5);
    const full: ImportColumn = {
      ...column(
        'h',
        Array.from(values, (value, i) => [i, value]),
      ),
      values,
      startTimes: Float64Array.from([0, 0, 0, 0, 0, 0, 3, 3]),
      histograms: [null, null, EXPONENTIAL, null, null, null, CUSTOM, null],
    };
    await store.importSamples([full]);
    await reopen();
    const got = plainSamples(one('h') as SeriesSamples);
    expect(got.map(({ histogram }) => histogram ?? null)).toEqual(full.histograms);
    expect(got.map(({ startTime }) => startTime ?? 0)).toEqual([...(full.startTimes as Float64Array)]);
    expect(got[1].bits).toBe('8000000000000000');
    expect(got[5].bits).toBe('7ff0000000000002');
    expect(got[7].bits).toBe('3fb999999999999a');
  });

  test('in whatever order the pieces come', async () => {
    open();
    for (const first of [2000, 0, 3000, 1000]) await store.importSamples([regular('a', first, 1000, (i) => i)]);
    await reopen();
    expect(pairs(one('a'))).toEqual(Array.from({ length: 4000 }, (_, i) => [i * STEP, i]));
  });

  test('series with gaps, of other times and of one sample', async () => {
    open();
    const all = Array.from({ length: 500 }, (_, i) => i);
    const columns = [
      regular('whole', 0, 500, (i) => i),
      column(
        'gap',
        all.filter((i) => i < 100 || i > 180).map((i) => [i * STEP, i]),
      ),
      column(
        'often',
        all.filter((i) => i % 7 !== 0).map((i) => [i * STEP, i]),
      ),
      column(
        'more',
        all.flatMap((i) =>
          i % 50 === 0 ? [[i * STEP, i] as const, [i * STEP + 7, -i] as const] : [[i * STEP, i] as const],
        ),
      ),
      column(
        'shifted',
        all.map((i) => [i * STEP + 1, i]),
      ),
      column('single', [[77, 7]]),
      column('none', []),
    ];
    await store.importSamples(columns);
    await reopen();
    for (const { labels, times, values } of columns.slice(0, -1))
      expect(pairs(one(labels[1]))).toEqual(Array.from(times, (time, i) => [time, values[i]]));
    expect(one('none')).toBeUndefined();
    expect(one('gap', 101 * STEP, 180 * STEP)).toBeUndefined();
  });

  test('beside what is scraped: merged, and the imported sample is shown where both have one', async () => {
    const writer = open().writer('t');
    for (let i = 0; i < 300; i++) append(writer, i * STEP, { labels: { __name__: 'a' }, value: i });
    await store.importSamples([
      column('a', [
        [-STEP, -1],
        [10 * STEP, 1000],
        [10 * STEP + 1, 1001],
      ]),
    ]);
    // What goes on being scraped is not held up.
    expect(append(writer, 300 * STEP, { labels: { __name__: 'a' }, value: 300 }).appended).toBe(1);
    await store.commit();
    for (let round = 0; round < 2; round++) {
      const got = pairs(one('a'));
      expect(got).toHaveLength(303);
      expect(got.slice(0, 2)).toEqual([
        [-STEP, -1],
        [0, 0],
      ]);
      expect(got.slice(11, 14)).toEqual([
        [10 * STEP, 1000],
        [10 * STEP + 1, 1001],
        [11 * STEP, 11],
      ]);
      expect(got.at(-1)).toEqual([300 * STEP, 300]);
      await reopen();
    }
  });

  test('of two imports of one time the later is shown', async () => {
    open();
    await store.importSamples([regular('a', 0, 500, () => 1)]);
    await store.importSamples([regular('a', 100, 100, () => 2)]);
    await store.importSamples([regular('a', 0, 1, () => 3)]);
    await reopen();
    const values = pairs(one('a')).map(([, value]) => value);
    expect(values).toEqual(Array.from({ length: 500 }, (_, i) => (i === 0 ? 3 : i >= 100 && i < 200 ? 2 : 1)));
  });

  test('scraping goes on after imported samples, in order', async () => {
    const writer = open().writer('t');
    await store.importSamples([regular('a', 0, 10, (i) => i)]);
    expect(append(writer, 5 * STEP, { labels: { __name__: 'a' }, value: 1 }).outOfOrder).toBe(1);
    expect(append(writer, 9 * STEP, { labels: { __name__: 'a' }, value: 1 }).duplicate).toBe(1);
    expect(append(writer, 9 * STEP, { labels: { __name__: 'a' }, value: 9 })).toMatchObject({
      duplicate: 0,
      appended: 0,
    });
    expect(append(writer, 10 * STEP, { labels: { __name__: 'a' }, value: 10 }).appended).toBe(1);
    expect(pairs(one('a'))).toHaveLength(11);
  });

  test('a sample newer than what was scraped, and older than what was imported, is out of order', async () => {
    const writer = open().writer('t');
    const a = { __name__: 'a' };
    append(writer, 5 * STEP, { labels: a, value: 5 }, { labels: { __name__: 'b' }, value: 5 });
    await store.importSamples([regular('a', 8, 3, (i) => i)]);
    expect(append(writer, 6 * STEP, { labels: a, value: 6 }, { labels: { __name__: 'b' }, value: 6 })).toMatchObject({
      appended: 1,
      outOfOrder: 1,
    });
    expect(append(writer, 10 * STEP, { labels: a, value: 10 })).toMatchObject({ appended: 0, duplicate: 0 });
    expect(append(writer, 11 * STEP, { labels: a, value: 11 }, { labels: { __name__: 'b' }, value: 11 }).appended).toBe(
      2,
    );
    expect(append(writer, 12 * STEP, { labels: a, value: 12 }, { labels: { __name__: 'b' }, value: 12 }).appended).toBe(
      2,
    );
    expect(pairs(one('a')).map(([time]) => time / STEP)).toEqual([5, 8, 9, 10, 11, 12]);
    expect(pairs(one('b')).map(([time]) => time / STEP)).toEqual([5, 6, 11, 12]);
  });

  test('in place of what was deleted: only that stays deleted', async () => {
    const writer = open().writer('t');
    for (let i = 0; i < 700; i++)
      append(writer, i * STEP, { labels: { __name__: 'a' }, value: i }, { labels: { __name__: 'b' }, value: i });
    await store.importSamples([regular('a', -100, 100, (i) => i)]);
    await store.deleteSeries([{ name: '__name__', type: '=', value: 'a' }], -50 * STEP, 600 * STEP);
    await store.importSamples([regular('a', 10, 5, (i) => -i)]);
    expect(append(writer, 700 * STEP, { labels: { __name__: 'a' }, value: 700 }).appended).toBe(1);
    for (let round = 0; round < 2; round++) {
      const got = pairs(one('a')).map(([time, value]) => [time / STEP, value]);
      expect(got.slice(0, 50).map(([i]) => i)).toEqual(Array.from({ length: 50 }, (_, i) => i - 100));
      expect(got.slice(50, 55)).toEqual([10, 11, 12, 13, 14].map((i) => [i, -i]));
      expect(got.slice(55).map(([i]) => i)).toEqual(Array.from({ length: 100 }, (_, i) => 601 + i));
      expect(pairs(one('b'))).toHaveLength(700);
      while (await store.housekeep());
      await reopen();
    }
  });

  test('what retention would remove at once is left out and counted', async () => {
    open({ clock: () => 10_000_000, retention: { time: 1_000_000, bytes: null } });
    append(store.writer('t'), 10_000_000, { labels: { __name__: 'now' }, value: 1 });
    const result = await store.importSamples([
      column('a', [
        [8_999_999, 1],
        [9_000_000, 2],
      ]),
    ]);
    expect(result).toEqual({ stored: 1, tooOld: 1 });
    expect(pairs(one('a'))).toEqual([[9_000_000, 2]]);
    expect(store.stats().tooOldSamples).toBe(1);
  });

  test('a mark says how far the input is stored, until it is finished', async () => {
    open();
    expect(store.importedUpTo('file')).toBe(0);
    await store.importSamples([regular('a', 0, 10, (i) => i)], { key: 'file', offset: 1234 });
    await reopen();
    expect(store.importedUpTo('file')).toBe(1234);
    await store.importSamples([], { key: 'file', offset: null });
    expect(store.importedUpTo('file')).toBe(0);
  });

  test('imports that are asked for at the same time are done one after the other', async () => {
    open();
    await Promise.all(
      Array.from({ length: 8 }, (_, k) =>
        store.importSamples([regular('a', k * 100, 100, (i) => i), regular(`b${k}`, 0, 50, (i) => i)]),
      ),
    );
    expect(pairs(one('a'))).toHaveLength(800);
    await reopen();
    for (let k = 0; k < 8; k++) expect(pairs(one(`b${k}`))).toHaveLength(50);
  });

  test('a store that is being closed finishes what it took', async () => {
    open();
    const importing = store.importSamples([regular('a', 0, 5000, (i) => i)]);
    await store.close();
    expect(await importing).toEqual({ stored: 5000, tooOld: 0 });
  });
});
