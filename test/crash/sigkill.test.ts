import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { getLabel } from '#shared/model/index.ts';
import { openSqliteStorage } from '#main/storage/index.ts';
import { SERIES, timeOf, valueOf } from './plan.ts';

const ROUNDS = Number(process.env['HEARTH_CRASH_ROUNDS'] ?? 20);
const CHILD = join(import.meta.dirname, 'ingest-child.ts');

/** Lets a child ingest, kills it some time after its first acknowledged commit; returns the last row it acknowledged. */
async function ingestUntilKilled(path: string, milliseconds: number): Promise<number> {
  const child = spawn(process.execPath, [CHILD, path], { stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  let complaint = '';
  let timer: NodeJS.Timeout | null = null;
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said += text;
    timer ??= setTimeout(() => child.kill('SIGKILL'), milliseconds);
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => (complaint += text));
  await once(child, 'close');
  if (timer !== null) clearTimeout(timer);
  // The last line may be cut off: only whole ones count.
  const lines = said.split('\n').slice(0, -1);
  if (child.signalCode !== 'SIGKILL' || lines.length === 0) throw new Error(`the child ended by itself: ${complaint}`);
  return Number(lines.at(-1));
}

/** Checks that every series has every row up to one that is not before `acknowledged`, and no other. */
async function rowsLost(path: string, acknowledged: number): Promise<string[]> {
  const wrong: string[] = [];
  const store = openSqliteStorage({ path });
  const found = store.querier().select([], -Infinity, Infinity);
  if (found.length !== SERIES) wrong.push(`${found.length} series`);
  const rows = new Set<number>();
  for (const { labels, times, values, from, to } of found) {
    const series = Number(getLabel(labels, 'series'));
    rows.add(to - from);
    if (to - from <= acknowledged) wrong.push(`series ${series} has ${to - from} rows of ${acknowledged + 1}`);
    for (let i = from; i < to; i++) {
      const row = i - from;
      if (times[i] !== timeOf(row) || !Object.is(values[i], valueOf(series, row))) {
        wrong.push(`series ${series}, row ${row}: ${values[i]} at ${times[i]}`);
        break;
      }
    }
  }
  if (rows.size > 1) wrong.push(`a row is there in part: ${[...rows].join(', ')}`);
  if (store.stats().lastError !== null) wrong.push(String(store.stats().lastError));
  await store.close();
  return wrong;
}

test(`no acknowledged sample is lost by SIGKILL, ${ROUNDS} times`, { timeout: 60_000 + ROUNDS * 5000 }, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'hearth-crash-'));
  const path = join(folder, 'store.db');
  try {
    for (let round = 0; round < ROUNDS; round++) {
      const acknowledged = await ingestUntilKilled(path, Math.random() * 250);
      expect(await rowsLost(path, acknowledged), `round ${round}`).toEqual([]);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
