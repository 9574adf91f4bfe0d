import { formatG, isPresent, newPresence, setPresent } from '#shared/model/index.ts';
import { histogramAt, isEmpty, type Column } from '../columns.ts';
import { fail } from '../failure.ts';
import { unitHash } from '../label-hash.ts';
import type { Aggregation, Aggregator } from './aggregation.ts';

/*
 * Aggregations that choose some of the series of each group: topk, bottomk, limitk, limit_ratio.
 */

const MAX_INT64 = 2 ** 63;

/** k of each step as an integer; null when no step chooses anything. */
function countsOf(param: Float64Array): Float64Array | null {
  let most = -Infinity;
  let least = Infinity;
  let nan = false;
  for (const k of param) {
    if (Number.isNaN(k)) nan = true;
    else {
      most = Math.max(most, k);
      least = Math.min(least, k);
    }
  }
  if (!nan && most < 1) return null;
  if (nan) fail('Parameter value is NaN');
  if (least <= -MAX_INT64) fail(`Scalar value ${formatG(least)} underflows int64`);
  if (most >= MAX_INT64) fail(`Scalar value ${formatG(most)} overflows int64`);
  return param.map(Math.trunc);
}

/** What of each series was chosen; series come in the order in which they were first chosen. */
class Chosen {
  private readonly byColumn = new Map<Column, Uint8Array>();
  private readonly count: number;

  constructor(count: number) {
    this.count = count;
  }

  add(column: Column, step: number): void {
    let present = this.byColumn.get(column);
    if (present === undefined) {
      present = newPresence(this.count);
      this.byColumn.set(column, present);
    }
    setPresent(present, step);
  }

  columns(): readonly Column[] {
    return [...this.byColumn].map(([column, present]) => ({ ...column, present }));
  }
}

/** Puts better values first and NaN last. */
function order(top: boolean): (a: number, b: number) => number {
  return (a, b) => {
    if (Number.isNaN(a) || Number.isNaN(b)) return Number(Number.isNaN(a)) - Number(Number.isNaN(b));
    return (top ? b - a : a - b) || 0;
  };
}

/** Chooses the k best of a group at a step by keeping a short sorted list. */
function chooseBest(
  members: readonly Column[],
  step: number,
  k: number,
  compare: (a: number, b: number) => number,
  onHistogram: () => void,
): Column[] {
  const best: Column[] = [];
  for (const member of members) {
    if (!isPresent(member.present, step)) continue;
    if (histogramAt(member, step) !== null) {
      onHistogram();
      continue;
    }
    const value = member.values[step];
    if (best.length >= k && compare(value, best[best.length - 1].values[step]) >= 0) continue;
    let low = 0;
    let high = best.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (compare(value, best[middle].values[step]) < 0) high = middle;
      else low = middle + 1;
    }
    best.splice(low, 0, member);
    if (best.length > k) best.pop();
  }
  return best;
}

function best(top: boolean): Aggregator {
  const compare = order(top);
  return async ({ groups, param, grid, context, expr }: Aggregation) => {
    const counts = countsOf(param);
    if (counts === null) return [];
    const chosen = new Chosen(grid.count);
    const onHistogram = (): void => context.notes.histogramIgnoredInAggregation(expr.op, expr.from);
    for (const group of groups) {
      for (let step = 0; step < grid.count; step++) {
        if ((step & 63) === 0 && context.limits.due()) await context.limits.pause();
        if (counts[step] < 1) continue;
        for (const column of chooseBest(group.members, step, counts[step], compare, onHistogram))
          chosen.add(column, step);
      }
    }
    return chosen.columns();
  };
}

export const topGroups = best(true);
export const bottomGroups = best(false);

/** Any k series of each group; the same ones at each step, as far as they have samples. */
export const limitGroups: Aggregator = ({ groups, param, grid }) => {
  const counts = countsOf(param);
  if (counts === null) return [];
  const chosen = new Chosen(grid.count);
  for (const { members } of groups) {
    for (let step = 0; step < grid.count; step++) {
      let left = counts[step];
      for (const member of members) {
        if (left < 1) break;
        if (!isPresent(member.present, step)) continue;
        chosen.add(member, step);
        left--;
      }
    }
  }
  return chosen.columns();
};

/** About a share of the series, by a hash of their labels: `r` and `-(1 - r)` are complements. */
export const limitRatio: Aggregator = ({ groups, param, grid, context, expr }) => {
  const position = expr.param?.from ?? expr.from;
  if (param.some(Number.isNaN)) fail('Ratio value is NaN');
  const most = param.reduce((a, b) => Math.max(a, b), -Infinity);
  const least = param.reduce((a, b) => Math.min(a, b), Infinity);
  if (most === 0 && least === 0) return [];
  if (most > 1) context.notes.invalidRatio(most, 1, position);
  if (least < -1) context.notes.invalidRatio(least, -1, position);
  const columns: Column[] = [];
  for (const { members } of groups) {
    for (const member of members) {
      const hash = unitHash(member.labels);
      const present = newPresence(grid.count);
      for (let step = 0; step < grid.count; step++) {
        const ratio = Math.max(-1, Math.min(1, param[step]));
        const taken = ratio >= 0 ? hash < ratio : hash >= 1 + ratio;
        if (taken && isPresent(member.present, step)) setPresent(present, step);
      }
      if (!isEmpty(present)) columns.push({ ...member, present });
    }
  }
  return columns;
};
