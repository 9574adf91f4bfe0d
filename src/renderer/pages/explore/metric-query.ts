import { isLegacyMetricName, quoteGo } from '#shared/model/index.ts';
import type { MetricInfo } from '../../editor/index.ts';

/** A row of the metric browser: one metric family as a person thinks of it. */
export interface BrowserRow {
  /** The family's name where its parts belong together (histograms), else the metric's. */
  readonly name: string;
  readonly kind: 'counter' | 'gauge' | 'histogram' | 'summary' | 'other';
  readonly help: string;
  readonly series: number | null;
  /** Metric names behind the row. */
  readonly parts: readonly string[];
}

/** One row for each histogram, one for each other metric; sorted by name. */
export function browserRows(metrics: readonly MetricInfo[]): readonly BrowserRow[] {
  const rows = new Map<string, BrowserRow>();
  for (const metric of metrics) {
    const classic = metric.type === 'histogram' && metric.name !== metric.family;
    const name = classic ? metric.family : metric.name;
    const known = rows.get(name);
    rows.set(name, {
      name,
      kind: kindOf(metric),
      help: metric.help,
      series: known === undefined ? metric.series : addCounts(known.series, metric.series),
      parts: [...(known?.parts ?? []), metric.name],
    });
  }
  return [...rows.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

function addCounts(a: number | null, b: number | null): number | null {
  return a === null || b === null ? null : a + b;
}

function kindOf(metric: MetricInfo): BrowserRow['kind'] {
  switch (metric.type) {
    case 'counter':
      return 'counter';
    case 'gauge':
      return 'gauge';
    case 'histogram':
    case 'gaugehistogram':
      return 'histogram';
    case 'summary':
      // The parts of a summary that only grow are read like counters.
      return metric.name === metric.family ? 'summary' : 'counter';
    case 'info':
    case 'stateset':
    case 'unknown':
      return metric.name.endsWith('_total') ? 'counter' : 'other';
  }
}

/** The query with which a metric of this kind says something: a counter as its rate, a histogram as a quantile. */
export function queryForRow(row: BrowserRow, rateWindow: string): string {
  switch (row.kind) {
    case 'counter':
      return `rate(${selector(row.name)}[${rateWindow}])`;
    case 'histogram': {
      const bucket = row.parts.find((part) => part.endsWith('_bucket'));
      // A native histogram has no bucket series: the function takes it as it is.
      if (bucket === undefined) return `histogram_quantile(0.95, sum(rate(${selector(row.name)}[${rateWindow}])))`;
      return `histogram_quantile(0.95, sum by (le) (rate(${selector(bucket)}[${rateWindow}])))`;
    }
    case 'gauge':
    case 'summary':
    case 'other':
      return selector(row.name);
  }
}

/** The name as it is inserted into a query that is already there. */
export function insertionFor(row: BrowserRow): string {
  return selector(row.parts.find((part) => part.endsWith('_bucket')) ?? row.name);
}

function selector(name: string): string {
  return isLegacyMetricName(name) ? name : `{${quoteGo(name)}}`;
}

/** Rows whose name or help contains all words of the filter. */
export function filterRows(rows: readonly BrowserRow[], filter: string, kind: string): readonly BrowserRow[] {
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
  return rows.filter((row) => {
    if (kind !== 'all' && row.kind !== kind) return false;
    const text = `${row.name} ${row.help}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
}

/** Three queries of one's own metrics to begin with: a quantile, a rate and a value, where there are such metrics. */
export function starterQueries(rows: readonly BrowserRow[], rateWindow: string): readonly string[] {
  // What a monitor says about itself is seldom what a person wants to see first.
  const own = /^(?:go_|process_|nodejs_|hearth_|promhttp_|scrape_|up$)/;
  const ordered = [...rows.filter((row) => !own.test(row.name)), ...rows.filter((row) => own.test(row.name))];
  const wanted: readonly BrowserRow['kind'][] = ['counter', 'gauge', 'histogram'];
  const first = wanted.flatMap((kind) => ordered.find((row) => row.kind === kind) ?? []);
  const rest = ordered.filter((row) => !first.includes(row));
  return [...first, ...rest].slice(0, 3).map((row) => queryForRow(row, rateWindow));
}
