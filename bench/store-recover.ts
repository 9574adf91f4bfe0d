/**
 * What a kill costs: a store of 100 targets x 1,000 series scraped each second, killed after some minutes, is opened by
 * processes of their own: CPU and wall time of opening, of the first answer of `up`, of the first batch of one target,
 * and until all is brought back.
 * Usage: node bench/store-recover.ts [SECONDS] [FOLDER]   (300; FOLDER keeps the killed store for the next time)
 */
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { labelsFromPairs } from '../src/shared/model/index.ts';
import { openSqliteStorage } from '../src/main/storage/index.ts';
import { synthetic } from './store-data.ts';

const [secondsArgument, keepIn] = process.argv.slice(2);
const seconds = Number(secondsArgument ?? 300);
const START = 1_700_000_000_000;
const ROUNDS = 5;
const SUFFIXES = ['', '-wal'];

/** Fills a store and copies its files while it is open, as a kill leaves them. */
async function kill(folder: string, path: string): Promise<void> {
  const recordings = await synthetic(100, 10, 60, 1000);
  if (recordings === null) throw new Error('no series generator');
  const live = join(folder, 'live.db');
  const store = openSqliteStorage({ path: live });
  const sources = recordings.map(({ name, series, rows }) => {
    const writer = store.writer(name);
    const up = labelsFromPairs([
      ['__name__', 'up'],
      ['job', 'bench'],
      ['instance', name],
    ]);
    return { writer, refs: Uint32Array.from([...series, up], (labels) => writer.resolve(labels)), rows };
  });
  for (let second = 0; second < seconds; second++) {
    for (const [i, { writer, refs, rows }] of sources.entries()) {
      // The rows go to and fro, so that values change all the time.
      const bounce = second % 118 < 60 ? second % 118 : 118 - (second % 118);
      writer.append({
        time: START + second * 1000 + i * 10,
        length: refs.length,
        refs,
        values: Float64Array.of(...rows[bounce].values, 1),
        times: null,
        startTimes: null,
        histograms: null,
        exemplars: null,
      });
    }
    await store.commit();
    while (await store.housekeep());
  }
  for (const suffix of SUFFIXES) cpSync(live + suffix, path + suffix);
  await store.close();
  for (const suffix of SUFFIXES) rmSync(live + suffix, { force: true });
}

const folder = keepIn === undefined ? mkdtempSync(join(tmpdir(), 'hearth-bench-')) : resolve(keepIn);
mkdirSync(folder, { recursive: true });
const path = join(folder, 'killed.db');
try {
  if (!existsSync(path)) await kill(folder, path);
  const script = `
    const { openSqliteStorage } = await import(${JSON.stringify(resolve(import.meta.dirname, '../src/main/storage/index.ts'))});
    const since = () => {
      const wall = performance.now();
      const cpu = process.cpuUsage();
      return () => {
        const { user, system } = process.cpuUsage(cpu);
        return { wall: performance.now() - wall, cpu: (user + system) / 1000 };
      };
    };
    const result = {};
    const all = since();
    const step = async (name, work) => {
      const used = since();
      const value = await work();
      result[name] = used();
      return value;
    };
    const store = await step('open', () => openSqliteStorage({ path: process.env.STORE }));
    const end = ${START + (seconds + 1) * 1000};
    const up = [{ name: '__name__', type: '=', value: 'up' }, { name: 'job', type: '=', value: 'bench' }];
    const found = await step('up', () => store.querier().select(up, end - 300_000, end, true).length);
    if (found !== 100) throw new Error('found ' + found);
    result['open and up'] = all();
    await step('append to one target', () => {
      const writer = store.writer('t5');
      const refs = store.querier().series([{ name: 'instance', type: '=', value: 't5' }], -Infinity, Infinity).map((labels) => writer.resolve(labels));
      const count = refs.length;
      const { appended } = writer.append({ time: end, length: count, refs: Uint32Array.from(refs), values: new Float64Array(count),
        times: null, startTimes: null, histograms: null, exemplars: null });
      if (appended !== count) throw new Error('appended ' + appended);
    });
    await step('all values of the last minute', () => store.querier().select([], end - 60_000, end).length);
    result['RSS MiB'] = { wall: 0, cpu: process.memoryUsage.rss() / 2 ** 20 };
    console.log(JSON.stringify(result));
    process.exit(0);`;
  const runs: Record<string, { wall: number; cpu: number }>[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const copy = join(folder, 'copy.db');
    for (const suffix of SUFFIXES) cpSync(path + suffix, copy + suffix);
    const run = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
      encoding: 'utf8',
      env: { ...process.env, STORE: copy },
    });
    if (run.status !== 0) throw new Error(run.stderr);
    runs.push(JSON.parse(run.stdout) as (typeof runs)[number]);
  }
  const median = (values: readonly number[]): string => [...values].sort((a, b) => a - b)[ROUNDS >> 1].toFixed(1);
  console.table(
    Object.fromEntries(
      Object.keys(runs[0]).map((name) => [
        name,
        { 'wall ms': median(runs.map((run) => run[name].wall)), 'CPU ms': median(runs.map((run) => run[name].cpu)) },
      ]),
    ),
  );
} finally {
  if (keepIn === undefined) rmSync(folder, { recursive: true, force: true });
}
