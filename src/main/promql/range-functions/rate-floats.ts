import { metricName, type FloatWindows, type SeriesCall } from './call.ts';
import { extrapolation, startInside, type RateKind } from './extrapolation.ts';
import { windowsOverlap } from './float-window.ts';
import { startOverlaps, startsAnew } from './start-times.ts';

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

/** Floats without start timestamps: the path that nearly all queries take. */
export function ratePlain(call: SeriesCall, floats: FloatWindows, kind: RateKind): void {
  const { grid, range, endFirst, endStep, out } = call;
  const { values, times, starts, ends } = floats;
  const { counter } = kind;
  const seconds = kind.perSecond ? range / 1000 : 1;
  const resets = counter && windowsOverlap(floats) ? resetIndexes(floats) : null;
  let firstReset = 0;
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
    out.setFloat(step, difference * ((sampled + toStart + toEnd) / sampled / seconds));
  }
}

/** One step of a counter whose start timestamps are known. */
export function rateWithStarts(
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

/** One step of a gauge. */
export function deltaFloats(
  call: SeriesCall,
  { values, times, starts, ends }: FloatWindows,
  kind: RateKind,
  step: number,
) {
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
