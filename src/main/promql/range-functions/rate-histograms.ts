import {
  addHistograms,
  compact,
  detectReset,
  HINT_GAUGE,
  multiplyHistogram,
  reduceSchema,
  subtractHistograms,
  usesCustomBuckets,
  withHint,
  type Histogram,
} from '#shared/model/index.ts';
import { metricName, type HistogramWindows, type SeriesCall } from './call.ts';
import { extrapolation, startInside, type RateKind } from './extrapolation.ts';
import { startOverlaps, startsAnew } from './start-times.ts';

const NO_HISTOGRAM: Omit<Histogram, 'schema' | 'customValues'> = {
  counterResetHint: 0,
  zeroThreshold: 0,
  zeroCount: 0,
  count: 0,
  sum: 0,
  positiveSpans: [],
  negativeSpans: [],
  positiveBuckets: [],
  negativeBuckets: [],
};

/** Difference of the histograms of a window with resets made good; null where they do not fit together. */
function histogramDifference(
  call: SeriesCall,
  part: HistogramWindows,
  startTimes: Float64Array | null,
  counter: boolean,
  from: number,
  to: number,
): Histogram | null {
  const { notes, position } = call;
  const { items, times } = part;
  const name = metricName(call);
  let previous = items[from];
  const last = items[to - 1];
  const isGauge = (h: Histogram): boolean => h.counterResetHint === HINT_GAUGE;
  let gauge = counter && (isGauge(previous) || isGauge(last));
  const resetAt = (i: number, before: Histogram): boolean =>
    (startTimes !== null && startsAnew(startTimes[i - 1], times[i - 1], startTimes[i], times[i])) ||
    detectReset(items[i], before);
  // Nothing of a first histogram counts that is followed by a reset: its layout must not disturb either.
  if (counter && resetAt(from + 1, previous))
    previous = { ...NO_HISTOGRAM, schema: items[from + 1].schema, customValues: items[from + 1].customValues };
  const custom = usesCustomBuckets(previous);
  const misfit = (): null => {
    notes.mixedExponentialCustom(name, position);
    return null;
  };
  if (usesCustomBuckets(last) !== custom) {
    if (gauge) notes.histogramNotCounter(name, position);
    return misfit();
  }
  let schema = Math.min(last.schema, previous.schema);
  const between = counter ? to - 1 : from;
  for (let i = from + 1; i < between; i++) {
    if (isGauge(items[i])) gauge = true;
    schema = Math.min(schema, items[i].schema);
    // Where one in between does not fit, nothing else is told.
    if (usesCustomBuckets(items[i]) !== custom) return misfit();
  }
  if (gauge) notes.histogramNotCounter(name, position);
  const first = subtractHistograms(reduceSchema(last, schema), previous);
  if (first === null) return misfit();
  if (first.reconciled) notes.mismatchedCustomBuckets('subtraction', position);
  let result = first.histogram;
  if (!counter) {
    if (!isGauge(items[from]) || !isGauge(last)) notes.histogramNotGauge(name, position);
    return compact(withHint(result, HINT_GAUGE));
  }
  let overlap = false;
  for (let i = from + 1; i < to; i++) {
    if (startTimes !== null) overlap ||= startOverlaps(startTimes[i - 1], times[i - 1], startTimes[i]);
    if (resetAt(i, previous)) {
      const added = addHistograms(result, previous);
      if (added === null) return misfit();
      if (added.reconciled) notes.mismatchedCustomBuckets('addition', position);
      result = added.histogram;
    }
    previous = items[i];
  }
  if (overlap) notes.startTimeOverlap(name, position);
  return compact(withHint(result, HINT_GAUGE));
}

/** One step of a series of histograms. */
export function rateHistograms(call: SeriesCall, part: HistogramWindows, kind: RateKind, step: number): void {
  const { notes, position } = call;
  const from = part.starts[step];
  const to = part.ends[step];
  const startTimes = kind.counter && call.useStartTimes ? part.startTimes : null;
  const rangeEnd = call.endFirst + step * call.endStep;
  const first = part.items[from];
  let result: Histogram | null = null;
  if (to - from > 1) {
    result = histogramDifference(call, part, startTimes, kind.counter, from, to);
    if (result === null) return;
  }
  const startTime = startTimes === null ? NaN : startInside(startTimes, from, part.times[from], rangeEnd - call.range);
  if (!Number.isNaN(startTime)) {
    if (result === null) result = first;
    else {
      const added = addHistograms(result, first);
      if (added === null) {
        notes.mixedExponentialCustom(metricName(call), position);
        return;
      }
      if (added.reconciled) notes.mismatchedCustomBuckets('addition', position);
      result = added.histogram;
    }
  }
  if (result === null) return;
  const extent = {
    first: part.times[from],
    last: part.times[to - 1],
    count: to - from,
    firstValue: first.count,
    difference: result.count,
    startTime,
  };
  const factor = extrapolation(extent, rangeEnd - call.range, rangeEnd, kind, call.range);
  call.out.setHistogram(step, multiplyHistogram(result, factor));
}
