import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openSqliteStorage, type Storage } from '#main/storage/index.ts';
import { logSize } from '#main/storage/retention-keeper.ts';
import { append, pairs } from './batches.ts';

let folder = '';
let path = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hearth-space-'));
  path = join(folder, 'store.db');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const SOURCES = 6;
const SERIES = 40;
const ROWS = 1100;
/** Comes again and again: frames of many rows are much smaller than the pieces they are made of. */
const valueAt = (source: number, series: number, row: number): number => Math.sin(source + (((series + 3) * row) % 61));

async function settle(store: Storage, each: () => void = () => {}): Promise<void> {
  for (let steps = 0; await store.housekeep(); steps++) {
    each();
    if (steps > 10_000) throw new Error('housekeeping never ends');
  }
}

/** Fills the store as scraping does; `each` is called after each step of upkeep. */
async function fill(store: Storage, each: (row: number) => void): Promise<void> {
  const writers = Array.from({ length: SOURCES }, (_, i) => store.writer(`source ${i}`));
  for (let row = 0; row < ROWS; row++) {
    for (const [source, writer] of writers.entries())
      append(
        writer,
        row * 1000,
        ...Array.from({ length: SERIES }, (_, i) => ({
          labels: { __name__: 'a', source: String(source), i: String(i) },
          value: valueAt(source, i, row),
        })),
      );
    if (row % 10 !== 9) continue;
    await store.commit();
    await settle(store, () => each(row));
  }
}

function ask<T>(question: (sqlite: Sqlite.Database) => T): T {
  const sqlite = new Sqlite(path, { readonly: true });
  try {
    return question(sqlite);
  } finally {
    sqlite.close();
  }
}

const timelines = (): number =>
  ask((sqlite) => sqlite.prepare('SELECT count(*) FROM timeline').pluck().get() as number);
const pages = (): number => ask((sqlite) => sqlite.pragma('page_count', { simple: true }) as number);
const freePages = (): number => ask((sqlite) => sqlite.pragma('freelist_count', { simple: true }) as number);

test('what sealed blocks leave free is taken again by the next ones, and given back when there are none', async () => {
  const store = openSqliteStorage({ path });
  let largest = 0;
  let shrunk = 0;
  await fill(store, () => {
    const now = pages();
    if (now < largest) shrunk++;
    largest = Math.max(largest, now);
  });
  expect(timelines()).toBeGreaterThanOrEqual(SOURCES * 2);
  // Pages that are moved to shorten the file are written for nothing.
  expect(shrunk).toBe(0);
  await store.close();
  // Once to seal, and once without what the journal still had of that.
  for (let times = 0; times < 2; times++) {
    const sealed = openSqliteStorage({ path, unsealedBytes: 0 });
    await settle(sealed);
    await sealed.close();
  }
  expect(freePages() * 1024).toBeLessThan(32_768 + statSync(path).size / 50);
});

test('blocks that are sealed together are all there, and written by one transaction', async () => {
  const store = openSqliteStorage({ path });
  await fill(store, () => {});
  const later = ROWS * 1000 + 31 * 60_000;
  // All sources but this one are silent for so long that their blocks are sealed.
  append(store.writer('another'), later, { labels: { __name__: 'b' }, value: 1 });
  await store.commit();
  let before = timelines();
  const added: number[] = [];
  await settle(store, () => {
    const now = timelines();
    if (now > before) added.push(now - before);
    before = now;
  });
  expect(added).toEqual([SOURCES]);
  const found = store.querier().select([{ name: '__name__', type: '=', value: 'a' }], 0, later);
  expect(found).toHaveLength(SOURCES * SERIES);
  for (const series of found) {
    const label = (name: string): number => Number(series.labels[series.labels.indexOf(name) + 1]);
    const all = pairs(series);
    expect(all).toHaveLength(ROWS);
    for (const [time, value] of all) expect(value).toBe(valueAt(label('source'), label('i'), time / 1000));
  }
  await store.close();
});

const MIB = 2 ** 20;
test.each([
  [null, 0, 4 * MIB],
  [null, 7 * MIB, 8 * MIB],
  [null, 300 * MIB, 16 * MIB],
  [100_000, 300 * MIB, 32_768],
  [64 * MIB, 300 * MIB, 8 * MIB],
  // More than 32 bits can tell.
  [10 * 1024 * MIB, 300 * MIB, 16 * MIB],
])('bound to %s bytes, with %s bytes not sealed, the log has %s', (bound, unsealed, log) => {
  expect(logSize(bound, unsealed)).toBe(log);
});
