import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { runCommand } from '#main/cli/run.ts';
import { openSqliteStorage } from '#main/storage/index.ts';
import { append } from '../storage/batches.ts';
import { testIo } from './io.ts';

let folder = '';
let path = '';
let out: readonly string[] = [];
let err: readonly string[] = [];

const run = async (...argv: string[]): Promise<number> => {
  const test = testIo();
  const code = await runCommand(test.io, argv);
  ({ out, err } = test);
  return code;
};

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hearth-cli-'));
  path = join(folder, 'hearth.db');
  const store = openSqliteStorage({ path, unsealedBytes: 0 });
  const writer = store.writer('t');
  for (let row = 0; row < 100; row++) append(writer, row * 1000, { labels: { __name__: 'a' }, value: Math.sin(row) });
  await store.commit();
  while (await store.housekeep());
  await store.close();
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('a store that is whole', async () => {
  expect(await run('check', 'store', folder)).toBe(0);
  expect(out[0]).toBe(`Checking ${path}`);
  expect(out[1]).toContain('100 samples');
  expect(out[2]).toContain('SUCCESS');
  expect(err).toEqual([]);
  expect(await run('repair', 'store', path)).toBe(0);
  expect(out.at(-1)).toContain('nothing was changed');
});

test('a damaged one: findings with place and cost, the remedy, and the repair', async () => {
  const sqlite = new Sqlite(path);
  sqlite.prepare('UPDATE frame SET data = zeroblob(100)').run();
  sqlite.close();
  expect(await run('check', 'store', path)).toBe(1);
  expect(err[0]).toMatch(/^ {2}frames 1: .* \(at most 100 samples\)$/);
  expect(err.at(-1)).toContain(`hearth repair store ${path}`);
  expect(await run('repair', 'store', folder)).toBe(0);
  expect(out.at(-1)).toContain(`${path}.damaged-1`);
  expect(await run('check', 'store', folder)).toBe(0);
});

test('one that is open is left alone, with what to do', async () => {
  const store = openSqliteStorage({ path });
  for (const command of ['check', 'repair']) {
    expect(await run(command, 'store', folder)).toBe(1);
    expect(err.at(-1)).toContain('in use by a running Hearth');
  }
  await store.close();
});

test('what is missing or was not named', async () => {
  expect(await run('check', 'store', join(folder, 'nothing.db'))).toBe(1);
  expect(err.at(-1)).toContain('no such file');
  expect(await run('check', 'store')).toBe(2);
  expect(await run('repair', 'store')).toBe(2);
});
