import type { QueryResult, QueryStats } from '#shared/contract/index.ts';
import { JsonWriter } from './json-writer.ts';
import { writeQueryValue } from './query-json.ts';

/** What a successful answer carries besides its data. */
export interface Notes {
  readonly warnings?: readonly string[];
  readonly infos?: readonly string[];
}

/** Most warnings, and most infos, that an answer tells. */
const MOST_NOTES = 10;

function limitNotes(texts: readonly string[], kind: 'warning' | 'info'): readonly string[] {
  if (texts.length <= MOST_NOTES) return texts;
  return [...texts.slice(0, MOST_NOTES), `${texts.length - MOST_NOTES} more ${kind} annotations omitted`];
}

/** `{"status":"success","data":...}` as bytes, the data written by `write`. */
export function successBody(write: (out: JsonWriter) => void, notes: Notes = {}): Uint8Array<ArrayBuffer>[] {
  const out = new JsonWriter();
  out.ascii('{"status":"success","data":');
  write(out);
  for (const [key, kind] of [
    ['warnings', 'warning'],
    ['infos', 'info'],
  ] as const) {
    const texts = notes[key];
    if (texts === undefined || texts.length === 0) continue;
    out.ascii(`,"${key}":`);
    out.value(limitNotes(texts, kind));
  }
  out.ascii('}');
  return out.take();
}

/** How an answer to a query is to be written. */
export interface AnswerForm {
  /** Most series; 0 for all. */
  readonly limit: number;
  /** Whether figures about the query are wanted, and those of each step too. */
  readonly stats: 'none' | 'sums' | 'all';
}

/** Figures about a query as Prometheus names them, in seconds and samples; with `perStep` those of each step too. */
function statsJson({ evalMillis, samplesRead, looked }: QueryStats, perStep: boolean): object {
  const seconds = evalMillis / 1000;
  const timings = {
    evalTotalTime: seconds,
    resultSortTime: 0,
    queryPreparationTime: 0,
    innerEvalTime: seconds,
    execQueueTime: 0,
    execTotalTime: seconds,
  };
  if (looked === null || looked === undefined)
    return { timings, samples: { totalQueryableSamples: samplesRead, peakSamples: samplesRead } };
  const { start, step, samples, peak } = looked;
  const sums = { totalQueryableSamples: samples.reduce((sum, one) => sum + one, 0), peakSamples: peak };
  if (!perStep) return { timings, samples: sums };
  const steps = Array.from(samples, (count, i) => [(start + i * step) / 1000, count]);
  return { timings, samples: { totalQueryableSamplesPerStep: steps, ...sums } };
}

/** The result with at most `limit` series (0: all), and whether some were left out. */
function limitSeries(result: QueryResult, limit: number): { result: QueryResult; truncated: boolean } {
  if (limit === 0 || result.type === 'scalar' || result.type === 'string' || result.series.length <= limit)
    return { result, truncated: false };
  if (result.type === 'samples')
    return { result: { ...result, series: result.series.slice(0, limit) }, truncated: true };
  return { result: { ...result, series: result.series.slice(0, limit) }, truncated: true };
}

/** The body of the HTTP API's answer to a query. */
export function queryBody(full: QueryResult, { limit, stats }: AnswerForm): Uint8Array<ArrayBuffer>[] {
  const { result, truncated } = limitSeries(full, limit);
  const warnings = truncated ? ['results truncated due to limit', ...result.warnings] : result.warnings;
  return successBody(
    (out) => {
      out.ascii('{');
      writeQueryValue(out, result);
      if (stats !== 'none') {
        out.ascii(',"stats":');
        out.value(statsJson(result.stats, stats === 'all'));
      }
      out.ascii('}');
    },
    { warnings, infos: result.infos },
  );
}
