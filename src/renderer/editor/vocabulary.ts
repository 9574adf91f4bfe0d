import type { CoreClient, QueryResult } from '#shared/contract/index.ts';
import {
  getLabel,
  isLegacyMetricName,
  isPresent,
  METRIC_NAME,
  quoteGo,
  type MetricMetadata,
  type MetricType,
  type Millis,
} from '#shared/model/index.ts';

/** A metric name of the store with what is known about it. */
export interface MetricInfo {
  readonly name: string;
  /** Name in the TYPE line: that of a histogram's `_bucket`, `_sum` and `_count`; equal to `name` where there is none. */
  readonly family: string;
  readonly type: MetricType;
  readonly help: string;
  readonly unit: string;
  /** Series of that name right now; null where it could not be counted. */
  readonly series: number | null;
}

/** A condition that the text already sets, for narrowing what completion offers. */
export interface KnownMatcher {
  readonly name: string;
  readonly type: '=' | '!=' | '=~' | '!~';
  readonly value: string;
}

/** The words that completion and the metric browser offer: all from this store. */
export interface Vocabulary {
  /** `again`: what is remembered does not count. */
  metrics(how?: 'again'): Promise<readonly MetricInfo[]>;
  /** How the metric went over the range on the screen, in few numbers: its rate where it is a counter; empty where that is not known. */
  trend(metric: MetricInfo): Promise<readonly number[]>;
  /** A window for `rate()` that suits the range on the screen. */
  rateWindow(): string;
  labelNames(metric: string | null): Promise<readonly string[]>;
  labelValues(label: string, metric: string | null, matchers: readonly KnownMatcher[]): Promise<readonly string[]>;
}

/** How long names stay as they were asked for: new ones appear at the latest after this. */
const FRESH: Millis = 30_000;
const MOST_VALUES = 5000;

export interface VocabularyOptions {
  readonly client: CoreClient;
  /** The range on the screen: only what has samples in it is offered. */
  readonly window: () => { readonly start: Millis; readonly end: Millis };
  readonly now: () => Millis;
  /** A window for `rate()` that suits the range on the screen. */
  readonly rateWindow: () => string;
}

/** A vocabulary that asks the core and remembers the answers for half a minute. */
export function coreVocabulary({ client, window, now, rateWindow }: VocabularyOptions): Vocabulary {
  const cache = new Map<string, { readonly at: Millis; readonly answer: Promise<unknown> }>();
  const remembered = <T>(key: string, ask: () => Promise<T>): Promise<T> => {
    const known = cache.get(key);
    if (known !== undefined && now() - known.at < FRESH) return known.answer as Promise<T>;
    const answer = ask();
    cache.set(key, { at: now(), answer });
    // A failure is not remembered: the next keystroke asks again.
    answer.catch(() => cache.delete(key));
    return answer;
  };
  return {
    rateWindow,
    trend: (metric) => remembered(`trend ${metric.name}`, () => readTrend(client, metric, window(), rateWindow())),
    metrics: (how) => {
      if (how === 'again') cache.clear();
      return remembered('metrics', () => readMetrics(client, window()));
    },
    labelNames: (metric) =>
      remembered(`names ${metric ?? ''}`, async () => {
        const selectors = metric === null ? [] : [selectorOf(metric, [])];
        const { names } = await client.request('labels.names', { source: 'local', selectors, ...window() });
        return names.filter((name) => name !== METRIC_NAME);
      }),
    labelValues: (label, metric, matchers) => {
      const others = matchers.filter((matcher) => matcher.name !== label && matcher.value !== '');
      const selectors = metric === null && others.length === 0 ? [] : [selectorOf(metric, others)];
      return remembered(`values ${label} ${selectors.join()}`, async () => {
        const params = { source: 'local', name: label, selectors, ...window(), limit: MOST_VALUES } as const;
        return (await client.request('labels.values', params)).values;
      });
    },
  };
}

async function readMetrics(
  client: CoreClient,
  window: { readonly start: Millis; readonly end: Millis },
): Promise<readonly MetricInfo[]> {
  const [values, metadata, counts] = await Promise.all([
    client.request('labels.values', { source: 'local', name: METRIC_NAME, selectors: [], ...window }),
    client.request('metadata.list', { source: 'local' }),
    client
      .request('query.instant', { source: 'local', expr: 'count by (__name__) ({__name__!=""})', time: window.end })
      .then(countsByName)
      // Counting may be refused where there are very many series; the names are worth having without.
      .catch(() => null),
  ]);
  return values.values.map((name) => {
    const known = metadataOf(name, metadata.metadata);
    return {
      name,
      family: known?.family ?? name,
      type: known?.type ?? 'unknown',
      help: known?.help ?? '',
      unit: known?.unit ?? '',
      series: counts === null ? null : (counts.get(name) ?? 0),
    };
  });
}

const TREND_POINTS = 60;
/** Metrics of more series are not read through for a small picture. */
const TREND_SERIES = 2000;

async function readTrend(
  client: CoreClient,
  metric: MetricInfo,
  { start, end }: { readonly start: Millis; readonly end: Millis },
  rateWindow: string,
): Promise<readonly number[]> {
  if (metric.series === null || metric.series > TREND_SERIES) return [];
  const selector = selectorOf(metric.name, []);
  const grows = metric.type === 'counter' || metric.name !== metric.family;
  const expr = grows ? `sum(rate(${selector}[${rateWindow}]))` : `avg(${selector})`;
  const step = Math.max(1000, Math.ceil((end - start) / TREND_POINTS));
  const result = await client.request('query.range', { source: 'local', expr, start, end, step });
  if (result.type !== 'matrix' || result.series.length === 0) return [];
  const [{ values, present, histograms }] = result.series;
  if (histograms !== null) return [];
  return Array.from(values, (value, i) => (isPresent(present, i) ? value : Number.NaN));
}

function countsByName(result: QueryResult): ReadonlyMap<string, number> {
  if (result.type !== 'vector' && result.type !== 'matrix') return new Map();
  return new Map(result.series.map((series) => [getLabel(series.labels, METRIC_NAME), series.values[0]]));
}

const SUFFIX = /_(?:bucket|count|sum|total|created|info)$/;

/** Metadata by the metric's own name, else by the family that its suffix points to. */
export function metadataOf(
  name: string,
  metadata: Readonly<Record<string, readonly MetricMetadata[]>>,
): MetricMetadata | null {
  const own = Object.hasOwn(metadata, name) ? metadata[name] : undefined;
  if (own !== undefined && own.length > 0) return own[0];
  const stem = name.replace(SUFFIX, '');
  const family = stem !== name && Object.hasOwn(metadata, stem) ? metadata[stem] : undefined;
  return family !== undefined && family.length > 0 ? family[0] : null;
}

/** A selector for a metric and conditions, names quoted where they have to be. */
export function selectorOf(metric: string | null, matchers: readonly KnownMatcher[]): string {
  const conditions = matchers.map(
    (matcher) =>
      `${/^[a-zA-Z_]\w*$/.test(matcher.name) ? matcher.name : quoteGo(matcher.name)}${matcher.type}${quoteGo(matcher.value)}`,
  );
  if (metric === null) return `{${conditions.join(',')}}`;
  if (!isLegacyMetricName(metric)) return `{${[quoteGo(metric), ...conditions].join(',')}}`;
  return conditions.length === 0 ? metric : `${metric}{${conditions.join(',')}}`;
}
