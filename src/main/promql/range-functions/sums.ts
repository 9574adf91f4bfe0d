import {
  addTo,
  copySum,
  divideSum,
  HINT_NOT_RESET,
  HINT_RESET,
  scaleSum,
  sumOf,
  sumOverflows,
  sumValue,
  type Histogram,
  type HistogramSum,
} from '#shared/model/index.ts';
import { floatCount, histogramCount, metricName, type RangeKernel, type SeriesCall } from './call.ts';
import type { FloatWindowFunction } from './float-window.ts';

/** Compensated sum; an infinite one is as it is. */
const sumFloats: FloatWindowFunction = (values, _times, from, to) => {
  let sum = 0;
  let rest = 0;
  for (let i = from; i < to; i++) {
    const value = values[i];
    const total = sum + value;
    if (total === Infinity || total === -Infinity) rest = 0;
    else if (Math.abs(sum) >= Math.abs(value)) rest += sum - total + value;
    else rest += value - total + sum;
    sum = total;
  }
  return sum === Infinity || sum === -Infinity ? sum : sum + rest;
};

/** Mean by the compensated sum, and incrementally from where that sum would overflow. */
export function averageOf(values: Float64Array, from: number, to: number): number {
  let sum = values[from];
  let rest = 0;
  for (let i = from + 1; i < to; i++) {
    const value = values[i];
    const total = sum + value;
    if (total === Infinity || total === -Infinity) return averageIncrementally(values, from, i, to, sum, rest);
    if (Math.abs(sum) >= Math.abs(value)) rest += sum - total + value;
    else rest += value - total + sum;
    sum = total;
  }
  const n = to - from;
  return sum / n + rest / n;
}

const averageFloats: FloatWindowFunction = (values, _times, from, to) => averageOf(values, from, to);

function averageIncrementally(
  values: Float64Array,
  from: number,
  at: number,
  to: number,
  sum: number,
  rest: number,
): number {
  let mean = sum / (at - from);
  let c = rest / (at - from);
  for (let i = at; i < to; i++) {
    const n = i - from + 1;
    const q = (n - 1) / n;
    const value = values[i] / n;
    const scaled = q * mean;
    const total = scaled + value;
    c *= q;
    if (total === Infinity || total === -Infinity) c = 0;
    else c += Math.abs(scaled) >= Math.abs(value) ? scaled - total + value : value - total + scaled;
    mean = total;
  }
  return mean + c;
}

/** What was seen while histograms were summed up. */
interface SumNotes {
  reset: boolean;
  notReset: boolean;
  reconciled: boolean;
}

function noteHint(h: Histogram, notes: SumNotes): void {
  if (h.counterResetHint === HINT_RESET) notes.reset = true;
  else if (h.counterResetHint === HINT_NOT_RESET) notes.notReset = true;
}

/** Compensated sum of [from, to); null when exponential meets custom buckets. */
function sumHistograms(items: readonly Histogram[], from: number, to: number, notes: SumNotes): Histogram | null {
  noteHint(items[from], notes);
  if (to - from === 1) return items[from];
  const sum = sumOf(items[from]);
  for (let i = from + 1; i < to; i++) {
    noteHint(items[i], notes);
    const added = addTo(sum, items[i]);
    if (added === null) return null;
    if (added.reconciled) notes.reconciled = true;
  }
  return sumValue(sum, true);
}

/**
 * A mean of histograms that is fed one by one: the compensated sum divided by n, and an incremental mean from where
 * that sum would overflow.
 */
export class HistogramMean {
  private sum: HistogramSum;
  private incremental = false;
  private n = 1;

  constructor(first: Histogram) {
    this.sum = sumOf(first);
  }

  /** @returns whether custom bounds were reconciled; null when exponential meets custom buckets */
  add(h: Histogram): boolean | null {
    this.n++;
    if (!this.incremental) {
      const next = copySum(this.sum);
      const added = addTo(next, h);
      if (added === null) return null;
      if (!sumOverflows(next)) {
        this.sum = next;
        return added.reconciled;
      }
      this.incremental = true;
      divideSum(this.sum, this.n - 1);
    }
    scaleSum(this.sum, (this.n - 1) / this.n);
    const share = sumOf(h);
    divideSum(share, this.n);
    const added = addTo(this.sum, sumValue(share, false));
    return added === null ? null : added.reconciled;
  }

  value(): Histogram {
    if (!this.incremental) divideSum(this.sum, this.n);
    return sumValue(this.sum, true);
  }
}

function averageHistograms(items: readonly Histogram[], from: number, to: number, notes: SumNotes): Histogram | null {
  noteHint(items[from], notes);
  const mean = new HistogramMean(items[from]);
  for (let i = from + 1; i < to; i++) {
    noteHint(items[i], notes);
    const reconciled = mean.add(items[i]);
    if (reconciled === null) return null;
    if (reconciled) notes.reconciled = true;
  }
  return mean.value();
}

function overEither(ofFloats: FloatWindowFunction, ofHistograms: typeof sumHistograms): RangeKernel {
  const histogramStep = (call: SeriesCall, step: number): void => {
    const { histograms, notes, position, out } = call;
    if (histograms === null) return;
    const seen: SumNotes = { reset: false, notReset: false, reconciled: false };
    const result = ofHistograms(histograms.items, histograms.starts[step], histograms.ends[step], seen);
    if (result === null) {
      notes.mixedExponentialCustom(metricName(call), position);
      return;
    }
    if (seen.reset && seen.notReset) notes.resetCollision('aggregation', position);
    if (seen.reconciled) notes.mismatchedCustomBuckets('aggregation', position);
    out.setHistogram(step, result);
  };
  return (call) => {
    const { floats, out, grid } = call;
    for (let step = 0; step < grid.count; step++) {
      const ofFloat = floatCount(call, step);
      const ofHistogram = histogramCount(call, step);
      if (ofFloat > 0 && ofHistogram > 0) call.notes.mixedFloatsHistograms(metricName(call), call.position);
      else if (ofFloat > 0 && floats !== null)
        out.setFloat(step, ofFloats(floats.values, floats.times, floats.starts[step], floats.ends[step], step, call));
      else if (ofHistogram > 0) histogramStep(call, step);
    }
  };
}

export const sumOverTime = overEither(sumFloats, sumHistograms);
export const averageOverTime = overEither(averageFloats, averageHistograms);
