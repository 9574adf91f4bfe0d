import { cpuUsage } from 'node:process';
import { createEngine } from '#main/promql/index.ts';
import type { Querier, SeriesSamples } from '#main/storage/index.ts';
import { compileMatcher, labelsFromRecord, matchesAll, type Millis } from '#shared/model/index.ts';

/**
 * Times the evaluation alone, on samples that lie in memory as the store hands them over: series of one target share
 * their column of times. `node bench/promql-engine.ts [series] [repetitions]`
 */
const seriesCount = Number(process.argv[2] ?? 1000);
const repetitions = Number(process.argv[3] ?? 7);

const STEP: Millis = 15_000;
const SAMPLES = (24 * 3_600_000) / STEP;
const TARGETS = 10;
const HOUR: Millis = 3_600_000;

/** Deterministic numbers, so that two runs see the same data. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

function makeSeries(): SeriesSamples[] {
  const timelines = Array.from({ length: TARGETS }, (_, target) =>
    Float64Array.from({ length: SAMPLES }, (_, i) => i * STEP + target * 700),
  );
  return Array.from({ length: seriesCount }, (_, i) => {
    const next = random(i + 1);
    const counter = i % 2 === 0;
    const values = new Float64Array(SAMPLES);
    let value = 0;
    for (let k = 0; k < SAMPLES; k++) {
      if (counter) value = next() < 0.0005 ? 0 : value + Math.floor(next() * 20);
      else value = Math.round(next() * 1000) / 10;
      values[k] = value;
    }
    const labels = labelsFromRecord({
      __name__: counter ? 'http_requests_total' : 'temperature_celsius',
      job: 'bench',
      instance: `host-${i % TARGETS}:9100`,
      service: `service-${i % 20}`,
      handler: `/api/${i % 7}`,
      code: ['200', '204', '404', '500'][(i >> 1) % 4],
      id: String(i),
    });
    const times = timelines[i % TARGETS];
    return { labels, from: 0, to: SAMPLES, times, values, histograms: null, startTimes: null };
  });
}

const all = makeSeries();

/** First index at or after a time. */
function firstFrom(times: Float64Array, bound: Millis): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (times[middle] < bound) low = middle + 1;
    else high = middle;
  }
  return low;
}

const querier: Querier = {
  select(matchers, start, end) {
    const compiled = matchers.map(compileMatcher);
    const found: SeriesSamples[] = [];
    for (const series of all) {
      if (!matchesAll(compiled, series.labels)) continue;
      const { times } = series;
      found.push({ ...series, from: firstFrom(times, start), to: firstFrom(times, end + 1) });
    }
    return found;
  },
  series: () => [],
  labelNames: () => [],
  labelValues: () => [],
  exemplars: () => [],
  estimate: () => ({ series: 0, samples: 0 }),
  release: () => undefined,
};

const engine = createEngine({
  lookback: 300_000,
  timeout: 120_000,
  maxSamples: 50_000_000,
  features: new Set(['promql-experimental-functions']),
  noStepSubqueryInterval: () => 60_000,
  clock: () => performance.now(),
});

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
