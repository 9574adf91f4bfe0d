import type { QualityFinding, QualityView, TargetView } from '#shared/contract/index.ts';
import type { MetricMetadata, Millis } from '#shared/model/index.ts';
import type { SeriesSamples } from '#main/storage/index.ts';
import { analyseTarget, type MetricQuality } from './analyse-target.ts';
import { findingsOf } from './findings.ts';

/** So much of the past is looked at. */
const QUALITY_WINDOW: Millis = 3_600_000;

const MOST_METRICS = 20;
const MOST_LABELS = 20;
const MOST_BLOCKS = 12;
const MOST_LABELS_OF_METRIC = 6;
const MOST_FINDINGS = 100;
/** Of a sample on disk where the store is too young to tell. */
const USUAL_BYTES = 0.4;
const HOUR: Millis = 3_600_000;

export interface QualityInput {
  readonly now: Millis;
  readonly targets: readonly TargetView[];
  readonly metadata: ReadonlyMap<string, readonly MetricMetadata[]>;
  readonly samplesPerSecond: number;
  readonly storeBytes: number;
  /** Time of the oldest sample, null when there is none. */
  readonly oldest: Millis | null;
  /** Bytes left on the disk. */
  readonly freeBytes: number;
  /** Samples older than this are removed; null keeps them. */
  readonly retention: Millis | null;
  /** Expressions that someone keeps. */
  readonly queries: readonly string[];
  /** Series of one target with their samples in [start, now]. */
  readonly select: (target: TargetView, start: Millis) => readonly SeriesSamples[];
  /** Lets other work of the thread go first. */
  readonly breathe: () => Promise<void>;
}

/** What is stored, what it costs, and what of it is not worth it. */
export async function qualityView(input: QualityInput): Promise<QualityView> {
  const { now, targets, samplesPerSecond, storeBytes, oldest } = input;
  const age = oldest === null ? 0 : now - oldest;
  // A store that has run for hours is a fair measure of itself; a young one is mostly overhead.
  const measured = age > 6 * HOUR && samplesPerSecond > 0 ? storeBytes / ((age / 1000) * samplesPerSecond) : null;
  const bytesPerSample = measured ?? USUAL_BYTES;
  const findings: QualityFinding[] = [];
  const byTarget: QualityView['targets'][number][] = [];
  const metrics: QualityView['metrics'][number][] = [];
  const labels = new Map<string, { readonly values: Set<string>; series: number }>();
  const totals = { series: 0, flat: 0, fresh: 0, metrics: 0 };
  const readers = readersOf(input.queries);
  for (const target of targets) {
    const found = analyseTarget(input.select(target, now - QUALITY_WINDOW), target.labels);
    const sorted = [...found.values()].sort((a, b) => b.series - a.series || (a.name < b.name ? -1 : 1));
    findings.push(...findingsOf({ ...input, target, metrics: found, bytesPerSample, readers }));
    const series = sorted.reduce((sum, metric) => sum + metric.series, 0);
    byTarget.push({
      targetId: target.id,
      name: target.name,
      series,
      metrics: sorted.slice(0, MOST_BLOCKS).map((metric) => [metric.name, metric.series]),
    });
    for (const metric of sorted) count(metric, totals, labels);
    for (const metric of sorted.slice(0, MOST_METRICS)) metrics.push(rowOf(metric, target));
    await input.breathe();
  }
  const weight = { crit: 1, warn: 0, info: -1 } as const;
  return {
    checkedAt: now,
    window: Math.min(QUALITY_WINDOW, age),
    series: totals.series,
    newSeries: age > QUALITY_WINDOW + HOUR / 6 ? totals.fresh : null,
    unchanged: totals.flat,
    samplesPerSecond,
    bytesPerSample: measured,
    fullIn: fullIn(input, bytesPerSample),
    metricCount: totals.metrics,
    targets: byTarget.sort((a, b) => b.series - a.series),
    metrics: metrics.sort((a, b) => b.series - a.series).slice(0, MOST_METRICS),
    labels: [...labels]
      .map(([label, { values, series }]) => [label, values.size, series] as const)
      .sort((a, b) => b[1] - a[1])
      .slice(0, MOST_LABELS),
    findings: findings
      .sort((a, b) => b.series - a.series || weight[b.severity] - weight[a.severity])
      .slice(0, MOST_FINDINGS),
  };
}

function count(
  metric: MetricQuality,
  totals: { series: number; flat: number; fresh: number; metrics: number },
  labels: Map<string, { readonly values: Set<string>; series: number }>,
): void {
  totals.series += metric.series;
  totals.flat += metric.flat;
  totals.fresh += metric.fresh;
  totals.metrics++;
  for (const [label, values] of metric.labels) {
    const known = labels.get(label) ?? { values: new Set<string>(), series: 0 };
    for (const value of values) known.values.add(value);
    known.series += metric.series;
    labels.set(label, known);
  }
}

function rowOf(metric: MetricQuality, target: TargetView): QualityView['metrics'][number] {
  return {
    metric: metric.name,
    targetId: target.id,
    target: target.name,
    series: metric.series,
    flat: metric.flat,
    labels: [...metric.labels]
      .map(([label, values]) => [label, values.size] as const)
      .sort((a, b) => b[1] - a[1])
      .slice(0, MOST_LABELS_OF_METRIC),
  };
}

/** How many of the queries mention a metric by its whole name. */
function readersOf(queries: readonly string[]): (metric: string) => number {
  const names = queries.map((query) => new Set(query.match(/[a-zA-Z_:][\w:]*/g) ?? []));
  return (metric) => names.filter((set) => set.has(metric)).length;
}

/** When the disk is full at the present rate; null where retention stops the growth before. */
function fullIn(
  { samplesPerSecond, freeBytes, retention, storeBytes }: QualityInput,
  bytesPerSample: number,
): Millis | null {
  const perMillisecond = (samplesPerSecond * bytesPerSample) / 1000;
  if (perMillisecond <= 0) return null;
  if (retention !== null && retention * perMillisecond <= storeBytes + freeBytes) return null;
  return freeBytes / perMillisecond;
}
