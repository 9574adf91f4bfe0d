/**
 * Opening a large store: 30 days of 10,000 series at 15 s, opened by a process of its own that asks for single days of
 * single series. Two hours are imported; their frames are entered again for all others, at other times.
 * Usage: node bench/store-start.ts [DAYS] [SERIES]   (30 and 10,000 by default)
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import Sqlite from 'better-sqlite3';
import { labelsFromPairs } from '../src/shared/model/index.ts';
import { decodeTimeline, encodeTimeline } from '../src/main/storage/frame-codec.ts';
import { openSqliteStorage, type ImportColumn } from '../src/main/storage/index.ts';

const [days = 30, series = 10_000] = process.argv.slice(2).map(Number);
const STEP = 15_000;
const START = 1_700_000_000_000;
const PER_TARGET = 1000;
const DAY = 86_400_000;
const HOURS = 7_200_000;

/** Enters the timelines and frames of the first hours again until there are `count` times as many. */
function repeat(file: string, count: number): void {
  const sqlite = new Sqlite(file);
  sqlite.transaction(() => {
    const timelines = sqlite
      .prepare('SELECT id, mint, maxt, frame_from, frame_to, data FROM timeline ORDER BY id')
      .raw()
      .all() as [number, number, number, number, number, Buffer][];
    let next = timelines[timelines.length - 1][0] + 1;
    const addTimeline = sqlite.prepare(
      'INSERT INTO timeline (id, seq, mint, maxt, frame_from, frame_to, data) VALUES (?, 0, ?, ?, ?, ?, ?)',
    );
    const addFrames = sqlite.prepare(
      `INSERT INTO frame (grp, timeline, mint, maxt, data)
       SELECT grp, ?, mint + ?, maxt + ?, data FROM frame WHERE id BETWEEN ? AND ? ORDER BY id`,
    );
    for (let time = 1; time < count; time++)
      for (const [, mint, maxt, from, to, data] of timelines) {
        const shift = time * HOURS;
        const { changes, lastInsertRowid } = addFrames.run(next, shift, shift, from, to);
        const last = Number(lastInsertRowid);
        const times = encodeTimeline(decodeTimeline(data).map((time) => time + shift));
        addTimeline.run(next++, mint + shift, maxt + shift, last - changes + 1, last, times);
      }
    sqlite.prepare("UPDATE counter SET value = ? WHERE name = 'block'").run(next);
  })();
  sqlite.close();
}

const folder = mkdtempSync(join(tmpdir(), 'hearth-bench-'));
const path = join(folder, 'store.db');
try {
  const store = openSqliteStorage({ path });
  const rows = HOURS / STEP;
  const times = Float64Array.from({ length: rows }, (_, row) => START + row * STEP);
  for (let target = 0; target < series / PER_TARGET; target++) {
    const columns = Array.from({ length: PER_TARGET }, (_, i): ImportColumn => ({
      labels: labelsFromPairs([
        ['__name__', `metric_${i % 100}_total`],
        ['instance', `host-${target}:9100`],
        ['device', `dev${Math.floor(i / 100)}`],
      ]),
      times,
      // A third constant, the others counters with a little noise.
      values: Float64Array.from({ length: rows }, (_, row) => (i % 3 === 0 ? i : row * 40 + ((row * i * 7919) % 31))),
      startTimes: null,
      histograms: null,
    }));
    await store.importSamples(columns);
  }
  await store.close();
  repeat(path, (days * DAY) / HOURS);
  const script = `
    const { openSqliteStorage } = await import(${JSON.stringify(resolve(import.meta.dirname, '../src/main/storage/index.ts'))});
    const used = (since) => { const { user, system } = process.cpuUsage(since); return ((user + system) / 1000).toFixed(1); };
    const start = performance.now();
    const cpu = process.cpuUsage();
    const store = openSqliteStorage({ path: ${JSON.stringify(path)} });
    const open = { 'open ms': (performance.now() - start).toFixed(0), 'open CPU ms': used(cpu) };
    const { series, fileBytes, maxTime } = store.stats();
    const querier = store.querier();
    const day = (i, from) => {
      const cpu = process.cpuUsage();
      const found = querier.select([{ name: '__name__', type: '=', value: 'metric_' + i + '_total' },
        { name: 'instance', type: '=', value: 'host-3:9100' }, { name: 'device', type: '=', value: 'dev4' }], from, from + ${DAY} - 1);
      return used(cpu) + ' (' + found.reduce((sum, { from, to }) => sum + to - from, 0) + ')';
    };
    const first = day(10, ${START + 3 * DAY});
    for (let i = 20; i < 90; i++) day(i, ${START} + (i % ${days}) * ${DAY});
    const later = day(95, ${START + 5 * DAY});
    console.log(JSON.stringify({ series, 'file MiB': (fileBytes / 2 ** 20).toFixed(0), ...open,
      'first day of a series, CPU ms (samples)': first, 'later one': later, 'RSS MiB': (process.memoryUsage.rss() / 2 ** 20).toFixed(0) }));
    await store.close();`;
  const run = spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' });
  if (run.status !== 0) throw new Error(run.stderr);
  console.table(JSON.parse(run.stdout));
} finally {
  rmSync(folder, { recursive: true, force: true });
}
