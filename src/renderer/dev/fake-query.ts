import type { QueryResult, SeriesColumn, Steps } from '#shared/contract/index.ts';
import { labelsFromRecord, newPresence, setPresent } from '#shared/model/index.ts';
import type { FakeMetric } from './fake-metrics.ts';
import { signalAt } from './fake-signals.ts';
import { samplesOf, type FakeTarget } from './fake-targets.ts';

/** When the made-up samples are from. */
export interface FakeTimes {
  readonly startedAt: number;
  /** Nothing before, nothing after. */
  readonly since: number;
  readonly until: number;
}

function endOf(target: FakeTarget, { startedAt, until }: FakeTimes): number {
  return Math.min(until, target.downFor === null ? Infinity : startedAt - target.downFor);
}

const BOUNDS = [0.001, 0.0025, 0.005, 0.01, 0.02, 0.035, 0.05, 0.075, 0.1, 0.2, 0.35, 0.6, 1, 2.5, 5, Infinity];
const REQUESTS = 30;

/** The rate of each bucket: observations lie log-normally about the median, as wide as the highest quantile says. */
function bucketsOf(metric: FakeMetric, target: FakeTarget, steps: Steps, times: FakeTimes): SeriesColumn[] {
  const { p50 = null, p99 = null } = metric.values;
  if (p50 === null || p99 === null) return [];
  const end = endOf(target, times);
  return BOUNDS.map((bound) => {
    const values = new Float64Array(steps.count);
    const present = newPresence(steps.count);
    for (let i = 0; i < steps.count; i++) {
      const time = steps.start + i * steps.step;
      if (time > end || time < times.since) continue;
      const middle = Math.log(Math.max(1e-4, signalAt(`${target.job} ${metric.name} p50`, p50, time)));
      const width = Math.max(
        0.2,
        (Math.log(Math.max(1e-4, signalAt(`${target.job} ${metric.name} p99`, p99, time))) - middle) / 2.33,
      );
      // The logistic curve is near enough to the normal one for something made up.
      values[i] = REQUESTS / (1 + Math.exp((-1.7 * (Math.log(bound) - middle)) / width));
      setPresent(present, i);
    }
    const le = bound === Infinity ? '+Inf' : String(bound);
    return { labels: labelsFromRecord({ le }), values, present, histograms: null };
  });
}

/** No PromQL: the first metric named in the expression is drawn, for the job it names, summed when it says so. */
export function fakeQuery(expr: string, steps: Steps, targets: readonly FakeTarget[], times: FakeTimes): QueryResult {
  const words = new Set(expr.match(/[a-zA-Z_:][a-zA-Z0-9_:]*/g) ?? []);
  if (expr.startsWith('count by (__name__)')) return countsOf(steps, targets);
  const job = /job="([^"]*)"/.exec(expr)?.[1];
  const series: SeriesColumn[] = [];
  for (const target of targets) {
    if (job !== undefined && job !== target.job) continue;
    for (const metric of target.metrics)
      if (words.has(`${metric.name}_bucket`)) series.push(...bucketsOf(metric, target, steps, times));
      else if (words.has(metric.name)) series.push(...columnsOf(metric, target, expr, steps, times));
  }
  if (words.has('scrape_samples_post_metric_relabeling')) series.push(scrapedOf(targets, steps));
  return {
    type: steps.count === 1 ? 'vector' : 'matrix',
    steps,
    series: /^\s*sum\s*\(/.test(expr) && series.length > 1 ? [sumOf(series, steps)] : series,
    warnings: [],
    infos: [],
    stats: { seriesRead: series.length, samplesRead: series.length * steps.count, evalMillis: 1.4 },
  };
}

/** How many series there are of each metric. */
function countsOf(steps: Steps, targets: readonly FakeTarget[]): QueryResult {
  const counts = new Map<string, number>();
  for (const { metrics } of targets)
    for (const { name, values } of metrics) counts.set(name, (counts.get(name) ?? 0) + Object.keys(values).length);
  const series = [...counts].map(([name, count]): SeriesColumn => {
    const present = newPresence(steps.count);
    for (let i = 0; i < steps.count; i++) setPresent(present, i);
    const values = new Float64Array(steps.count).fill(count);
    return { labels: labelsFromRecord({ __name__: name }), values, present, histograms: null };
  });
  const stats = { seriesRead: series.length, samplesRead: series.length, evalMillis: 1.4 };
  return { type: 'vector', steps, series, warnings: [], infos: [], stats };
}

/** How many series all targets have; half an hour ago there were fewer. */
function scrapedOf(targets: readonly FakeTarget[], steps: Steps): SeriesColumn {
  const present = newPresence(steps.count);
  const values = Float64Array.from({ length: steps.count }, (_, i) => {
    setPresent(present, i);
    return targets.reduce((sum, target) => sum + samplesOf(target), 0) * (i * 2 < steps.count ? 0.9 : 1);
  });
  return { labels: labelsFromRecord({}), values, present, histograms: null };
}

function columnsOf(
  metric: FakeMetric,
  target: FakeTarget,
  expr: string,
  steps: Steps,
  times: FakeTimes,
): SeriesColumn[] {
  const rate = /\b(?:rate|irate|increase)\s*\(/.test(expr);
  const quantile = /histogram_quantile\s*\(\s*([\d.]+)/.exec(expr)?.[1];
  return Object.entries(metric.values).flatMap(([value, signal]) => {
    if (quantile !== undefined && value !== `p${Math.round(Number(quantile) * 100)}`) return [];
    const key = `${target.job} ${metric.name} ${value}`;
    const values = new Float64Array(steps.count);
    const present = newPresence(steps.count);
    const end = endOf(target, times);
    for (let i = 0; i < steps.count; i++) {
      const time = steps.start + i * steps.step;
      if (time > end || time < times.since) continue;
      const now = signalAt(key, signal, time);
      values[i] = metric.type === 'counter' && !rate ? Math.floor(signal.base * ((time / 1000) % 1e6)) : now;
      setPresent(present, i);
    }
    const name: Record<string, string> = rate || quantile !== undefined ? {} : { __name__: metric.name };
    const label = metric.label === '' || metric.label === 'quantile' ? {} : { [metric.label]: value };
    return [
      {
        labels: labelsFromRecord({ ...name, ...label, job: target.job, instance: target.instance }),
        values,
        present,
        histograms: null,
      },
    ];
  });
}

function sumOf(series: readonly SeriesColumn[], steps: Steps): SeriesColumn {
  const values = new Float64Array(steps.count);
  for (const column of series) for (let i = 0; i < steps.count; i++) values[i] += column.values[i];
  return { labels: labelsFromRecord({}), values, present: series[0].present, histograms: null };
}
