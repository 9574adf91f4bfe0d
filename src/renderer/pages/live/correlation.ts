import type { LiveStore } from '#renderer/data/index.ts';
import { liveChart } from './live-model.ts';
import type { NamedChart } from './named-chart.ts';

/** A chart that moves with another one. */
export interface Companion {
  readonly spec: NamedChart;
  /** Pearson's r over the window, -1 to 1. */
  readonly r: number;
  readonly values: Float32Array;
}

const MOST = 4;
const LEAST_R = 0.3;
const LEAST_POINTS = 20;

/** Pearson's correlation where both have values; NaN where one of them stands still or there is too little. */
export function pearson(a: Float32Array, b: Float32Array): number {
  let n = 0;
  let meanA = 0;
  let meanB = 0;
  let varA = 0;
  let varB = 0;
  let both = 0;
  for (let i = 0; i < a.length; i++) {
    if (Number.isNaN(a[i]) || Number.isNaN(b[i])) continue;
    n++;
    const offA = a[i] - meanA;
    const offB = b[i] - meanB;
    meanA += offA / n;
    meanB += offB / n;
    varA += offA * (a[i] - meanA);
    varB += offB * (b[i] - meanB);
    both += offA * (b[i] - meanB);
  }
  return n < LEAST_POINTS || varA === 0 || varB === 0 ? Number.NaN : both / Math.sqrt(varA * varB);
}

/** One line for a chart: its stack as a whole, else the series that matters: the hottest, or the first. */
export function lineOf(spec: NamedChart, store: LiveStore): Float32Array {
  const { model } = liveChart(spec, store);
  const line = new Float32Array(model.times.length).fill(Number.NaN);
  if (spec.kind === 'stacked') {
    for (const { values } of model.series)
      for (const [i, value] of values.entries())
        if (value !== null) line[i] = (Number.isNaN(line[i]) ? 0 : line[i]) + value;
    return line;
  }
  const heats = model.heat?.bySeries.map((heat) => heat?.reduce((sum, one) => sum + (one || 0), 0) ?? 0) ?? [];
  const hottest = heats.length === 0 ? 0 : heats.indexOf(Math.max(...heats));
  for (const [i, value] of (model.series[hottest]?.values ?? []).entries()) if (value !== null) line[i] = value;
  return line;
}

/** The charts that go up and down with this one, or against it; of several of one metric the closest. */
export function companions(spec: NamedChart, charts: readonly NamedChart[], store: LiveStore): readonly Companion[] {
  const own = lineOf(spec, store);
  const found = charts
    .filter(({ id, metric, kind }) => id !== spec.id && metric !== spec.metric && kind !== 'info')
    .map((other): Companion => {
      const values = lineOf(other, store);
      return { spec: other, r: pearson(own, values), values };
    })
    .filter(({ r }) => Math.abs(r) >= LEAST_R)
    .sort((a, b) => Math.abs(b.r) - Math.abs(a.r));
  const seen = new Set<string>();
  return found.filter(({ spec: { metric } }) => !seen.has(metric) && seen.add(metric)).slice(0, MOST);
}
