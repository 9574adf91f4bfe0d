import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { formatSeries } from '#shared/model/index.ts';
import { openMemoryStorage, openSqliteStorage, type Storage } from '#main/storage/index.ts';
import { append, plainSamples } from './batches.ts';
import { fillFirstFormat } from './first-format.ts';

let folder = '';
let path = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hearth-migrate-'));
  path = join(folder, 'store.db');
  copyFileSync(join(import.meta.dirname, 'first-format.db'), path);
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const everything = (store: Storage) =>
  new Map(
    store
      .querier()
      .select([], -Infinity, Infinity)
      .map((series) => [formatSeries(series.labels), plainSamples(series)]),
  );

async function expected() {
  const model = openMemoryStorage();
  await fillFirstFormat(model, () => Promise.resolve());
  return model;
}

test('a store of format 1 is taken over with all it held, and goes on', async () => {
  const model = await expected();
  const store = openSqliteStorage({ path });
  expect(store.stats().lastError).toBeNull();
  expect(everything(store)).toEqual(everything(model));
  expect(store.metadata()).toEqual(model.metadata());
  for (const one of [store, model]) {
    const writer = one.writer('node');
    for (let row = 290; row < 900; row++)
      append(writer, 1_700_000_000_000 + row * 1000, { labels: { __name__: 'up', job: 'node' }, value: row % 3 });
    await one.commit();
  }
  while (await store.housekeep());
  expect(everything(store)).toEqual(everything(model));
  await store.close();
  const again = openSqliteStorage({ path });
  expect(everything(again)).toEqual(everything(model));
  await again.close();
  const sqlite = new Sqlite(path, { readonly: true });
  expect(sqlite.pragma('user_version', { simple: true })).toBe(2);
  sqlite.close();
});

test('a take-over that was interrupted begins again', async () => {
  const sqlite = new Sqlite(path);
  // Taking over makes the new table first and the rest in one transaction.
  sqlite.exec('CREATE TABLE piece (id INTEGER PRIMARY KEY, data BLOB NOT NULL)');
  sqlite.close();
  const store = openSqliteStorage({ path });
  expect(everything(store)).toEqual(everything(await expected()));
  await store.close();
});
