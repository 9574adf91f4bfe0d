import type { PlotDot, PlotKind } from '#renderer/charts/index.ts';
import { heatmapChart, heatmapsOf } from './heatmap-chart.ts';
import { lineChart, type DrawnQuery, type ExploreChart } from './line-chart.ts';

export interface ChartOptions {
  /** Null: a heatmap where there are buckets, else lines. */
  readonly kind: PlotKind | null;
  readonly dots: readonly PlotDot[];
}

/** All queries on one chart, largest series first. Null when there is nothing that can be drawn. */
export function chartOfQueries(queries: readonly DrawnQuery[], { kind, dots }: ChartOptions): ExploreChart | null {
  const heatmaps = heatmapsOf(queries);
  if (heatmaps.length > 0 && (kind ?? 'heatmap') === 'heatmap') return heatmapChart(heatmaps, queries, dots);
  const chart = lineChart(queries, kind === null || kind === 'heatmap' ? 'lines' : kind);
  if (chart === null) return null;
  return { ...chart, model: { ...chart.model, dots }, hasBuckets: heatmaps.length > 0 };
}
