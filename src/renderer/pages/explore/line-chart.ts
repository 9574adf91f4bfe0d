import type { QueryResult, SeriesColumn } from '#shared/contract/index.ts';
import {
  EMPTY_LABELS,
  formatSeries,
  getLabel,
  labelPairs,
  labelsFromPairs,
  labelsKey,
  newPresence,
  setPresent,
  type Labels,
} from '#shared/model/index.ts';
import {
  modelOfResult,
  summarize,
  type PlotKind,
  type PlotModel,
  type PlotSeries,
  type SeriesSummary,
} from '#renderer/charts/index.ts';
import { colourName } from './selectors.ts';
import { unitOfQuery, type ChartUnit } from './unit-of-query.ts';

/** One query's result, to be drawn together with the others. */
export interface DrawnQuery {
  readonly id: string;
  readonly expr: string;
  readonly result: QueryResult;
  /** The same query at the same steps some time earlier; null when nothing is compared. */
  readonly before: QueryResult | null;
}

export interface ExploreChart {
  readonly model: PlotModel;
  /** One a series of the model that is not pale, in its order. */
  readonly legend: readonly LegendEntry[];
  /** Series beyond the most that are drawn. */
  readonly hidden: number;
  /** Whether a result holds buckets, so that a heatmap can be drawn. */
  readonly hasBuckets: boolean;
}

export interface LegendEntry extends SeriesSummary {
  readonly key: string;
  /** The query's letter; '' where there is only one query. */
  readonly query: string;
  readonly labels: Labels;
  /** Those of its labels that not every series of its query has alike. */
  readonly ownLabels: Labels;
  /** What it is called where it is no series of the store: `p90`. */
  readonly name: string | null;
  readonly text: string;
  readonly color: number;
  readonly unit: ChartUnit;
  readonly values: readonly (number | null)[];
  /** Average of what it is compared with; null when nothing is. */
  readonly beforeAvg: number | null;
}

/** Lines on one chart at most: more cannot be told apart, and the largest say most. */
export const MOST_SERIES = 200;

interface Part {
  readonly query: DrawnQuery;
  readonly model: PlotModel;
  readonly several: boolean;
}

/** All queries as lines, stacks or points, largest series first. Null when there is nothing that can be drawn. */
export function lineChart(queries: readonly DrawnQuery[], kind: PlotKind): ExploreChart | null {
  const several = queries.length > 1;
  const parts = queries.flatMap((query): Part[] => {
    const model = linesOf(query, kind, several);
    return model === null ? [] : [{ query, model, several }];
  });
  if (parts.length === 0) return null;
  const legend = legendOf(parts);
  const drawn = legend.slice(0, MOST_SERIES);
  const units = new Set(parts.map(({ model }) => model.unit));
  const [first] = parts;
  const pale = kind === 'stacked' ? [] : paleSeries(parts, new Set(drawn.map(({ key }) => key)));
  return {
    model: {
      ...first.model,
      kind,
      // One axis has one unit; where queries differ it counts plainly.
      unit: units.size === 1 ? first.model.unit : '',
      series: [...drawn.map(seriesOf), ...pale],
      gaps: parts.length === 1 ? first.model.gaps : [],
    },
    legend: drawn,
    hidden: legend.length - drawn.length,
    hasBuckets: false,
  };
}

/** The series of one query as lines; null when it has none. */
function linesOf({ id, expr, result }: DrawnQuery, kind: PlotKind, several: boolean): PlotModel | null {
  return modelOfResult(asMatrix(result), {
    kind,
    unit: unitOfQuery(expr),
    metric: several ? 'explore' : colourName(expr),
    label: (labels) => (several ? `${id} ${formatSeries(labels)}` : formatSeries(labels)),
  });
}

function legendOf(parts: readonly Part[]): readonly LegendEntry[] {
  return parts
    .flatMap(({ query, model, several }) => {
      const before = averagesByKey(query.before);
      const entries = model.series.map((series, i): LegendEntry => {
        const labels = labelsAt(query.result, i);
        return {
          key: `${query.id} ${series.key}`,
          query: several ? query.id : '',
          labels,
          ownLabels: labels,
          name: null,
          text: formatSeries(labels),
          color: series.color,
          unit: model.unit,
          values: series.values,
          beforeAvg: before.get(series.key) ?? null,
          ...summarize(series.values),
        };
      });
      return withOwnLabels(entries);
    })
    .sort((a, b) => (b.max ?? -Infinity) - (a.max ?? -Infinity));
}

/** Labels that all series of a query share say nothing about any of them. */
function withOwnLabels(legend: readonly LegendEntry[]): readonly LegendEntry[] {
  if (legend.length < 2) return legend;
  const shared = new Map<string, string>(labelPairs(legend[0].labels));
  for (const { labels } of legend)
    for (const [name, value] of shared) if (getLabel(labels, name) !== value) shared.delete(name);
  if (shared.size === 0) return legend;
  return legend.map((entry) => {
    const own = [...labelPairs(entry.labels)].filter(([name]) => !shared.has(name));
    // Where nothing tells them apart all is shown.
    return own.length === 0 ? entry : { ...entry, ownLabels: labelsFromPairs(own) };
  });
}

/** Lines of the same queries for drawing over a heatmap, those alone that count in its unit. */
export function linesInUnit(queries: readonly DrawnQuery[], unit: ChartUnit): readonly LegendEntry[] {
  const parts = queries.flatMap((query): Part[] => {
    const model = linesOf(query, 'lines', true);
    return model === null || model.unit !== unit ? [] : [{ query, model, several: true }];
  });
  return legendOf(parts).filter(({ max }) => max !== null);
}

export function seriesOf({ key, text, query, color, values }: LegendEntry): PlotSeries {
  return { key, label: query === '' ? text : `${query} ${text}`, color, values };
}

function averagesByKey(before: QueryResult | null): ReadonlyMap<string, number | null> {
  if (before === null) return new Map();
  return new Map(columnsOf(before).map(({ key, values }) => [key, summarize(values).avg]));
}

/** What is compared, in the colours of what it is compared with; series that are no more are left out. */
function paleSeries(parts: readonly Part[], drawn: ReadonlySet<string>): readonly PlotSeries[] {
  return parts.flatMap(({ query, model }) => {
    if (query.before === null) return [];
    const colors = new Map(model.series.map(({ key, color }) => [key, color]));
    return columnsOf(query.before).flatMap(({ key, values }) => {
      const color = colors.get(key);
      if (color === undefined || !drawn.has(`${query.id} ${key}`) || values.length !== model.times.length) return [];
      return [{ key: `before ${query.id} ${key}`, label: '', color, values, faint: true }];
    });
  });
}

function columnsOf(result: QueryResult): readonly PlotSeries[] {
  return (
    modelOfResult(asMatrix(result), { kind: 'lines', unit: '', metric: 'explore', label: labelsKey })?.series ?? []
  );
}

function labelsAt(result: QueryResult, i: number): Labels {
  return result.type === 'matrix' || result.type === 'vector' ? result.series[i].labels : EMPTY_LABELS;
}

/** A scalar over time is a series without labels. */
function asMatrix(result: QueryResult): QueryResult {
  if (result.type !== 'scalar') return result;
  const present = newPresence(result.steps.count);
  for (let i = 0; i < result.steps.count; i++) setPresent(present, i);
  const series: SeriesColumn = { labels: EMPTY_LABELS, values: result.values, present, histograms: null };
  return { ...result, type: 'matrix', series: [series] };
}

/** The model with only some of its series: those that a person isolated, with what they are compared with. */
export function onlySeries(chart: ExploreChart, keys: ReadonlySet<string>): PlotModel {
  if (keys.size === 0) return chart.model;
  const isShown = (key: string): boolean => keys.has(key) || keys.has(key.replace(/^before /, ''));
  return { ...chart.model, series: chart.model.series.filter((series) => isShown(series.key)) };
}
