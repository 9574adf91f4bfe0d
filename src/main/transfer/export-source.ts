import {
  compareLabels,
  equalLabels,
  labelsKey,
  METRIC_NAME,
  type Histogram,
  type Labels,
  type Matcher,
  type MetricMetadata,
  type Millis,
} from '#shared/model/index.ts';
import type { Querier, SeriesSamples, Storage } from '#main/storage/index.ts';
import type { SeriesColumns } from './columns.ts';

/** What is to be exported. */
export interface ExportSelection {
  /** A series is taken when all matchers of one of the lists hold; no list: every series. */
  readonly selectors: readonly (readonly Matcher[])[];
  /** Both inclusive. */
  readonly start: Millis;
  readonly end: Millis;
}

/** Where samples are exported from: a store at hand, or one behind a wire. */
export interface ExportSource {
  /** Names of metrics; '' stands for series without one. */
  names(selection: ExportSelection): Promise<readonly string[]>;
  /** Series of one metric. */
  series(selection: ExportSelection, name: string): Promise<readonly Labels[]>;
  /** Samples of these very series; those without any are left out. */
  samples(series: readonly Labels[], start: Millis, end: Millis): Promise<SeriesColumns>;
  metadata(): Promise<ReadonlyMap<string, readonly MetricMetadata[]>>;
}

function equalTo(labels: Labels): Matcher[] {
  const matchers: Matcher[] = [];
  for (let i = 0; i < labels.length; i += 2) matchers.push({ name: labels[i], type: '=', value: labels[i + 1] });
  return matchers;
}

/** Samples of these very series as flat columns. */
export function readColumns(querier: Querier, series: readonly Labels[], start: Millis, end: Millis): SeriesColumns {
  const found: SeriesSamples[] = [];
  for (const labels of series) {
    const one = querier.select(equalTo(labels), start, end).find((samples) => equalLabels(samples.labels, labels));
    if (one !== undefined) found.push(one);
  }
  let length = 0;
  for (const { from, to } of found) length += to - from;
  const times = new Float64Array(length);
  const values = new Float64Array(length);
  const words = new Uint32Array(values.buffer);
  const counts = new Uint32Array(found.length);
  let at = 0;
  let histograms: (Histogram | null)[] | null = null;
  for (const [k, one] of found.entries()) {
    const source = new Uint32Array(one.values.buffer, one.values.byteOffset, 2 * one.values.length);
    for (let i = one.from; i < one.to; i++) {
      const histogram = one.histograms?.[i] ?? null;
      if (histogram !== null) {
        histograms ??= Array.from<Histogram | null>({ length }).fill(null);
        histograms[at] = histogram;
      }
      times[at] = one.times[i];
      words[2 * at] = source[2 * i];
      words[2 * at + 1] = source[2 * i + 1];
      at++;
      counts[k]++;
    }
  }
  return { labels: found.map((one) => one.labels), counts, times, values, histograms };
}

/** The matchers of each list together with one on the metric's name. */
export function selectorsOf({ selectors }: ExportSelection, name: string): readonly (readonly Matcher[])[] {
  const own: Matcher = { name: METRIC_NAME, type: '=', value: name };
  return selectors.length === 0 ? [[own]] : selectors.map((matchers) => [...matchers, own]);
}

/** A store of this process. */
export function storageSource(storage: Storage): ExportSource {
  const using = async <T>(work: (querier: Querier) => T): Promise<T> => {
    const querier = storage.querier();
    try {
      return await Promise.resolve(work(querier));
    } finally {
      querier.release();
    }
  };
  return {
    names: ({ selectors, start, end }) =>
      using((querier) => {
        const lists = selectors.length === 0 ? [[]] : selectors;
        const names = new Set(lists.flatMap((matchers) => querier.labelValues(METRIC_NAME, matchers, start, end)));
        return ['', ...names];
      }),
    series: (selection, name) =>
      using((querier) => {
        const found = new Map<string, Labels>();
        for (const matchers of selectorsOf(selection, name))
          for (const labels of querier.series(matchers, selection.start, selection.end))
            found.set(labelsKey(labels), labels);
        return [...found.values()].sort(compareLabels);
      }),
    samples: (series, start, end) => using((querier) => readColumns(querier, series, start, end)),
    metadata: () => Promise.resolve(storage.metadata()),
  };
}
