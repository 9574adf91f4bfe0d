import type { SeriesSamples } from '#main/storage/index.ts';
import type { SeriesDigest } from './families.ts';

/** What a series' samples say; null where there are none but markers. Histograms count with their number of observations. */
export function digestSeries(series: SeriesSamples): SeriesDigest | null {
  const { from, to, times, values, histograms } = series;
  let first = -1;
  let newest = -1;
  let min = Infinity;
  let max = -Infinity;
  let last = Number.NaN;
  let samples = 0;
  let falls = false;
  for (let i = from; i < to; i++) {
    const value = histograms?.[i]?.count ?? values[i];
    // Every NaN is left out, the stale marker too.
    if (Number.isNaN(value)) continue;
    if (first < 0) first = i;
    newest = i;
    samples++;
    if (value < last) falls = true;
    last = value;
    if (value < min) min = value;
    if (value > max) max = value;
  }
  if (samples === 0) return null;
  return { labels: series.labels, last, min, max, samples, span: times[newest] - times[first], falls };
}
