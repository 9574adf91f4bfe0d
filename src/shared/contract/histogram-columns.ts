import type { CounterResetHint, Histogram } from '../model/index.ts';
import type { HistogramColumns, Ragged } from './results.ts';

type Lists = readonly (readonly number[])[];

function offsetsOf(lists: Lists): Uint32Array {
  const offsets = new Uint32Array(lists.length + 1);
  lists.forEach((list, i) => (offsets[i + 1] = offsets[i] + list.length));
  return offsets;
}

function floats(lists: Lists): Ragged<Float64Array> {
  return { offsets: offsetsOf(lists), data: Float64Array.from(lists.flat()) };
}

function integers(lists: Lists): Ragged<Int32Array> {
  return { offsets: offsetsOf(lists), data: Int32Array.from(lists.flat()) };
}

/** Lays histograms out flat; `at` and `items` are of equal length, `at` ascending. Null when there are none. */
export function packHistograms(at: readonly number[], items: readonly Histogram[]): HistogramColumns | null {
  if (items.length === 0) return null;
  return {
    at: Uint32Array.from(at),
    schemas: Int8Array.from(items, (h) => h.schema),
    hints: Uint8Array.from(items, (h) => h.counterResetHint),
    zeroThresholds: Float64Array.from(items, (h) => h.zeroThreshold),
    zeroCounts: Float64Array.from(items, (h) => h.zeroCount),
    counts: Float64Array.from(items, (h) => h.count),
    sums: Float64Array.from(items, (h) => h.sum),
    positiveSpans: integers(items.map((h) => h.positiveSpans)),
    negativeSpans: integers(items.map((h) => h.negativeSpans)),
    positiveBuckets: floats(items.map((h) => h.positiveBuckets)),
    negativeBuckets: floats(items.map((h) => h.negativeBuckets)),
    customValues: floats(items.map((h) => h.customValues)),
  };
}

function listAt({ offsets, data }: Ragged<Float64Array | Int32Array>, i: number): number[] {
  return Array.from(data.subarray(offsets[i], offsets[i + 1]));
}

/** Histogram `i` of the columns (not: at step `i`). */
export function unpackHistogram(columns: HistogramColumns, i: number): Histogram {
  return {
    schema: columns.schemas[i],
    counterResetHint: columns.hints[i] as CounterResetHint,
    zeroThreshold: columns.zeroThresholds[i],
    zeroCount: columns.zeroCounts[i],
    count: columns.counts[i],
    sum: columns.sums[i],
    positiveSpans: listAt(columns.positiveSpans, i),
    negativeSpans: listAt(columns.negativeSpans, i),
    positiveBuckets: listAt(columns.positiveBuckets, i),
    negativeBuckets: listAt(columns.negativeBuckets, i),
    customValues: listAt(columns.customValues, i),
  };
}
