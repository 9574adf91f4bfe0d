import type { QueryResult } from '#shared/contract/index.ts';
import { EMPTY_LABELS } from '#shared/model/index.ts';
import {
  heatmapOfResult,
  heatmapQuantile,
  INK,
  summarize,
  type PlotDot,
  type PlotHeatmap,
} from '#renderer/charts/index.ts';
import { linesInUnit, seriesOf, type DrawnQuery, type ExploreChart, type LegendEntry } from './line-chart.ts';
import { unitOfObservations } from './unit-of-query.ts';

/** The quantiles drawn over a heatmap, with their colours: the highest in the text's. */
const QUANTILES = [
  { q: 0.99, name: 'p99', color: INK },
  { q: 0.9, name: 'p90', color: 1 },
  { q: 0.5, name: 'p50', color: 3 },
] as const;

export interface HeatmapQuery {
  readonly query: DrawnQuery;
  readonly heatmap: PlotHeatmap;
}

/** The queries whose results hold buckets. */
export function heatmapsOf(queries: readonly DrawnQuery[]): readonly HeatmapQuery[] {
  return queries.flatMap((query) => {
    const heatmap = heatmapOfResult(query.result);
    return heatmap === null ? [] : [{ query, heatmap }];
  });
}

/** The first heatmap with its quantiles, and the lines of other queries in the same unit over it. */
export function heatmapChart(
  heatmaps: readonly HeatmapQuery[],
  queries: readonly DrawnQuery[],
  dots: readonly PlotDot[],
): ExploreChart | null {
  const [{ query, heatmap }] = heatmaps;
  const times = timesOf(query.result);
  if (times === null) return null;
  const unit = unitOfObservations(query.expr);
  const quantiles = QUANTILES.map(({ q, name, color }): LegendEntry => {
    const values = times.map((_, step) => heatmapQuantile(heatmap, q, step));
    return {
      key: `${query.id} ${name}`,
      query: queries.length > 1 ? query.id : '',
      labels: EMPTY_LABELS,
      ownLabels: EMPTY_LABELS,
      name,
      text: name,
      color,
      unit,
      values,
      beforeAvg: null,
      ...summarize(values),
    };
  });
  const others = queries.filter(({ id }) => heatmaps.every((other) => other.query.id !== id));
  const legend = [...quantiles, ...linesInUnit(others, unit)];
  return {
    model: { kind: 'heatmap', unit, times, series: legend.map(seriesOf), gaps: [], heatmap, dots },
    legend,
    hidden: 0,
    hasBuckets: true,
  };
}

function timesOf(result: QueryResult): readonly number[] | null {
  if (result.type !== 'matrix' && result.type !== 'vector') return null;
  const { start, step, count } = result.steps;
  return Array.from({ length: count }, (_, i) => (start + i * step) / 1000);
}

/** Observations in the cell at a step and a place on the axis, with the bounds of its bucket; null outside. */
export function cellAt(
  heatmap: PlotHeatmap,
  step: number,
  place: number,
): { readonly lower: number; readonly upper: number; readonly count: number } | null {
  const row = Math.floor(place);
  if (row < 0 || row >= heatmap.rows.length || step < 0 || step >= heatmap.steps) return null;
  const count = heatmap.cells[row * heatmap.steps + step];
  return Number.isNaN(count) ? null : { ...heatmap.rows[row], count };
}
