import { SIDE_LABEL, type ChartQuery, type ExpectedSeries } from '#shared/contract/index.ts';
import { formatSeries, getLabel, type Labels, type Millis } from '#shared/model/index.ts';
import {
  assignColors,
  findGaps,
  heatmapOfResult,
  INK,
  summarize,
  type PlotHeat,
  type PlotModel,
  type PlotSeries,
} from '#renderer/charts/index.ts';
import type { LiveQuery, LiveStore } from '#renderer/data/index.ts';
import type { NamedChart } from './named-chart.ts';

/** Series drawn in one chart at most; those with the largest values are kept. */
export const MAX_SERIES = 10;

/** Steps without any value at the end before they are drawn as a gap: the newest may still be under way. */
const TRAILING_STEPS = 3;

/** A chart of the page with what is known of it now. */
export interface LiveChart {
  readonly model: PlotModel;
  /** Series beyond those drawn. */
  readonly hidden: number;
  /** Why one of its queries failed. */
  readonly error: string | null;
  /** Time of the newest value of any series; null when there is none. */
  readonly lastValueAt: Millis | null;
  /** Whether the core has answered for this chart. */
  readonly answered: boolean;
  /** What was to be expected of each series of the model, in its order; null where it is not judged. */
  readonly expected: readonly (ExpectedSeries | null)[];
}

export function queryId(spec: Pick<NamedChart, 'id'>, index: number): string {
  return `${spec.id}#${index}`;
}

function bucketsId(spec: Pick<NamedChart, 'id'>): string {
  return `${spec.id}#buckets`;
}

export function liveQueries(charts: readonly Pick<NamedChart, 'id' | 'kind' | 'queries' | 'buckets'>[]): LiveQuery[] {
  return charts.flatMap((spec) => [
    ...spec.queries.map(({ expr }, i) => ({ id: queryId(spec, i), expr, watch: spec.kind !== 'info' })),
    ...(spec.buckets === null ? [] : [{ id: bucketsId(spec), expr: spec.buckets, watch: false }]),
  ]);
}

/** The lines over a heatmap: the highest in the colour of the text. */
const QUANTILE_COLORS: Readonly<Record<string, number>> = { p50: 3, p90: 1, p99: INK };

interface Candidate {
  readonly key: string;
  readonly label: string;
  readonly values: (number | null)[];
  readonly expected: ExpectedSeries | null;
  readonly peak: number;
  readonly average: number;
}

/** Joins the queries of a chart over the steps of the store. */
export function liveChart(spec: NamedChart, store: LiveStore): LiveChart {
  const { step, window } = store.options;
  const last = store.last ?? 0;
  const count = store.last === null ? 0 : Math.floor(window / step) + 1;
  const start = last - (count - 1) * step;
  const candidates: Candidate[] = [];
  let error: string | null = null;
  let answered = false;
  for (const [i, query] of spec.queries.entries()) {
    const live = store.window(queryId(spec, i));
    if (live === null) continue;
    answered = true;
    error ??= live.error;
    const { keys } = live;
    for (const key of keys) {
      const values = live.read(key, start, count);
      const { max, avg } = summarize(values);
      if (max === null || avg === null) continue;
      const label = seriesLabel(spec, query, live.labelsOf(key), keys.length);
      const expected = live.expected(key, start, count);
      candidates.push({ key: `${i} ${key}`, label, values, expected, peak: max, average: avg });
    }
  }
  const drawn = topSeries(candidates, spec.kind === 'stacked');
  const times = Array.from({ length: count }, (_, i) => (start + i * step) / 1000);
  const labels = drawn.map(({ label }) => label);
  const colors = colorsOf(spec, labels);
  const series = drawn.map(({ key, label, values }, i): PlotSeries => ({ key, label, values, color: colors[i] }));
  const expected = drawn.map((one) => one.expected);
  const buckets = spec.buckets === null || count === 0 ? null : store.window(bucketsId(spec));
  const found = buckets === null ? null : heatmapOfResult(buckets.result(start, count));
  const heatmap = found !== null && found.rows.length > 0 ? found : null;
  return {
    model: {
      kind: heatmap !== null ? 'heatmap' : spec.kind === 'stacked' ? 'stacked' : 'lines',
      unit: spec.unit === 'timestamp' ? '' : spec.unit,
      times,
      series,
      gaps: findGaps(times, series, TRAILING_STEPS),
      heat: plotHeat(expected, spec.kind === 'lines' || (spec.kind === 'heatmap' && heatmap === null), count),
      ...(heatmap === null ? {} : { heatmap }),
    },
    hidden: spec.hidden + candidates.length - drawn.length,
    error,
    lastValueAt: lastValueAt(times, series),
    answered,
    expected,
  };
}

/** The band of a stack's parts would lie where they do not: only lines have one. */
function plotHeat(expected: LiveChart['expected'], lines: boolean, count: number): PlotHeat | null {
  if (!expected.some((one) => one !== null)) return null;
  const strip = new Float32Array(count).fill(Number.NaN);
  const bySeries = expected.map((one) => one?.heat ?? null);
  let hottest = 0;
  let most = 0;
  for (const [s, heat] of bySeries.entries()) {
    if (heat === null) continue;
    for (let i = 0; i < count; i++) {
      if (!Number.isNaN(heat[i]) && !(strip[i] >= heat[i])) strip[i] = heat[i];
      if (heat[i] > most) {
        most = heat[i];
        hottest = s;
      }
    }
  }
  return { band: lines ? expected[hottest] : null, bySeries, strip };
}

/** One series alone is the chart itself: labels that tell it apart from nothing are no name. */
function seriesLabel(spec: NamedChart, query: ChartQuery, labels: Labels, siblings: number): string {
  const { legendLabel, legend } = query;
  const value = legendLabel === '' ? '' : getLabel(labels, legendLabel);
  if (value !== '') return legendLabel === SIDE_LABEL ? spec.wordOf(value) : value;
  if (siblings === 1 && legend !== '') return spec.wordOf(legend);
  if (siblings === 1 && spec.queries.length === 1) return spec.title;
  return labels.length === 0 ? spec.wordOf(legend) : formatSeries(labels);
}

function colorsOf(spec: NamedChart, labels: readonly string[]): readonly number[] {
  if (spec.kind === 'heatmap') return labels.map((label) => QUANTILE_COLORS[label] ?? INK);
  // A line that is the chart itself has the first colour, not one that is remembered by a name.
  if (labels.length === 1 && labels[0] === spec.title) return [0];
  return assignColors(spec.metric, labels);
}

/** Stacks: the largest at the bottom. Lines: in the order of their queries. */
function topSeries(candidates: readonly Candidate[], stacked: boolean): readonly Candidate[] {
  let drawn = candidates;
  if (candidates.length > MAX_SERIES) {
    const kept = new Set([...candidates].sort((a, b) => b.peak - a.peak).slice(0, MAX_SERIES));
    drawn = candidates.filter((candidate) => kept.has(candidate));
  }
  return stacked ? [...drawn].sort((a, b) => b.average - a.average) : drawn;
}

function lastValueAt(times: readonly number[], series: readonly PlotSeries[]): Millis | null {
  for (let i = times.length - 1; i >= 0; i--) {
    if (series.some(({ values }) => values[i] !== null)) return times[i] * 1000;
  }
  return null;
}
