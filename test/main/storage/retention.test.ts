import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Matcher } from '#shared/model/index.ts';
import { openSqliteStorage, type Retention, type SqliteOptions, type Storage } from '#main/storage/index.ts';
import { append, pairs } from './batches.ts';
import { ENGINES } from './engines.ts';

let folder = '';
let path = '';
const opened: Storage[] = [];

const open = (options: Omit<SqliteOptions, 'path'> = {}): Storage => {
  const store = openSqliteStorage({ path, ...options });
  opened.push(store);
  return store;
};

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hearth-retention-'));
  path = join(folder, 'store.db');
});
afterEach(async () => {
  for (const store of opened.splice(0)) await store.close().catch(() => undefined);
  rmSync(folder, { recursive: true, force: true });
});

async function settle(store: Storage): Promise<void> {
  for (let steps = 0; await store.housekeep(); steps++) if (steps > 10_000) throw new Error('housekeeping never ends');
}

const equals = (name: string, value: string): Matcher[] => [{ name, type: '=', value }];

function timesOf(store: Storage, name: string): number[] {
  const [series] = store.querier().select(equals('__name__', name), -Infinity, Infinity);
  return pairs(series).map(([time]) => time / 1000);
}

/** Rows [from, to) a second apart of three series that are scraped together. */
async function ingest(store: Storage, from: number, to: number): Promise<void> {
  const writer = store.writer('t');
  for (let row = from; row < to; row++)
    append(
      writer,
      row * 1000,
      ...['app', 'debug', 'billing'].map((name, i) => ({ labels: { __name__: name }, value: row * (i + 1) })),
    );
  await store.commit();
  writer.release();
}

const RULES: Retention = {
  time: 1000_000,
  bytes: null,
  rules: [
    { matchers: equals('__name__', 'debug'), keep: 300_000 },
    { matchers: equals('__name__', 'billing'), keep: null },
  ],
};

describe.each(ENGINES)('per selector, engine $name', (engine) => {
  let store: Storage;
  afterEach(() => store.close());

  test('each series is shown for as long as its rule keeps it', async () => {
    store = engine.open(folder, { retention: RULES });
    await ingest(store, 0, 2000);
    const check = (): void => {
      expect(timesOf(store, 'app')).toEqual(Array.from({ length: 1001 }, (_, i) => i + 999));
      expect(timesOf(store, 'debug')).toEqual(Array.from({ length: 301 }, (_, i) => i + 1699));
      expect(timesOf(store, 'billing')).toHaveLength(2000);
    };
    check();
    await settle(store);
    check();
    const names = (end: number): string[] => store.querier().labelValues('__name__', [], -Infinity, end);
    expect(names(Infinity)).toEqual(['app', 'billing', 'debug']);
    expect(names(500_000)).toEqual(['billing']);
  });

  test('the first rule that matches decides, and a changed rule counts at once', async () => {
    store = engine.open(folder, { retention: { time: null, bytes: null } });
    await ingest(store, 0, 1000);
    expect(timesOf(store, 'debug')).toHaveLength(1000);
    const any: Matcher[] = [{ name: '__name__', type: '=~', value: '.+' }];
    store.setRetention({
      time: null,
      bytes: null,
      rules: [
        { matchers: equals('__name__', 'app'), keep: null },
        { matchers: any, keep: 99_000 },
      ],
    });
    expect(['app', 'debug', 'billing'].map((name) => timesOf(store, name).length)).toEqual([1000, 100, 100]);
  });

  test('a series that has nothing left is not named any more', async () => {
    store = engine.open(folder, { retention: RULES });
    append(store.writer('once'), 0, { labels: { __name__: 'debug', once: 'x' }, value: 1 });
    await ingest(store, 1, 1000);
    await settle(store);
    expect(store.querier().labelValues('once', [], -Infinity, Infinity)).toEqual([]);
  });
});

test('what a rule lets go leaves the frames, what others keep stays, also after a restart', async () => {
  let store = open({ unsealedBytes: 0, retention: RULES });
  for (let from = 0; from < 4000; from += 240) {
    await ingest(store, from, from + 240);
    await settle(store);
  }
  await store.close();
  const sqlite = new Sqlite(path, { readonly: true });
  const kept = sqlite.prepare('SELECT count(*) FROM kept').pluck().get();
  const oldest = sqlite.prepare('SELECT min(mint) FROM frame').pluck().get();
  sqlite.close();
  expect(kept).toBe(2);
  // `billing` is in the oldest frame still, alone.
  expect(oldest).toBe(0);
  store = open({ unsealedBytes: 0, retention: { time: null, bytes: null } });
  // With all rules gone, what was removed does not come back: only what no step had come to yet.
  expect(timesOf(store, 'debug').length).toBeLessThan(300 + 2 * 240);
  expect(timesOf(store, 'app').length).toBeLessThan(1000 + 2 * 240);
  expect(timesOf(store, 'billing')).toEqual(Array.from({ length: 17 * 240 }, (_, i) => i));
});

test('the files stay below the bound, write-ahead log included', async () => {
  const bytes = 900_000;
  const store = open({ retention: { time: null, bytes } });
  const writer = store.writer('t');
  const size = (): number => statSync(path).size + (statSync(`${path}-wal`, { throwIfNoEntry: false })?.size ?? 0);
  let largest = 0;
  for (let row = 0; row < 4000; row++) {
    append(
      writer,
      row * 1000,
      ...Array.from({ length: 50 }, (_, i) => ({
        labels: { __name__: 'a', i: String(i) },
        value: Math.sin(row * i + 1),
      })),
    );
    if (row % 5 !== 4) continue;
    await store.commit();
    await settle(store);
    largest = Math.max(largest, size());
  }
  expect(largest).toBeLessThanOrEqual(bytes);
  // It is used as well: the bound is not kept by throwing away more than needed.
  expect(largest).toBeGreaterThan(bytes * 0.7);
  expect(store.stats().maxTime).toBe(3_999_000);
  store.setRetention({ time: null, bytes: 300_000 });
  await settle(store);
  expect(size()).toBeLessThanOrEqual(300_000);
});

test('room is given back in steps: none removes more than a part of it', async () => {
  const store = open({ unsealedBytes: 0 });
  const writer = store.writer('t');
  for (let row = 0; row < 2400; row++)
    append(
      writer,
      row * 1000,
      ...Array.from({ length: 100 }, (_, i) => ({
        labels: { __name__: 'a', i: String(i) },
        value: Math.sin(row * i + 1),
      })),
    );
  await store.commit();
  await settle(store);
  store.setRetention({ time: null, bytes: 1 << 17 });
  const sizes: number[] = [];
  const pages = (): number => {
    const sqlite = new Sqlite(path, { readonly: true });
    const count = sqlite.pragma('page_count', { simple: true }) as number;
    sqlite.close();
    return count;
  };
  for (let steps = 0; await store.housekeep(); steps++) sizes.push(pages());
  const drops = sizes.slice(1).map((size, i) => sizes[i] - size);
  expect(sizes[0] - (sizes.at(-1) ?? 0)).toBeGreaterThan(1000);
  // 256 pages, and those of SQLite's map of pages that go with them.
  expect(Math.max(...drops)).toBeLessThanOrEqual(260);
});

test('cleaning takes deleted samples out of the file, and tombstones with them', async () => {
  let store = open({ unsealedBytes: 0 });
  await ingest(store, 0, 480);
  await settle(store);
  await ingest(store, 480, 500);
  await store.deleteSeries(equals('__name__', 'debug'), 100_000, 490_000);
  const expected = [...Array.from({ length: 100 }, (_, i) => i), ...Array.from({ length: 9 }, (_, i) => i + 491)];
  expect(timesOf(store, 'debug')).toEqual(expected);
  const tombstones = (): unknown => {
    const sqlite = new Sqlite(path, { readonly: true });
    const count = sqlite.prepare('SELECT count(*) FROM tombstone').pluck().get();
    sqlite.close();
    return count;
  };
  while (await store.cleanTombstones());
  // Some of it is in memory still, so the tombstone has to stay.
  expect(tombstones()).toBe(1);
  expect(timesOf(store, 'debug')).toEqual(expected);
  await settle(store);
  expect(tombstones()).toBe(0);
  expect(timesOf(store, 'debug')).toEqual(expected);
  await store.close();
  store = open();
  expect(timesOf(store, 'debug')).toEqual(expected);
  expect(timesOf(store, 'app')).toHaveLength(500);
});

describe('snapshots', () => {
  test('are stores of their own, taken while samples go on coming', async () => {
    const store = open({ unsealedBytes: 0 });
    for (let from = 0; from < 2400; from += 240) {
      await ingest(store, from, from + 240);
      await settle(store);
    }
    await ingest(store, 2400, 2410);
    const copying = store.snapshot(join(folder, 'copies', 'copy.db'), { skipHead: false });
    await ingest(store, 2410, 2420);
    await copying;
    const copy = openSqliteStorage({ path: join(folder, 'copies', 'copy.db') });
    opened.push(copy);
    const times = timesOf(copy, 'app');
    expect(times.length).toBeGreaterThanOrEqual(2410);
    expect(times).toEqual(Array.from({ length: times.length }, (_, i) => i));
    expect(timesOf(store, 'app')).toHaveLength(2420);
    // The copy goes on by itself.
    await ingest(copy, 3000, 3010);
    expect(timesOf(copy, 'app').at(-1)).toBe(3009);
  });

  test('without the head they hold what is in frames', async () => {
    const store = open({ unsealedBytes: 0 });
    await ingest(store, 0, 240);
    await settle(store);
    const sealed = timesOf(store, 'app').length;
    await ingest(store, 240, 250);
    await store.snapshot(join(folder, 'copy.db'), { skipHead: true });
    const copy = openSqliteStorage({ path: join(folder, 'copy.db') });
    opened.push(copy);
    expect(timesOf(copy, 'app')).toHaveLength(sealed);
    await ingest(copy, 240, 300);
    expect(timesOf(copy, 'app')).toHaveLength(300);
  });

  test('do not write over anything, and leave nothing behind when they fail', async () => {
    const store = open();
    await ingest(store, 0, 10);
    await expect(store.snapshot(path, { skipHead: false })).rejects.toMatchObject({ kind: 'io' });
    const closing = store.snapshot(join(folder, 'copy.db'), { skipHead: false });
    await store.close();
    await closing.catch(() => undefined);
    expect(statSync(join(folder, 'copy.db.part'), { throwIfNoEntry: false })).toBeUndefined();
  });
});
