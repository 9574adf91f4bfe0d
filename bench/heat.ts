import { robustBand, WatchedQuery } from '#main/insight/index.ts';
import type { QueryResult, Steps } from '#shared/contract/index.ts';
import { labelsFromRecord, newPresence } from '#shared/model/index.ts';

/**
 * What watching for heat costs, without the queries: a step of one series, a window of a chart, and memory a series.
 * Run: node --expose-gc bench/heat.ts
 */
const STEP = 5000;
const SERIES = 1000;
const WINDOW = 181;

function noise(i: number): number {
  return Math.sin(i) + Math.sin(i * 0.37) + ((i * 7919) % 13) / 13;
}

function microsPer(count: number, work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / count;
}

const detectors = Array.from({ length: SERIES }, () => robustBand.create(STEP));
const memory = robustBand.memorySteps(STEP);
for (let i = 0; i < memory; i++) for (const [s, one] of detectors.entries()) one.push(i * STEP, noise(i + s), []);
const steady = microsPer(SERIES * 200, () => {
  for (let i = memory; i < memory + 200; i++)
    for (const [s, one] of detectors.entries()) one.push(i * STEP, noise(i + s), []);
});
console.log(`a step of one series, memory full: ${steady.toFixed(2)} us`);

const heapBefore = process.memoryUsage();
const kept = Array.from({ length: 10_000 }, () => robustBand.create(STEP));
for (const one of kept) one.push(0, 1, []);
const heapAfter = process.memoryUsage();
const bytes = heapAfter.heapUsed + heapAfter.arrayBuffers - heapBefore.heapUsed - heapBefore.arrayBuffers;
console.log(`memory a series: ${(bytes / kept.length / 1024).toFixed(1)} KiB`);

const result = ({ start, step, count }: Steps): QueryResult => ({
  type: 'matrix',
  steps: { start, step, count },
  series: Array.from({ length: 10 }, (_, s) => ({
    labels: labelsFromRecord({ s: String(s) }),
    values: Float64Array.from({ length: count }, (_value, i) => noise(start / step + i + s)),
    present: newPresence(count).fill(0xff),
    histograms: null,
  })),
  warnings: [],
  infos: [],
  stats: { seriesRead: 0, samplesRead: 0, evalMillis: 0 },
});
const steps: Steps = { start: 1000 * STEP, step: STEP, count: WINDOW };
const charts = 100;
const windows: WatchedQuery[] = [];
const before = process.cpuUsage();
for (let c = 0; c < charts; c++) {
  const query = new WatchedQuery({
    detector: robustBand,
    step: STEP,
    window: WINDOW * STEP,
    evaluate: (asked) => Promise.resolve(result(asked)),
    oldest: () => 0,
  });
  await query.learn(steps.start);
  await query.expect(result(steps), steps);
  windows.push(query);
}
const { user, system } = process.cpuUsage(before);
console.log(
  `a window of ${WINDOW} steps with what came before, 10 series: ${((user + system) / charts / 1000).toFixed(2)} ms`,
);
const next: Steps = { start: steps.start + WINDOW * STEP, step: STEP, count: 1 };
const each = process.cpuUsage();
for (const query of windows) await query.expect(result(next), next);
const more = process.cpuUsage(each);
console.log(`the next step of 100 such charts: ${((more.user + more.system) / 1000).toFixed(2)} ms`);
