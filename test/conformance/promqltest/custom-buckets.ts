import {
  filterLabels,
  getLabel,
  HINT_UNKNOWN,
  labelsKey,
  METRIC_NAME,
  withLabel,
  CUSTOM_BUCKETS_SCHEMA,
  type Histogram,
  type Labels,
  type Millis,
} from '#shared/model/index.ts';
import { parseNumber } from '#shared/promql/index.ts';

/** One float sample of a load. */
export interface FloatSample {
  readonly labels: Labels;
  readonly time: Millis;
  readonly value: number;
}

interface Classic {
  readonly bounds: Map<number, number>;
  count: number | null;
  sum: number;
}

export interface ConvertedSeries {
  readonly labels: Labels;
  readonly samples: readonly { readonly time: Millis; readonly histogram: Histogram }[];
}

const SUFFIX = /^(.*)_(bucket|count|sum)$/;

function boundOf(text: string): number | null {
  const match = /^([+-]?)(.+)$/.exec(text);
  const parsed = match === null ? null : parseNumber(match[2]);
  if (parsed === null || !parsed.ok || Number.isNaN(parsed.value)) return null;
  return match?.[1] === '-' ? -parsed.value : parsed.value;
}

/** The histograms with custom buckets that classic histograms of a load stand for. */
export function convertClassic(samples: Iterable<FloatSample>): readonly ConvertedSeries[] {
  const found = new Map<string, { labels: Labels; byTime: Map<Millis, Classic> }>();
  for (const { labels, time, value } of samples) {
    const match = SUFFIX.exec(getLabel(labels, METRIC_NAME));
    if (match === null) continue;
    const [, base, part] = match;
    const bound = part === 'bucket' ? boundOf(getLabel(labels, 'le')) : null;
    if (part === 'bucket' && bound === null) continue;
    const target = withLabel(
      filterLabels(labels, (name) => name !== 'le'),
      METRIC_NAME,
      base,
    );
    const key = labelsKey(target);
    let series = found.get(key);
    if (series === undefined) found.set(key, (series = { labels: target, byTime: new Map() }));
    let classic = series.byTime.get(time);
    if (classic === undefined) series.byTime.set(time, (classic = { bounds: new Map(), count: null, sum: 0 }));
    if (bound !== null) {
      if (!classic.bounds.has(bound)) classic.bounds.set(bound, value);
    } else if (part === 'count') classic.count = value;
    else classic.sum = value;
  }
  return [...found.values()].map(({ labels, byTime }) => ({
    labels,
    samples: [...byTime].sort(([a], [b]) => a - b).map(([time, classic]) => ({ time, histogram: convert(classic) })),
  }));
}

function convert({ bounds, count, sum }: Classic): Histogram {
  const buckets = [...bounds].sort(([a], [b]) => a - b);
  const total = count ?? buckets.at(-1)?.[1] ?? 0;
  if (buckets.at(-1)?.[0] !== Infinity) buckets.push([Infinity, total]);
  const counts: number[] = [];
  let before = 0;
  for (const [, cumulative] of buckets) {
    if (cumulative < before) throw new Error('the buckets of a classic histogram are not cumulative');
    counts.push(cumulative - before);
    before = cumulative;
  }
  if (before !== total) throw new Error('the count of a classic histogram is not that of its last bucket');
  return {
    schema: CUSTOM_BUCKETS_SCHEMA,
    counterResetHint: HINT_UNKNOWN,
    zeroThreshold: 0,
    zeroCount: 0,
    count: total,
    sum,
    ...compactSide(counts),
    negativeSpans: [],
    negativeBuckets: [],
    customValues: buckets.slice(0, -1).map(([bound]) => bound),
  };
}

function compactSide(counts: readonly number[]): Pick<Histogram, 'positiveSpans' | 'positiveBuckets'> {
  const positiveSpans: number[] = [];
  const positiveBuckets: number[] = [];
  let gap = 0;
  for (const count of counts) {
    if (count === 0) gap++;
    else {
      if (gap > 0 || positiveSpans.length === 0) positiveSpans.push(gap, 0);
      positiveSpans[positiveSpans.length - 1]++;
      positiveBuckets.push(count);
      gap = 0;
    }
  }
  return { positiveSpans, positiveBuckets };
}
