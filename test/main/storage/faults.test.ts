import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openSqliteStorage, StorageError, type SqliteOptions, type Storage } from '#main/storage/index.ts';
import { onWritePoints, sqliteError } from '../../crash/write-points.ts';
import { append, pairs } from './batches.ts';

let folder = '';
let path = '';
const opened: Storage[] = [];
let undo = (): void => {};

const open = (options: Omit<SqliteOptions, 'path'> = {}): Storage => {
  const store = openSqliteStorage({ path, unsealedBytes: 4000, foldRows: 4, ...options });
  opened.push(store);
  return store;
};

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hearth-faults-'));
  path = join(folder, 'store.db');
});
afterEach(async () => {
  undo();
  for (const store of opened.splice(0)) await store.close().catch(() => undefined);
  rmSync(folder, { recursive: true, force: true });
});

const valuesOf = (store: Storage): number[] =>
  pairs(store.querier().select([{ name: '__name__', type: '=', value: 'a' }], -Infinity, Infinity)[0]).map(
    ([, value]) => value,
  );

const kindOf = async (work: Promise<unknown>): Promise<string> => {
  try {
    await work;
  } catch (error) {
    if (error instanceof StorageError) return error.kind;
    throw error;
  }
  return 'nothing';
};

describe.each([
  ['SQLITE_FULL', 'full'],
  ['SQLITE_IOERR_FSYNC', 'io'],
  ['SQLITE_IOERR_WRITE', 'io'],
  ['SQLITE_READONLY_DBMOVED', 'readonly'],
  ['SQLITE_CORRUPT', 'corrupt'],
])('%s', (code, kind) => {
  test('at any point of committing, sealing and cleaning costs nothing once it is over', async () => {
    // The error comes at the first point, then at the second, and so on; each time everything goes on afterwards.
    let failAt = 0;
    let point = 0;
    let failed = 0;
    const store = open();
    undo = onWritePoints(({ when }) => {
      if (when === 'before' && ++point === failAt) throw sqliteError(code);
    });
    const writer = store.writer('t');
    const kinds = new Set<string>();
    for (let row = 0; row < 150; row++) {
      append(writer, row * 1000, { labels: { __name__: 'a' }, value: row }, { labels: { __name__: 'b' }, value: 7 });
      point = 0;
      failAt = 1 + (row % 13);
      for (const work of [() => store.commit(), () => store.housekeep(), () => store.cleanTombstones()])
        kinds.add(await kindOf(work()));
      if (row % 30 === 29)
        kinds.add(await kindOf(store.deleteSeries([{ name: '__name__', type: '=', value: 'b' }], 0, row * 500)));
      if (point >= failAt) failed++;
    }
    undo();
    expect([...kinds].sort()).toEqual([kind, 'nothing'].sort());
    expect(failed).toBeGreaterThan(20);
    const expected = Array.from({ length: 150 }, (_, row) => row);
    expect(valuesOf(store)).toEqual(expected);
    await store.commit();
    for (let steps = 0; await store.housekeep(); steps++) if (steps > 1000) throw new Error('housekeeping never ends');
    expect(valuesOf(store)).toEqual(expected);
    await store.close();
    expect(valuesOf(open())).toEqual(expected);
  });
});

test('while nothing can be written, samples wait in bounded memory; then appending is refused, and goes on later', async () => {
  const store = open({ maxPendingBytes: 20_000, foldRows: 1000 });
  let broken = true;
  undo = onWritePoints(({ when }) => {
    if (broken && when === 'before') throw sqliteError('SQLITE_IOERR_WRITE');
  });
  const writer = store.writer('t');
  let row = 0;
  let refused: unknown = null;
  const kinds = new Set<string>();
  for (; refused === null && row < 100_000; row++) {
    try {
      append(writer, row * 1000, { labels: { __name__: 'a' }, value: Math.sin(row) });
    } catch (error) {
      refused = error;
    }
    if (row % 100 === 0) kinds.add(await kindOf(store.commit()));
  }
  expect([...kinds]).toEqual(['io']);
  expect(refused).toBeInstanceOf(StorageError);
  expect((refused as StorageError).kind).toBe('io');
  expect(row).toBeGreaterThan(500);
  expect(store.stats().lastError).toContain('input or output failed');
  broken = false;
  await store.commit();
  expect(store.stats().lastError).toBeNull();
  expect(append(writer, row * 1000, { labels: { __name__: 'a' }, value: -1 }).appended).toBe(1);
  expect(valuesOf(store)).toHaveLength(row);
});

describe('clock', () => {
  test('a jump forward loses nothing by retention, and coming back is told as out of order', async () => {
    let now = 1_000_000_000;
    const store = open({ clock: () => now, retention: { time: 100_000, bytes: null } });
    const writer = store.writer('t');
    const scrape = () => append(writer, now, { labels: { __name__: 'a' }, value: 1 });
    for (let i = 0; i < 50; i++, now += 1000) scrape();
    await store.commit();
    // A year ahead for two scrapes, as a computer without a battery for its clock may be.
    now += 365 * 86_400_000;
    scrape();
    now -= 365 * 86_400_000;
    for (let steps = 0; await store.housekeep(); steps++) if (steps > 1000) throw new Error('housekeeping never ends');
    expect(valuesOf(store)).toHaveLength(51);
    expect(scrape()).toMatchObject({ appended: 0, outOfOrder: 1 });
    // Other series are not touched by it, and the series itself goes on once its samples are deleted.
    expect(append(writer, now, { labels: { __name__: 'b' }, value: 1 }).appended).toBe(1);
    await store.deleteSeries([{ name: '__name__', type: '=', value: 'a' }], now + 1, Infinity);
    expect(valuesOf(store)).toHaveLength(50);
  });

  test('a jump back of the clock refuses nothing that is newer than what is stored', () => {
    let now = 1_000_000_000;
    const store = open({ clock: () => now, retention: { time: 100_000, bytes: null } });
    const writer = store.writer('t');
    append(writer, now, { labels: { __name__: 'a' }, value: 1 });
    now -= 3_600_000;
    expect(append(writer, now, { labels: { __name__: 'a' }, value: 2 })).toMatchObject({ outOfOrder: 1 });
    expect(append(writer, now, { labels: { __name__: 'b' }, value: 2 })).toMatchObject({ appended: 1 });
    now += 3_700_000;
    expect(append(writer, now, { labels: { __name__: 'a' }, value: 3 })).toMatchObject({ appended: 1 });
    expect(valuesOf(store).at(-1)).toBe(3);
  });
});

test('a page that cannot be read costs the frames on it; queries and appends go on, and the damage is told', async () => {
  const store = open({ unsealedBytes: 0 });
  const writer = store.writer('t');
  const names = Array.from({ length: 64 }, (_, i) => ({ __name__: 'a', i: String(i) }));
  for (let row = 0; row < 960; row++)
    append(writer, row * 1000, ...names.map((labels, i) => ({ labels, value: Math.sin(row * (i + 1)) })));
  await store.commit();
  for (let steps = 0; await store.housekeep(); steps++) if (steps > 1000) throw new Error('housekeeping never ends');
  await store.close();
  // An overflow page of the first frame: found by what is on it.
  const sqlite = new Sqlite(path);
  const blob = sqlite.prepare('SELECT data FROM frame ORDER BY id LIMIT 1').pluck().get() as Buffer;
  sqlite.pragma('wal_checkpoint(TRUNCATE)');
  sqlite.close();
  const file = readFileSync(path);
  const at = file.indexOf(blob.subarray(5000, 5100));
  expect(at).toBeGreaterThan(0);
  const page = Math.floor(at / 1024) * 1024;
  // The page's link to the next one leads nowhere.
  file.writeUInt32BE(0x7fffffff, page);
  writeFileSync(path, file);
  const again = open();
  const found = again.querier().select([], -Infinity, Infinity);
  expect(found.length).toBe(64);
  expect(found.some((series) => series.to - series.from < 960)).toBe(true);
  expect(found.some((series) => series.to - series.from === 960)).toBe(true);
  expect(again.stats().damage).toContain('frame');
  expect(append(again.writer('t'), 2_000_000, { labels: names[0], value: 1 }).appended).toBe(1);
  await again.commit();
});
