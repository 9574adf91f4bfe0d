import {
  addTo,
  compact,
  getLabel,
  HINT_NOT_RESET,
  HINT_RESET,
  isPresent,
  METRIC_NAME,
  newPresence,
  sumOf,
  sumValue,
  type Histogram,
  type HistogramSum,
} from '#shared/model/index.ts';
import { isEmpty, isFull, type Column } from '../columns.ts';
import { averageOf, HistogramMean } from '../range-functions/sums.ts';
import type { QueryLimits } from '../limits.ts';
import type { Aggregation, GroupAggregator } from './aggregation.ts';
import type { Group } from './grouping.ts';

/** Compensated sums of the floats of a group at every step. */
interface FloatSums {
  readonly sums: Float64Array;
  readonly rests: Float64Array;
  readonly counts: Float64Array;
  /** Members with a float at every step: counted once, not step by step. */
  full: number;
  /** Some sum became infinite on the way. */
  overflow: boolean;
}

/** The hot loop of `sum by (...)`: one series onto the sums of all steps. */
function addMember({ values, present, histograms }: Column, into: FloatSums): void {
  const { sums, rests, counts } = into;
  const count = sums.length;
  const full = histograms === null && isFull(present, count);
  if (full) into.full++;
  for (let i = 0; i < count; i++) {
    if (!full) {
      if ((present[i >> 3] & (1 << (i & 7))) === 0) continue;
      if (histograms !== null && histograms[i] !== null) continue;
      counts[i]++;
    }
    const sum = sums[i];
    const value = values[i];
    const total = sum + value;
    if (total === Infinity || total === -Infinity) {
      rests[i] = 0;
      into.overflow = true;
    } else if (Math.abs(sum) >= Math.abs(value)) rests[i] += sum - total + value;
    else rests[i] += value - total + sum;
    sums[i] = total;
  }
}

async function sumFloats(members: readonly Column[], count: number, limits: QueryLimits): Promise<FloatSums> {
  const into: FloatSums = {
    // -0 is the neutral element: it lets a sum of nothing but -0 stay what it is.
    sums: new Float64Array(count).fill(-0),
    rests: new Float64Array(count),
    counts: new Float64Array(count),
    full: 0,
    overflow: false,
  };
  for (const member of members) {
    if (limits.due()) await limits.pause();
    addMember(member, into);
  }
  const { counts, full } = into;
  if (full > 0) for (let i = 0; i < count; i++) counts[i] += full;
  return into;
}

/** Floats of a group at one step, in the order of its members. */
function floatsAt(members: readonly Column[], step: number): Float64Array {
  const found: number[] = [];
  for (const { values, present, histograms } of members)
    if (isPresent(present, step) && (histograms === null || histograms[step] === null)) found.push(values[step]);
  return Float64Array.from(found);
}

/** Histograms of a group at one step summed up; null when there are none or they do not fit together. */
function combineHistograms(
  { members }: Group,
  step: number,
  { context, expr }: Aggregation,
  average: boolean,
): Histogram | null {
  const { notes } = context;
  const position = expr.expr.from;
  let sum: HistogramSum | null = null;
  let mean: HistogramMean | null = null;
  let first: Histogram | null = null;
  let reset = false;
  let notReset = false;
  for (const { present, histograms, labels } of members) {
    if (histograms === null || !isPresent(present, step)) continue;
    const h = histograms[step];
    if (h === null) continue;
    if (h.counterResetHint === HINT_RESET) reset = true;
    if (h.counterResetHint === HINT_NOT_RESET) notReset = true;
    if (first === null) {
      first = h;
      if (average) mean = new HistogramMean(h);
      else sum = sumOf(h);
      continue;
    }
    const reconciled = average ? (mean?.add(h) ?? null) : sum === null ? null : (addTo(sum, h)?.reconciled ?? null);
    if (reconciled === null) {
      notes.mixedExponentialCustom(getLabel(labels, METRIC_NAME), position);
      return null;
    }
    if (reconciled) notes.mismatchedCustomBuckets('aggregation', position);
  }
  if (reset && notReset) notes.resetCollision('aggregation', position);
  if (mean !== null) return compact(mean.value());
  return sum === null ? null : compact(sumValue(sum, true));
}

function hasHistogramAt(members: readonly Column[], step: number): boolean {
  return members.some(({ present, histograms }) => (histograms?.[step] ?? null) !== null && isPresent(present, step));
}

/** sum and avg: floats or histograms, never both. */
function combine(average: boolean): GroupAggregator {
  return async (group, aggregation) => {
    const { count } = aggregation.grid;
    const { limits } = aggregation.context;
    const { sums, rests, counts, overflow } = await sumFloats(group.members, count, limits);
    const present = newPresence(count);
    const mixed = group.members.some((member) => member.histograms !== null);
    let histograms: (Histogram | null)[] | null = null;
    for (let i = 0; i < count; i++) {
      const n = counts[i];
      if (mixed && hasHistogramAt(group.members, i)) {
        if (limits.due()) await limits.pause();
        if (n > 0) {
          aggregation.context.notes.mixedFloatsHistogramsInAggregation(aggregation.expr.expr.from);
          continue;
        }
        const combined = combineHistograms(group, i, aggregation, average);
        if (combined === null) continue;
        histograms ??= Array.from({ length: count }, () => null);
        histograms[i] = combined;
      } else if (n === 0) continue;
      else if (!average) sums[i] += rests[i];
      else if (overflow) {
        const values = floatsAt(group.members, i);
        sums[i] = averageOf(values, 0, values.length);
      } else sums[i] = sums[i] / n + rests[i] / n;
      present[i >> 3] |= 1 << (i & 7);
    }
    if (isEmpty(present)) return null;
    return { labels: group.labels, dropName: group.dropName, values: sums, present, histograms };
  };
}

export const sumGroup = combine(false);
export const averageGroup = combine(true);
