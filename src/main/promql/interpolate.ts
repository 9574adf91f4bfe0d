import {
  addHistograms,
  detectReset,
  multiplyHistogram,
  subtractHistograms,
  type Histogram,
  type Millis,
} from '#shared/model/index.ts';
import type { Annotations, Position } from './annotations.ts';

/** Value at `at` on the line between two samples; a counter that fell between them is taken to have begun at 0. */
export function interpolateFloat(t1: Millis, v1: number, t2: Millis, v2: number, at: Millis, counter: boolean): number {
  const base = counter && v2 < v1 ? 0 : v1;
  return base + ((v2 - base) * (at - t1)) / (t2 - t1);
}

/** The histogram between two, likewise; null when exponential meets custom buckets. */
export function interpolateHistogram(
  h1: Histogram,
  t1: Millis,
  h2: Histogram,
  t2: Millis,
  at: Millis,
  counter: boolean,
  notes: Annotations,
  position: Position,
): Histogram | null {
  if (at === t1) return h1;
  if (at === t2) return h2;
  const fraction = (at - t1) / (t2 - t1);
  if (counter && detectReset(h2, h1)) return multiplyHistogram(h2, fraction);
  const difference = subtractHistograms(h2, h1);
  if (difference === null) return null;
  if (difference.reconciled) notes.mismatchedCustomBuckets('subtraction', position);
  const result = addHistograms(multiplyHistogram(difference.histogram, fraction), h1);
  if (result === null) return null;
  if (result.reconciled) notes.mismatchedCustomBuckets('addition', position);
  return result.histogram;
}
