import { createEngine, type Engine, type EngineOptions } from '#main/promql/index.ts';
import { openMemoryStorage, type Querier } from '#main/storage/index.ts';
import {
  formatHistogram,
  formatSeries,
  isPresent,
  labelsFromRecord,
  setStaleAt,
  wordsOf,
  type Histogram,
  type Millis,
} from '#shared/model/index.ts';
import { unpackHistogram, type QueryResult } from '#shared/contract/index.ts';

/** A sample of a test series: a number, a histogram, nothing, or the stale marker. */
export type TestSample = number | Histogram | null | 'stale';

export interface TestSeries {
  readonly labels: Readonly<Record<string, string>>;
  readonly samples: readonly TestSample[];
  /** Time of sample i; default i times 15 s. */
  readonly times?: readonly Millis[];
  readonly startTimes?: readonly Millis[];
}

/** A store in memory that holds the series, and a view of it. */
export function storeOf(series: readonly TestSeries[]): Querier {
  const storage = openMemoryStorage();
  const writer = storage.writer('test');
  for (const { labels, samples, times, startTimes } of series) {
    const ref = writer.resolve(labelsFromRecord(labels));
    samples.forEach((sample, i) => {
      if (sample === null) return;
      const values = new Float64Array([typeof sample === 'number' ? sample : 0]);
      if (sample === 'stale') setStaleAt(wordsOf(values), 0);
      writer.append({
        time: times?.[i] ?? i * 15_000,
        length: 1,
        refs: Uint32Array.of(ref),
        values,
        times: null,
        startTimes: startTimes === undefined ? null : Float64Array.of(startTimes[i]),
        histograms: typeof sample === 'object' ? new Map([[0, sample]]) : null,
        exemplars: null,
      });
    });
  }
  return storage.querier();
}

export const ALL_FEATURES: ReadonlySet<string> = new Set([
  'promql-experimental-functions',
  'promql-delayed-name-removal',
  'promql-extended-range-selectors',
  'promql-binop-fill-modifiers',
  'use-start-timestamps',
]);

export function testEngine(options: Partial<EngineOptions> = {}): Engine {
  return createEngine({
    lookback: 300_000,
    timeout: 60_000,
    maxSamples: 1_000_000,
    features: ALL_FEATURES,
    noStepSubqueryInterval: () => 60_000,
    clock: () => Date.now(),
    ...options,
  });
}

/** A result by series: one entry a step, null where there is none; histograms as text. */
export function table(result: QueryResult): Record<string, (number | string | null)[]> {
  if (result.type !== 'vector' && result.type !== 'matrix') throw new Error(`a ${result.type} is no table`);
  const rows: Record<string, (number | string | null)[]> = {};
  for (const { labels, values, present, histograms } of result.series) {
    const row: (number | string | null)[] = Array.from(values, (value, i) => (isPresent(present, i) ? value : null));
    histograms?.at.forEach((step, i) => {
      const h = unpackHistogram(histograms, i);
      row[step] = `${formatHistogram(h)} schema ${h.schema} hint ${h.counterResetHint}`;
    });
    rows[formatSeries(labels)] = row;
  }
  return rows;
}
