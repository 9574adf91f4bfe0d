import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { checkStore, openSqliteStorage, repairStore, StorageError, type Storage } from '#main/storage/index.ts';
import { append, pairs } from './batches.ts';

let folder = '';
let path = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hearth-check-'));
  path = join(folder, 'store.db');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const SERIES = 64;
const ROWS = 1000;

async function settle(store: Storage): Promise<void> {
  for (let steps = 0; await store.housekeep(); steps++) if (steps > 10_000) throw new Error('housekeeping never ends');
}

/** A store of some frames, pieces and journal. */
async function fill(): Promise<void> {
  const store = openSqliteStorage({ path, foldRows: 8 });
  const writer = store.writer('t');
  for (let row = 0; row < ROWS; row++) {
    const samples = Array.from({ length: SERIES }, (_, i) => ({
      labels: { __name__: 'a', i: String(i) },
      value: Math.sin(row * i + 1),
    }));
    append(writer, row * 1000, ...samples);
    if (row % 40 !== 39) continue;
    await store.commit();
    if (row < ROWS - 1) await settle(store);
  }
  await store.deleteSeries([{ name: 'i', type: '=', value: '3' }], 0, 10_000);
  store.putMetadata('t', [{ family: 'a', type: 'gauge', help: 'An a.', unit: '' }]);
  await store.close();
}

/** Samples that a store answers with, by series; each is what was written. */
async function content(): Promise<Map<string, number>> {
  const store = openSqliteStorage({ path });
  const found = new Map<string, number>();
  for (const series of store.querier().select([], -Infinity, Infinity)) {
    const i = Number(series.labels[series.labels.indexOf('i') + 1]);
    for (const [time, value] of pairs(series)) expect(value).toBe(Math.sin((time / 1000) * i + 1));
    found.set(String(i), series.to - series.from);
  }
  await store.close();
  return found;
}

function change(sql: string, ...values: unknown[]): void {
  const sqlite = new Sqlite(path);
  sqlite.prepare(sql).run(...values);
  sqlite.close();
}

function flip(table: string, key: string, id: number, column = 'data'): void {
  const sqlite = new Sqlite(path);
  const blob = sqlite.prepare(`SELECT ${column} FROM ${table} WHERE ${key} = ?`).pluck().get(id) as Buffer;
  blob[blob.length - 6] ^= 1;
  sqlite.prepare(`UPDATE ${table} SET ${column} = ? WHERE ${key} = ?`).run(blob, id);
  sqlite.close();
}

test('a good store is good, and left as it is', async () => {
  await fill();
  const before = readFileSync(path);
  const { findings, samples, bytes } = checkStore(path);
  expect(findings).toEqual([]);
  expect(samples).toBeGreaterThan((ROWS / 2) * SERIES);
  expect(bytes).toBe(before.length);
  expect(repairStore(path)).toMatchObject({ findings: [], kept: null });
  expect(readFileSync(path).equals(before)).toBe(true);
  expect(existsSync(`${path}.repaired`)).toBe(false);
});

test.each([
  ['a frame', 'frame', 'id', 2],
  ['a piece', 'piece', 'id', 0],
  ['an entry of the journal', 'journal', 'seq', 0],
])('%s that is damaged is named; what is left is kept by repairing', async (_name, table, key, given) => {
  await fill();
  const sqlite = new Sqlite(path);
  const id = given === 0 ? (sqlite.prepare(`SELECT max(${key}) FROM ${table}`).pluck().get() as number) : given;
  sqlite.close();
  flip(table, key, id);
  const check = checkStore(path);
  expect(check.findings).toEqual([expect.objectContaining({ kind: 'damaged', table, place: String(id) })]);
  const { samples } = check.findings[0];
  expect(table === 'frame' ? samples !== null && samples > 0 && samples <= 32 * 480 : samples === null).toBe(true);
  const damaged = readFileSync(path);
  const { kept } = repairStore(path);
  expect(readFileSync(kept ?? '').equals(damaged)).toBe(true);
  expect(checkStore(path).findings).toEqual([]);
  const found = await content();
  expect(found.size).toBe(SERIES);
  const lost = table === 'frame' ? 480 : 520;
  for (const count of found.values()) expect(count).toBeGreaterThanOrEqual(ROWS - lost - 11);
  const again = openSqliteStorage({ path });
  expect(again.metadata('a').size).toBe(1);
  append(again.writer('t'), 2_000_000, { labels: { __name__: 'a', i: '1' }, value: Math.sin(2000 + 1) });
  await again.commit();
  await again.close();
  expect((await content()).get('1')).toBe((found.get('1') ?? 0) + 1);
});

test('frames whose group or timeline is lost are put aside', async () => {
  await fill();
  change('DELETE FROM grp WHERE id = (SELECT min(id) FROM grp)');
  const { findings } = checkStore(path);
  expect(findings.length).toBeGreaterThan(0);
  expect(findings.every(({ kind, table }) => kind === 'orphan' && table === 'frame')).toBe(true);
  repairStore(path);
  expect(checkStore(path).findings).toEqual([]);
  const sqlite = new Sqlite(path, { readonly: true });
  expect(sqlite.prepare("SELECT count(*) FROM quarantine WHERE what = 'frame'").pluck().get()).toBe(findings.length);
  sqlite.close();
});

describe('pages', () => {
  const PAGE = 1024;

  test('whatever page is spoilt, what the others hold is read', async () => {
    await fill();
    const whole = readFileSync(path);
    const pages = whole.length / PAGE;
    const reference = checkStore(path).samples;
    let most = 0;
    // Not the first: without the table of tables there is no store.
    for (let page = 2; page < pages; page += 67) {
      const spoilt = Buffer.from(whole);
      spoilt.fill(0xa5, page * PAGE, (page + 1) * PAGE);
      writeFileSync(path, spoilt);
      for (const suffix of ['-wal', '-shm']) rmSync(path + suffix, { force: true });
      const { findings } = checkStore(path);
      const { samples, kept } = repairStore(path);
      // A page without content is missed by nobody.
      expect(findings.length > 0 || samples === reference, `page ${page}`).toBe(true);
      rmSync(kept ?? '', { force: true });
      expect(checkStore(path).findings, `page ${page} after repair`).toEqual([]);
      await content();
      most = Math.max(most, samples);
    }
    // Mostly one page is part of one frame.
    expect(most).toBeGreaterThan(reference * 0.9);
  });

  test('a file that is cut short is read as far as it goes', async () => {
    await fill();
    // Free pages are given back, so that what tells where the frames are does not lie behind them.
    const sealed = openSqliteStorage({ path, unsealedBytes: 0 });
    await settle(sealed);
    await sealed.close();
    const whole = readFileSync(path);
    for (const share of [0.95, 0.8, 0.5]) {
      writeFileSync(path, whole);
      truncateSync(path, Math.floor((whole.length * share) / PAGE) * PAGE);
      expect(checkStore(path).findings.length).toBeGreaterThan(0);
      const { samples } = repairStore(path);
      // Half of this file lacks what tells the other half's series.
      expect(samples).toBeGreaterThan(share > 0.5 ? 10_000 : -1);
      expect(checkStore(path).findings).toEqual([]);
      await content();
    }
  });
});

describe('refused', () => {
  const kindOf = (work: () => unknown): string => {
    try {
      work();
    } catch (error) {
      if (error instanceof StorageError) return error.kind;
      throw error;
    }
    return 'nothing';
  };

  test('a store that is open', async () => {
    const store = openSqliteStorage({ path });
    expect(kindOf(() => checkStore(path))).toBe('locked');
    expect(kindOf(() => repairStore(path))).toBe('locked');
    await store.close();
    expect(kindOf(() => checkStore(path))).toBe('nothing');
  });

  test('no file, and what is no store', () => {
    expect(kindOf(() => checkStore(path))).toBe('io');
    expect(kindOf(() => repairStore(path))).toBe('io');
    expect(existsSync(path)).toBe(false);
    writeFileSync(path, 'my diary, '.repeat(1000));
    const before = `${path}.before`;
    copyFileSync(path, before);
    expect(kindOf(() => checkStore(path))).toBe('corrupt');
    expect(kindOf(() => repairStore(path))).toBe('corrupt');
    expect(readFileSync(path).equals(readFileSync(before))).toBe(true);
  });
});
