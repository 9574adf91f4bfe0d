import type { SeriesColumn } from '#shared/contract/index.ts';
import { isPresent } from '#shared/model/index.ts';

/** What the legend says about a series over the range; all null where it has no value. */
export interface SeriesStats {
  readonly min: number | null;
  readonly avg: number | null;
  readonly max: number | null;
  readonly last: number | null;
}

/** NaN is a value without an order: it is left out of min, avg and max, and shown when it is the last one. */
export function seriesStats(series: SeriesColumn): SeriesStats {
  let min = Infinity;
  let max = -Infinity;
  let sum = 0;
  let lost = 0;
  let count = 0;
  let last: number | null = null;
  const histograms = new Set(series.histograms?.at ?? []);
  for (let i = 0; i < series.values.length; i++) {
    if (!isPresent(series.present, i) || histograms.has(i)) continue;
    const value = series.values[i];
    last = value;
    if (Number.isNaN(value)) continue;
    if (value < min) min = value;
    if (value > max) max = value;
    // Compensated: an average over a day of bytes must not lose its last digits.
    const corrected = value - lost;
    const next = sum + corrected;
    lost = Number.isFinite(next) ? next - sum - corrected : 0;
    sum = next;
    count++;
  }
  if (count === 0) return { min: null, avg: null, max: null, last };
  return { min, avg: sum / count, max, last };
}

/** The value at the crosshair, or null where there is none. */
export function valueAt(series: SeriesColumn, step: number): number | null {
  if (step < 0 || step >= series.values.length || !isPresent(series.present, step)) return null;
  return series.values[step];
}
