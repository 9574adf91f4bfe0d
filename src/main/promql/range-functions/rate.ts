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
  type Millis,
} from '#shared/model/index.ts';
import {
  floatCount,
  histogramCount,
  metricName,
  type FloatWindows,
  type HistogramWindows,
  type RangeKernel,
  type SeriesCall,
} from './call.ts';
import { extendedRate } from './extended-rate.ts';
import { windowsOverlap } from './float-window.ts';
import { startOverlaps, startsAnew } from './start-times.ts';

/** rate, increase, delta: what differs between them. */
export interface RateKind {
  readonly counter: boolean;
  readonly perSecond: boolean;
}

/** Indexes of samples below the one before them. */
function resetIndexes({ values, starts, ends }: FloatWindows): Int32Array {
  const from = starts[0];
  const to = ends[ends.length - 1];
  const found: number[] = [];
  let before = from < to ? values[from] : 0;
  for (let i = from + 1; i < to; i++) {
    const value = values[i];
    if (value < before) found.push(i);
    before = value;
  }
  return Int32Array.from(found);
}

/** What a window's samples say: the sum of differences, and where they lie. Reused between steps. */
interface Extent {
  first: Millis;
  last: Millis;
  count: number;
  /** Value, or count, of the first sample. */
  firstValue: number;
  /** Difference with resets made good. */
  difference: number;
  /** A start timestamp inside the window, from which the counter grew; or NaN. */
  startTime: Millis;
}

/** Factor that extrapolates a difference to the whole window, or NaN when there is too little to go by. */
function extrapolation(e: Extent, rangeStart: Millis, rangeEnd: Millis, kind: RateKind, range: Millis): number {
  let toStart = (e.first - rangeStart) / 1000;
  let toEnd = (rangeEnd - e.last) / 1000;
  let sampled = (e.last - e.first) / 1000;
  const average = e.count > 1 ? sampled / (e.count - 1) : 0;
  const threshold = average * 1.1;
  if (e.startTime === e.startTime) {
    toStart = 0;
    sampled = (e.last - e.startTime) / 1000;
  } else {
    if (e.count < 2) return NaN;
    if (toStart >= threshold) toStart = average / 2;
    // A counter is never below zero: do not extrapolate to before it was.
    if (kind.counter && e.difference > 0 && e.firstValue >= 0)
      toStart = Math.min(toStart, sampled * (e.firstValue / e.difference));
  }
  if (toEnd >= threshold) toEnd = average / 2;
  let factor = sampled === 0 ? 1 : (sampled + toStart + toEnd) / sampled;
  if (kind.perSecond) factor /= range / 1000;
  return factor;
}

/** Floats without start timestamps: the path that nearly all queries take. */
function ratePlain(call: SeriesCall, floats: FloatWindows, kind: RateKind): void {
  const { grid, range, endFirst, endStep, out } = call;
  const { values, times, starts, ends } = floats;
  const { counter } = kind;
  const seconds = kind.perSecond ? range / 1000 : 1;
  const resets = counter && windowsOverlap(floats) ? resetIndexes(floats) : null;
  let firstReset = 0;
  const results = out.values;
  const { present } = out;
  let filled = 0;
  for (let step = 0; step < grid.count; step++) {
    const from = starts[step];
    const last = ends[step] - 1;
    if (last <= from) continue;
    const firstValue = values[from];
    let difference = values[last] - firstValue;
    if (resets !== null) {
      while (firstReset < resets.length && resets[firstReset] <= from) firstReset++;
      for (let r = firstReset; r < resets.length && resets[r] <= last; r++) difference += values[resets[r] - 1];
    } else if (counter) {
      let before = firstValue;
      for (let i = from + 1; i <= last; i++) {
        const value = values[i];
        if (value < before) difference += before;
        before = value;
      }
    }
    const end = endFirst + step * endStep;
    const first = times[from];
    const newest = times[last];
    let toStart = (first - (end - range)) / 1000;
    let toEnd = (end - newest) / 1000;
    const sampled = (newest - first) / 1000;
    const average = sampled / (last - from);
    const threshold = average * 1.1;
    if (toStart >= threshold) toStart = average / 2;
    if (counter && difference > 0 && firstValue >= 0) {
      const toZero = sampled * (firstValue / difference);
      if (toZero < toStart) toStart = toZero;
    }
    if (toEnd >= threshold) toEnd = average / 2;
    results[step] = difference * ((sampled + toStart + toEnd) / sampled / seconds);
    present[step >> 3] |= 1 << (step & 7);
    filled++;
  }
  out.filled += filled;
}

/** Start timestamp of the first sample if it lies inside the window, else NaN. */
function startInside(startTimes: Float64Array, first: number, time: Millis, rangeStart: Millis): number {
  const start = startTimes[first];
  return start !== 0 && start > rangeStart && start < time ? start : NaN;
}

function rateWithStarts(
  call: SeriesCall,
  floats: FloatWindows,
  startTimes: Float64Array,
  kind: RateKind,
  step: number,
): void {
  const { values, times } = floats;
  const from = floats.starts[step];
  const to = floats.ends[step];
  const rangeEnd = call.endFirst + step * call.endStep;
  let difference = values[to - 1] - values[from];
  let overlap = false;
  for (let i = from + 1; i < to; i++) {
    overlap ||= startOverlaps(startTimes[i - 1], times[i - 1], startTimes[i]);
    if (values[i] < values[i - 1] || startsAnew(startTimes[i - 1], times[i - 1], startTimes[i], times[i]))
      difference += values[i - 1];
  }
  if (overlap) call.notes.startTimeOverlap(metricName(call), call.position);
  const startTime = startInside(startTimes, from, times[from], rangeEnd - call.range);
  if (!Number.isNaN(startTime)) difference += values[from];
  const extent = {
    first: times[from],
    last: times[to - 1],
    count: to - from,
    firstValue: values[from],
    difference,
    startTime,
  };
  const factor = extrapolation(extent, rangeEnd - call.range, rangeEnd, kind, call.range);
  if (Number.isNaN(startTime) && to - from < 2) return;
  call.out.setFloat(step, difference * factor);
}

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
  if (counter && (isGauge(previous) || isGauge(last))) notes.histogramNotCounter(name, position);
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
  if (usesCustomBuckets(last) !== custom) return misfit();
  let schema = Math.min(last.schema, previous.schema);
  const between = counter ? to - 1 : from;
  for (let i = from + 1; i < between; i++) {
    if (isGauge(items[i])) notes.histogramNotCounter(name, position);
    schema = Math.min(schema, items[i].schema);
    if (usesCustomBuckets(items[i]) !== custom) return misfit();
  }
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

function rateHistograms(call: SeriesCall, part: HistogramWindows, kind: RateKind, step: number): void {
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

/** rate, increase or delta over windows, extrapolated to their bounds; anchored and smoothed ranges are not. */
export function rateKernel(kind: RateKind): RangeKernel {
  return (call) => {
    if (call.mode !== 'plain') {
      extendedRate(call, kind);
      return;
    }
    const { floats, histograms, grid } = call;
    const startTimes = kind.counter && call.useStartTimes ? (floats?.startTimes ?? null) : null;
    if (floats !== null && histograms === null && startTimes === null) {
      ratePlain(call, floats, kind);
      return;
    }
    const noStarts = floats === null ? null : new Float64Array(floats.to);
    for (let step = 0; step < grid.count; step++) {
      const ofFloat = floatCount(call, step);
      const ofHistogram = histogramCount(call, step);
      if (ofFloat > 0 && ofHistogram > 0) call.notes.mixedFloatsHistograms(metricName(call), call.position);
      else if (ofFloat > 0 && floats !== null && noStarts !== null) {
        if (kind.counter) rateWithStarts(call, floats, startTimes ?? noStarts, kind, step);
        else deltaFloats(call, floats, kind, step);
      } else if (ofHistogram > 0 && histograms !== null) rateHistograms(call, histograms, kind, step);
    }
  };
}

function deltaFloats(call: SeriesCall, { values, times, starts, ends }: FloatWindows, kind: RateKind, step: number) {
  const from = starts[step];
  const to = ends[step];
  if (to - from < 2) return;
  const difference = values[to - 1] - values[from];
  const rangeEnd = call.endFirst + step * call.endStep;
  const extent = {
    first: times[from],
    last: times[to - 1],
    count: to - from,
    firstValue: values[from],
    difference,
    startTime: NaN,
  };
  const factor = extrapolation(extent, rangeEnd - call.range, rangeEnd, kind, call.range);
  call.out.setFloat(step, difference * factor);
}
