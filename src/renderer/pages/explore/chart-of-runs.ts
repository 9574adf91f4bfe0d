import type { QueryResult, SeriesColumn } from '#shared/contract/index.ts';
import { EMPTY_LABELS, formatSeries, newPresence, setPresent, type Labels } from '#shared/model/index.ts';
import { modelOfResult, summarize, type PlotKind, type PlotModel, type PlotSeries } from '#renderer/charts/index.ts';
import { colourName } from './selectors.ts';
import { unitOfQuery, type ChartUnit } from './unit-of-query.ts';

/** One query's result, to be drawn together with the others. */
export interface DrawnQuery {
  readonly id: string;
  readonly expr: string;
  readonly result: QueryResult;
}

export interface ExploreChart {
  readonly model: PlotModel;
  /** One a series of the model, in its order. */
  readonly legend: readonly LegendEntry[];
  /** Series beyond the most that are drawn. */
  readonly hidden: number;
}

export interface LegendEntry {
  readonly key: string;
  /** The query's letter; '' where there is only one query. */
  readonly query: string;
  readonly labels: Labels;
  readonly text: string;
  readonly color: number;
  readonly unit: ChartUnit;
  readonly values: readonly (number | null)[];
  readonly min: number | null;
  readonly avg: number | null;
  readonly max: number | null;
  readonly last: number | null;
}

/** Lines on one chart at most: more cannot be told apart, and the largest say most. */
export const MOST_SERIES = 200;

/** All queries on one chart, largest series first. Null when there is nothing that can be drawn. */
export function chartOfQueries(queries: readonly DrawnQuery[], kind: PlotKind): ExploreChart | null {
  const parts = queries.flatMap((query) => {
    const several = queries.length > 1;
    const model = modelOfResult(asMatrix(query.result), {
      kind,
      unit: unitOfQuery(query.expr),
      metric: several ? 'explore' : colourName(query.expr),
      label: (labels) => (several ? `${query.id} ${formatSeries(labels)}` : formatSeries(labels)),
    });
    return model === null ? [] : [{ query, model, several }];
  });
  if (parts.length === 0) return null;
  const legend = parts
    .flatMap(({ query, model, several }) =>
      model.series.map((series, i): LegendEntry => ({
        key: `${query.id} ${series.key}`,
        query: several ? query.id : '',
        labels: labelsAt(query.result, i),
        text: formatSeries(labelsAt(query.result, i)),
        color: series.color,
        unit: model.unit,
        values: series.values,
        ...summarize(series.values),
      })),
    )
    .sort((a, b) => (b.max ?? -Infinity) - (a.max ?? -Infinity));
  const drawn = legend.slice(0, MOST_SERIES);
  const units = new Set(parts.map(({ model }) => model.unit));
  const [first] = parts;
  return {
    model: {
      kind,
      // One axis has one unit; where queries differ it counts plainly.
      unit: units.size === 1 ? first.model.unit : '',
      times: first.model.times,
      series: drawn.map(({ key, text, query, color, values }): PlotSeries => ({
        key,
        label: query === '' ? text : `${query} ${text}`,
        color,
        values,
      })),
      gaps: parts.length === 1 ? first.model.gaps : [],
    },
    legend: drawn,
    hidden: legend.length - drawn.length,
  };
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

/** The model with only some of its series: those that a person isolated. */
export function onlySeries(chart: ExploreChart, keys: ReadonlySet<string>): PlotModel {
  if (keys.size === 0) return chart.model;
  return { ...chart.model, series: chart.model.series.filter((series) => keys.has(series.key)) };
}
