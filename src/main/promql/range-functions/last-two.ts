import {
  compact,
  detectReset,
  divideHistogram,
  HINT_GAUGE,
  subtractHistograms,
  withHint,
  type Histogram,
} from '#shared/model/index.ts';
import { floatCount, histogramCount, metricName, type RangeKernel, type SeriesCall } from './call.ts';
import { startsAnew } from './start-times.ts';

/** A sample of either kind. */
interface Point {
  readonly time: number;
  readonly value: number;
  readonly histogram: Histogram | null;
  readonly start: number;
}

/** The newest two samples of a window, whatever their kinds. */
function newestTwo(call: SeriesCall, step: number): readonly [Point, Point] | null {
  const { floats, histograms } = call;
  const points: Point[] = [];
  if (floats !== null) {
    const to = floats.ends[step];
    for (let i = Math.max(floats.starts[step], to - 2); i < to; i++)
      points.push({
        time: floats.times[i],
        value: floats.values[i],
        histogram: null,
        start: floats.startTimes?.[i] ?? 0,
      });
  }
  if (histograms !== null) {
    const to = histograms.ends[step];
    for (let i = Math.max(histograms.starts[step], to - 2); i < to; i++)
      points.push({
        time: histograms.times[i],
        value: 0,
        histogram: histograms.items[i],
        start: histograms.startTimes?.[i] ?? 0,
      });
  }
  if (points.length < 2) return null;
  points.sort((a, b) => a.time - b.time);
  return [points[points.length - 2], points[points.length - 1]];
}

function histogramChange(call: SeriesCall, before: Point, now: Point, rate: boolean): Histogram | null {
  const { notes, position } = call;
  const a = before.histogram as Histogram;
  const b = now.histogram as Histogram;
  const gauges = Number(a.counterResetHint === HINT_GAUGE) + Number(b.counterResetHint === HINT_GAUGE);
  if (rate && gauges > 0) notes.histogramNotCounter(metricName(call), position);
  if (!rate && gauges < 2) notes.histogramNotGauge(metricName(call), position);
  const reset =
    rate && ((call.useStartTimes && startsAnew(before.start, before.time, now.start, now.time)) || detectReset(b, a));
  let result = b;
  if (!reset) {
    const difference = subtractHistograms(b, a);
    if (difference === null) {
      notes.mixedExponentialCustom(metricName(call), position);
      return null;
    }
    if (difference.reconciled) notes.mismatchedCustomBuckets('subtraction', position);
    result = difference.histogram;
  }
  return compact(withHint(result, HINT_GAUGE));
}

/** irate and idelta of windows that may hold histograms. */
function lastTwoMixed(call: SeriesCall, rate: boolean): void {
  for (let step = 0; step < call.grid.count; step++) {
    if (floatCount(call, step) + histogramCount(call, step) < 2) continue;
    const points = newestTwo(call, step);
    if (points === null) continue;
    const [before, now] = points;
    const seconds = (now.time - before.time) / 1000;
    if (seconds === 0) continue;
    if ((before.histogram === null) !== (now.histogram === null)) {
      call.notes.mixedFloatsHistograms(metricName(call), call.position);
    } else if (now.histogram !== null) {
      const change = histogramChange(call, before, now, rate);
      if (change !== null) call.out.setHistogram(step, rate ? divideHistogram(change, seconds) : change);
    } else {
      const reset =
        rate &&
        (now.value < before.value ||
          (call.useStartTimes && startsAnew(before.start, before.time, now.start, now.time)));
      const change = reset ? now.value : now.value - before.value;
      call.out.setFloat(step, rate ? change / seconds : change);
    }
  }
}

/** Change between the newest two samples: `irate` per second and for counters, `idelta` as it is. */
export function lastTwoKernel(rate: boolean): RangeKernel {
  return (call) => {
    const { floats, out } = call;
    if (floats === null || call.histograms !== null || (rate && call.useStartTimes && floats.startTimes !== null)) {
      lastTwoMixed(call, rate);
      return;
    }
    const { values, times, starts, ends } = floats;
    for (let step = 0; step < call.grid.count; step++) {
      const last = ends[step] - 1;
      if (last <= starts[step]) continue;
      const now = values[last];
      const before = values[last - 1];
      const change = rate && now < before ? now : now - before;
      out.setFloat(step, rate ? change / ((times[last] - times[last - 1]) / 1000) : change);
    }
  };
}
