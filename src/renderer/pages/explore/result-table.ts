import type { QueryResult, RawSeries, SeriesColumn } from '#shared/contract/index.ts';
import {
  formatSeries,
  getLabel,
  isPresent,
  labelPairs,
  METRIC_NAME,
  type Labels,
  type Millis,
} from '#shared/model/index.ts';

/** An instant result as a table: the labels that tell the series apart are columns of their own. */
export interface ResultTable {
  /** Label names, `__name__` first, then by how many rows have them. */
  readonly columns: readonly string[];
  readonly rows: readonly ResultRow[];
  /** Labels that all rows share: said once above the table. */
  readonly common: Labels;
}

export interface ResultRow {
  readonly key: string;
  readonly labels: Labels;
  readonly value: ResultValue;
}

export type ResultValue =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'histogram'; readonly count: number; readonly sum: number }
  | { readonly kind: 'samples'; readonly samples: readonly (readonly [time: Millis, value: number])[] }
  | { readonly kind: 'string'; readonly value: string };

/** Samples of a range selector shown in one row at most: the newest. */
const MOST_SAMPLES = 20;

export function resultTable(result: QueryResult): ResultTable {
  switch (result.type) {
    case 'string':
      return single({ kind: 'string', value: result.value });
    case 'scalar':
      return single({ kind: 'number', value: result.values[result.values.length - 1] });
    case 'vector':
    case 'matrix':
      return tableOf(result.series.flatMap((series) => lastOf(series)));
    case 'samples':
      return tableOf(result.series.map((series) => ({ labels: series.labels, value: samplesOf(series) })));
  }
}

function single(value: ResultValue): ResultTable {
  return { columns: [], rows: [{ key: '', labels: [] as unknown as Labels, value }], common: [] as unknown as Labels };
}

function lastOf(series: SeriesColumn): { labels: Labels; value: ResultValue }[] {
  for (let i = series.values.length - 1; i >= 0; i--) {
    if (!isPresent(series.present, i)) continue;
    const at = series.histograms?.at.lastIndexOf(i) ?? -1;
    if (series.histograms !== null && at >= 0) {
      const { counts, sums } = series.histograms;
      return [{ labels: series.labels, value: { kind: 'histogram', count: counts[at], sum: sums[at] } }];
    }
    return [{ labels: series.labels, value: { kind: 'number', value: series.values[i] } }];
  }
  return [];
}

function samplesOf(series: RawSeries): ResultValue {
  const from = Math.max(0, series.times.length - MOST_SAMPLES);
  const samples: (readonly [Millis, number])[] = [];
  for (let i = from; i < series.times.length; i++) samples.push([series.times[i], series.values[i]]);
  return { kind: 'samples', samples };
}

function tableOf(found: readonly { readonly labels: Labels; readonly value: ResultValue }[]): ResultTable {
  const counts = new Map<string, number>();
  const values = new Map<string, Set<string>>();
  for (const { labels } of found) {
    for (const [name, value] of labelPairs(labels)) {
      counts.set(name, (counts.get(name) ?? 0) + 1);
      values.set(name, (values.get(name) ?? new Set()).add(value));
    }
  }
  // With one row nothing tells series apart, and everything is worth a column.
  const shared = (name: string): boolean =>
    found.length > 1 && counts.get(name) === found.length && values.get(name)?.size === 1;
  const names = [...counts.keys()].sort((a, b) => {
    if (a === METRIC_NAME || b === METRIC_NAME) return a === METRIC_NAME ? -1 : 1;
    const order = (counts.get(b) as number) - (counts.get(a) as number);
    return order === 0 ? (a < b ? -1 : 1) : order;
  });
  const common = names
    .filter(shared)
    .sort()
    .flatMap((name) => [name, getLabel(found[0].labels, name)]);
  return {
    columns: names.filter((name) => !shared(name)),
    rows: found.map(({ labels, value }, i) => ({ key: `${i} ${formatSeries(labels)}`, labels, value })),
    common: common as unknown as Labels,
  };
}
