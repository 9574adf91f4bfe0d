import { closeSync, ftruncateSync, mkdtempSync, openSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Storage } from '#main/storage/index.ts';
import { openSqliteStorage, StorageError, type SqliteOptions } from '#main/storage/index.ts';
import { append, pairs } from './batches.ts';

let folder = '';
let path = '';
const opened: Storage[] = [];

const open = (options: Omit<SqliteOptions, 'path'> = {}): Storage => {
  const store = openSqliteStorage({ path, ...options });
  opened.push(store);
  return store;
};

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hearth-failures-'));
  path = join(folder, 'store.db');
});
afterEach(async () => {
  for (const store of opened.splice(0)) await store.close().catch(() => undefined);
  rmSync(folder, { recursive: true, force: true });
});

function errorOf(work: () => unknown): StorageError {
  try {
    work();
  } catch (error) {
    if (error instanceof StorageError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

async function rejectionOf(work: Promise<unknown>): Promise<StorageError> {
  const error: unknown = await work.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (error instanceof StorageError) return error;
  throw error ?? new Error('nothing was thrown');
}

function valuesOf(store: Storage, name = 'a'): number[] {
  const [series] = store.querier().select([{ name: '__name__', type: '=', value: name }], -Infinity, Infinity);
  return pairs(series).map(([, value]) => value);
}

/** Commits rows [from, to) of one series, an entry of the journal each. */
async function ingest(store: Storage, from: number, to: number): Promise<void> {
  const writer = store.writer('t');
  for (let row = from; row < to; row++) {
    append(writer, row * 1000, { labels: { __name__: 'a' }, value: row }, { labels: { __name__: 'b' }, value: 7 });
    await store.commit();
  }
  writer.release();
}

async function seal(store: Storage): Promise<void> {
  for (let steps = 0; await store.housekeep(); steps++) if (steps > 10_000) throw new Error('housekeeping never ends');
}

test('a second opening is refused as locked, with what to do', async () => {
  const first = open();
  const error = errorOf(() => openSqliteStorage({ path }));
  expect(error.kind).toBe('locked');
  expect(error.path).toBe(path);
  expect(error.message).toContain('another data folder');
  await first.close();
  await open().close();
});

test('a store of a newer format is refused and left as it is', async () => {
  await open().close();
  const sqlite = new Sqlite(path);
  sqlite.pragma('user_version = 99');
  sqlite.close();
  const error = errorOf(() => openSqliteStorage({ path }));
  expect(error.kind).toBe('newer-format');
  expect(error.message).toContain('99');
});

test('a file that is something else is refused and left as it is', () => {
  writeFileSync(path, 'my diary, '.repeat(1000));
  expect(errorOf(() => openSqliteStorage({ path })).kind).toBe('corrupt');
  expect(statSync(path).size).toBe(10_000);
});

test('the database of another program is refused', () => {
  const sqlite = new Sqlite(path);
  sqlite.exec('CREATE TABLE bookmarks (url TEXT)');
  sqlite.close();
  expect(errorOf(() => openSqliteStorage({ path })).kind).toBe('corrupt');
});

test('a folder that cannot be is an io error', () => {
  writeFileSync(join(folder, 'file'), '');
  expect(errorOf(() => openSqliteStorage({ path: join(folder, 'file', 'x', 'store.db') })).kind).toBe('io');
});

test('a flipped journal entry costs what depends on it, nothing before it', async () => {
  const store = open();
  await ingest(store, 0, 30);
  await store.close();
  const sqlite = new Sqlite(path);
  const data = sqlite.prepare('SELECT data FROM journal WHERE seq = 11').pluck().get() as Buffer;
  data[data.length >> 1] ^= 0x10;
  sqlite.prepare('UPDATE journal SET data = ? WHERE seq = 11').run(data);
  sqlite.close();

  const again = open();
  expect(valuesOf(again)).toEqual(Array.from({ length: 10 }, (_, row) => row));
  expect(again.stats().damage).toContain('damaged');
  // It goes on from there, and for good.
  await ingest(again, 30, 40);
  await seal(again);
  await again.close();
  const third = open({ unsealedBytes: 0 });
  await seal(third);
  expect(valuesOf(third)).toEqual([
    ...Array.from({ length: 10 }, (_, row) => row),
    ...Array.from({ length: 10 }, (_, row) => row + 30),
  ]);
  await third.close();
  const kept = new Sqlite(path, { readonly: true });
  expect(kept.prepare('SELECT count(*) FROM quarantine').pluck().get()).toBe(1);
  kept.close();
});

test('a damaged piece costs its rows and what builds on it, and is put aside', async () => {
  const store = open({ foldRows: 4 });
  for (const [from, to] of [
    [0, 30],
    [30, 60],
  ] as const) {
    await ingest(store, from, to);
    await seal(store);
  }
  await ingest(store, 60, 63);
  await store.close();
  const sqlite = new Sqlite(path);
  const ids = sqlite.prepare('SELECT id FROM piece ORDER BY id').pluck().all() as number[];
  expect(ids.length).toBeGreaterThan(1);
  const newest = ids.at(-1) as number;
  const data = sqlite.prepare('SELECT data FROM piece WHERE id = ?').pluck().get(newest) as Buffer;
  data[data.length >> 1] ^= 0x10;
  sqlite.prepare('UPDATE piece SET data = ? WHERE id = ?').run(data, newest);
  sqlite.close();

  const again = open({ foldRows: 4 });
  expect(valuesOf(again)).toEqual(Array.from({ length: newest % 1024 }, (_, row) => row));
  expect(again.stats().damage).toContain('damaged');
  await ingest(again, 70, 80);
  await seal(again);
  expect(valuesOf(again).slice(-10)).toEqual(Array.from({ length: 10 }, (_, i) => 70 + i));
  await again.close();
  const repaired = new Sqlite(path, { readonly: true });
  expect(repaired.prepare('SELECT what FROM quarantine').pluck().all()).toEqual(['piece']);
  repaired.close();
});

test('a damaged frame is left out of the answer and reported, the rest is there', async () => {
  const store = open({ unsealedBytes: 0 });
  await ingest(store, 0, 10);
  await seal(store);
  await ingest(store, 10, 20);
  await seal(store);
  await store.close();
  const sqlite = new Sqlite(path);
  const frames = sqlite.prepare('SELECT id, data FROM frame ORDER BY mint').raw().all() as [number, Buffer][];
  expect(frames).toHaveLength(2);
  const [id, data] = frames[0];
  data[data.length - 6] ^= 0x01;
  sqlite.prepare('UPDATE frame SET data = ? WHERE id = ?').run(data, id);
  sqlite.close();
  const again = open();
  expect(valuesOf(again)).toEqual(Array.from({ length: 10 }, (_, row) => row + 10));
  expect(again.stats().damage).toContain('frame');
});

test('a truncated file is an error of kind corrupt, never a crash', async () => {
  const store = open({ unsealedBytes: 0 });
  const writer = store.writer('t');
  for (let row = 0; row < 240; row++) {
    const samples = Array.from({ length: 64 }, (_, i) => ({
      labels: { __name__: 'a', i: String(i) },
      value: Math.sin(row * i),
    }));
    append(writer, row * 1000, ...samples);
  }
  await store.commit();
  await seal(store);
  await store.close();
  const { size } = statSync(path);
  for (const keep of [0.9, 0.6, 0.3, 0.1]) {
    const file = openSync(path, 'r+');
    ftruncateSync(file, Math.floor(size * keep));
    closeSync(file);
    const error = errorOf(() => {
      const damaged = openSqliteStorage({ path });
      opened.push(damaged);
      damaged.querier().select([], -Infinity, Infinity);
    });
    expect(error.kind).toBe('corrupt');
    for (const left of opened.splice(0)) await left.close().catch(() => undefined);
  }
});

test('a full disk refuses the commit, keeps the samples, and takes them when there is room', async () => {
  const small = open({ maxFileBytes: 120_000 });
  const writer = small.writer('t');
  let row = 0;
  const failures: StorageError[] = [];
  let acknowledged = -1;
  for (; failures.length === 0 && row < 500; row++) {
    const samples = Array.from({ length: 40 }, (_, i) => ({
      labels: { __name__: 'a', i: String(i) },
      value: Math.sin(row * i + 1),
    }));
    append(writer, row * 1000, ...samples);
    await small.commit().then(
      () => (acknowledged = row),
      (error: unknown) => failures.push(error as StorageError),
    );
  }
  expect(failures.map((failure) => failure.kind)).toEqual(['full']);
  expect(small.stats().lastError).toContain('full');
  expect(acknowledged).toBeGreaterThan(0);
  const rows = (store: Storage): number[] =>
    store
      .querier()
      .select([], -Infinity, Infinity)
      .map((series) => series.to - series.from);
  // Visible all the same.
  expect(new Set(rows(small))).toEqual(new Set([row]));
  expect((await rejectionOf(small.close())).kind).toBe('full');
  const large = open();
  expect(Math.min(...rows(large))).toBe(acknowledged + 1);
});

test('after a refused commit the next one that succeeds has everything', async () => {
  const store = open();
  const writer = store.writer('t');
  append(writer, 1000, { labels: { __name__: 'a' }, value: 1 });
  await store.commit();
  // Another connection holds the file: SQLite refuses to write.
  const other = new Sqlite(path);
  other.exec('BEGIN IMMEDIATE');
  append(writer, 2000, { labels: { __name__: 'a' }, value: 2 });
  expect((await rejectionOf(store.commit())).kind).toBe('locked');
  append(writer, 3000, { labels: { __name__: 'a' }, value: 3 });
  other.exec('ROLLBACK');
  other.close();
  await store.commit();
  expect(store.stats().lastError).toBeNull();
  await store.close();
  expect(valuesOf(open())).toEqual([1, 2, 3]);
});

test('concurrent commits share one entry of the journal', async () => {
  const store = open();
  const writer = store.writer('t');
  append(writer, 1000, { labels: { __name__: 'a' }, value: 1 });
  await Promise.all([store.commit(), store.commit(), store.commit()]);
  await store.commit();
  await store.close();
  const sqlite = new Sqlite(path, { readonly: true });
  expect(sqlite.prepare('SELECT count(*) FROM journal').pluck().get()).toBe(1);
  sqlite.close();
});

test('the file stays near its bound, and what retention removes is given back', async () => {
  const bytes = 600_000;
  const store = open({ unsealedBytes: 0, retention: { time: null, bytes } });
  const writer = store.writer('t');
  let largest = 0;
  for (let row = 0; row < 2000; row++) {
    const samples = Array.from({ length: 50 }, (_, i) => ({
      labels: { __name__: 'a', i: String(i) },
      value: Math.sin(row * i + 1),
    }));
    append(writer, row * 1000, ...samples);
    if (row % 50 !== 49) continue;
    await store.commit();
    await seal(store);
    largest = Math.max(largest, statSync(path).size);
  }
  expect(largest).toBeLessThan(bytes * 1.3);
  const { minTime, maxTime } = store.stats();
  expect(maxTime).toBe(1_999_000);
  expect(minTime).toBeGreaterThan(0);
  store.setRetention({ time: null, bytes: 200_000 });
  await seal(store);
  await store.close();
  expect(statSync(path).size).toBeLessThan(260_000);
});

test('series, metadata and exemplars outlive the process', async () => {
  const store = open();
  const writer = store.writer('t');
  append(writer, 1000, { labels: { __name__: 'a' }, value: 1 });
  const ref = writer.resolve(['__name__', 'a'] as never);
  writer.append({
    time: 1000,
    length: 0,
    refs: new Uint32Array(),
    values: new Float64Array(),
    times: null,
    startTimes: null,
    histograms: null,
    exemplars: [{ ref, labels: ['trace_id', 'x'] as never, value: 0.25, time: 990 }],
  });
  store.putMetadata('t', [{ family: 'a', type: 'gauge', help: 'An a.', unit: '' }]);
  await store.close();
  const again = open();
  expect(again.metadata('a').get('a')).toEqual([{ family: 'a', type: 'gauge', help: 'An a.', unit: '' }]);
  expect(again.querier().exemplars([], -Infinity, Infinity)).toEqual([
    {
      labels: ['__name__', 'a'],
      exemplars: [expect.objectContaining({ labels: ['trace_id', 'x'], value: 0.25, time: 990 })],
    },
  ]);
});

test('the newest stored sample still refuses older and other ones after a restart', async () => {
  const store = open({ unsealedBytes: 0 });
  await ingest(store, 0, 5);
  const late = store.writer('late');
  append(late, 9000, { labels: { __name__: 'c' }, value: 1 });
  await store.commit();
  await seal(store);
  await store.close();
  const again = open();
  const writer = again.writer('t');
  const none = { appended: 0, outOfOrder: 0, duplicate: 0, tooOld: 0 };
  expect(append(writer, 4000, { labels: { __name__: 'a' }, value: 4 })).toEqual(none);
  expect(append(writer, 4000, { labels: { __name__: 'a' }, value: 5 })).toEqual({ ...none, duplicate: 1 });
  expect(append(writer, 3999, { labels: { __name__: 'a' }, value: 5 })).toEqual({ ...none, outOfOrder: 1 });
  expect(append(writer, 4001, { labels: { __name__: 'a' }, value: 6 })).toEqual({ ...none, appended: 1 });
  expect(valuesOf(again)).toEqual([0, 1, 2, 3, 4, 6]);
});
