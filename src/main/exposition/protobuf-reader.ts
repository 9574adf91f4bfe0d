import {
  compareUtf8,
  labelsFromSortedFlat,
  METRIC_NAME,
  type Histogram,
  type Labels,
  type MetricMetadata,
} from '#shared/model/index.ts';
import type { ParsedBody, ParsedExemplar } from './body.ts';
import { ExpositionError, LineError } from './error.ts';
import { formatBound } from './go-float.ts';
import type { LineExemplar } from './line.ts';
import { readFamily, type WireFamily, type WireHistogram, type WireMetric } from './metric-family.ts';
import type { BodyReader, ReaderOptions } from './reader.ts';
import { isNative, nativeHistogram } from './wire-histogram.ts';
import { WireReader } from './wire.ts';

/** The columns of a body while it is read. */
class Columns {
  readonly series: number[] = [];
  readonly values: number[] = [];
  readonly times: number[] = [];
  readonly startTimes: number[] = [];
  readonly histograms = new Map<number, Histogram>();
  readonly exemplars: ParsedExemplar[] = [];
}

/** Reads successive bodies of length-delimited `io.prometheus.client.MetricFamily` messages. */
export class ProtobufReader implements BodyReader {
  readonly #options: ReaderOptions;
  readonly #labels: Labels[] = [];
  readonly #handles = new Map<string, number>();
  readonly #metadata = new Map<string, MetricMetadata>();
  #last: readonly number[] = [];
  #layout = 0;

  constructor(options: ReaderOptions) {
    this.#options = options;
  }

  get handles(): number {
    return this.#labels.length;
  }

  labelsOf(sample: number): Labels {
    return this.#labels[this.#last[sample]];
  }

  read(body: Uint8Array): ParsedBody {
    const columns = new Columns();
    const metadata = new Map<string, MetricMetadata>();
    const wire = new WireReader(body);
    let families = 0;
    try {
      while (wire.pos < body.length) {
        const outer = wire.enterDelimited();
        const family = readFamily(wire);
        wire.leave(outer);
        families++;
        if (family.name === '') throw new LineError('metric family without a name');
        const { name, type, help, unit } = family;
        metadata.set(name, { family: name, type, help, unit });
        for (const metric of family.metrics) this.#metric(family, metric, columns);
      }
    } catch (error) {
      if (!(error instanceof LineError)) throw error;
      throw new ExpositionError(0, columns.series.length, `metric family ${families + 1}: ${error.message}`);
    }
    return this.#finish(columns, metadata);
  }

  #finish(columns: Columns, metadata: Map<string, MetricMetadata>): ParsedBody {
    const { series, values, times, startTimes, histograms, exemplars } = columns;
    if (series.length !== this.#last.length || series.some((handle, i) => handle !== this.#last[i])) this.#layout++;
    this.#last = series;
    const changed = [...metadata.values()].filter((entry) => {
      const known = this.#metadata.get(entry.family);
      return known?.type !== entry.type || known.help !== entry.help || known.unit !== entry.unit;
    });
    for (const entry of changed) this.#metadata.set(entry.family, entry);
    return {
      count: series.length,
      series: Int32Array.from(series),
      values: Float64Array.from(values),
      times: times.some((time) => !Number.isNaN(time)) ? Float64Array.from(times) : null,
      startTimes: startTimes.some((time) => !Number.isNaN(time)) ? Float64Array.from(startTimes) : null,
      histograms: histograms.size > 0 ? histograms : null,
      exemplars: exemplars.length > 0 ? exemplars : null,
      metadata: changed,
      layout: this.#layout,
    };
  }

  #metric(family: WireFamily, metric: WireMetric, columns: Columns): void {
    const { name } = family;
    switch (family.type) {
      case 'summary': {
        const { count, sum, quantiles } = metric.summary ?? { count: 0, sum: 0, quantiles: [] };
        this.#sample(family, metric, columns, `${name}_count`, count);
        this.#sample(family, metric, columns, `${name}_sum`, sum);
        for (const [quantile, value] of quantiles)
          this.#sample(family, metric, columns, name, value, ['quantile', formatBound(quantile)]);
        return;
      }
      case 'histogram':
      case 'gaugehistogram':
        if (metric.histogram !== null) this.#histogram(family, metric, metric.histogram, columns);
        return;
      default:
        this.#sample(family, metric, columns, name, metric.value);
        if (metric.exemplar !== null) note(columns, metric.exemplar);
    }
  }

  #histogram(family: WireFamily, metric: WireMetric, given: WireHistogram, columns: Columns): void {
    const { name } = family;
    const native = this.#options.nativeHistograms && isNative(given);
    if (native) {
      this.#sample(family, metric, columns, name, 0);
      columns.histograms.set(columns.series.length - 1, nativeHistogram(given, family.type));
      const own = given.exemplars.filter((exemplar) => !Number.isNaN(exemplar.time));
      const ofBuckets = given.buckets.map(({ exemplar }) => exemplar).filter((exemplar) => exemplar !== null);
      for (const exemplar of given.exemplars.length > 0 ? own : ofBuckets.filter(({ time }) => !Number.isNaN(time)))
        note(columns, exemplar);
      if (!this.#options.keepClassicHistograms || given.buckets.length === 0) return;
    }
    const count = given.countFloat > 0 ? given.countFloat : given.count;
    this.#sample(family, metric, columns, `${name}_count`, count);
    this.#sample(family, metric, columns, `${name}_sum`, given.sum);
    let infinite = false;
    for (const bucket of given.buckets) {
      infinite ||= bucket.bound === Infinity;
      const value = bucket.countFloat > 0 ? bucket.countFloat : bucket.count;
      this.#sample(family, metric, columns, `${name}_bucket`, value, ['le', formatBound(bucket.bound)]);
      if (bucket.exemplar !== null) note(columns, bucket.exemplar);
    }
    if (!infinite) this.#sample(family, metric, columns, `${name}_bucket`, count, ['le', '+Inf']);
  }

  #sample(
    family: WireFamily,
    metric: WireMetric,
    columns: Columns,
    name: string,
    value: number,
    extra?: readonly [string, string],
  ): void {
    columns.series.push(this.#handle(family, metric, name, extra));
    columns.values.push(value);
    columns.times.push(metric.time);
    columns.startTimes.push(metric.startTime);
  }

  #handle(family: WireFamily, metric: WireMetric, name: string, extra?: readonly [string, string]): number {
    // Lengths make the key unambiguous whatever the values hold.
    let key = `${name.length}:${name}`;
    for (const [label, value] of metric.labels) key += `${label.length}:${label}${value.length}:${value}`;
    if (extra !== undefined) key += `${extra[0]}=${extra[1]}`;
    if (this.#options.typeAndUnitLabels) key += `${family.type} ${family.unit}`;
    let handle = this.#handles.get(key);
    if (handle !== undefined) return handle;
    const pairs: (readonly [string, string])[] = [[METRIC_NAME, name], ...metric.labels];
    if (extra !== undefined) pairs.push(extra);
    handle = this.#labels.length;
    this.#labels.push(sortedLabels(pairs, this.#options.typeAndUnitLabels ? family : null));
    this.#handles.set(key, handle);
    return handle;
  }
}

function sortedLabels(pairs: readonly (readonly [string, string])[], typed: WireFamily | null): Labels {
  const all = pairs.filter(([name]) => typed === null || (name !== '__type__' && name !== '__unit__'));
  if (typed !== null && typed.type !== 'unknown') all.push(['__type__', typed.type]);
  if (typed !== null) all.push(['__unit__', typed.unit]);
  all.sort((a, b) => compareUtf8(a[0], b[0]));
  const flat: string[] = [];
  for (const [i, [name, value]] of all.entries()) {
    if (name === '') throw new LineError('label without a name');
    if (i > 0 && all[i - 1][0] === name) throw new LineError(`label name "${name}" is not unique`);
    if (value !== '') flat.push(name, value);
  }
  return labelsFromSortedFlat(flat);
}

/** Adds an exemplar of the last sample. */
function note(columns: Columns, exemplar: LineExemplar): void {
  columns.exemplars.push({ sample: columns.series.length - 1, ...exemplar });
}
