import type { CoreClient } from '#shared/contract/index.ts';
import { METRIC_NAME, quoteGo, type Matcher } from '#shared/model/index.ts';
import { parseSelector } from '#shared/promql/index.ts';
import { exportOpenMetrics, selectorsOf, type ExportSelection, type ExportSource } from '#main/transfer/index.ts';
import type { Endpoint } from './context.ts';
import { MAX_TIME, MIN_TIME } from './parameters.ts';
import { selectorsOf as readSelectors } from './series.ts';

function printSelector(matchers: readonly Matcher[]): string {
  return `{${matchers.map(({ name, type, value }) => quoteGo(name) + type + quoteGo(value)).join(',')}}`;
}

/** The store behind a core. */
function coreSource(core: CoreClient, signal: AbortSignal): ExportSource {
  const source = 'local';
  return {
    names: async ({ selectors, start, end }) => {
      const params = { source, name: METRIC_NAME, selectors: selectors.map(printSelector), start, end } as const;
      return (await core.request('labels.values', params, { signal })).values;
    },
    series: async (selection: ExportSelection, name) => {
      const { start, end } = selection;
      const selectors = selectorsOf(selection, name).map(printSelector);
      return (await core.request('series.list', { source, selectors, start, end }, { signal })).series;
    },
    samples: (labels, start, end) => core.request('export.samples', { source, labels, start, end }, { signal }),
    metadata: async () => {
      const { metadata } = await core.request('metadata.list', { source }, { signal });
      return new Map(Object.entries(metadata));
    },
  };
}

/** Trailers: what was written, in this order. */
const TRAILERS = ['Hearth-Series', 'Hearth-Samples', 'Hearth-Histograms', 'Hearth-Left-Out'];

/** `GET /api/v1/export/openmetrics`: samples as OpenMetrics text, as they are read; see docs/protocols/import.md. */
export const exportText: Endpoint = async ({ api, parameters, signal }) => {
  const selectors = readSelectors(parameters).map((text) => parseSelector(text));
  const selection = { selectors, start: parameters.time('start', MIN_TIME), end: parameters.time('end', MAX_TIME) };
  const counts = { series: 0, samples: 0, histograms: 0, nameless: 0 };
  const pieces = exportOpenMetrics(coreSource(api.core, signal), selection, counts);
  // What is asked first may fail with an answer of its own; later ones can only break off.
  const first = await pieces.next();
  async function* all(): AsyncGenerator<string> {
    if (first.done !== true) yield first.value;
    yield* pieces;
  }
  return {
    status: 200,
    headers: { 'Content-Type': 'application/openmetrics-text; version=1.0.0; charset=utf-8', Vary: 'Accept-Encoding' },
    body: {
      text: all(),
      trailerNames: TRAILERS,
      trailers: () => [counts.series, counts.samples, counts.histograms, counts.nameless].map(String),
    },
  };
};
