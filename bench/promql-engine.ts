import { cpuUsage } from 'node:process';
import type { Millis } from '#shared/model/index.ts';
import { benchEngine, makeSeries, querierOf, STEP } from './engine-data.ts';

/**
 * Times the evaluation alone, on samples that lie in memory as the store hands them over: series of one target share
 * their column of times. `node bench/promql-engine.ts [series] [repetitions]`
 */
const seriesCount = Number(process.argv[2] ?? 1000);
const repetitions = Number(process.argv[3] ?? 7);

const SAMPLES = (24 * 3_600_000) / STEP;
const HOUR: Millis = 3_600_000;

const querier = querierOf(makeSeries(seriesCount, SAMPLES));
const engine = benchEngine(50_000_000);

const end = (SAMPLES - 1) * STEP + 6000;

/** Expression, length of the range (0: instant) and step. */
const queries: readonly (readonly [expr: string, range: Millis, step: Millis])[] = [
  ['http_requests_total{job="bench"}', 0, 0],
  ['sum by (handler, code) (rate(http_requests_total[5m]))', 0, 0],
  ['topk(5, rate(http_requests_total[5m]))', 0, 0],
  ['avg_over_time(temperature_celsius[24h])', 0, 0],
  ['quantile_over_time(0.9, temperature_celsius[6h])', 0, 0],
  ['max_over_time(sum by (instance) (rate(http_requests_total{code!="200"}[5m]))[6h:1m])', 0, 0],
  ['sum by (host) (label_replace(temperature_celsius, "host", "$1", "instance", "([^:]+):.*"))', 0, 0],
  ['temperature_celsius', 6 * HOUR, 60_000],
  ['rate(http_requests_total[5m])', 24 * HOUR, 300_000],
  ['sum by (instance) (rate(http_requests_total{code!~"404|500"}[5m]))', 24 * HOUR, 300_000],
  ['sum(rate(http_requests_total{handler=~"/api/.*",code!~"5.."}[5m]))', 24 * HOUR, 120_000],
  [
    'sum by (service) (rate(http_requests_total{code="404"}[5m])) / sum by (service) (rate(http_requests_total[5m]))',
    6 * HOUR,
    30_000,
  ],
  ['1 - temperature_celsius / temperature_celsius', 24 * HOUR, 60_000],
  ['count({job="bench"})', HOUR, 15_000],
];

console.log(`${seriesCount} series x ${SAMPLES} samples; least and median CPU milliseconds of ${repetitions} runs`);
for (const [expr, range, step] of queries) {
  const spent: number[] = [];
  for (let i = 0; i < repetitions; i++) {
    const before = cpuUsage();
    await (range === 0
      ? engine.instant(querier, expr, end)
      : engine.range(querier, expr, { start: end - range, end, step }));
    const used = cpuUsage(before);
    spent.push((used.user + used.system) / 1000);
  }
  spent.sort((a, b) => a - b);
  console.log(`${spent[0].toFixed(1).padStart(8)} ${spent[spent.length >> 1].toFixed(1).padStart(8)}  ${expr}`);
}
