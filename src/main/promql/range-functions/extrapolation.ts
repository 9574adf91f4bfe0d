import type { Millis } from '#shared/model/index.ts';

/** rate, increase, delta: what differs between them. */
export interface RateKind {
  readonly counter: boolean;
  readonly perSecond: boolean;
}

/** What a window's samples say: the sum of differences, and where they lie. */
export interface Extent {
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
export function extrapolation(e: Extent, rangeStart: Millis, rangeEnd: Millis, kind: RateKind, range: Millis): number {
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

/** Start timestamp of the first sample if it lies inside the window, else NaN. */
export function startInside(startTimes: Float64Array, first: number, time: Millis, rangeStart: Millis): number {
  const start = startTimes[first];
  return start !== 0 && start > rangeStart && start < time ? start : NaN;
}
