import type { MetricType } from '#shared/model/index.ts';
import type { LineExemplar } from './line.ts';
import type { WireReader } from './wire.ts';

/** One metric of a family as it stands in the message; only what the family's type has is filled in. */
export interface WireMetric {
  readonly labels: (readonly [name: string, value: string])[];
  /** Counter, gauge or untyped. */
  value: number;
  /** Milliseconds, NaN where it has none. */
  time: number;
  startTime: number;
  exemplar: LineExemplar | null;
  summary: { count: number; sum: number; quantiles: [quantile: number, value: number][] } | null;
  histogram: WireHistogram | null;
}

export interface WireHistogram {
  count: number;
  countFloat: number;
  sum: number;
  buckets: { bound: number; count: number; countFloat: number; exemplar: LineExemplar | null }[];
  schema: number;
  zeroThreshold: number;
  zeroCount: number;
  zeroCountFloat: number;
  /** `[offset, length, ...]` */
  readonly negativeSpans: number[];
  readonly positiveSpans: number[];
  readonly negativeDeltas: number[];
  readonly positiveDeltas: number[];
  readonly negativeCounts: number[];
  readonly positiveCounts: number[];
  readonly exemplars: LineExemplar[];
}

export interface WireFamily {
  name: string;
  help: string;
  unit: string;
  type: MetricType;
  readonly metrics: WireMetric[];
}

const TYPES: readonly MetricType[] = ['counter', 'gauge', 'summary', 'unknown', 'histogram', 'gaugehistogram'];

/** Reads one `io.prometheus.client.MetricFamily` that fills the message which `wire` is in. */
export function readFamily(wire: WireReader): WireFamily {
  const family: WireFamily = { name: '', help: '', unit: '', type: 'counter', metrics: [] };
  while (wire.next()) {
    if (wire.field === 1) family.name = wire.string('metric name');
    else if (wire.field === 2) family.help = wire.string('help text');
    else if (wire.field === 3) family.type = TYPES[wire.uint()] ?? 'unknown';
    else if (wire.field === 4) family.metrics.push(within(wire, readMetric));
    else if (wire.field === 5) family.unit = wire.string('unit');
    else wire.skip();
  }
  return family;
}

function within<T>(wire: WireReader, read: (wire: WireReader) => T): T {
  const outer = wire.enter();
  const value = read(wire);
  wire.leave(outer);
  return value;
}

function readMetric(wire: WireReader): WireMetric {
  const metric: WireMetric = {
    labels: [],
    value: 0,
    time: NaN,
    startTime: NaN,
    exemplar: null,
    summary: null,
    histogram: null,
  };
  while (wire.next()) {
    if (wire.field === 1) metric.labels.push(within(wire, readLabel));
    else if (wire.field === 2 || wire.field === 3 || wire.field === 5)
      within(wire, (inner) => readValue(inner, metric));
    else if (wire.field === 4) within(wire, (inner) => readSummary(inner, metric));
    else if (wire.field === 6) metric.time = wire.int();
    else if (wire.field === 7) within(wire, (inner) => readHistogram(inner, metric));
    else wire.skip();
  }
  // A time of zero is how the format says that there is none.
  if (metric.time === 0) metric.time = NaN;
  return metric;
}

function readLabel(wire: WireReader): readonly [string, string] {
  let name = '';
  let value = '';
  while (wire.next()) {
    if (wire.field === 1) name = wire.string('label name');
    else if (wire.field === 2) value = wire.string('label value');
    else wire.skip();
  }
  return [name, value];
}

function readValue(wire: WireReader, metric: WireMetric): void {
  while (wire.next()) {
    if (wire.field === 1) metric.value = wire.double();
    else if (wire.field === 2) metric.exemplar = within(wire, readExemplar);
    else if (wire.field === 3) metric.startTime = within(wire, readTime);
    else wire.skip();
  }
}

function readSummary(wire: WireReader, metric: WireMetric): void {
  const summary: WireMetric['summary'] = { count: 0, sum: 0, quantiles: [] };
  while (wire.next()) {
    if (wire.field === 1) summary.count = wire.uint();
    else if (wire.field === 2) summary.sum = wire.double();
    else if (wire.field === 3) summary.quantiles.push(within(wire, readQuantile));
    else if (wire.field === 4) metric.startTime = within(wire, readTime);
    else wire.skip();
  }
  metric.summary = summary;
}

function readQuantile(wire: WireReader): [number, number] {
  const pair: [number, number] = [0, 0];
  while (wire.next()) {
    if (wire.field === 1) pair[0] = wire.double();
    else if (wire.field === 2) pair[1] = wire.double();
    else wire.skip();
  }
  return pair;
}

function readHistogram(wire: WireReader, metric: WireMetric): void {
  const histogram: WireHistogram = {
    count: 0,
    countFloat: 0,
    sum: 0,
    buckets: [],
    schema: 0,
    zeroThreshold: 0,
    zeroCount: 0,
    zeroCountFloat: 0,
    negativeSpans: [],
    positiveSpans: [],
    negativeDeltas: [],
    positiveDeltas: [],
    negativeCounts: [],
    positiveCounts: [],
    exemplars: [],
  };
  const fields: Readonly<Record<number, () => void>> = {
    1: () => (histogram.count = wire.uint()),
    2: () => (histogram.sum = wire.double()),
    3: () => histogram.buckets.push(within(wire, readBucket)),
    4: () => (histogram.countFloat = wire.double()),
    5: () => (histogram.schema = wire.sint()),
    6: () => (histogram.zeroThreshold = wire.double()),
    7: () => (histogram.zeroCount = wire.uint()),
    8: () => (histogram.zeroCountFloat = wire.double()),
    9: () => histogram.negativeSpans.push(...within(wire, readSpan)),
    10: () => wire.sints(histogram.negativeDeltas),
    11: () => wire.doubles(histogram.negativeCounts),
    12: () => histogram.positiveSpans.push(...within(wire, readSpan)),
    13: () => wire.sints(histogram.positiveDeltas),
    14: () => wire.doubles(histogram.positiveCounts),
    15: () => (metric.startTime = within(wire, readTime)),
    16: () => histogram.exemplars.push(within(wire, readExemplar)),
  };
  while (wire.next()) {
    if (Object.hasOwn(fields, wire.field)) fields[wire.field]();
    else wire.skip();
  }
  metric.histogram = histogram;
}

function readBucket(wire: WireReader): WireHistogram['buckets'][number] {
  const bucket: WireHistogram['buckets'][number] = { bound: 0, count: 0, countFloat: 0, exemplar: null };
  while (wire.next()) {
    if (wire.field === 1) bucket.count = wire.uint();
    else if (wire.field === 2) bucket.bound = wire.double();
    else if (wire.field === 3) bucket.exemplar = within(wire, readExemplar);
    else if (wire.field === 4) bucket.countFloat = wire.double();
    else wire.skip();
  }
  return bucket;
}

function readSpan(wire: WireReader): [offset: number, length: number] {
  const span: [number, number] = [0, 0];
  while (wire.next()) {
    if (wire.field === 1) span[0] = wire.sint();
    else if (wire.field === 2) span[1] = wire.uint();
    else wire.skip();
  }
  return span;
}

function readExemplar(wire: WireReader): LineExemplar {
  const labels: (readonly [string, string])[] = [];
  let value = 0;
  let time = NaN;
  while (wire.next()) {
    if (wire.field === 1) labels.push(within(wire, readLabel));
    else if (wire.field === 2) value = wire.double();
    else if (wire.field === 3) time = within(wire, readTime);
    else wire.skip();
  }
  return { labels, value, time };
}

/** `google.protobuf.Timestamp` in milliseconds. */
function readTime(wire: WireReader): number {
  let seconds = 0;
  let nanos = 0;
  while (wire.next()) {
    if (wire.field === 1) seconds = wire.int();
    else if (wire.field === 2) nanos = wire.int();
    else wire.skip();
  }
  return seconds * 1000 + Math.floor(nanos / 1e6);
}
