import {
  getLabel,
  labelPairs,
  METRIC_NAME,
  type Labels,
  type MetricMetadata,
  type MetricType,
} from '#shared/model/index.ts';

/** What the samples of one series say, over the time looked at. Stale markers and NaN left out. */
export interface SeriesDigest {
  /** With the metric's name. */
  readonly labels: Labels;
  readonly last: number;
  readonly min: number;
  readonly max: number;
  readonly samples: number;
  /** Milliseconds between the first and the last sample looked at. */
  readonly span: number;
  /** Whether a value was below the one before it. */
  readonly falls: boolean;
}

/** The series of one metric name, with what is known of it. */
export interface Metric {
  readonly name: string;
  readonly series: readonly SeriesDigest[];
  /** Labels (without the name and those of the target) whose values differ between the series, with their values. */
  readonly varying: ReadonlyMap<string, ReadonlySet<string>>;
}

/** What a target says belongs together: a histogram's three metrics are one family. */
export interface Family {
  readonly name: string;
  readonly type: MetricType;
  readonly help: string;
  readonly unit: string;
  /** By suffix: '' is the family's own name, else `_bucket`, `_sum`, `_count`, `_total`. */
  readonly metrics: ReadonlyMap<string, Metric>;
}

/** Which suffixes belong to a family of each type. */
const SUFFIXES: Readonly<Partial<Record<MetricType, readonly string[]>>> = {
  histogram: ['_bucket', '_sum', '_count', '_created'],
  gaugehistogram: ['_bucket', '_gsum', '_gcount'],
  summary: ['_sum', '_count', '_created'],
  counter: ['_total', '_created'],
  info: ['_info'],
};

export type MetadataLookup = (family: string) => MetricMetadata | undefined;

function placeOf(
  name: string,
  lookup: MetadataLookup,
): { family: string; suffix: string; known: MetricMetadata | null } {
  const own = lookup(name);
  if (own !== undefined) return { family: name, suffix: '', known: own };
  const cut = name.lastIndexOf('_');
  if (cut > 0) {
    const known = lookup(name.slice(0, cut));
    const suffix = name.slice(cut);
    if (known !== undefined && SUFFIXES[known.type]?.includes(suffix) === true)
      return { family: known.family, suffix, known };
  }
  return { family: name, suffix: '', known: null };
}

/** Samples that have to be seen before what only rises is called a counter. */
const ENOUGH_TO_TELL = 5;

/** What scraping itself reports of a target; no target says its type. */
const REPORT_SERIES = /^(?:up|scrape_[a-z_]+)$/;

/** The type of what a target gives no type for: by its name, else by how it moves. */
function guessType(name: string, series: readonly SeriesDigest[]): MetricType {
  if (REPORT_SERIES.test(name)) return 'gauge';
  if (name.endsWith('_total')) return 'counter';
  if (name.endsWith('_info')) return 'info';
  if (/_(?:count|sum|bucket)$/.test(name)) return 'counter';
  const rises = series.some((one) => one.max > one.min && one.samples >= ENOUGH_TO_TELL);
  const falls = series.some((one) => one.falls || one.min < 0);
  const time = /_(?:time|timestamp)(?:_seconds)?$/.test(name);
  return rises && !falls && !time ? 'counter' : 'unknown';
}

export function describeMetric(name: string, series: readonly SeriesDigest[], targetLabels: Labels): Metric {
  const values = new Map<string, Set<string>>();
  for (const { labels } of series) {
    for (const [label, value] of labelPairs(labels)) {
      if (label === METRIC_NAME || getLabel(targetLabels, label) === value) continue;
      const set = values.get(label) ?? new Set<string>();
      set.add(value);
      values.set(label, set);
    }
  }
  for (const [label, set] of values) {
    const everywhere = series.every(({ labels }) => getLabel(labels, label) !== '');
    if (set.size === 1 && everywhere) values.delete(label);
  }
  return { name, series, varying: values };
}

/** Sorts the series of a target into families, in order of their names. */
export function groupFamilies(
  digests: readonly SeriesDigest[],
  lookup: MetadataLookup,
  targetLabels: Labels,
): Family[] {
  const byMetric = Map.groupBy(digests, ({ labels }) => getLabel(labels, METRIC_NAME));
  const families = new Map<string, { known: MetricMetadata | null; metrics: Map<string, Metric> }>();
  for (const [name, series] of [...byMetric].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const { family, suffix, known } = placeOf(name, lookup);
    const entry = families.get(family) ?? { known, metrics: new Map<string, Metric>() };
    entry.metrics.set(suffix, describeMetric(name, series, targetLabels));
    families.set(family, entry);
  }
  return [...families].map(([name, { known, metrics }]) => {
    const type =
      known === null || known.type === 'unknown'
        ? guessType(
            name,
            [...metrics.values()].flatMap((metric) => metric.series),
          )
        : known.type;
    return { name, type, help: known?.help ?? '', unit: known?.unit ?? '', metrics };
  });
}
