import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { formatSeries, labelsFromRecord, type Matcher } from '#shared/model/index.ts';
import { openSqliteStorage, type ImportColumn, type Storage } from '#main/storage/index.ts';
import { append, EXPONENTIAL, plainSamples, STALE, type PlainSample } from './batches.ts';

const MINUTE = 60_000;
const START = 1_700_006_400_000;
const ALL: readonly Matcher[] = [{ name: '__name__', type: '=~', value: '.+' }];

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hearth-compact-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function settle(store: Storage): Promise<void> {
  await store.commit();
  while (await store.housekeep());
}

function all(store: Storage): Record<string, PlainSample[]> {
  const found = store.querier().select(ALL, -Infinity, Infinity);
  return Object.fromEntries(
    found
      .map((series) => [formatSeries(series.labels), plainSamples(series)] as const)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}

const counts = (path: string): { readonly frames: number; readonly timelines: number } => {
  const sqlite = new Sqlite(path, { readonly: true });
  const count = (table: string): number => sqlite.prepare(`SELECT count(*) FROM ${table}`).pluck().get() as number;
  const found = { frames: count('frame'), timelines: count('timeline') };
  sqlite.close();
  return found;
};

const column = (i: number, from: number, count: number, factor = 1): ImportColumn => ({
  labels: labelsFromRecord({ __name__: 'm', i: String(i) }),
  times: Float64Array.from({ length: count }, (_, k) => START + (from + k) * MINUTE),
  values: Float64Array.from({ length: count }, (_, k) => (from + k) * factor + i),
  startTimes: null,
  histograms: null,
});

test('what comes in small pieces ends in few frames, with all it had', async () => {
  const path = join(folder, 'store.db');
  const store = openSqliteStorage({ path });
  for (let piece = 0; piece < 40; piece++)
    await store.importSamples(Array.from({ length: 40 }, (_, i) => column(i, piece * 30, 30)));
  const before = all(store);
  expect(counts(path)).toEqual({ frames: 80, timelines: 40 });
  await settle(store);
  expect(all(store)).toEqual(before);
  const { frames, timelines } = counts(path);
  expect(frames).toBeLessThanOrEqual(8);
  expect(timelines).toBeLessThanOrEqual(8);
  await store.close();
  const again = openSqliteStorage({ path });
  expect(all(again)).toEqual(before);
  await settle(again);
  expect(counts(path)).toEqual({ frames, timelines });
  await again.close();
});

test('of what was imported twice the later one stays; what was deleted stays away', async () => {
  const path = join(folder, 'store.db');
  const store = openSqliteStorage({ path });
  for (let piece = 0; piece < 10; piece++) await store.importSamples([column(1, piece * 20, 20)]);
  for (let piece = 0; piece < 10; piece++) await store.importSamples([column(1, piece * 20 + 5, 10, 1000)]);
  await store.deleteSeries(ALL, START + 50 * MINUTE, START + 60 * MINUTE);
  const before = all(store);
  await settle(store);
  expect(all(store)).toEqual(before);
  expect(counts(path).frames).toBe(1);
  await store.close();
  const again = openSqliteStorage({ path });
  expect(all(again)).toEqual(before);
  await again.close();
});

test('late samples get into the frames of those that came in time', async () => {
  const path = join(folder, 'store.db');
  const store = openSqliteStorage({ path, outOfOrderWindow: 24 * 60 * MINUTE, unsealedBytes: 0 });
  const writer = store.writer('source');
  const scraped = { __name__: 'm', i: '1' };
  for (let i = 0; i < 12 * 60; i++) {
    append(writer, START + i * MINUTE, { labels: scraped, value: i % 50 === 7 ? STALE : i });
    if (i % 10 === 9) append(writer, START + (i - 5) * MINUTE - 20_000, { labels: scraped, value: -i });
    if (i % 31 === 30)
      append(writer, START + i * MINUTE, { labels: { __name__: 'h' }, value: { ...EXPONENTIAL, count: i } });
    if (i % 60 === 59) await settle(store);
  }
  writer.release();
  await store.commit();
  const before = all(store);
  await settle(store);
  expect(all(store)).toEqual(before);
  await store.close();
});

const piece = fc.record({
  from: fc.integer({ min: 0, max: 600 }),
  count: fc.integer({ min: 1, max: 60 }),
  series: fc.integer({ min: 1, max: 40 }),
  factor: fc.integer({ min: 1, max: 5 }),
  after: fc.constantFrom('nothing', 'nothing', 'settle', 'step and kill', 'delete'),
});

test('whatever is imported, joined and killed in between: answers stay what they are', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(piece, { minLength: 8, maxLength: 40 }), async (pieces) => {
      const path = join(mkdtempSync(join(folder, 'run-')), 'store.db');
      let store = openSqliteStorage({ path });
      for (const { from, count, series, factor, after } of pieces) {
        await store.importSamples(Array.from({ length: series }, (_, i) => column(i, from, count, factor)));
        if (after === 'delete') await store.deleteSeries(ALL, START + from * MINUTE, START + (from + 3) * MINUTE);
        const before = all(store);
        if (after === 'settle') await settle(store);
        if (after === 'step and kill') {
          for (let step = 0; step < count % 7; step++) await store.housekeep();
          const killed = join(mkdtempSync(join(folder, 'killed-')), 'store.db');
          for (const suffix of ['', '-wal']) cpSync(path + suffix, killed + suffix);
          await store.close();
          for (const suffix of ['', '-wal', '-shm']) rmSync(path + suffix, { force: true });
          for (const suffix of ['', '-wal']) cpSync(killed + suffix, path + suffix);
          store = openSqliteStorage({ path });
        }
        expect(all(store)).toEqual(before);
      }
      const before = all(store);
      await settle(store);
      expect(all(store)).toEqual(before);
      await store.close();
    }),
    { numRuns: 12 },
  );
});
