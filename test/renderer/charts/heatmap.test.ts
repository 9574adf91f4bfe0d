import { expect, test } from 'vitest';
import { panned, zoomed } from '#renderer/charts/gestures.ts';
import { boundTicks, heatmapQuantile, rampStep, rowPosition, type PlotHeatmap } from '#renderer/charts/heatmap.ts';
import { heatmapOfResult } from '#renderer/charts/heatmap-model.ts';
import { packHistograms, type QueryResult, type SeriesColumn } from '#shared/contract/index.ts';
import {
  CUSTOM_BUCKETS_SCHEMA,
  histogramQuantile,
  labelsFromRecord,
  newPresence,
  setPresent,
  type Histogram,
} from '#shared/model/index.ts';

const notes = { warnings: [], infos: [], stats: { seriesRead: 1, samplesRead: 1, evalMillis: 1 } };

function matrix(...series: readonly SeriesColumn[]): QueryResult {
  return { type: 'matrix', steps: { start: 0, step: 1000, count: series[0].values.length }, series, ...notes };
}

function bucket(labels: Record<string, string>, values: readonly (number | null)[]): SeriesColumn {
  const present = newPresence(values.length);
  for (const [i, value] of values.entries()) if (value !== null) setPresent(present, i);
  return {
    labels: labelsFromRecord(labels),
    values: Float64Array.from(values, (v) => v ?? 0),
    present,
    histograms: null,
  };
}

function native(at: readonly number[], items: readonly Histogram[], count: number): SeriesColumn {
  const present = newPresence(count);
  for (const i of at) setPresent(present, i);
  return {
    labels: labelsFromRecord({}),
    values: new Float64Array(count),
    present,
    histograms: packHistograms(at, items),
  };
}

const exponential: Histogram = {
  schema: 0,
  counterResetHint: 3,
  zeroThreshold: 0.001,
  zeroCount: 1,
  count: 10,
  sum: 20,
  positiveSpans: [0, 2, 1, 1],
  negativeSpans: [],
  positiveBuckets: [2, 3, 4],
  negativeBuckets: [],
  customValues: [],
};

function cellsOf(heatmap: PlotHeatmap | null, step: number): readonly number[] {
  if (heatmap === null) throw new Error('no heatmap');
  return heatmap.rows.map((_, row) => heatmap.cells[row * heatmap.steps + step]);
}

test('cumulative buckets become counts a bucket, added up over all series', () => {
  const heatmap = heatmapOfResult(
    matrix(
      bucket({ le: '+Inf', r: 'a' }, [5, 9, null]),
      bucket({ le: '0.1', r: 'a' }, [1, 2, null]),
      bucket({ le: '1', r: 'a' }, [4, 8, null]),
      bucket({ le: '0.1', r: 'b' }, [1, null, null]),
      bucket({ le: '1', r: 'b' }, [1, null, null]),
      bucket({ le: '+Inf', r: 'b' }, [1, null, null]),
    ),
  );
  expect(heatmap?.rows).toEqual([
    { lower: 0, upper: 0.1 },
    { lower: 0.1, upper: 1 },
    { lower: 1, upper: Infinity },
  ]);
  expect(cellsOf(heatmap, 0)).toEqual([2, 3, 1]);
  expect(cellsOf(heatmap, 1)).toEqual([2, 6, 1]);
  expect(cellsOf(heatmap, 2)).toEqual([NaN, NaN, NaN]);
  expect(heatmap?.max).toBe(6);
});

test('rows that stay empty at both ends are left out', () => {
  const heatmap = heatmapOfResult(
    matrix(...['0.1', '0.5', '1', '5', '+Inf'].map((le, i) => bucket({ le }, [[0, 0, 3, 4, 4][i]]))),
  );
  expect(heatmap?.rows.map(({ upper }) => upper)).toEqual([1, 5]);
});

test('series without buckets are no heatmap', () => {
  expect(heatmapOfResult(matrix(bucket({ a: 'x' }, [1])))).toBeNull();
  expect(heatmapOfResult(matrix(bucket({ le: 'x' }, [1]), bucket({ le: '1' }, [1])))).toBeNull();
});

test('native histograms of different schemas share the coarser one', () => {
  const fine: Histogram = { ...exponential, schema: 1, positiveSpans: [1, 4], positiveBuckets: [1, 1, 1, 1] };
  const heatmap = heatmapOfResult(matrix(native([0, 2], [exponential, fine], 3)));
  expect(heatmap?.rows).toEqual([
    { lower: 0, upper: 0.001 },
    { lower: 0.5, upper: 1 },
    { lower: 1, upper: 2 },
    { lower: 2, upper: 4 },
    { lower: 4, upper: 8 },
  ]);
  expect(cellsOf(heatmap, 0)).toEqual([1, 2, 3, 0, 4]);
  expect(cellsOf(heatmap, 1).every(Number.isNaN)).toBe(true);
  // Buckets 1..4 of schema 1 end at 2^0.5, 2, 2^1.5 and 4.
  expect(cellsOf(heatmap, 2)).toEqual([1, 0, 2, 2, 0]);
});

test('a histogram of very many buckets is joined into rows that can be seen, nothing lost', () => {
  const buckets = Array.from({ length: 300 }, (_, i) => i + 1);
  const wide: Histogram = {
    ...exponential,
    schema: 4,
    zeroCount: 0,
    positiveSpans: [-200, 300],
    positiveBuckets: buckets,
  };
  const heatmap = heatmapOfResult(matrix(native([0], [wide], 1)));
  expect(heatmap?.rows.length).toBeLessThanOrEqual(40);
  expect(cellsOf(heatmap, 0).reduce((a, b) => a + b)).toBe(300 * 301 * 0.5);
});

test('custom buckets have their own bounds', () => {
  const custom: Histogram = {
    ...exponential,
    schema: CUSTOM_BUCKETS_SCHEMA,
    zeroThreshold: 0,
    zeroCount: 0,
    positiveSpans: [0, 3],
    customValues: [0.1, 1],
  };
  const heatmap = heatmapOfResult(matrix(native([0], [custom], 1)));
  expect(heatmap?.rows.map(({ upper }) => upper)).toEqual([0.1, 1, Infinity]);
  expect(cellsOf(heatmap, 0)).toEqual([2, 3, 4]);
});

test.each([0.1, 0.5, 0.9, 0.99])('the %d quantile of a step is what PromQL says', (q) => {
  const histogram = { ...exponential, zeroCount: 0, count: 9 };
  const heatmap = heatmapOfResult(matrix(native([0], [histogram], 1))) as PlotHeatmap;
  expect(heatmapQuantile(heatmap, q, 0)).toBeCloseTo(histogramQuantile(q, histogram).value, 10);
});

test('a value has its place inside its row, and quantiles of nothing are nothing', () => {
  const heatmap = heatmapOfResult(
    matrix(bucket({ le: '1' }, [1, 0]), bucket({ le: '3' }, [3, 0]), bucket({ le: '+Inf' }, [4, 0])),
  ) as PlotHeatmap;
  expect(rowPosition(heatmap, 0.5)).toBe(0.5);
  expect(rowPosition(heatmap, 1)).toBe(1);
  expect(rowPosition(heatmap, 2)).toBe(1.5);
  expect(rowPosition(heatmap, 100)).toBe(2);
  expect(heatmapQuantile(heatmap, 0.99, 0)).toBe(3);
  expect(heatmapQuantile(heatmap, 0.5, 1)).toBeNull();
  expect(boundTicks(heatmap, 1).map(({ bound }) => bound)).toEqual([0, 1, 3]);
});

test('few observations have a colour of their own beside many', () => {
  expect(rampStep(0, 100)).toBe(0);
  expect(rampStep(1, 1e6)).toBe(1);
  expect(rampStep(100, 100)).toBe(5);
});

test('zooming keeps what is under the pointer, panning keeps the length', () => {
  expect(zoomed({ from: 0, to: 100_000 }, 0.25, 0.5)).toEqual({ from: 12_500, to: 62_500 });
  expect(zoomed({ from: 0, to: 6000 }, 0, 0.1)).toEqual({ from: 0, to: 5000 });
  expect(panned({ from: 0, to: 1000 }, -0.5)).toEqual({ from: -500, to: 500 });
});
