import { formatDuration, formatG, formatPrecision, quoteGo, type Millis } from '#shared/model/index.ts';

/** Where in the expression an annotation belongs: UTF-16 offset of the start of the node. */
export type Position = number;

interface Entry {
  readonly kind: 'warning' | 'info';
  readonly text: string;
  position: Position;
  /** Details that are merged over all occurrences. */
  detail: ForcedMonotonicity | { readonly count: number } | null;
}

/** What histogram_quantile had to repair in cumulative buckets. */
export interface ForcedMonotonicity {
  readonly minTime: Millis;
  readonly maxTime: Millis;
  readonly minBucket: number;
  readonly maxBucket: number;
  readonly maxDiff: number;
  readonly samples: number;
}

/** What two histograms were doing when their layouts or hints did not fit. */
export type HistogramOperation = 'addition' | 'subtraction' | 'aggregation';

const forMetric = (name: string): string => (name === '' ? '' : ` for metric name ${quoteGo(name)}`);

/** Warnings and infos of one query: a set by text, so that a message from a thousand series is one message. */
export class Annotations {
  private readonly entries = new Map<string, Entry>();

  private add(kind: Entry['kind'], text: string, position: Position): void {
    const entry = this.entries.get(text);
    if (entry === undefined) this.entries.set(text, { kind, text, position, detail: null });
    else entry.position = position;
  }

  private warn(text: string, position: Position): void {
    this.add('warning', text, position);
  }

  private inform(text: string, position: Position): void {
    this.add('info', text, position);
  }

  fromTier(resolution: Millis, position: Position): void {
    this.inform(`read from the tier of ${formatDuration(resolution)}, not from samples`, position);
  }

  invalidQuantile(q: number, position: Position): void {
    this.warn(`quantile value should be between 0 and 1, got ${formatG(q)}`, position);
  }

  invalidRatio(ratio: number, cappedTo: number, position: Position): void {
    this.warn(
      `ratio value should be between -1 and 1, got ${formatG(ratio)}, capping to ${formatG(cappedTo)}`,
      position,
    );
  }

  badBucketLabel(metric: string, label: string, position: Position): void {
    const what = 'bucket label "le" is missing or has a malformed value';
    this.warn(`${what} of ${quoteGo(label)}${forMetric(metric)}`, position);
  }

  mixedFloatsHistograms(metric: string, position: Position): void {
    this.warn(`encountered a mix of histograms and floats for metric name ${quoteGo(metric)}`, position);
  }

  mixedFloatsHistogramsInAggregation(position: Position): void {
    this.warn('encountered a mix of histograms and floats for aggregation', position);
  }

  mixedClassicNative(metric: string, position: Position): void {
    this.warn(`vector contains a mix of classic and native histograms${forMetric(metric)}`, position);
  }

  histogramNotCounter(metric: string, position: Position): void {
    this.warn(`this native histogram metric is not a counter: ${quoteGo(metric)}`, position);
  }

  histogramNotGauge(metric: string, position: Position): void {
    this.warn(`this native histogram metric is not a gauge: ${quoteGo(metric)}`, position);
  }

  mixedExponentialCustom(metric: string, position: Position): void {
    const what = 'vector contains a mix of histograms with exponential and custom buckets schemas for metric name';
    this.warn(`${what} ${quoteGo(metric)}`, position);
  }

  incompatibleBucketLayout(operator: string, position: Position): void {
    this.warn(`incompatible bucket layout encountered for binary operator ${operator}`, position);
  }

  sortInRangeQuery(position: Position): void {
    this.warn('sort is ineffective for range queries since results are always ordered by labels', position);
  }

  resetCollision(operation: HistogramOperation, position: Position): void {
    this.warn(`conflicting counter resets during histogram ${operation}`, position);
  }

  possibleNonCounter(metric: string, position: Position): void {
    const what = 'metric might not be a counter, name does not end in _total/_sum/_count/_bucket:';
    this.inform(`${what} ${quoteGo(metric)}`, position);
  }

  possibleNonCounterType(metric: string, type: string, position: Position): void {
    const what = 'metric might not be a counter, __type__ label is not set to "counter" or "histogram"';
    this.inform(`${what}, got ${quoteGo(type)}: ${quoteGo(metric)}`, position);
  }

  incompatibleTypes(left: string, operator: string, right: string, position: Position): void {
    const what = 'incompatible sample types encountered for binary operator';
    this.inform(`${what} ${quoteGo(operator)}: ${left} ${operator} ${right}`, position);
  }

  histogramIgnoredInAggregation(aggregation: string, position: Position): void {
    this.inform(`ignored histogram in ${aggregation} aggregation`, position);
  }

  histogramIgnoredInMixedRange(metric: string, position: Position): void {
    const what = 'ignored histograms in a range containing both floats and histograms for metric name';
    this.inform(`${what} ${quoteGo(metric)}`, position);
  }

  quantileNanResult(metric: string, position: Position): void {
    this.inform(`input to histogram_quantile has NaN observations, result is NaN${forMetric(metric)}`, position);
  }

  quantileNanSkew(metric: string, position: Position): void {
    const what = 'input to histogram_quantile has NaN observations, result is skewed higher';
    this.inform(`${what}${forMetric(metric)}`, position);
  }

  fractionNans(metric: string, position: Position): void {
    const what = 'input to histogram_fraction has NaN observations, which are excluded from all fractions';
    this.inform(`${what}${forMetric(metric)}`, position);
  }

  mismatchedCustomBuckets(operation: HistogramOperation, position: Position): void {
    this.inform(`mismatched custom buckets were reconciled during ${operation}`, position);
  }

  startTimeOverlap(metric: string, position: Position): void {
    const what = 'sample has start time that overlaps with previous sample timestamp';
    const text = `${what} for metric ${quoteGo(metric)}`;
    const entry = this.entries.get(text);
    if (entry === undefined) this.entries.set(text, { kind: 'warning', text, position, detail: { count: 1 } });
    else if (entry.detail !== null && 'count' in entry.detail) entry.detail = { count: entry.detail.count + 1 };
  }

  forcedMonotonicity(metric: string, detail: ForcedMonotonicity, position: Position): void {
    const url = 'https://prometheus.io/docs/prometheus/latest/querying/functions/#histogram_quantile';
    const what = `input to histogram_quantile needed to be fixed for monotonicity (see ${url})`;
    const text = `${what}${forMetric(metric)}`;
    const entry = this.entries.get(text);
    if (entry === undefined) this.entries.set(text, { kind: 'info', text, position, detail });
    else if (entry.detail !== null && 'minTime' in entry.detail) {
      const old = entry.detail;
      entry.detail = {
        minTime: Math.min(old.minTime, detail.minTime),
        maxTime: Math.max(old.maxTime, detail.maxTime),
        minBucket: Math.min(old.minBucket, detail.minBucket),
        maxBucket: Math.max(old.maxBucket, detail.maxBucket),
        maxDiff: Math.max(old.maxDiff, detail.maxDiff),
        samples: old.samples + detail.samples,
      };
    }
  }

  /** The texts as Prometheus gives them, each with the line and column of its node in `expr`. */
  texts(expr: string): { warnings: string[]; infos: string[] } {
    const warnings: string[] = [];
    const infos: string[] = [];
    for (const entry of this.entries.values()) {
      const text = `PromQL ${entry.kind}: ${entry.text}${detailText(entry)} (${lineAndColumn(expr, entry.position)})`;
      (entry.kind === 'warning' ? warnings : infos).push(text);
    }
    return { warnings, infos };
  }
}

function detailText({ detail }: Entry): string {
  if (detail === null) return '';
  if ('count' in detail) return detail.count > 1 ? ` (${detail.count} occurrences)` : '';
  const time = (millis: Millis): string => `${new Date(Math.floor(millis / 1000) * 1000).toISOString().slice(0, 19)}Z`;
  const buckets = `from buckets ${formatG(detail.minBucket)} to ${formatG(detail.maxBucket)}`;
  const diff = `with a max diff of ${formatPrecision(detail.maxDiff, 2)}`;
  return `, ${buckets}, ${diff}, over ${detail.samples} samples from ${time(detail.minTime)} to ${time(detail.maxTime)}`;
}

/** 1-based line and column (in bytes of UTF-8) of a UTF-16 offset. */
function lineAndColumn(expr: string, offset: number): string {
  const before = expr.slice(0, offset);
  const lineStart = before.lastIndexOf('\n') + 1;
  const line = before.split('\n').length;
  return `${line}:${new TextEncoder().encode(before.slice(lineStart)).length + 1}`;
}
