import {
  addHistograms,
  compact,
  detectReset,
  divideHistogram,
  HINT_GAUGE,
  subtractHistograms,
  usesCustomBuckets,
  withHint,
  type CombinedHistogram,
  type Histogram,
  type Millis,
} from '#shared/model/index.ts';
import { interpolateFloat, interpolateHistogram } from '../interpolate.ts';
import { firstAbove } from '../windows.ts';
import {
  floatCount,
  histogramCount,
  metricName,
  type FloatWindows,
  type HistogramWindows,
  type SeriesCall,
} from './call.ts';
import type { RateKind } from './extrapolation.ts';

/** Elements of a window that stand at its ends, or null when nothing of it lies within the range. */
interface Ends {
  readonly first: number;
  readonly last: number;
  readonly rangeStart: Millis;
  readonly rangeEnd: Millis;
}

/** First index in [from, to) at or after a time. */
const firstNotBefore = (times: Float64Array, from: number, to: number, bound: Millis): number =>
  firstAbove(times, from, to, bound - 1);

/**
 * `from` and `to` bound the samples that were read, lookback included. The base is the last sample at or before the
 * start, else the first one; the end is the last sample or, smoothed, the first at or after the end.
 */
function endsOf(call: SeriesCall, times: Float64Array, from: number, to: number, step: number): Ends | null {
  const rangeEnd = call.endFirst + step * call.endStep;
  const rangeStart = rangeEnd - call.range;
  const smoothed = call.mode === 'smoothed';
  let last = to - 1;
  const first = Math.max(from, firstAbove(times, from, last, rangeStart) - 1);
  if (smoothed) last = firstNotBefore(times, from, last, rangeEnd);
  if (times[last] <= rangeStart || (smoothed && times[first] > rangeEnd)) return null;
  return { first, last, rangeStart, rangeEnd };
}

function extendedFloats(call: SeriesCall, part: FloatWindows, kind: RateKind, step: number): void {
  const { values, times } = part;
  const from = part.starts[step];
  const ends = endsOf(call, times, from, part.ends[step], step);
  if (ends === null) return;
  let { first, last } = ends;
  const { rangeStart, rangeEnd } = ends;
  const smoothed = call.mode === 'smoothed';
  const between = (i: number, at: Millis): number =>
    interpolateFloat(times[i], values[i], times[i + 1], values[i + 1], at, kind.counter);
  const left = smoothed && times[first] < rangeStart ? between(first, rangeStart) : values[first];
  const right = smoothed && last > from && times[last] > rangeEnd ? between(last - 1, rangeEnd) : values[last];
  let result = right - left;
  if (kind.counter) {
    // The interpolated ends already account for resets next to them.
    if (times[first] <= rangeStart) first++;
    if (times[last] >= rangeEnd) last--;
    let before = left;
    for (let i = first; i <= last; i++) {
      if (values[i] < before) result += before;
      before = values[i];
    }
    if (right < before) result += before;
  }
  call.out.setFloat(step, kind.perSecond ? result / (call.range / 1000) : result);
}

/** Sum of the histograms before each reset within the range; null result for none, undefined where layouts clash. */
function resetCorrection(
  part: HistogramWindows,
  { first, last, rangeStart }: Ends,
  left: Histogram,
  right: Histogram,
  smoothed: boolean,
  combine: (result: CombinedHistogram | null, operation: 'addition') => Histogram | null,
): Histogram | null | undefined {
  const { items, times } = part;
  let next = first + 1;
  let before = left;
  if (smoothed && times[first] < rangeStart && detectReset(items[first + 1], items[first])) {
    before = items[first + 1];
    next++;
  }
  if (next > last) return null;
  let correction: Histogram | null = null;
  const add = (h: Histogram): boolean => {
    correction = correction === null ? h : combine(addHistograms(correction, h), 'addition');
    return correction !== null;
  };
  for (let i = next; i < last; i++) {
    if (detectReset(items[i], before) && !add(before)) return undefined;
    before = items[i];
  }
  if (detectReset(right, before) && !add(before)) return undefined;
  return correction;
}

function extendedHistograms(call: SeriesCall, part: HistogramWindows, kind: RateKind, step: number): void {
  const { notes, position } = call;
  const { items, times } = part;
  const from = part.starts[step];
  const ends = endsOf(call, times, from, part.ends[step], step);
  if (ends === null) return;
  const { first, last, rangeStart, rangeEnd } = ends;
  const name = metricName(call);
  const custom = usesCustomBuckets(items[first]);
  for (let i = first; i <= last; i++) {
    if (usesCustomBuckets(items[i]) !== custom) {
      notes.mixedExponentialCustom(name, position);
      return;
    }
    if (kind.counter && items[i].counterResetHint === HINT_GAUGE) notes.histogramNotCounter(name, position);
  }
  const combine = (result: CombinedHistogram | null, operation: 'addition' | 'subtraction'): Histogram | null => {
    if (result === null) {
      notes.mixedExponentialCustom(name, position);
      return null;
    }
    if (result.reconciled) notes.mismatchedCustomBuckets(operation, position);
    return result.histogram;
  };
  const smoothed = call.mode === 'smoothed';
  const between = (i: number, at: Millis): Histogram | null =>
    interpolateHistogram(items[i], times[i], items[i + 1], times[i + 1], at, kind.counter, notes, position);
  const left = smoothed && times[first] < rangeStart ? between(first, rangeStart) : items[first];
  const right = smoothed && last > from && times[last] > rangeEnd ? between(last - 1, rangeEnd) : items[last];
  if (left === null || right === null) {
    notes.mixedExponentialCustom(name, position);
    return;
  }
  if (!kind.counter && (left.counterResetHint !== HINT_GAUGE || right.counterResetHint !== HINT_GAUGE))
    notes.histogramNotGauge(name, position);
  let result = combine(subtractHistograms(right, left), 'subtraction');
  if (result === null) return;
  if (kind.counter) {
    const correction = resetCorrection(part, ends, left, right, smoothed, combine);
    if (correction === undefined) return;
    if (correction !== null) result = combine(addHistograms(result, correction), 'addition');
    if (result === null) return;
  }
  if (kind.perSecond) result = divideHistogram(result, call.range / 1000);
  call.out.setHistogram(step, compact(withHint(result, HINT_GAUGE)));
}

/** rate, increase and delta of anchored and smoothed ranges: what lies between the ends, not extrapolated. */
export function extendedRate(call: SeriesCall, kind: RateKind): void {
  const { floats, histograms, grid } = call;
  for (let step = 0; step < grid.count; step++) {
    const ofFloat = floatCount(call, step);
    const ofHistogram = histogramCount(call, step);
    if (ofFloat > 0 && ofHistogram > 0) call.notes.mixedFloatsHistograms(metricName(call), call.position);
    else if (ofFloat > 0 && floats !== null) extendedFloats(call, floats, kind, step);
    else if (ofHistogram > 0 && histograms !== null) extendedHistograms(call, histograms, kind, step);
  }
}
