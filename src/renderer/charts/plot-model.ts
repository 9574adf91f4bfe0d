import type { Unit } from '#shared/contract/index.ts';
import type { Millis } from '#shared/model/index.ts';
import type { PlotHeatmap } from './heatmap.ts';

/** One line of a chart. */
export interface PlotSeries {
  /** Tells it from the others of the chart, whatever order they come in. */
  readonly key: string;
  readonly label: string;
  /** Slot of the ten series colours; from 10 on the same colours again, dashed. `INK` is the text's. */
  readonly color: number;
  /** One value a time; null where there is none. */
  readonly values: readonly (number | null)[];
  /** Drawn thin and pale: what another series is compared with. */
  readonly faint?: boolean;
}

/** `heatmap` paints the model's buckets; its series are lines over them, in the buckets' values. */
export type PlotKind = 'lines' | 'stacked' | 'points' | 'heatmap';

/** A single observation beside the series. */
export interface PlotDot {
  readonly key: string;
  readonly time: Millis;
  readonly value: number;
}

/** What a chart draws. Times are shared by all series. */
export interface PlotModel {
  readonly kind: PlotKind;
  readonly unit: Exclude<Unit, 'timestamp'>;
  /** Seconds since the epoch (what uPlot's x axis counts in), ascending, evenly spaced. */
  readonly times: readonly number[];
  readonly series: readonly PlotSeries[];
  /** Where nothing was stored: hatched. */
  readonly gaps: readonly TimeSpan[];
  /** Only and always with kind `heatmap`; its steps are the model's times. */
  readonly heatmap?: PlotHeatmap;
  readonly dots?: readonly PlotDot[];
  /** How the series lie against their own normal; not there where nobody judged them. */
  readonly heat?: PlotHeat | null;
}

/** Columns at the chart's times; NaN where nothing can be told. */
export interface PlotHeat {
  /** What was to be expected of the series that speaks for the chart; null where none is drawn. */
  readonly band: { readonly low: Float32Array; readonly high: Float32Array } | null;
  /** Heat of each series in their order, null where it is not judged. */
  readonly bySeries: readonly (Float32Array | null)[];
  /** The highest of them. */
  readonly strip: Float32Array;
}

export interface TimeSpan {
  readonly from: Millis;
  readonly to: Millis;
}

/**
 * Runs of steps where no series has a value, between values or after the last one. What lies before the first value is not a
 * gap: nothing was watched yet. A run at the end counts from `trailing` steps on, since the newest step may still be under way.
 */
export function findGaps(
  times: readonly number[],
  series: readonly { readonly values: readonly (number | null)[] }[],
  trailing: number,
): TimeSpan[] {
  const gaps: TimeSpan[] = [];
  let last = -1;
  for (let i = 0; i < times.length; i++) {
    if (!series.some(({ values }) => values[i] !== null)) continue;
    if (last >= 0 && i - last > 1) gaps.push({ from: times[last] * 1000, to: times[i] * 1000 });
    last = i;
  }
  const end = times.length - 1;
  if (last >= 0 && end - last >= trailing) gaps.push({ from: times[last] * 1000, to: times[end] * 1000 });
  return gaps;
}

/** Running sums from the bottom up; a series without a value counts as nothing, a step without any value stays empty. */
export function stackValues(series: readonly PlotSeries[]): (number | null)[][] {
  const count = series[0]?.values.length ?? 0;
  const sums = new Float64Array(count);
  const any = new Uint8Array(count);
  for (const { values } of series) for (let i = 0; i < count; i++) if (values[i] !== null) any[i] = 1;
  return series.map(({ values }) => {
    for (let i = 0; i < count; i++) sums[i] += values[i] ?? 0;
    return Array.from(sums, (sum, i) => (any[i] === 1 ? sum : null));
  });
}

export interface SeriesSummary {
  readonly min: number | null;
  readonly avg: number | null;
  readonly max: number | null;
  readonly last: number | null;
}

export function summarize(values: readonly (number | null)[]): SeriesSummary {
  let min = Infinity;
  let max = -Infinity;
  let sum = 0;
  let count = 0;
  let last: number | null = null;
  for (const value of values) {
    if (value === null) continue;
    if (value < min) min = value;
    if (value > max) max = value;
    sum += value;
    count++;
    last = value;
  }
  return count === 0 ? { min: null, avg: null, max: null, last: null } : { min, avg: sum / count, max, last };
}

/** Index of the step nearest to a time, or -1 when the time lies outside. */
export function indexAt(times: readonly number[], time: Millis): number {
  if (times.length === 0) return -1;
  const step = times.length > 1 ? times[1] - times[0] : 1;
  const index = Math.round((time / 1000 - times[0]) / step);
  return index >= 0 && index < times.length ? index : -1;
}
