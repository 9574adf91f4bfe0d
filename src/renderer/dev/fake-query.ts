import type { QueryResult, SeriesColumn, Steps } from '#shared/contract/index.ts';
import { labelsFromRecord, newPresence, setPresent } from '#shared/model/index.ts';
import type { FakeMetric } from './fake-metrics.ts';
import { signalAt } from './fake-signals.ts';
import { samplesOf, type FakeTarget } from './fake-targets.ts';

/** No PromQL: the first metric named in the expression is drawn, for the job it names, summed when it says so. */
export function fakeQuery(expr: string, steps: Steps, targets: readonly FakeTarget[], startedAt: number): QueryResult {
  const words = new Set(expr.match(/[a-zA-Z_:][a-zA-Z0-9_:]*/g) ?? []);
  const job = /job="([^"]*)"/.exec(expr)?.[1];
  const series: SeriesColumn[] = [];
  for (const target of targets) {
    if (job !== undefined && job !== target.job) continue;
    for (const metric of target.metrics)
      if (words.has(metric.name)) series.push(...columnsOf(metric, target, expr, steps, startedAt));
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
  startedAt: number,
): SeriesColumn[] {
  const rate = /\b(?:rate|irate|increase)\s*\(/.test(expr);
  const quantile = /histogram_quantile\s*\(\s*([\d.]+)/.exec(expr)?.[1];
  return Object.entries(metric.values).flatMap(([value, signal]) => {
    if (quantile !== undefined && value !== `p${Math.round(Number(quantile) * 100)}`) return [];
    const key = `${target.job} ${metric.name} ${value}`;
    const values = new Float64Array(steps.count);
    const present = newPresence(steps.count);
    const end = target.downFor === null ? Infinity : startedAt - target.downFor;
    for (let i = 0; i < steps.count; i++) {
      const time = steps.start + i * steps.step;
      if (time > end) continue;
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
