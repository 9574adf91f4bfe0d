/**
 * What many active series cost the store: memory, CPU a sample, questions to the index. 1,000 series a target, scraped
 * each minute, for ten minutes of simulated time (longer for few series: until there are two million samples), 30 % of
 * the series constant, one commit a second. CPU is counted from the third scrape on: before, series are registered.
 * Values are computed, not kept, so that the memory measured is the store's.
 * Usage: node bench/million-series.ts [SERIES...]   (1,000 to 1,000,000 by default; each in a process of its own)
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { labelsFromPairs, type Labels, type Matcher } from '../src/shared/model/index.ts';
import { openSqliteStorage } from '../src/main/storage/index.ts';

const PER_TARGET = 1000;
const MINUTES = 10;
const SAMPLES = 2_000_000;
const START = 1_700_000_000_000;
const MIB = 2 ** 20;

const residentBytes = (): number => {
  globalThis.gc?.();
  return process.memoryUsage.rss();
};

function labelsOf(target: number, i: number): Labels {
  return labelsFromPairs([
    ['__name__', `metric_${i % 50}_total`],
    ['job', `job-${target % 10}`],
    ['instance', `host-${target}.example:9100`],
    ['device', `dev${Math.floor(i / 50) % 10}`],
    ['mode', ['read', 'write'][Math.floor(i / 500)]],
    ['region', ['eu-west-1', 'us-east-1', 'ap-south-1'][target % 3]],
  ]);
}

/** 30 % constant, 50 % counters of whole numbers, 20 % gauges of two decimals. */
function valueOf(series: number, row: number): number {
  const noise = ((Math.imul(series + 1, 0x9e3779b1) ^ Math.imul(row + 7, 0x85ebca6b)) >>> 8) % 1000;
  if (series % 10 < 3) return series;
  if (series % 10 < 8) return series * 17 + row * (series % 977) * 60 + noise;
  return Math.round((series % 90) * 100 + noise) / 100;
}

async function measure(series: number): Promise<Record<string, string | number>> {
  const folder = mkdtempSync(join(tmpdir(), 'hearth-bench-'));
  try {
    const base = residentBytes();
    const store = openSqliteStorage({ path: join(folder, 'store.db') });
    const targets = Math.ceil(series / PER_TARGET);
    const size = Math.min(series, PER_TARGET);
    const values = new Float64Array(size);
    const sources = Array.from({ length: targets }, (_, target) => {
      const writer = store.writer(`target ${target}`);
      return { writer, refs: Int32Array.from({ length: size }, (_, i) => writer.resolve(labelsOf(target, i))) };
    });
    const minutes = Math.max(MINUTES, Math.ceil(SAMPLES / series));
    const spent = { append: 0, commit: 0, keep: 0 };
    const charge = async (what: keyof typeof spent, work: () => unknown): Promise<void> => {
      const before = process.cpuUsage();
      await work();
      const used = process.cpuUsage(before);
      spent[what] += used.user + used.system;
    };
    let samples = 0;
    let counted = 0;
    let peak = 0;
    for (let second = 0; second < minutes * 60; second++) {
      const from = Math.floor((targets * (second % 60)) / 60);
      const to = Math.floor((targets * ((second % 60) + 1)) / 60);
      const row = Math.floor(second / 60);
      if (second === 120) {
        spent.append = spent.commit = spent.keep = 0;
        counted = 0;
      }
      for (let target = from; target < to; target++) {
        for (let i = 0; i < size; i++) values[i] = valueOf(target * PER_TARGET + i, row);
        const { writer, refs } = sources[target];
        const batch = { time: START + second * 1000, length: size, refs, values };
        await charge('append', () =>
          writer.append({ ...batch, times: null, startTimes: null, histograms: null, exemplars: null }),
        );
        samples += size;
        counted += size;
      }
      if (to > from) await charge('commit', () => store.commit());
      if (second % 5 === 4)
        await charge('keep', async () => {
          while (await store.housekeep());
        });
      if (second % 30 === 29) peak = Math.max(peak, process.memoryUsage.rss());
    }
    const after = residentBytes();
    const perSample = (used: number): string => ((used * 1000) / counted).toFixed(0);
    const querier = store.querier();
    const end = START + minutes * 60_000;
    const ask = (matchers: readonly Matcher[]): string => {
      querier.estimate(matchers, end - 60_000, end);
      const cpu = process.cpuUsage();
      const found = querier.select(matchers, end - 60_000, end, true).length;
      const used = process.cpuUsage(cpu);
      return `${((used.user + used.system) / 1000).toFixed(1)} (${found})`;
    };
    const instance: Matcher = { name: 'instance', type: '=', value: 'host-0.example:9100' };
    const row = {
      series,
      samples,
      'append ns': perSample(spent.append),
      'commit ns': perSample(spent.commit),
      'fold and seal ns': perSample(spent.keep),
      'RSS MiB': (after / MIB).toFixed(0),
      'RSS peak MiB': (peak / MIB).toFixed(0),
      'B/series over start': ((after - base) / series).toFixed(0),
      'one series ms': ask([
        instance,
        { name: 'device', type: '=', value: 'dev1' },
        { name: '__name__', type: '=', value: 'metric_7_total' },
      ]),
      'one target ms': ask([instance]),
    };
    await store.close();
    return row;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const asked = process.argv.slice(2);
if (asked[0] === '--one') console.log(JSON.stringify(await measure(Number(asked[1]))));
else {
  const rows = (asked.length > 0 ? asked : ['1000', '10000', '100000', '1000000']).map((series) => {
    const run = spawnSync(process.execPath, ['--expose-gc', import.meta.filename, '--one', series], {
      encoding: 'utf8',
    });
    if (run.status !== 0) throw new Error(run.stderr);
    return JSON.parse(run.stdout) as Record<string, string | number>;
  });
  console.table(rows);
}
