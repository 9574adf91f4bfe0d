/**
 * What small pieces cost, and what is left of that after upkeep: a day of 300 series at 15 s imported ten minutes at a
 * time, beside the same imported at once. Bytes a sample of the database, free pages left out.
 * Usage: node bench/store-compact.ts
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { labelsFromPairs } from '#shared/model/index.ts';
import { openSqliteStorage, type ImportColumn } from '#main/storage/index.ts';

const STEP = 15_000;
const SERIES = 300;
const ROWS = 5760;
const PIECE = 40;
const START = 1_700_006_400_000;

function column(i: number, from: number, rows: number): ImportColumn {
  const times = Float64Array.from({ length: rows }, (_, row) => START + (from + row) * STEP);
  return {
    labels: labelsFromPairs([
      ['__name__', `metric_${i % 50}_total`],
      ['instance', `host-${i % 10}:9100`],
      ['device', `d${Math.floor(i / 50)}`],
    ]),
    times,
    values: times.map((_, row) => (i % 3 === 0 ? i : (from + row) * 40 + (((from + row) * (i + 1) * 7919) % 31))),
    startTimes: null,
    histograms: null,
  };
}

const columns = (from: number, rows: number): ImportColumn[] =>
  Array.from({ length: SERIES }, (_, i) => column(i, from, rows));

function sizes(path: string): { readonly bytes: number; readonly frames: number } {
  const sqlite = new Sqlite(path, { readonly: true });
  const of = (name: string): number => sqlite.pragma(name, { simple: true }) as number;
  const bytes = (of('page_count') - of('freelist_count')) * of('page_size');
  const frames = sqlite.prepare('SELECT count(*) FROM frame').pluck().get() as number;
  sqlite.close();
  return { bytes, frames };
}

const folder = mkdtempSync(join(tmpdir(), 'hearth-bench-'));
try {
  const samples = SERIES * ROWS;
  const row = ({ bytes, frames }: ReturnType<typeof sizes>): Record<string, string | number> => ({
    'B/sample': (bytes / samples).toFixed(3),
    frames,
  });
  const whole = openSqliteStorage({ path: join(folder, 'whole.db') });
  await whole.importSamples(columns(0, ROWS));
  await whole.close();
  const path = join(folder, 'pieces.db');
  const store = openSqliteStorage({ path });
  for (let from = 0; from < ROWS; from += PIECE) await store.importSamples(columns(from, PIECE));
  const before = sizes(path);
  const cpu = process.cpuUsage();
  let worst = 0;
  for (let more = true; more;) {
    const step = performance.now();
    more = await store.housekeep();
    worst = Math.max(worst, performance.now() - step);
  }
  const { user, system } = process.cpuUsage(cpu);
  await store.close();
  console.table({
    'at once': row(sizes(join(folder, 'whole.db'))),
    'in pieces': row(before),
    'after upkeep': {
      ...row(sizes(path)),
      'CPU ns a sample': (((user + system) * 1000) / samples).toFixed(0),
      'worst step ms': worst.toFixed(0),
    },
  });
} finally {
  rmSync(folder, { recursive: true, force: true });
}
