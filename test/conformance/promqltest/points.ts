import type { HistogramColumns, QueryResult, SeriesColumn } from '#shared/contract/index.ts';
import { unpackHistogram } from '#shared/contract/index.ts';
import { isPresent, isStaleAt, wordsOf, type Histogram, type Labels, type Millis } from '#shared/model/index.ts';

/** A sample of a result or of what is expected. */
export type Point = { readonly time: Millis } & PointValue;
export type PointValue =
  | { readonly kind: 'float'; readonly value: number }
  | { readonly kind: 'stale' }
  | { readonly kind: 'histogram'; readonly histogram: Histogram };

export interface PointSeries {
  readonly labels: Labels;
  readonly points: readonly Point[];
}

function histogramsByPlace(columns: HistogramColumns | null): Map<number, Histogram> {
  const byPlace = new Map<number, Histogram>();
  columns?.at.forEach((place, i) => byPlace.set(place, unpackHistogram(columns, i)));
  return byPlace;
}

function pointAt(
  i: number,
  time: Millis,
  values: Float64Array,
  words: Uint32Array,
  histograms: ReadonlyMap<number, Histogram>,
): Point {
  const histogram = histograms.get(i);
  if (histogram !== undefined) return { time, kind: 'histogram', histogram };
  return isStaleAt(words, i) ? { time, kind: 'stale' } : { time, kind: 'float', value: values[i] };
}

function columnPoints(column: SeriesColumn, start: Millis, step: Millis, count: number): PointSeries {
  const histograms = histogramsByPlace(column.histograms);
  const words = wordsOf(column.values);
  const points: Point[] = [];
  for (let i = 0; i < count; i++)
    if (isPresent(column.present, i)) points.push(pointAt(i, start + i * step, column.values, words, histograms));
  return { labels: column.labels, points };
}

/** The series of a vector or matrix as points. */
export function seriesOf(result: QueryResult): readonly PointSeries[] {
  switch (result.type) {
    case 'scalar':
    case 'string':
      return [];
    case 'vector':
    case 'matrix': {
      const { start, step, count } = result.steps;
      return result.series.map((column) => columnPoints(column, start, step, count));
    }
    case 'samples':
      return result.series.map(({ labels, times, values, histograms }) => {
        const byPlace = histogramsByPlace(histograms);
        const words = wordsOf(values);
        return { labels, points: Array.from(times, (time, i) => pointAt(i, time, values, words, byPlace)) };
      });
  }
}
