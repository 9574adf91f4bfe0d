import { HearthError, type ExemplarSeries } from '#shared/contract/index.ts';
import {
  compareLabels,
  compareUtf8,
  labelsKey,
  RegexError,
  type Labels,
  type Matcher,
  type Millis,
} from '#shared/model/index.ts';
import { ALL_PARSER_OPTIONS, parseExpr, parseSelector, PromqlParseError, walk } from '#shared/promql/index.ts';
import type { Querier, Storage } from '#main/storage/index.ts';

/** The matchers of a series selector. @throws HearthError query-parse */
export function readSelector(text: string): readonly Matcher[] {
  return parsed(() => parseSelector(text));
}

function parsed<T>(parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    if (!(error instanceof PromqlParseError)) throw error;
    throw new HearthError({ kind: 'query-parse', message: error.located, from: error.from, to: error.to });
  }
}

/** Runs `work` with a querier that is released whatever happens. */
export function withQuerier<T>(storage: Storage, work: (querier: Querier) => T): T {
  const querier = storage.querier();
  try {
    return work(querier);
  } catch (error) {
    if (error instanceof RegexError)
      throw new HearthError({ kind: 'query-parse', message: error.message, from: 0, to: 0 });
    throw error;
  } finally {
    querier.release();
  }
}

interface Selection {
  readonly selectors: readonly string[];
  readonly start: Millis;
  readonly end: Millis;
  readonly limit?: number | undefined;
}

function cut<T>(sorted: T[], limit: number | undefined): { list: T[]; truncated: boolean } {
  if (limit === undefined || sorted.length <= limit) return { list: sorted, truncated: false };
  return { list: sorted.slice(0, limit), truncated: true };
}

export function listSeries(storage: Storage, { selectors, start, end, limit }: Selection) {
  const found = new Map<string, Labels>();
  withQuerier(storage, (querier) => {
    for (const selector of selectors)
      for (const labels of querier.series(readSelector(selector), start, end)) found.set(labelsKey(labels), labels);
  });
  const { list, truncated } = cut([...found.values()].sort(compareLabels), limit);
  return { series: list, truncated };
}

/** The union of what each selector finds; of everything where there is none. */
function union(
  storage: Storage,
  selectors: readonly string[],
  find: (querier: Querier, matchers: readonly Matcher[]) => string[],
): string[] {
  return withQuerier(storage, (querier) => {
    if (selectors.length === 0) return find(querier, []);
    const all = new Set(selectors.flatMap((selector) => find(querier, readSelector(selector))));
    return [...all].sort(compareUtf8);
  });
}

export function listLabelNames(storage: Storage, { selectors, start, end, limit }: Selection) {
  const names = union(storage, selectors, (querier, matchers) => querier.labelNames(matchers, start, end));
  const { list, truncated } = cut(names, limit);
  return { names: list, truncated };
}

export function listLabelValues(storage: Storage, name: string, { selectors, start, end, limit }: Selection) {
  const values = union(storage, selectors, (querier, matchers) => querier.labelValues(name, matchers, start, end));
  const { list, truncated } = cut(values, limit);
  return { values: list, truncated };
}

/** Exemplars of the series that any selector of an expression selects, sorted by labels. */
export function listExemplars(
  storage: Storage,
  { expr, start, end }: { readonly expr: string; readonly start: Millis; readonly end: Millis },
): { series: readonly ExemplarSeries[] } {
  const selectors: (readonly Matcher[])[] = [];
  walk(
    parsed(() => parseExpr(expr, ALL_PARSER_OPTIONS)),
    (node) => {
      if (node.kind === 'selector') selectors.push(node.matchers);
    },
  );
  const found = new Map<string, ExemplarSeries>();
  withQuerier(storage, (querier) => {
    for (const matchers of selectors)
      for (const series of querier.exemplars(matchers, start, end)) found.set(labelsKey(series.labels), series);
  });
  return { series: [...found.values()].sort((a, b) => compareLabels(a.labels, b.labels)) };
}
