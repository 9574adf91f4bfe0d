/**
 * Measures the store: bytes and nanoseconds a sample, recovery, queries, memory a series.
 * Usage: node bench/store.ts [recorded] [synthetic] [wide]   (all by default)
 */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Matcher } from '../src/shared/model/index.ts';
import { openSqliteStorage, type Storage, type Writer } from '../src/main/storage/index.ts';
import { recorded, synthetic, type Recording } from './store-data.ts';

type Row = Record<string, string | number>;
const wanted = process.argv.slice(2);
const asked = (name: string): boolean => wanted.length === 0 || wanted.includes(name);
const results: Row[] = [];

function writtenBytes(): number {
  try {
    // Linux only: bytes this process has caused to be written.
    return Number(
      /write_bytes: (\d+)/.exec(process.getBuiltinModule('fs').readFileSync('/proc/self/io', 'utf8'))?.[1] ?? NaN,
    );
  } catch {
    return NaN;
  }
}

async function settle(store: Storage): Promise<void> {
  while (await store.housekeep());
}

async function ingest(name: string, recordings: readonly Recording[], commitEvery: number): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'hearth-bench-'));
  const path = join(folder, 'store.db');
  try {
    let store = openSqliteStorage({ path });
    const sources = recordings.map((recording) => {
      const writer: Writer = store.writer(recording.name);
      return { writer, refs: recording.series.map((labels) => writer.resolve(labels)), rows: recording.rows };
    });
    const rows = Math.max(...recordings.map((recording) => recording.rows.length));
    const before = writtenBytes();
    let samples = 0;
    let append = 0;
    let commit = 0;
    let keep = 0;
    let worst = 0;
    for (let row = 0; row < rows; row++) {
      for (const { writer, refs, rows: own } of sources) {
        const one = own[row];
        if (one === undefined) continue;
        const batch = {
          time: one.time,
          length: one.refs.length,
          refs: one.refs.map((i) => refs[i]),
          values: one.values,
          times: null,
          startTimes: null,
          histograms: null,
          exemplars: null,
        };
        const start = process.cpuUsage();
        const result = writer.append(batch);
        const used = process.cpuUsage(start);
        append += used.user + used.system;
        samples += result.appended;
      }
      if (row % commitEvery === commitEvery - 1 || row === rows - 1) {
        const start = process.cpuUsage();
        await store.commit();
        const used = process.cpuUsage(start);
        commit += used.user + used.system;
        for (;;) {
          const step = performance.now();
          const cpu = process.cpuUsage();
          const more = await store.housekeep();
          const spent = process.cpuUsage(cpu);
          keep += spent.user + spent.system;
          worst = Math.max(worst, performance.now() - step);
          if (!more) break;
        }
      }
    }
    const written = writtenBytes() - before;
    // A kill: what the files hold now is opened again.
    mkdirSync(join(folder, 'killed'));
    for (const suffix of ['', '-wal']) cpSync(path + suffix, join(folder, 'killed', `store.db${suffix}`));
    const head = store.stats();
    const started = performance.now();
    const again = openSqliteStorage({ path: join(folder, 'killed', 'store.db') });
    const recovery = performance.now() - started;
    await again.close();
    const name1 = recordings[0].series[Math.floor(recordings[0].series.length / 3)];
    const one = name1.flatMap((text, i) =>
      i % 2 === 0 ? [{ name: text, type: '=' as const, value: name1[i + 1] }] : [],
    );
    const querier = store.querier();
    querier.select(one, -Infinity, Infinity);
    let start = performance.now();
    const cold = openSqliteStorage({ path: await copy(store, path, folder) });
    const coldQuerier = cold.querier();
    start = performance.now();
    coldQuerier.select(one, -Infinity, Infinity);
    const single = performance.now() - start;
    start = performance.now();
    const all = coldQuerier.select([], -Infinity, Infinity);
    const decode = performance.now() - start;
    const decoded = all.reduce((sum, series) => sum + series.to - series.from, 0);
    await cold.close();
    // Everything into frames, as it will be in the end.
    await store.close();
    store = openSqliteStorage({ path, unsealedBytes: 0 });
    await settle(store);
    await store.close();
    store = openSqliteStorage({ path, unsealedBytes: 0 });
    await settle(store);
    await store.close();
    const bytes = statSync(path).size;
    results.push({
      data: name,
      series: head.series,
      samples,
      'B/sample': (bytes / samples).toFixed(3),
      'written B/sample': (written / samples).toFixed(2),
      'append ns': ((append * 1000) / samples).toFixed(1),
      'commit ns': ((commit * 1000) / samples).toFixed(1),
      'seal ns': ((keep * 1000) / samples).toFixed(1),
      'worst step ms': worst.toFixed(1),
      'read all ns': ((decode * 1e6) / decoded).toFixed(1),
      'one series ms': single.toFixed(2),
      'recovery ms': recovery.toFixed(0),
      'head B/series': (head.headBytes / Math.max(1, head.activeSeries)).toFixed(0),
    });
    if (decoded !== samples) throw new Error(`read ${decoded} of ${samples} samples`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function copy(store: Storage, path: string, folder: string): Promise<string> {
  await store.commit();
  const to = join(folder, 'cold');
  mkdirSync(to, { recursive: true });
  for (const suffix of ['', '-wal']) cpSync(path + suffix, join(to, `store.db${suffix}`));
  return join(to, 'store.db');
}

/** 100 targets of 1,000 series: memory, the cost of a second, selectors. */
async function wide(): Promise<void> {
  const recordings = await synthetic(100, 10, 8, 1000);
  if (recordings === null) return;
  const folder = mkdtempSync(join(tmpdir(), 'hearth-bench-'));
  try {
    globalThis.gc?.();
    const base = process.memoryUsage.rss();
    const store = openSqliteStorage({ path: join(folder, 'store.db') });
    const sources = recordings.map((recording) => {
      const writer = store.writer(recording.name);
      return {
        writer,
        refs: Uint32Array.from(recording.series, (labels) => writer.resolve(labels)),
        rows: recording.rows,
      };
    });
    const times: number[] = [];
    let samples = 0;
    const seconds = Number(process.env['HEARTH_BENCH_SECONDS'] ?? 600);
    const spent = { append: 0, commit: 0, keep: 0 };
    const charge = async (what: keyof typeof spent, work: () => unknown): Promise<void> => {
      const before = process.cpuUsage();
      await work();
      const used = process.cpuUsage(before);
      spent[what] += used.user + used.system;
    };
    let worst = 0;
    const before = writtenBytes();
    for (let second = 0; second < seconds; second++) {
      const start = performance.now();
      await charge('append', () => {
        for (const { writer, refs, rows } of sources) {
          // The rows go to and fro, so that values change all the time.
          const bounce = second % 14 < 8 ? second % 14 : 14 - (second % 14);
          const { values } = rows[bounce];
          samples += writer.append({
            time: 1_700_000_000_000 + second * 1000,
            length: refs.length,
            refs,
            values,
            times: null,
            startTimes: null,
            histograms: null,
            exemplars: null,
          }).appended;
        }
      });
      await charge('commit', () => store.commit());
      await charge('keep', async () => {
        for (let more = true; more;) {
          const step = performance.now();
          more = await store.housekeep();
          worst = Math.max(worst, performance.now() - step);
        }
      });
      times.push(performance.now() - start);
    }
    const written = writtenBytes() - before;
    const perSample = (used: number): string => ((used * 1000) / samples).toFixed(1);
    mkdirSync(join(folder, 'killed'));
    for (const suffix of ['', '-wal'])
      cpSync(join(folder, `store.db${suffix}`), join(folder, 'killed', `store.db${suffix}`));
    const querier = store.querier();
    const timed = (matchers: Parameters<typeof querier.series>[0]): string => {
      querier.series(matchers, -Infinity, Infinity);
      const at = performance.now();
      const found = querier.labelNames(matchers, -Infinity, Infinity).length;
      return `${(performance.now() - at).toFixed(2)} (${found})`;
    };
    globalThis.gc?.();
    results.push({
      data: 'wide: 100 x 1000 each second',
      samples,
      'append ns': perSample(spent.append),
      'commit ns': perSample(spent.commit),
      'fold and seal ns': perSample(spent.keep),
      'worst step ms': worst.toFixed(1),
      'written B/sample': (written / samples).toFixed(2),
      'second ms (median)': times.sort((a, b) => a - b)[seconds / 2].toFixed(1),
      'second ms (worst)': times[seconds - 1].toFixed(1),
      'rss MiB over base': ((process.memoryUsage.rss() - base) / 2 ** 20).toFixed(0),
      'head MiB': (store.stats().headBytes / 2 ** 20).toFixed(0),
      'file MiB': (store.stats().fileBytes / 2 ** 20).toFixed(0),
      'instance="t5"': timed([{ name: 'instance', type: '=', value: 't5' }]),
      'instance=~"t1."': timed([{ name: 'instance', type: '=~', value: 't1.' }]),
      'job="bench",mode!="idle"': timed([
        { name: 'job', type: '=', value: 'bench' },
        { name: 'mode', type: '!=', value: 'idle' },
      ]),
    });
    await store.close();
    reopened(join(folder, 'killed', 'store.db'), [{ name: 'mode', type: '=', value: 'idle' }]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What a kill at this moment costs: opening in a process of its own, and the first answer. */
function reopened(path: string, matchers: readonly Matcher[]): void {
  const script = `
    const { openSqliteStorage } = await import(${JSON.stringify(resolve(import.meta.dirname, '../src/main/storage/index.ts'))});
    const start = performance.now();
    const cpu = process.cpuUsage();
    const store = openSqliteStorage({ path: ${JSON.stringify(path)} });
    const open = performance.now() - start;
    const end = store.stats().maxTime;
    const found = store.querier().select(${JSON.stringify(matchers)}, end - 300_000, end);
    const used = process.cpuUsage(cpu);
    console.log(JSON.stringify({
      data: 'opened after a kill', series: store.stats().series, 'open ms': open.toFixed(0),
      'answer ms': (performance.now() - start).toFixed(0), 'cpu ms': ((used.user + used.system) / 1000).toFixed(0), found: found.length,
    }));
    await store.close();`;
  const run = spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' });
  if (run.status !== 0) throw new Error(run.stderr);
  results.push(JSON.parse(run.stdout) as Row);
}

if (asked('recorded')) {
  const recordings = await recorded();
  if (recordings === null) console.warn('skipped: no recorded scrapes');
  else {
    await ingest('recorded: all', recordings, 1);
    for (const recording of wanted.includes('each') ? recordings : []) await ingest(recording.name, [recording], 1);
  }
}
if (asked('synthetic')) {
  const recordings = await synthetic(10, 1, 5760, 15_000);
  if (recordings === null) console.warn('skipped: no series generator');
  else await ingest('synthetic: 24 h x 15 s x 1,000', recordings, 1);
}
if (asked('wide')) await wide();
for (const row of results) console.table(row);
const out = resolve(import.meta.dirname, 'results');
mkdirSync(out, { recursive: true });
writeFileSync(join(out, 'store.json'), `${JSON.stringify(results, null, 2)}\n`);
