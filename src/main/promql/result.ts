import {
  packHistograms,
  type HistogramColumns,
  type QueryValue,
  type RawSeries,
  type SeriesColumn,
} from '#shared/contract/index.ts';
import {
  compareLabels,
  EMPTY_LABELS,
  isPresent,
  type Histogram,
  type Labels,
  type Millis,
} from '#shared/model/index.ts';
import type { ValueType } from '#shared/promql/index.ts';
import { fullPresence, type Column, type Grid, type NodeValue } from './columns.ts';
import { keyOf, SAME_LABELSET, sortByLabels, withoutMarkedNames, withoutMetadata } from './context.ts';
import { fail } from './failure.ts';
import { interpolateFloat } from './interpolate.ts';
import type { RangeSource } from './plan-node.ts';
import type { RangeInput } from './range-call.ts';
import type { FloatPart } from './samples.ts';
import { firstAbove } from './windows.ts';

function packColumn(column: Column): HistogramColumns | null {
  if (column.histograms === null) return null;
  const at: number[] = [];
  const items: Histogram[] = [];
  column.histograms.forEach((h, step) => {
    if (h === null || !isPresent(column.present, step)) return;
    at.push(step);
    items.push(h);
  });
  return packHistograms(at, items);
}

function toSeries(column: Column): SeriesColumn {
  const { labels, values, present } = column;
  return { labels, values, present, histograms: packColumn(column) };
}

/** What a query answers with: names that were to be dropped are gone; over a range series are sorted. */
export function toQueryValue(value: NodeValue, grid: Grid, instant: boolean, type: ValueType): QueryValue {
  switch (value.type) {
    case 'string':
      return { type: 'string', time: grid.start, value: value.value };
    case 'scalar':
      if (instant) return { type: 'scalar', steps: grid, values: value.values };
      return { type: 'matrix', steps: grid, series: [scalarSeries(value.values)] };
    case 'vector': {
      const columns = withoutMarkedNames(value.columns);
      const ordered = instant && type === 'vector' ? columns : sortByLabels(columns);
      return { type: instant ? 'vector' : 'matrix', steps: grid, series: ordered.map(toSeries) };
    }
  }
}

/** A scalar over a range is a series without labels. */
function scalarSeries(values: Float64Array): SeriesColumn {
  return { labels: EMPTY_LABELS, values, present: fullPresence(values.length), histograms: null };
}

/** A bare range at an instant: the samples themselves, sorted by labels. */
export function toRawSamples(source: RangeSource, { series, windows }: RangeInput): QueryValue {
  const parts = new Map<string, RawParts>();
  const mode = source.kind === 'selector' ? source.mode : 'plain';
  for (const { labels: full, dropName, floats, histograms } of series) {
    const times: Millis[] = [];
    const values: number[] = [];
    const items = new Map<Millis, Histogram>();
    if (histograms !== null) {
      const found = windows.get(histograms.times, histograms.from, histograms.to);
      for (let i = found.starts[0]; i < found.ends[0]; i++) items.set(histograms.times[i], histograms.items[i]);
      if (items.size > 0 && mode !== 'plain') fail(`${mode} modifier is not supported with histograms`);
    }
    if (floats !== null) {
      const found = windows.get(floats.times, floats.from, floats.to);
      const points =
        mode === 'plain'
          ? plainPoints(floats, found.starts[0], found.ends[0])
          : extendedPoints(floats, found.starts[0], found.ends[0], source, mode === 'smoothed');
      for (const [time, value] of points) {
        times.push(time);
        values.push(value);
      }
    }
    if (times.length + items.size === 0) continue;
    const labels = dropName ? withoutMetadata(full) : full;
    const key = keyOf(labels);
    const one = { labels, times, values, items };
    // Without their names series may be the same.
    const other = parts.get(key);
    parts.set(key, other === undefined ? one : mergeParts(other, one));
  }
  const raw = Array.from(parts.values(), rawSeries).sort((a, b) => compareLabels(a.labels, b.labels));
  return { type: 'samples', series: raw };
}

/** Samples of a series of the result. */
interface RawParts {
  readonly labels: Labels;
  /** Of floats. */
  readonly times: readonly Millis[];
  readonly values: readonly number[];
  readonly items: ReadonlyMap<Millis, Histogram>;
}

function mergeParts(a: RawParts, b: RawParts): RawParts {
  const floats = new Map(a.times.map((time, i) => [time, a.values[i]]));
  b.times.forEach((time, i) => floats.set(time, b.values[i]));
  const items = new Map([...a.items, ...b.items]);
  if (floats.size < a.times.length + b.times.length || items.size < a.items.size + b.items.size) fail(SAME_LABELSET);
  const times = [...floats.keys()].sort((x, y) => x - y);
  return { labels: a.labels, times, values: times.map((time) => floats.get(time) as number), items };
}

function rawSeries({ labels, times: floatTimes, values: floatValues, items }: RawParts): RawSeries {
  if (items.size === 0)
    return { labels, times: Float64Array.from(floatTimes), values: Float64Array.from(floatValues), histograms: null };
  const byTime = new Map(floatTimes.map((time, i) => [time, floatValues[i]]));
  const times = [...floatTimes, ...items.keys()].sort((a, b) => a - b);
  const at: number[] = [];
  const packed: Histogram[] = [];
  times.forEach((time, i) => {
    const h = items.get(time);
    if (h === undefined) return;
    at.push(i);
    packed.push(h);
  });
  return {
    labels,
    times: Float64Array.from(times),
    values: Float64Array.from(times, (time) => byTime.get(time) ?? 0),
    histograms: packHistograms(at, packed),
  };
}

type Point = readonly [time: number, value: number];

function plainPoints({ times, values }: FloatPart, from: number, to: number): Point[] {
  const points: Point[] = [];
  for (let i = from; i < to; i++) points.push([times[i], values[i]]);
  return points;
}

/** Samples of an anchored or smoothed range: with points exactly at its start and end. */
function extendedPoints(part: FloatPart, from: number, to: number, source: RangeSource, smoothed: boolean): Point[] {
  if (to === from) return [];
  const { times, values } = part;
  const rangeEnd = source.ends.first;
  const rangeStart = rangeEnd - source.range;
  let last = to - 1;
  let first = Math.max(from, firstAbove(times, from, last, rangeStart) - 1);
  if (smoothed) last = firstAbove(times, from, last, rangeEnd - 1);
  if (times[last] <= rangeStart) return [];
  const between = (i: number, at: number): number =>
    interpolateFloat(times[i], values[i], times[i + 1], values[i + 1], at, false);
  const left = smoothed && times[first] < rangeStart ? between(first, rangeStart) : values[first];
  const right = smoothed && last > from && times[last] > rangeEnd ? between(last - 1, rangeEnd) : values[last];
  if (times[first] <= rangeStart) first++;
  if (times[last] >= rangeEnd) last--;
  return [[rangeStart, left], ...plainPoints(part, first, last + 1), [rangeEnd, right]];
}
