import type { QueryResult, SeriesColumn, Unit } from '#shared/contract/index.ts';
import { formatSeries, isPresent, labelsKey, type Labels } from '#shared/model/index.ts';
import { findGaps, type PlotKind, type PlotModel, type PlotSeries } from './plot-model.ts';
import { assignColors } from './series-colors.ts';

export interface QueryModelOptions {
  readonly kind: PlotKind;
  readonly unit: Exclude<Unit, 'timestamp'>;
  /** Names the memory of colours: usually the metric. */
  readonly metric: string;
  /** What a series is called in the legend; its label set by default. */
  readonly label?: (labels: Labels) => string;
}

/** The result of a range query as a chart; null when it is none (strings, raw samples). */
export function modelOfResult(result: QueryResult, options: QueryModelOptions): PlotModel | null {
  if (result.type !== 'matrix' && result.type !== 'vector') return null;
  const { start, step, count } = result.steps;
  const times = Array.from({ length: count }, (_, i) => (start + i * step) / 1000);
  const label = options.label ?? formatSeries;
  const names = result.series.map(({ labels }) => label(labels));
  const colors = assignColors(options.metric, names);
  const series = result.series.map((column, s): PlotSeries => ({
    key: labelsKey(column.labels),
    label: names[s],
    color: colors[s],
    values: numbersOf(column),
  }));
  return { kind: options.kind, unit: options.unit, times, series, gaps: findGaps(times, series, Infinity) };
}

/** One number a step; null where there is none, where it is NaN, and where there is a histogram instead. */
function numbersOf({ values, present, histograms }: SeriesColumn): (number | null)[] {
  const numbers: (number | null)[] = Array.from(values, (value, i) =>
    isPresent(present, i) && !Number.isNaN(value) ? value : null,
  );
  for (const step of histograms?.at ?? []) numbers[step] = null;
  return numbers;
}
