import { newPresence } from '#shared/model/index.ts';
import { isEmpty, type Column } from '../columns.ts';
import { maxOf, minOf } from '../go-math.ts';
import { takeQuantile } from '../quantile.ts';
import { perGroup, type Aggregation, type Aggregator, type GroupAggregator } from './aggregation.ts';
import type { Group } from './grouping.ts';

/*
 * Aggregations of floats alone (histograms are left out, with an info) and those that only count.
 */

/** A group may hold all series there are: others get their turn between its members. */
async function giveWay({ context }: Aggregation): Promise<void> {
  if (context.limits.due()) await context.limits.pause();
}

/** Calls `visit` for every float of a member; tells once when it has histograms too. */
function eachFloat(
  { values, present, histograms }: Column,
  { context, expr }: Aggregation,
  visit: (step: number, value: number) => void,
): void {
  for (let step = 0; step < values.length; step++) {
    if ((present[step >> 3] & (1 << (step & 7))) === 0) continue;
    if (histograms !== null && histograms[step] !== null)
      context.notes.histogramIgnoredInAggregation(expr.op, expr.expr.from);
    else visit(step, values[step]);
  }
}

function result(group: Group, values: Float64Array, present: Uint8Array): Column | null {
  if (isEmpty(present)) return null;
  return { labels: group.labels, dropName: group.dropName, values, present, histograms: null };
}

/** The extreme of a group; a NaN only where there is nothing else. */
function extreme(better: (value: number, best: number) => boolean): GroupAggregator {
  return async (group, aggregation) => {
    const values = new Float64Array(aggregation.grid.count);
    const present = newPresence(aggregation.grid.count);
    for (const member of group.members) {
      await giveWay(aggregation);
      eachFloat(member, aggregation, (step, value) => {
        const bit = 1 << (step & 7);
        const seen = (present[step >> 3] & bit) !== 0;
        if (!seen || better(value, values[step]) || values[step] !== values[step]) values[step] = value;
        present[step >> 3] |= bit;
      });
    }
    return result(group, values, present);
  };
}

/** Welford's method; a group that begins with NaN or an infinity has no variance. */
function variance(finish: (variance: number) => number): GroupAggregator {
  return async (group, aggregation) => {
    const { count } = aggregation.grid;
    const n = new Float64Array(count);
    const mean = new Float64Array(count);
    const sum = new Float64Array(count);
    const present = newPresence(count);
    for (const member of group.members) {
      await giveWay(aggregation);
      eachFloat(member, aggregation, (step, value) => {
        n[step]++;
        if (n[step] === 1) {
          mean[step] = value;
          sum[step] = Number.isFinite(value) ? 0 : NaN;
          present[step >> 3] |= 1 << (step & 7);
          return;
        }
        const delta = value - mean[step];
        mean[step] += delta / n[step];
        sum[step] += delta * (value - mean[step]);
      });
    }
    return result(
      group,
      sum.map((value, step) => finish(value / n[step])),
      present,
    );
  };
}

/** Steps at which any member has a sample of any kind, counted or just seen. */
function tally(value: (n: number) => number): GroupAggregator {
  return async (group, { grid, context }) => {
    const counts = new Float64Array(grid.count);
    const present = newPresence(grid.count);
    for (const member of group.members) {
      if (context.limits.due()) await context.limits.pause();
      for (let step = 0; step < grid.count; step++)
        if ((member.present[step >> 3] & (1 << (step & 7))) !== 0) counts[step]++;
      for (let i = 0; i < present.length; i++) present[i] |= member.present[i];
    }
    return result(
      group,
      counts.map((n) => value(n)),
      present,
    );
  };
}

export const minGroup = extreme((value, best) => value < best);
export const maxGroup = extreme((value, best) => value > best);
export const variancesGroup = variance((value) => value);
export const deviationGroup = variance(Math.sqrt);
export const countGroup = tally((n) => n);
export const anyGroup = tally(() => 1);

const quantileGroup: GroupAggregator = async (group, aggregation) => {
  const { count } = aggregation.grid;
  const gathered: number[][] = Array.from({ length: count }, () => []);
  for (const member of group.members) {
    await giveWay(aggregation);
    eachFloat(member, aggregation, (step, value) => gathered[step].push(value));
  }
  const values = new Float64Array(count);
  const present = newPresence(count);
  for (let step = 0; step < count; step++) {
    if (gathered[step].length === 0) continue;
    values[step] = takeQuantile(aggregation.param[step], Float64Array.from(gathered[step]));
    present[step >> 3] |= 1 << (step & 7);
  }
  return result(group, values, present);
};

export const quantileGroups: Aggregator = (aggregation) => {
  const { param, expr, context } = aggregation;
  const position = expr.param?.from ?? expr.from;
  // A NaN at any step is all that is told, unless another is infinite.
  const least = param.reduce(minOf, Infinity);
  const most = param.reduce(maxOf, -Infinity);
  if (param.some(Number.isNaN)) context.notes.invalidQuantile(NaN, position);
  if (most > 1) context.notes.invalidQuantile(most, position);
  if (least < 0) context.notes.invalidQuantile(least, position);
  return perGroup(quantileGroup)(aggregation);
};
