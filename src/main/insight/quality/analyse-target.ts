import { getLabel, labelPairs, METRIC_NAME, type Labels } from '#shared/model/index.ts';
import type { SeriesSamples } from '#main/storage/index.ts';

/** One metric of one target, as far as its cost and worth go. */
export interface MetricQuality {
  readonly name: string;
  series: number;
  /** Series whose value never changed in the time looked at. */
  flat: number;
  /** Series that were nothing but NaN. */
  nan: number;
  /** Series that began within the time looked at. */
  fresh: number;
  samples: number;
  /** Most samples that one series has: how many scrapes were looked at. */
  scrapes: number;
  readonly labels: Map<string, Set<string>>;
}

/** Labels that every series of a target has tell nothing of its metrics. */
const OWN_LABELS: ReadonlySet<string> = new Set([METRIC_NAME, 'job', 'instance']);

/** Series and metrics of one target over a window of time. */
export function analyseTarget(series: readonly SeriesSamples[], targetLabels: Labels): Map<string, MetricQuality> {
  const metrics = new Map<string, MetricQuality>();
  const own = new Set([...OWN_LABELS, ...[...labelPairs(targetLabels)].map(([name]) => name)]);
  let first = Infinity;
  for (const { times, from } of series) first = Math.min(first, times[from]);
  for (const one of series) {
    const name = getLabel(one.labels, METRIC_NAME);
    let metric = metrics.get(name);
    if (metric === undefined) {
      metric = { name, series: 0, flat: 0, nan: 0, fresh: 0, samples: 0, scrapes: 0, labels: new Map() };
      metrics.set(name, metric);
    }
    const kind = kindOf(one);
    const count = one.to - one.from;
    metric.series++;
    metric.samples += count;
    metric.scrapes = Math.max(metric.scrapes, count);
    if (kind === 'flat') metric.flat++;
    else if (kind === 'nan') metric.nan++;
    // What began with the target itself is not new.
    if (one.times[one.from] > first + FRESH_SLACK) metric.fresh++;
    for (const [label, value] of labelPairs(one.labels)) {
      if (own.has(label)) continue;
      const values = metric.labels.get(label) ?? new Set<string>();
      values.add(value);
      metric.labels.set(label, values);
    }
  }
  return metrics;
}

const FRESH_SLACK = 120_000;

/** Whether the values stand still. Histograms count as moving unless their count stands still. */
function kindOf({ values, histograms, from, to }: SeriesSamples): 'flat' | 'nan' | 'moving' {
  let seen: number | null = null;
  for (let i = from; i < to; i++) {
    const value = histograms?.[i]?.count ?? values[i];
    if (Number.isNaN(value)) continue;
    if (seen !== null && value !== seen) return 'moving';
    seen = value;
  }
  return seen === null ? 'nan' : 'flat';
}
