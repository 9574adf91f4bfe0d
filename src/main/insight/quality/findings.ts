import type { FindingCause, QualityFinding, TargetView } from '#shared/contract/index.ts';
import type { MetricMetadata, Millis } from '#shared/model/index.ts';
import type { MetricQuality } from './analyse-target.ts';

/** Standing still is a finding from so many series on, and after so many scrapes. */
const FLAT_SERIES = 20;
const FLAT_SHARE = 0.9;
const ENOUGH_SCRAPES = 30;
const NAN_SERIES = 5;
/** Series that come and go: a label that grows without end. */
const CHURN_SERIES = 100;
const CHURN_SHARE = 0.3;
const WIDE_LABEL = 200;
const DOWN_FOR: Millis = 60_000;
/** What was refused longer ago is over. */
const REFUSED_WITHIN: Millis = 3_600_000;
/** What exporters say of their own scraping, beyond what Hearth measures anyway. */
const OWN_REPORTS = /^(?:node_scrape_collector_|promhttp_metric_handler_)/;
const OWN_SERIES = 20;

const DAY_SECONDS = 86_400;

export interface FindingInput {
  readonly target: TargetView;
  readonly metrics: ReadonlyMap<string, MetricQuality>;
  readonly metadata: ReadonlyMap<string, readonly MetricMetadata[]>;
  /** Of a sample in the store. */
  readonly bytesPerSample: number;
  /** How many kept queries mention a metric. */
  readonly readers: (metric: string) => number;
  readonly now: Millis;
}

/** What can be said of one target's metrics, worst first within it. */
export function findingsOf(input: FindingInput): QualityFinding[] {
  const { target, metrics, now } = input;
  const found: QualityFinding[] = [];
  const add = (severity: QualityFinding['severity'], cause: FindingCause, dropped: readonly MetricQuality[]): void => {
    const series = dropped.reduce((sum, metric) => sum + metric.series, 0);
    const samplesPerSecond = (series * 1000) / target.interval;
    found.push({
      id: `${cause.kind} ${target.job} ${target.id} ${dropped.map(({ name }) => name).join(' ')}`,
      severity,
      targetId: target.id,
      job: target.job,
      target: target.name,
      cause,
      series,
      of: target.lastSamples ?? series,
      samplesPerSecond,
      bytesPerDay: samplesPerSecond * DAY_SECONDS * input.bytesPerSample,
      readers: dropped.reduce((sum, { name }) => sum + input.readers(name), 0),
      drop: dropped.length === 0 || target.builtin ? null : { job: target.job, regex: regexOf(dropped) },
    });
  };

  if (target.health === 'down' && target.since !== null && now - target.since >= DOWN_FOR) {
    const missed = Math.floor((now - target.since) / target.interval);
    add('crit', { kind: 'down', since: target.since, missed }, []);
  }
  const { refused } = target;
  if (refused.last !== null && now - refused.last < REFUSED_WITHIN) add('crit', { kind: 'refused', refused }, []);
  const all = [...metrics.values()].sort((a, b) => b.series - a.series);
  for (const metric of all) {
    if (metric.scrapes < ENOUGH_SCRAPES) continue;
    const widest = [...metric.labels].sort((a, b) => b[1].size - a[1].size)[0];
    if (metric.fresh >= CHURN_SERIES && metric.fresh >= metric.series * CHURN_SHARE && widest !== undefined)
      add(
        'crit',
        { kind: 'growing', metric: metric.name, fresh: metric.fresh, label: widest[0], values: widest[1].size },
        [metric],
      );
    else if (
      metric.series >= FLAT_SERIES &&
      metric.flat >= metric.series * FLAT_SHARE &&
      !OWN_REPORTS.test(metric.name)
    )
      add('warn', { kind: 'flat', metric: metric.name, scrapes: metric.scrapes }, [metric]);
    else if (widest !== undefined && widest[1].size >= WIDE_LABEL)
      add('warn', { kind: 'wide', metric: metric.name, label: widest[0], values: widest[1].size }, [metric]);
  }
  const nan = all.filter((metric) => metric.scrapes >= ENOUGH_SCRAPES && metric.nan === metric.series);
  const nanSeries = nan.reduce((sum, metric) => sum + metric.series, 0);
  if (nanSeries >= NAN_SERIES) add('warn', { kind: 'nan', metrics: nan.map(({ name }) => name) }, nan);
  const own = all.filter(({ name }) => OWN_REPORTS.test(name));
  if (own.reduce((sum, metric) => sum + metric.series, 0) >= OWN_SERIES)
    add('warn', { kind: 'own-reports', metrics: own.map(({ name }) => name) }, own);
  // What Hearth itself reads is described where it is made.
  if (!target.builtin) described(input, all, (cause) => add('info', cause, []));
  return found;
}

/** Metrics whose target says neither what they are nor what they mean. */
function described(
  { metadata }: FindingInput,
  all: readonly MetricQuality[],
  add: (cause: FindingCause) => void,
): void {
  const told = (name: string): MetricMetadata | undefined =>
    (metadata.get(name) ?? metadata.get(name.replace(/_(?:bucket|sum|count|total|info|created)$/, '')))?.[0];
  const theirs = all.filter(({ name }) => !/^(?:up|scrape_\w+)$/.test(name));
  const untyped = theirs.filter(({ name }) => (told(name)?.type ?? 'unknown') === 'unknown');
  if (untyped.length > 0)
    add({
      kind: 'no-type',
      metrics: untyped.map(({ name }) => name),
      series: untyped.reduce((sum, { series }) => sum + series, 0),
    });
  const helpless = theirs.filter(({ name }) => told(name) !== undefined && told(name)?.help === '');
  if (helpless.length > 0) add({ kind: 'no-help', metrics: helpless.map(({ name }) => name) });
}

/** An expression of RE2 that matches exactly these names. */
function regexOf(metrics: readonly MetricQuality[]): string {
  return metrics
    .map(({ name }) => name.replace(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`))
    .sort()
    .join('|');
}
