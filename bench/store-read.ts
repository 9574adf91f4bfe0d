/**
 * Reading what is stored, on one thread: `rate` of 1,000 series over a day at 15 s out of SQLite, a day of one series, and
 * two weeks of 100 series at hourly steps, of samples and of the tier of an hour. Milliseconds of CPU of the thread, of the
 * whole process (V8 collects garbage and compiles in other threads) and of wall time, medians with the caches empty, the
 * first ("cold") apart: most of that is code that runs for the first time.
 * Usage: node bench/store-read.ts
 */
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createEngine, type TierPolicy } from '#main/promql/index.ts';
import { openSqliteStorage, type ImportColumn } from '#main/storage/index.ts';
import { labelsFromPairs } from '#shared/model/index.ts';

const STEP = 15_000;
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** A midnight. */
const START = 1_700_006_400_000;
const ROUNDS = 15;

const engine = createEngine({
  lookback: 300_000,
  timeout: 120_000,
  maxSamples: 100_000_000,
  features: new Set(),
  noStepSubqueryInterval: () => 60_000,
  clock: () => performance.now(),
});

/** Counters with noise, a third constant. */
function column(i: number, from: number, rows: number): ImportColumn {
  const times = Float64Array.from({ length: rows }, (_, row) => START + (from + row) * STEP);
  return {
    labels: labelsFromPairs([
      ['__name__', 'requests_total'],
      ['instance', `host-${i % 10}:9100`],
      ['path', `/p${Math.floor(i / 10)}`],
    ]),
    times,
    values: times.map((_, row) => (i % 3 === 0 ? i : (from + row) * 40 + (((from + row) * (i + 1) * 7919) % 31))),
    startTimes: null,
    histograms: null,
  };
}

const folder = mkdtempSync(join(tmpdir(), 'hearth-bench-'));
const results: Record<string, unknown>[] = [];
try {
  const measure = async (
    path: string,
    name: string,
    expr: string,
    range: { start: number; end: number; step: number },
    tiers: TierPolicy | null,
  ): Promise<void> => {
    const runs: { cpu: number; thread: number; wall: number; samples: number }[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const store = openSqliteStorage({ path, retention: RETENTION });
      const querier = store.querier();
      // The index is made by the first question; it is no part of reading.
      querier.estimate([{ name: '__name__', type: '=', value: 'requests_total' }], range.start, range.end);
      const cpu = process.cpuUsage();
      const thread = process.threadCpuUsage();
      const wall = performance.now();
      const { stats } = await engine.range(querier, expr, range, { tiers });
      const own = process.threadCpuUsage(thread);
      const used = process.cpuUsage(cpu);
      runs.push({
        cpu: (used.user + used.system) / 1000,
        thread: (own.user + own.system) / 1000,
        wall: performance.now() - wall,
        samples: stats.samplesRead,
      });
      await store.close();
    }
    const [cold, ...warm] = runs;
    const median = (values: readonly number[]): string =>
      [...values].sort((a, b) => a - b)[warm.length >> 1].toFixed(1);
    results.push({
      query: name,
      'samples read': cold.samples,
      'cold CPU ms': cold.cpu.toFixed(1),
      'thread CPU ms': median(warm.map((run) => run.thread)),
      'CPU ms': median(warm.map((run) => run.cpu)),
      'wall ms': median(warm.map((run) => run.wall)),
    });
  };

  const RETENTION = { time: null, bytes: null, tiers: [{ resolution: HOUR, keep: null }] };
  const day = join(folder, 'day.db');
  const store = openSqliteStorage({ path: day });
  for (let i = 0; i < 1000; i += 100)
    await store.importSamples(Array.from({ length: 100 }, (_, k) => column(i + k, 0, DAY / STEP)));
  await store.close();
  const range = { start: START + HOUR, end: START + DAY - STEP, step: 60_000 };
  await measure(day, 'rate(requests_total[5m]), 1,000 series x 24 h', 'rate(requests_total[5m])', range, null);
  await measure(day, 'sum(rate(requests_total[5m])), the same', 'sum(rate(requests_total[5m]))', range, null);
  const one = 'requests_total{instance="host-3:9100",path="/p7"}';
  await measure(day, 'one series x 24 h, as it is', one, { ...range, start: START }, null);

  const weeks = join(folder, 'weeks.db');
  const long = openSqliteStorage({ path: weeks, retention: RETENTION });
  for (let d = 0; d < 14; d++)
    await long.importSamples(Array.from({ length: 100 }, (_, i) => column(i, (d * DAY) / STEP, DAY / STEP)));
  await long.commit();
  const plain = statSync(weeks).size;
  const cpu = process.cpuUsage();
  while (await long.housekeep());
  const { user, system } = process.cpuUsage(cpu);
  await long.close();
  const samples = (14 * DAY * 100) / STEP;
  const all = { start: START + HOUR, end: START + 14 * DAY - STEP, step: HOUR };
  const tiers = { tiers: [{ resolution: HOUR, from: -Infinity }], samplesFrom: -Infinity };
  await measure(weeks, 'rate(requests_total[1h]), 100 series x 14 d', 'rate(requests_total[1h])', all, null);
  await measure(weeks, 'the same, of the tier of 1 h', 'rate(requests_total[1h])', all, tiers);
  console.table(results);
  console.log(
    `the tier: ${((statSync(weeks).size - plain) / samples).toFixed(4)} B and ${(((user + system) * 1000) / samples).toFixed(0)} ns of CPU a sample`,
  );
} finally {
  rmSync(folder, { recursive: true, force: true });
}
