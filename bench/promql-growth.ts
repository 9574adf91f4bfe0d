import { cpuUsage } from 'node:process';
import type { Millis } from '#shared/model/index.ts';
import { benchEngine, makeSeries, querierOf, STEP } from './engine-data.ts';

/**
 * How the time of evaluation grows with series, steps and samples, in nanoseconds of CPU for each sample and each cell
 * (series x steps). `node bench/promql-growth.ts [most series] [repetitions]`
 */
const most = Number(process.argv[2] ?? 100_000);
const repetitions = Number(process.argv[3] ?? 3);
/** An hour. */
const SAMPLES = 240;
const END: Millis = (SAMPLES - 1) * STEP + 6000;
const FROM = 300_000;

const QUERIES: readonly string[] = [
  'rate(http_requests_total[5m])',
  'sum by (instance, code) (rate(http_requests_total[5m]))',
  'temperature_celsius * on (id) group_left () temperature_celsius',
];

const engine = benchEngine(1_000_000_000);

async function measure(series: number, steps: number): Promise<void> {
  const querier = querierOf(makeSeries(series, SAMPLES));
  const step = Math.floor((END - FROM) / steps);
  const range = { start: END - (steps - 1) * step, end: END, step };
  for (const expr of QUERIES) {
    const spent: number[] = [];
    for (let i = 0; i < repetitions; i++) {
      const before = cpuUsage();
      await engine.range(querier, expr, range);
      const { user, system } = cpuUsage(before);
      spent.push((user + system) / 1000);
    }
    const millis = spent.sort((a, b) => a - b)[spent.length >> 1];
    const each = (count: number): string => ((millis * 1e6) / count).toFixed(1).padStart(7);
    const selected = series / 2;
    console.log(
      `${String(series).padStart(7)} series ${String(steps).padStart(4)} steps ${millis.toFixed(1).padStart(8)} ms ` +
        `${each(selected * SAMPLES)} ns/sample ${each(selected * steps)} ns/cell  ${expr}`,
    );
  }
}

// Compiled first: the smallest sizes would show what V8 does instead.
for (let i = 0; i < 20; i++)
  for (const expr of QUERIES)
    await engine.range(querierOf(makeSeries(100, SAMPLES)), expr, { start: FROM, end: END, step: 60_000 });
for (let series = 100; series <= most; series *= 10) await measure(series, 60);
for (const steps of [1, 10, 100, 1000]) await measure(1000, steps);
