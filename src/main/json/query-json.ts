import { Buffer } from 'node:buffer';
import type { HistogramColumns, QueryResult, RawSeries, SeriesColumn, Steps } from '#shared/contract/index.ts';
import { assertNever, isPresent, type Labels } from '#shared/model/index.ts';
import { formatTimestamp } from './format-number.ts';
import { histogramJson } from './histogram-json.ts';
import { JsonWriter } from './json-writer.ts';

/**
 * JSON of label sets, in UTF-8 with a character for each byte. Null where it was written once: only what comes again is
 * a label set that the store keeps, and worth keeping too.
 */
const texts = new WeakMap<Labels, string | null>();

function textOf(labels: Labels): string {
  const pairs: string[] = [];
  for (let i = 0; i < labels.length; i += 2)
    pairs.push(`${JSON.stringify(labels[i])}:${JSON.stringify(labels[i + 1])}`);
  return Buffer.from(`{${pairs.join()}}`, 'utf8').toString('latin1');
}

/** Label sets as JSON objects: names are sorted already. */
export function writeLabels(out: JsonWriter, labels: Labels): void {
  let text = texts.get(labels);
  if (text === null) texts.set(labels, (text = textOf(labels)));
  if (text !== undefined) {
    out.latin1(text);
    return;
  }
  texts.set(labels, null);
  out.ascii('{');
  for (let i = 0; i < labels.length; i += 2) {
    if (i > 0) out.ascii(',');
    out.string(labels[i]);
    out.ascii(':');
    out.string(labels[i + 1]);
  }
  out.ascii('}');
}

/** Texts `[TIME,` of many points, made once and copied for each series. */
class PointHeads {
  private readonly text: Uint8Array;
  private readonly offsets: Uint32Array;

  constructor(count: number, timeOf: (index: number) => number) {
    const out = new JsonWriter();
    this.offsets = new Uint32Array(count + 1);
    for (let i = 0; i < count; i++) {
      out.ascii('[');
      out.timestamp(timeOf(i));
      out.ascii(',');
      this.offsets[i + 1] = out.length;
    }
    this.text = new Uint8Array(out.length);
    let at = 0;
    for (const piece of out.take()) {
      this.text.set(piece, at);
      at += piece.length;
    }
  }

  write(out: JsonWriter, i: number): void {
    out.bytes(this.text, this.offsets[i], this.offsets[i + 1]);
  }
}

function writeVector(out: JsonWriter, steps: Steps, series: readonly SeriesColumn[]): void {
  const head = `[${formatTimestamp(steps.start)},`;
  let first = true;
  for (const column of series) {
    if (!isPresent(column.present, 0)) continue;
    out.ascii(first ? '{"metric":' : ',{"metric":');
    first = false;
    writeLabels(out, column.labels);
    if (column.histograms !== null && column.histograms.at.length > 0) {
      out.ascii(',"histogram":');
      out.ascii(head);
      out.ascii(histogramJson(column.histograms, 0));
    } else {
      out.ascii(',"value":');
      out.ascii(head);
      out.sample(column.values[0]);
    }
    out.ascii(']}');
  }
}

function writeHistograms(out: JsonWriter, histograms: HistogramColumns, heads: PointHeads): void {
  out.ascii(',"histograms":[');
  for (let k = 0; k < histograms.at.length; k++) {
    if (k > 0) out.ascii(',');
    heads.write(out, histograms.at[k]);
    out.ascii(histogramJson(histograms, k));
    out.ascii(']');
  }
  out.ascii(']');
}

interface Points {
  readonly count: number;
  readonly heads: PointHeads;
  readonly values: Float64Array;
  readonly has: (index: number) => boolean;
}

function writePoints(out: JsonWriter, { count, heads, values, has }: Points): void {
  let first = true;
  for (let i = 0; i < count; i++) {
    if (!has(i)) continue;
    out.ascii(first ? ',"values":[' : ',');
    first = false;
    heads.write(out, i);
    out.sample(values[i]);
    out.ascii(']');
  }
  if (!first) out.ascii(']');
}

function writeMatrix(out: JsonWriter, steps: Steps, series: readonly SeriesColumn[]): void {
  const { count } = steps;
  const heads = new PointHeads(count, (i) => steps.start + i * steps.step);
  for (const [k, { labels, values, present, histograms }] of series.entries()) {
    out.ascii(k === 0 ? '{"metric":' : ',{"metric":');
    writeLabels(out, labels);
    const isHistogram = new Set(histograms?.at);
    const has =
      isHistogram.size === 0
        ? (i: number): boolean => isPresent(present, i)
        : (i: number): boolean => isPresent(present, i) && !isHistogram.has(i);
    writePoints(out, { count, heads, values, has });
    if (histograms !== null && histograms.at.length > 0) writeHistograms(out, histograms, heads);
    out.ascii('}');
  }
}

function writeSamples(out: JsonWriter, series: readonly RawSeries[]): void {
  for (const [k, { labels, times, values, histograms }] of series.entries()) {
    out.ascii(k === 0 ? '{"metric":' : ',{"metric":');
    writeLabels(out, labels);
    const heads = new PointHeads(times.length, (i) => times[i]);
    const isHistogram = new Set(histograms?.at);
    writePoints(out, { count: times.length, heads, values, has: (i) => !isHistogram.has(i) });
    if (histograms !== null && histograms.at.length > 0) writeHistograms(out, histograms, heads);
    out.ascii('}');
  }
}

/** `resultType` and `result` of a query's `data`, without the braces around. */
export function writeQueryValue(out: JsonWriter, result: QueryResult): void {
  switch (result.type) {
    case 'scalar':
      out.ascii('"resultType":"scalar","result":[');
      out.timestamp(result.steps.start);
      out.ascii(',');
      out.sample(result.values[0]);
      out.ascii(']');
      return;
    case 'string':
      out.ascii('"resultType":"string","result":[');
      out.timestamp(result.time);
      out.ascii(',');
      out.string(result.value);
      out.ascii(']');
      return;
    case 'vector':
      out.ascii('"resultType":"vector","result":[');
      writeVector(out, result.steps, result.series);
      out.ascii(']');
      return;
    case 'matrix':
      out.ascii('"resultType":"matrix","result":[');
      writeMatrix(out, result.steps, result.series);
      out.ascii(']');
      return;
    case 'samples':
      out.ascii('"resultType":"matrix","result":[');
      writeSamples(out, result.series);
      out.ascii(']');
      return;
    default:
      assertNever(result);
  }
}
