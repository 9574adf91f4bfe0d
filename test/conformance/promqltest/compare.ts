import { compareLabels, formatSeries, labelsKey, type Histogram, type Millis } from '#shared/model/index.ts';
import type { SequenceValue } from '#shared/promql/index.ts';
import { bucketMap } from './chunk-hints.ts';
import type { Point, PointSeries, PointValue } from './points.ts';
import type { ExpectedSeries } from './script.ts';

/** Comparing results with what a script expects. Every function gives null, or what differs. */

const TOLERANCE = 1e-6;
const MIN_NORMAL = 2 ** -1022;

export function almostEqual(a: number, b: number): boolean {
  if (Number.isNaN(a) && Number.isNaN(b)) return true;
  if (a === b) return true;
  const sum = Math.abs(a) + Math.abs(b);
  const difference = Math.abs(a - b);
  if (a === 0 || b === 0 || sum < MIN_NORMAL) return difference < TOLERANCE * MIN_NORMAL;
  return difference / Math.min(sum, Number.MAX_VALUE) < TOLERANCE;
}

function show(value: PointValue | SequenceValue | undefined): string {
  if (value === undefined) return 'nothing';
  const kind = 'kind' in value ? value.kind : value.type;
  if ('histogram' in value) return JSON.stringify(value.histogram);
  return 'value' in value ? String(value.value) : kind;
}

function sameBuckets(
  aSpans: readonly number[],
  a: readonly number[],
  bSpans: readonly number[],
  b: readonly number[],
): boolean {
  const one = bucketMap(aSpans, a);
  const other = bucketMap(bSpans, b);
  if (one.size !== other.size) return false;
  return [...one].every(([index, count]) => {
    const counterpart = other.get(index);
    return counterpart !== undefined && almostEqual(count, counterpart);
  });
}

function sameHistogram(actual: Histogram, wanted: Histogram, compareHint: boolean): boolean {
  if (actual.schema !== wanted.schema || actual.zeroThreshold !== wanted.zeroThreshold) return false;
  if (compareHint && actual.counterResetHint !== wanted.counterResetHint) return false;
  if (!almostEqual(actual.count, wanted.count) || !almostEqual(actual.sum, wanted.sum)) return false;
  if (!almostEqual(actual.zeroCount, wanted.zeroCount)) return false;
  if (actual.schema === -53 && JSON.stringify(actual.customValues) !== JSON.stringify(wanted.customValues))
    return false;
  return (
    sameBuckets(actual.positiveSpans, actual.positiveBuckets, wanted.positiveSpans, wanted.positiveBuckets) &&
    sameBuckets(actual.negativeSpans, actual.negativeBuckets, wanted.negativeSpans, wanted.negativeBuckets)
  );
}

function sameValue(actual: PointValue | undefined, wanted: SequenceValue | undefined): boolean {
  if (actual === undefined || wanted === undefined) return false;
  switch (wanted.type) {
    case 'omitted':
      return false;
    case 'stale':
      return actual.kind === 'stale';
    case 'float':
      return actual.kind === 'float' && almostEqual(actual.value, wanted.value);
    case 'histogram':
      return actual.kind === 'histogram' && sameHistogram(actual.histogram, wanted.histogram, wanted.hintWritten);
  }
}

function byLabels(expected: readonly ExpectedSeries[]): Map<string, ExpectedSeries> {
  return new Map(expected.map((series) => [labelsKey(series.labels), series]));
}

function missing(wanted: ReadonlyMap<string, ExpectedSeries>, seen: ReadonlySet<string>): string | null {
  for (const [key, series] of wanted)
    if (!seen.has(key)) return `expected ${formatSeries(series.labels)}, which is missing`;
  return null;
}

/** An instant vector; `ordered`: in the order of the lines. */
export function compareVector(
  actual: readonly PointSeries[],
  expected: readonly ExpectedSeries[],
  ordered: boolean,
): string | null {
  const wanted = byLabels(expected);
  const seen = new Set<string>();
  for (const [i, { labels, points }] of actual.entries()) {
    const key = labelsKey(labels);
    const series = wanted.get(key);
    if (series === undefined) return `unexpected ${formatSeries(labels)} ${show(points[0])}`;
    if (seen.has(key)) return `${formatSeries(labels)} comes twice`;
    seen.add(key);
    if (ordered && series.position !== i)
      return `expected ${formatSeries(labels)} at place ${series.position + 1}, not ${i + 1}`;
    if (!sameValue(points[0], series.values[0]))
      return `expected ${show(series.values[0])} for ${formatSeries(labels)}, got ${show(points[0])}`;
  }
  return missing(wanted, seen);
}

export function checkSorted(actual: readonly PointSeries[]): string | null {
  for (let i = 1; i < actual.length; i++)
    if (compareLabels(actual[i - 1].labels, actual[i].labels) >= 0)
      return `series are not sorted by labels: ${formatSeries(actual[i].labels)} comes after ${formatSeries(actual[i - 1].labels)}`;
  return null;
}

/** A matrix whose expected value i belongs to start + i * step. */
export function compareMatrix(
  actual: readonly PointSeries[],
  expected: readonly ExpectedSeries[],
  times: { readonly start: Millis; readonly end: Millis; readonly step: Millis },
): string | null {
  const unsorted = checkSorted(actual);
  if (unsorted !== null) return unsorted;
  const wanted = byLabels(expected);
  const seen = new Set<string>();
  for (const { labels, points } of actual) {
    const key = labelsKey(labels);
    const series = wanted.get(key);
    if (series === undefined) return `unexpected ${formatSeries(labels)} (${points.length} points)`;
    seen.add(key);
    const differs = comparePoints(points, series.values, times);
    if (differs !== null) return `${formatSeries(labels)}: ${differs}`;
  }
  return missing(wanted, seen);
}

function comparePoints(
  points: readonly Point[],
  values: readonly SequenceValue[],
  { start, end, step }: { readonly start: Millis; readonly end: Millis; readonly step: Millis },
): string | null {
  const wanted = new Map<Millis, SequenceValue>();
  for (const [i, value] of values.entries()) {
    const time = start + i * step;
    if (time > end) return `more values are expected (${values.length}) than there are steps`;
    if (value.type !== 'omitted') wanted.set(time, value);
  }
  for (const point of points) {
    const value = wanted.get(point.time);
    if (!sameValue(point, value)) return `expected ${show(value)} at ${point.time / 1000} s, got ${show(point)}`;
    wanted.delete(point.time);
  }
  for (const [time, value] of wanted) return `expected ${show(value)} at ${time / 1000} s, got nothing`;
  return null;
}
