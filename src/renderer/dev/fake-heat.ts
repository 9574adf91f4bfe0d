import type { Expected, ExpectedSeries, QueryResult } from '#shared/contract/index.ts';
import type { FakeMetric } from './fake-metrics.ts';

const LEARN = 120_000;
const MEMORY = 900_000;

/** What is to be expected of made-up signals: their base and how far they stray when nothing happens. */
export function fakeExpected(
  result: QueryResult,
  metric: FakeMetric,
  { since, quantile }: { readonly since: number; readonly quantile: string | null },
): Expected | null {
  if (result.type !== 'matrix' && result.type !== 'vector') return null;
  const { start, step, count } = result.steps;
  const named = quantile === null ? null : metric.values[quantile];
  const signals = named === null || named === undefined ? Object.values(metric.values) : [named];
  const series = result.series.map((column, s): ExpectedSeries => {
    const { base, swing, jitter } = signals[s % signals.length];
    const reach = 0.75 * swing + jitter;
    const low = base * Math.max(0, 1 - reach);
    const high = Math.max(base * (1 + reach), metric.unit === '' ? base + 1.5 : 0);
    const told = (i: number): boolean => start + i * step >= since + LEARN;
    const heat = Float32Array.from(column.values, (value, i) => {
      if (!told(i)) return Number.NaN;
      return value > high ? Math.min(1, 0.5 + (value - high) / (high - low)) : 0;
    });
    const bound = (value: number) => Float32Array.from({ length: count }, (_, i) => (told(i) ? value : Number.NaN));
    return { low: bound(low), high: bound(high), heat };
  });
  return { memory: MEMORY, learn: LEARN, series };
}
