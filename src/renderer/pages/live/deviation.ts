import type { Millis } from '#shared/model/index.ts';
import { UNUSUAL } from '#renderer/charts/index.ts';
import type { LiveChart } from './live-model.ts';

/** How one series of a chart lies outside of what was expected. */
export interface Deviation {
  /** Index of the series. */
  readonly series: number;
  readonly value: number;
  readonly low: number;
  readonly high: number;
  readonly above: boolean;
  /** Times the middle of what was expected; null where that says nothing (it is about zero). */
  readonly ratio: number | null;
  /** Since when and until when it is outside without a break. */
  readonly from: Millis;
  readonly to: Millis;
  /** Whether it is outside at the last step of all. */
  readonly ongoing: boolean;
}

/** A ratio of one says nothing. */
const LEAST_OFF = 0.05;

/** Ratios beyond are of values against nearly nothing: they tell no more than 'far above'. */
const TELLING_RATIO = 1000;

/** The series that is hottest at a step, if any is outside there. */
export function deviationAt(chart: LiveChart, index: number): Deviation | null {
  const { heat = null, series, times } = chart.model;
  if (heat === null || !(heat.strip[index] > 0)) return null;
  const s = heat.bySeries.findIndex((own) => own !== null && own[index] === heat.strip[index]);
  const expected = chart.expected[s] ?? null;
  const value = series[s]?.values[index] ?? null;
  if (expected === null || value === null) return null;
  const low = expected.low[index];
  const high = expected.high[index];
  const middle = (low + high) / 2;
  const ratio = value / middle;
  let from = index;
  while (from > 0 && expected.heat[from - 1] > 0) from--;
  let to = index;
  while (to + 1 < times.length && expected.heat[to + 1] > 0) to++;
  return {
    series: s,
    value,
    low,
    high,
    above: value > high,
    ratio: middle > 0 && ratio >= 0 && ratio < TELLING_RATIO && Math.abs(ratio - 1) >= LEAST_OFF ? ratio : null,
    from: times[from] * 1000,
    to: times[to] * 1000,
    ongoing: to >= times.length - 2,
  };
}

/** The last step at which the chart was unusual, -1 for none. */
export function lastUnusual(chart: LiveChart): number {
  return chart.model.heat?.strip.findLastIndex((heat) => heat > UNUSUAL) ?? -1;
}

/** What is expected at a step of the series that speaks for a chart of one series. */
export function expectedAt(chart: LiveChart, index: number): { readonly low: number; readonly high: number } | null {
  const expected = chart.expected[0] ?? null;
  if (expected === null || chart.model.series.length !== 1) return null;
  const low = expected.low[index];
  const high = expected.high[index];
  return Number.isNaN(low) ? null : { low, high };
}
