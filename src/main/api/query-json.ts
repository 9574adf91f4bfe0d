import type { HistogramColumns, QueryResult, RawSeries, SeriesColumn, Steps } from '#shared/contract/index.ts';
import { assertNever, isPresent, type Labels } from '#shared/model/index.ts';
import { histogramJson } from './histogram-json.ts';
import { formatTimestamp, formatValue, type JsonWriter } from './json-writer.ts';

/** Label sets as JSON objects: names are sorted already. */
export function writeLabels(out: JsonWriter, labels: Labels): void {
  out.ascii('{');
  for (let i = 0; i < labels.length; i += 2) {
    if (i > 0) out.ascii(',');
    out.value(labels[i]);
    out.ascii(':');
    out.value(labels[i + 1]);
  }
  out.ascii('}');
}

function writeVector(out: JsonWriter, steps: Steps, series: readonly SeriesColumn[]): void {
  const time = formatTimestamp(steps.start);
  let first = true;
  for (const column of series) {
    if (!isPresent(column.present, 0)) continue;
    out.ascii(first ? '{"metric":' : ',{"metric":');
    first = false;
    writeLabels(out, column.labels);
    if (column.histograms !== null && column.histograms.at.length > 0) {
      out.ascii(`,"histogram":[${time},`);
      out.ascii(histogramJson(column.histograms, 0));
      out.ascii(']}');
    } else out.ascii(`,"value":[${time},"${formatValue(column.values[0])}"]}`);
  }
}

function writeHistograms(out: JsonWriter, histograms: HistogramColumns, timeOf: (index: number) => string): void {
  out.ascii(',"histograms":[');
  for (let k = 0; k < histograms.at.length; k++) {
    out.ascii(`${k > 0 ? ',' : ''}[${timeOf(histograms.at[k])},`);
    out.ascii(histogramJson(histograms, k));
    out.ascii(']');
  }
  out.ascii(']');
}

function writeMatrix(out: JsonWriter, steps: Steps, series: readonly SeriesColumn[]): void {
  const times: string[] = [];
  for (let i = 0; i < steps.count; i++) times.push(formatTimestamp(steps.start + i * steps.step));
  let firstSeries = true;
  for (const { labels, values, present, histograms } of series) {
    out.ascii(firstSeries ? '{"metric":' : ',{"metric":');
    firstSeries = false;
    writeLabels(out, labels);
    const isHistogram = new Set(histograms?.at);
    let first = true;
    for (let i = 0; i < steps.count; i++) {
      if (!isPresent(present, i) || isHistogram.has(i)) continue;
      out.ascii(`${first ? ',"values":[[' : ',['}${times[i]},"${formatValue(values[i])}"]`);
      first = false;
    }
    if (!first) out.ascii(']');
    if (histograms !== null && histograms.at.length > 0) writeHistograms(out, histograms, (i) => times[i]);
    out.ascii('}');
  }
}

function writeSamples(out: JsonWriter, series: readonly RawSeries[]): void {
  let firstSeries = true;
  for (const { labels, times, values, histograms } of series) {
    out.ascii(firstSeries ? '{"metric":' : ',{"metric":');
    firstSeries = false;
    writeLabels(out, labels);
    const isHistogram = new Set(histograms?.at);
    let first = true;
    for (let i = 0; i < times.length; i++) {
      if (isHistogram.has(i)) continue;
      out.ascii(`${first ? ',"values":[[' : ',['}${formatTimestamp(times[i])},"${formatValue(values[i])}"]`);
      first = false;
    }
    if (!first) out.ascii(']');
    if (histograms !== null && histograms.at.length > 0)
      writeHistograms(out, histograms, (i) => formatTimestamp(times[i]));
    out.ascii('}');
  }
}

/** `resultType` and `result` of a query's `data`, without the braces around. */
export function writeQueryValue(out: JsonWriter, result: QueryResult): void {
  switch (result.type) {
    case 'scalar':
      out.ascii(
        `"resultType":"scalar","result":[${formatTimestamp(result.steps.start)},"${formatValue(result.values[0])}"]`,
      );
      return;
    case 'string':
      out.ascii(`"resultType":"string","result":[${formatTimestamp(result.time)},`);
      out.value(result.value);
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

/** The result with at most `limit` series (0: all), and whether some were left out. */
export function limitSeries(result: QueryResult, limit: number): { result: QueryResult; truncated: boolean } {
  if (limit === 0 || result.type === 'scalar' || result.type === 'string' || result.series.length <= limit)
    return { result, truncated: false };
  if (result.type === 'samples')
    return { result: { ...result, series: result.series.slice(0, limit) }, truncated: true };
  return { result: { ...result, series: result.series.slice(0, limit) }, truncated: true };
}
