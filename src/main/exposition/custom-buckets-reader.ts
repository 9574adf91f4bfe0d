import {
  CUSTOM_BUCKETS_SCHEMA,
  getLabel,
  HINT_GAUGE,
  HINT_UNKNOWN,
  labelsKey,
  METRIC_NAME,
  withLabel,
  type Histogram,
  type Labels,
  type MetricType,
} from '#shared/model/index.ts';
import type { ParsedBody, ParsedExemplar } from './body.ts';
import { parseFloatText } from './number.ts';
import type { BodyReader } from './reader.ts';

type Part = 'bucket' | 'count' | 'sum';

/** What a series of the body is: part of a classic histogram, or something else. */
interface Role {
  readonly group: Group;
  readonly part: Part;
  /** Upper bound of a bucket. */
  readonly bound: number;
}

/** One classic histogram: a family and a label set without `le`. */
interface Group {
  readonly labels: Labels;
  readonly key: string;
  readonly gauge: boolean;
  /** What the body that is being read says of it; emptied for each. */
  buckets: { readonly bound: number; readonly count: number }[];
  count: number;
  sum: number;
  time: number;
  startTime: number;
  exemplars: ParsedExemplar[];
}

const SUFFIX = /^(.+)_(bucket|count|sum)$/;

/**
 * Turns classic histograms into native ones with custom buckets, whatever the format under it. Histograms that are
 * exposed in exponential form too are left as they are, and those whose buckets make no sense are left out.
 */
export class CustomBucketsReader implements BodyReader {
  readonly #inner: BodyReader;
  readonly #keepClassic: boolean;
  readonly #types = new Map<string, MetricType>();
  readonly #labels: Labels[] = [];
  readonly #handles = new Map<string, number>();
  readonly #groups = new Map<string, Group>();
  /** By handle of the reader inside; null: not part of a classic histogram. */
  #roles: (Role | null | undefined)[] = [];
  /** Our handle by handle of the reader inside, for series that are passed on. */
  readonly #outer: (number | undefined)[] = [];
  #last: readonly number[] = [];
  #layout = 0;

  constructor(inner: BodyReader, keepClassic: boolean) {
    this.#inner = inner;
    this.#keepClassic = keepClassic;
  }

  get handles(): number {
    // Handles of series that come and go are spent inside.
    return Math.max(this.#labels.length, this.#inner.handles);
  }

  labelsOf(sample: number): Labels {
    return this.#labels[this.#last[sample]];
  }

  read(body: Uint8Array): ParsedBody {
    const parsed = this.#inner.read(body);
    // A changed type may make another thing of a series.
    if (parsed.metadata.length > 0) this.#roles = [];
    for (const { family, type } of parsed.metadata) this.#types.set(family, type);

    const native = new Set<string>();
    for (const i of parsed.histograms?.keys() ?? []) native.add(labelsKey(this.#inner.labelsOf(i)));
    const found = new Set<Group>();
    const kept: number[] = [];
    for (let i = 0; i < parsed.count; i++) {
      const role = this.#roleOf(parsed.series[i], i);
      if (role === null || native.has(role.group.key)) {
        kept.push(i);
        continue;
      }
      if (!found.has(role.group)) {
        reset(role.group);
        found.add(role.group);
      }
      collect(role, parsed, i);
      if (this.#keepClassic) kept.push(i);
    }
    for (const exemplar of parsed.exemplars ?? []) {
      const role = this.#roleOf(parsed.series[exemplar.sample], exemplar.sample);
      if (role !== null && found.has(role.group)) role.group.exemplars.push(exemplar);
    }
    return this.#build(parsed, kept, found);
  }

  #build(parsed: ParsedBody, kept: readonly number[], groups: ReadonlySet<Group>): ParsedBody {
    const series: number[] = [];
    const values: number[] = [];
    const times: number[] = [];
    const startTimes: number[] = [];
    const histograms = new Map<number, Histogram>();
    const exemplars: ParsedExemplar[] = [];
    const place = new Map<number, number>();
    for (const i of kept) {
      place.set(i, series.length);
      const histogram = parsed.histograms?.get(i);
      if (histogram !== undefined) histograms.set(series.length, histogram);
      series.push(this.#outerHandle(parsed.series[i], i));
      values.push(parsed.values[i]);
      times.push(parsed.times?.[i] ?? NaN);
      startTimes.push(parsed.startTimes?.[i] ?? NaN);
    }
    for (const exemplar of parsed.exemplars ?? []) {
      const sample = place.get(exemplar.sample);
      if (sample !== undefined) exemplars.push({ ...exemplar, sample });
    }
    for (const group of groups) {
      const histogram = convert(group);
      if (histogram === null) continue;
      for (const exemplar of group.exemplars) exemplars.push({ ...exemplar, sample: series.length });
      histograms.set(series.length, histogram);
      series.push(this.#handle(group.labels));
      values.push(0);
      times.push(group.time);
      startTimes.push(group.startTime);
    }
    if (series.length !== this.#last.length || series.some((handle, i) => handle !== this.#last[i])) this.#layout++;
    this.#last = series;
    return {
      count: series.length,
      series: Int32Array.from(series),
      values: Float64Array.from(values),
      times: parsed.times === null ? null : Float64Array.from(times),
      startTimes: parsed.startTimes === null ? null : Float64Array.from(startTimes),
      histograms: histograms.size > 0 ? histograms : null,
      exemplars: exemplars.length > 0 ? exemplars : null,
      metadata: parsed.metadata,
      layout: this.#layout,
    };
  }

  /** Our handle of a series that is passed on as it is. */
  #outerHandle(innerHandle: number, sample: number): number {
    const known = this.#outer[innerHandle];
    if (known !== undefined) return known;
    const handle = this.#handle(this.#inner.labelsOf(sample));
    this.#outer[innerHandle] = handle;
    return handle;
  }

  #handle(labels: Labels): number {
    const key = labelsKey(labels);
    let handle = this.#handles.get(key);
    if (handle === undefined) {
      handle = this.#labels.length;
      this.#labels.push(labels);
      this.#handles.set(key, handle);
    }
    return handle;
  }

  #roleOf(innerHandle: number, sample: number): Role | null {
    const known = this.#roles[innerHandle];
    if (known !== undefined) return known;
    const role = this.#findRole(this.#inner.labelsOf(sample));
    this.#roles[innerHandle] = role;
    return role;
  }

  #findRole(labels: Labels): Role | null {
    const match = SUFFIX.exec(getLabel(labels, METRIC_NAME));
    if (match === null) return null;
    const [, family, part] = match as unknown as [string, string, Part];
    const type = this.#types.get(family);
    if (type !== 'histogram' && type !== 'gaugehistogram') return null;
    const le = getLabel(labels, 'le');
    if ((part === 'bucket') !== (le !== '')) return null;
    const base = withLabel(withLabel(labels, 'le', ''), METRIC_NAME, family);
    const key = labelsKey(base);
    let group = this.#groups.get(key);
    if (group === undefined || group.gauge !== (type === 'gaugehistogram')) {
      const gauge = type === 'gaugehistogram';
      group = { labels: base, key, gauge, buckets: [], count: NaN, sum: 0, time: NaN, startTime: NaN, exemplars: [] };
      this.#groups.set(key, group);
    }
    return { group, part, bound: part === 'bucket' ? boundOf(le) : NaN };
  }
}

/** The bound that `le` names; NaN (which makes the histogram unusable) when it names none. */
function boundOf(le: string): number {
  try {
    return parseFloatText(le);
  } catch {
    return NaN;
  }
}

function reset(group: Group): void {
  group.buckets = [];
  group.count = NaN;
  group.sum = 0;
  group.time = NaN;
  group.startTime = NaN;
  group.exemplars = [];
}

function collect({ group, part, bound }: Role, parsed: ParsedBody, i: number): void {
  const value = parsed.values[i];
  if (part === 'bucket') group.buckets.push({ bound, count: value });
  else if (part === 'count') group.count = value;
  else group.sum = value;
  group.time = parsed.times?.[i] ?? NaN;
  group.startTime = parsed.startTimes?.[i] ?? NaN;
}

/** The histogram that the buckets make; null when they make none. */
function convert(group: Group): Histogram | null {
  const buckets = [...group.buckets].sort((a, b) => a.bound - b.bound);
  if (buckets.some(({ bound }) => Number.isNaN(bound))) return null;
  const highest = buckets.at(-1)?.count ?? 0;
  const count = Number.isNaN(group.count) ? highest : group.count;
  if (buckets.at(-1)?.bound !== Infinity) buckets.push({ bound: Infinity, count });
  const counts: number[] = [];
  let below = 0;
  for (const [i, bucket] of buckets.entries()) {
    if (i > 0 && bucket.bound === buckets[i - 1].bound) return null;
    if (!(bucket.count >= below) || bucket.count === Infinity) return null;
    counts.push(bucket.count - below);
    below = bucket.count;
  }
  if (below !== count) return null;
  return {
    schema: CUSTOM_BUCKETS_SCHEMA,
    counterResetHint: group.gauge ? HINT_GAUGE : HINT_UNKNOWN,
    zeroThreshold: 0,
    zeroCount: 0,
    count,
    sum: group.sum,
    positiveSpans: [0, counts.length],
    negativeSpans: [],
    positiveBuckets: counts,
    negativeBuckets: [],
    customValues: buckets.slice(0, -1).map(({ bound }) => bound),
  };
}
