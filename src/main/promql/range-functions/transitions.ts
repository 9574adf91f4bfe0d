import { detectReset, equalHistograms, type Histogram } from '#shared/model/index.ts';
import { floatCount, histogramCount, type FloatWindows, type RangeKernel, type SeriesCall } from './call.ts';
import { firstAbove } from '../windows.ts';
import { startsAnew } from './start-times.ts';

/** Whether a transition from one sample to the next counts. */
interface Transition {
  floats(before: number, now: number): boolean;
  histograms(before: Histogram, now: Histogram): boolean;
  /** Start timestamps count too. */
  readonly byStart: boolean;
}

const RESET: Transition = {
  floats: (before, now) => now < before,
  histograms: (before, now) => detectReset(now, before),
  byStart: true,
};

const CHANGE: Transition = {
  floats: (before, now) => now !== before && !(Number.isNaN(now) && Number.isNaN(before)),
  histograms: (before, now) => !equalHistograms(now, before),
  byStart: false,
};

/** Index from which a window is looked at: anchored ones begin with the last sample at or before their start. */
function firstElements(call: SeriesCall, step: number): readonly [float: number, histogram: number] | null {
  const { floats, histograms } = call;
  const float = floats?.starts[step] ?? 0;
  const histogram = histograms?.starts[step] ?? 0;
  if (call.mode !== 'anchored') return [float, histogram];
  const rangeStart = call.endFirst + step * call.endStep - call.range;
  const floatEnd = floats?.ends[step] ?? 0;
  const histogramEnd = histograms?.ends[step] ?? 0;
  const floatAfter = floats === null ? 0 : firstAbove(floats.times, float, floatEnd, rangeStart);
  const histogramAfter = histograms === null ? 0 : firstAbove(histograms.times, histogram, histogramEnd, rangeStart);
  if (floatAfter >= floatEnd && histogramAfter >= histogramEnd) return null;
  const floatBase = floats !== null && floatAfter > float ? floats.times[floatAfter - 1] : -Infinity;
  const histogramBase =
    histograms !== null && histogramAfter > histogram ? histograms.times[histogramAfter - 1] : -Infinity;
  if (floatBase === -Infinity && histogramBase === -Infinity) return [floatAfter, histogramAfter];
  return floatBase >= histogramBase ? [floatAfter - 1, histogramAfter] : [floatAfter, histogramAfter - 1];
}

function countMixed(call: SeriesCall, step: number, transition: Transition): number | null {
  const { floats, histograms } = call;
  const first = firstElements(call, step);
  if (first === null) return null;
  let [f, h] = first;
  const floatEnd = floats?.ends[step] ?? 0;
  const histogramEnd = histograms?.ends[step] ?? 0;
  let count = 0;
  let seen = false;
  let beforeHistogram: Histogram | null = null;
  let before = 0;
  let beforeTime = 0;
  let beforeStart = 0;
  while (f < floatEnd || h < histogramEnd) {
    const floatTime = floats !== null && f < floatEnd ? floats.times[f] : Infinity;
    const histogramTime = histograms !== null && h < histogramEnd ? histograms.times[h] : Infinity;
    let histogram: Histogram | null = null;
    let value = 0;
    let time: number;
    let start: number;
    if (floats !== null && floatTime < histogramTime) {
      value = floats.values[f];
      time = floatTime;
      start = floats.startTimes?.[f] ?? 0;
      f++;
    } else if (histograms !== null) {
      histogram = histograms.items[h];
      time = histogramTime;
      start = histograms.startTimes?.[h] ?? 0;
      h++;
    } else break;
    if (seen) {
      const anew = transition.byStart && call.useStartTimes && startsAnew(beforeStart, beforeTime, start, time);
      if ((histogram === null) !== (beforeHistogram === null)) count++;
      else if (histogram !== null && beforeHistogram !== null) {
        if (anew || transition.histograms(beforeHistogram, histogram)) count++;
      } else if (anew || transition.floats(before, value)) count++;
    }
    seen = true;
    beforeHistogram = histogram;
    before = value;
    beforeTime = time;
    beforeStart = start;
  }
  return count;
}

/** Floats alone: transitions are summed up once, so that overlapping windows only subtract. */
function countFloats(call: SeriesCall, { values, starts, ends }: FloatWindows, transition: Transition): void {
  const base = starts[0];
  const top = ends[ends.length - 1];
  const upTo = new Int32Array(Math.max(top - base, 0) + 1);
  for (let i = base + 1; i < top; i++)
    upTo[i - base] = upTo[i - base - 1] + Number(transition.floats(values[i - 1], values[i]));
  for (let step = 0; step < call.grid.count; step++) {
    const from = starts[step];
    const to = ends[step];
    if (to > from) call.out.setFloat(step, upTo[to - 1 - base] - upTo[from - base]);
  }
}

function transitionKernel(transition: Transition): RangeKernel {
  return (call) => {
    const { floats, histograms } = call;
    const byStart = transition.byStart && call.useStartTimes && (floats?.startTimes ?? null) !== null;
    if (floats !== null && histograms === null && call.mode === 'plain' && !byStart) {
      countFloats(call, floats, transition);
      return;
    }
    for (let step = 0; step < call.grid.count; step++) {
      if (floatCount(call, step) + histogramCount(call, step) === 0) continue;
      const count = countMixed(call, step, transition);
      if (count !== null) call.out.setFloat(step, count);
    }
  };
}

export const resetsKernel = transitionKernel(RESET);
export const changesKernel = transitionKernel(CHANGE);
