import { unpackHistogram, type QueryResult, type SeriesColumn, type Steps } from '#shared/contract/index.ts';
import {
  boundOf,
  coarserIndex,
  CUSTOM_BUCKETS_SCHEMA,
  getLabel,
  isPresent,
  negativeBuckets,
  positiveBuckets,
  type Histogram,
} from '#shared/model/index.ts';
import type { HeatmapRow, PlotHeatmap } from './heatmap.ts';

/** Rows of a heatmap at most: finer buckets are joined. */
const MOST_ROWS = 40;

/**
 * The buckets of a range query's result over time, all its series added up; null when it has none. Either every series is
 * a cumulative bucket (label `le`), or series hold native histograms.
 */
export function heatmapOfResult(result: QueryResult): PlotHeatmap | null {
  if (result.type !== 'matrix' && result.type !== 'vector') return null;
  const { series, steps } = result;
  if (series.length === 0) return null;
  if (series.some(({ histograms }) => histograms !== null)) return ofNative(series, steps);
  if (series.every(({ labels }) => getLabel(labels, 'le') !== '')) return ofClassic(series, steps);
  return null;
}

function ofClassic(series: readonly SeriesColumn[], steps: Steps): PlotHeatmap | null {
  const cumulative = new Map<number, Float64Array>();
  for (const { labels, values, present } of series) {
    const text = getLabel(labels, 'le');
    const bound = text === '+Inf' ? Infinity : Number(text);
    if (Number.isNaN(bound)) return null;
    let sums = cumulative.get(bound);
    if (sums === undefined) {
      sums = new Float64Array(steps.count).fill(NaN);
      cumulative.set(bound, sums);
    }
    for (let i = 0; i < steps.count; i++) {
      if (!isPresent(present, i) || Number.isNaN(values[i])) continue;
      sums[i] = (Number.isNaN(sums[i]) ? 0 : sums[i]) + values[i];
    }
  }
  const bounds = [...cumulative.keys()].sort((a, b) => a - b);
  if (bounds.length < 2) return null;
  const rows = bounds.map((upper, k): HeatmapRow => ({
    lower: k > 0 ? bounds[k - 1] : upper > 0 ? 0 : -Infinity,
    upper,
  }));
  const cells = new Float64Array(rows.length * steps.count);
  let below: Float64Array | null = null;
  for (const [row, bound] of bounds.entries()) {
    const sums = cumulative.get(bound) as Float64Array;
    // Buckets are scraped together, but a rounding may put one a little below the one before it.
    for (let i = 0; i < steps.count; i++)
      cells[row * steps.count + i] = Math.max(0, sums[i] - (below === null ? 0 : below[i]));
    below = sums;
  }
  return trimmed(rows, cells, steps.count, false);
}

interface StepHistogram {
  readonly step: number;
  readonly histogram: Histogram;
}

function ofNative(series: readonly SeriesColumn[], steps: Steps): PlotHeatmap | null {
  const all: StepHistogram[] = [];
  for (const { histograms } of series) {
    if (histograms === null) continue;
    for (let i = 0; i < histograms.at.length; i++)
      all.push({ step: histograms.at[i], histogram: unpackHistogram(histograms, i) });
  }
  // One kind of buckets is drawn: what most histograms have.
  const custom = all.filter(({ histogram }) => histogram.schema === CUSTOM_BUCKETS_SCHEMA);
  return custom.length * 2 > all.length
    ? ofCustom(custom, steps.count)
    : ofExponential(
        all.filter(({ histogram }) => histogram.schema !== CUSTOM_BUCKETS_SCHEMA),
        steps.count,
      );
}

function ofCustom(all: readonly StepHistogram[], count: number): PlotHeatmap | null {
  const bounds = [...new Set(all.flatMap(({ histogram }) => histogram.customValues)), Infinity].sort((a, b) => a - b);
  const rows = bounds.map((upper, k): HeatmapRow => ({
    lower: k > 0 ? bounds[k - 1] : upper > 0 ? 0 : -Infinity,
    upper,
  }));
  const rowOf = new Map(bounds.map((upper, row) => [upper, row]));
  const cells = new Float64Array(rows.length * count).fill(NaN);
  for (const { step, histogram } of all) {
    for (let row = 0; row < rows.length; row++) start(cells, row * count + step);
    const { at, counts } = positiveBuckets(histogram);
    for (const [k, index] of at.entries()) {
      // Where layouts differ, a bucket counts in the row that it ends in.
      const row = rowOf.get(boundOf(index, histogram.schema, histogram.customValues)) as number;
      cells[row * count + step] += counts[k];
    }
  }
  return trimmed(rows, cells, count, false);
}

/** A known cell begins at nothing. */
function start(cells: Float64Array, at: number): void {
  if (Number.isNaN(cells[at])) cells[at] = 0;
}

function ofExponential(all: readonly StepHistogram[], count: number): PlotHeatmap | null {
  if (all.length === 0) return null;
  let schema = Math.min(...all.map(({ histogram }) => histogram.schema));
  let zero = 0;
  const positive = { from: Infinity, to: -Infinity };
  const negative = { from: Infinity, to: -Infinity };
  const widen = (range: { from: number; to: number }, at: readonly number[], levels: number): void => {
    if (at.length === 0) return;
    range.from = Math.min(range.from, coarserIndex(at[0], levels));
    range.to = Math.max(range.to, coarserIndex(at[at.length - 1], levels));
  };
  let hasZero = false;
  for (const { histogram } of all) {
    zero = Math.max(zero, histogram.zeroThreshold);
    hasZero ||= histogram.zeroCount > 0;
    widen(positive, positiveBuckets(histogram).at, histogram.schema - schema);
    widen(negative, negativeBuckets(histogram).at, histogram.schema - schema);
  }
  const lengthOf = ({ from, to }: { from: number; to: number }): number => (to < from ? 0 : to - from + 1);
  while (lengthOf(positive) + lengthOf(negative) > MOST_ROWS) {
    schema--;
    for (const range of [positive, negative])
      if (lengthOf(range) > 0) {
        range.from = coarserIndex(range.from, 1);
        range.to = coarserIndex(range.to, 1);
      }
  }
  const rows: HeatmapRow[] = [];
  const negativeRow = new Map<number, number>();
  const positiveRow = new Map<number, number>();
  const bound = (index: number): number => boundOf(index, schema, []);
  for (let index = negative.to; index >= negative.from; index--) {
    negativeRow.set(index, rows.length);
    rows.push({ lower: -bound(index), upper: -bound(index - 1) });
  }
  const zeroRow = hasZero ? rows.length : -1;
  if (hasZero) rows.push({ lower: lengthOf(negative) > 0 ? -zero : 0, upper: zero });
  for (let index = positive.from; index <= positive.to; index++) {
    positiveRow.set(index, rows.length);
    rows.push({ lower: bound(index - 1), upper: bound(index) });
  }
  if (rows.length === 0) return null;
  const cells = new Float64Array(rows.length * count).fill(NaN);
  for (const { step, histogram } of all) {
    for (let row = 0; row < rows.length; row++) start(cells, row * count + step);
    const levels = histogram.schema - schema;
    const add = (rowOf: ReadonlyMap<number, number>, at: readonly number[], counts: readonly number[]): void => {
      for (const [k, index] of at.entries())
        cells[(rowOf.get(coarserIndex(index, levels)) as number) * count + step] += counts[k];
    };
    const up = positiveBuckets(histogram);
    const down = negativeBuckets(histogram);
    add(positiveRow, up.at, up.counts);
    add(negativeRow, down.at, down.counts);
    if (zeroRow >= 0) cells[zeroRow * count + step] += histogram.zeroCount;
  }
  return trimmed(rows, cells, count, true);
}

/** Without the rows at both ends in which nothing ever was. */
function trimmed(
  rows: readonly HeatmapRow[],
  cells: Float64Array,
  steps: number,
  exponential: boolean,
): PlotHeatmap | null {
  const peaks = rows.map((_, row) => {
    let peak = 0;
    for (let i = row * steps; i < (row + 1) * steps; i++) if (cells[i] > peak) peak = cells[i];
    return peak;
  });
  const first = peaks.findIndex((peak) => peak > 0);
  if (first < 0) return { rows, cells, steps, max: 0, exponential };
  const last = peaks.findLastIndex((peak) => peak > 0);
  return {
    rows: rows.slice(first, last + 1),
    cells: cells.slice(first * steps, (last + 1) * steps),
    steps,
    max: Math.max(...peaks),
    exponential,
  };
}
