import { formatLabels, isPresent, newPresence, type Labels, type Presence } from '#shared/model/index.ts';
import type { BinaryExpr, VectorMatching } from '#shared/promql/index.ts';
import { ColumnBuilder, fullPresence, histogramAt, isEmpty, type Column, type Grid } from '../columns.ts';
import { keyOf, mergeSameLabels, type EvalContext } from '../context.ts';
import { fail } from '../failure.ts';
import { matchColumns, matchLabels, resultLabels } from './matching.ts';
import { arithmeticColumns, COMPARISON, isArithmetic, isComparison } from './operators.ts';
import { operate, type SampleResult } from './sample-operation.ts';

interface Site {
  readonly expr: BinaryExpr;
  readonly matching: VectorMatching;
  readonly grid: Grid;
  readonly context: EvalContext;
  /** The operands were exchanged so that the "one" side is on the right. */
  readonly swapped: boolean;
  /** Steps at which matching is tried at all: asked for only where series are ambiguous. */
  readonly active: () => Presence;
}

/** Arithmetic and comparisons of two vectors. */
export async function evaluateVectors(
  expr: BinaryExpr,
  matching: VectorMatching,
  left: readonly Column[],
  right: readonly Column[],
  grid: Grid,
  context: EvalContext,
): Promise<readonly Column[]> {
  const swapped = matching.card === 'one-to-many';
  const [many, one] = swapped ? [right, left] : [left, right];
  const filled = matching.fillLeft !== null || matching.fillRight !== null;
  if (many.length === 0 && one.length === 0) return [];
  if (!filled && (many.length === 0 || one.length === 0)) return [];
  let known: Presence | null = null;
  const active = (): Presence => (known ??= filled ? fullPresence(grid.count) : bothPresent(many, one));
  const site = { expr, matching, grid, context, swapped, active };
  const columns: Column[] = [];
  for (const group of matchColumns(many, one, matching)) {
    if (context.limits.due()) await context.limits.pause();
    evaluateGroup(group.left, group.right, site, columns);
  }
  return grid.count === 1 && context.delayedNames ? columns : mergeSameLabels(columns);
}

/** Steps at which neither operand is empty: at others there is nothing to match, nor to complain about. */
function bothPresent(many: readonly Column[], one: readonly Column[]): Presence {
  const a = many[0].present.slice();
  for (const { present } of many) for (let i = 0; i < a.length; i++) a[i] |= present[i];
  const b = one[0].present.slice();
  for (const { present } of one) for (let i = 0; i < b.length; i++) b[i] |= present[i];
  return a.map((byte, i) => byte & b[i]);
}

/** All series with the same matching labels; `many` and `one` as if the operator were not group_right. */
function evaluateGroup(many: readonly Column[], one: readonly Column[], site: Site, columns: Column[]): void {
  checkUnique(one, site);
  const { matching, grid } = site;
  if (matching.fillLeft === null && matching.fillRight === null && one.length <= 1) {
    const fast = pairsOfFloats(many, one, site);
    if (fast !== null) {
      columns.push(...fast);
      return;
    }
  }
  const matched = newPresence(grid.count);
  const results = new ResultGroup(site);
  for (const column of many) {
    for (const partner of one) evaluatePair(column, partner, null, matched, results, site);
    if (matching.fillRight !== null) {
      const missing = without(column.present, one, grid.count);
      if (!isEmpty(missing)) {
        const standIn = constant(matchLabels(column.labels, matching), matching.fillRight, missing);
        evaluatePair(column, standIn, null, matched, results, site);
      }
    }
  }
  if (matching.fillLeft !== null) {
    for (const column of one) {
      const missing = column.present.map((byte, i) => byte & ~matched[i]);
      if (isEmpty(missing)) continue;
      const standIn = constant(matchLabels(column.labels, matching), matching.fillLeft, missing);
      evaluatePair(standIn, column, missing, matched, results, site);
    }
  }
  columns.push(...results.columns());
}

function constant(labels: Labels, value: number, present: Presence): Column {
  const values = new Float64Array(present.length * 8).fill(value);
  return { labels, dropName: false, values, present, histograms: null };
}

function without(present: Presence, others: readonly Column[], count: number): Presence {
  const taken = newPresence(count);
  for (const other of others) for (let i = 0; i < taken.length; i++) taken[i] |= other.present[i];
  return present.map((byte, i) => byte & ~taken[i]);
}

/** The "one" side must be unique at every step at which anything is matched. */
function checkUnique(one: readonly Column[], { matching, swapped, active, grid }: Site): void {
  if (one.length < 2) return;
  const tried = active();
  for (let step = 0; step < grid.count; step++) {
    if (!isPresent(tried, step)) continue;
    let first: Column | null = null;
    for (const column of one) {
      if (!isPresent(column.present, step)) continue;
      if (first === null) {
        first = column;
        continue;
      }
      const pair = [formatLabels(first.labels), formatLabels(column.labels)].sort();
      const group = formatLabels(matchLabels(column.labels, matching));
      const side = swapped ? 'left' : 'right';
      fail(
        `found duplicate series for the match group ${group} on the ${side} hand-side of the operation: ` +
          `[${pair.join(', ')}];many-to-many matching not allowed: matching labels must be unique on one side`,
      );
    }
  }
}

/** Names of comparisons with `bool` go; those of arithmetic are gone already. */
const dropsName = ({ expr, context }: Site): boolean => expr.bool && context.delayedNames;

/** Results of one match group, checked for ambiguity. */
class ResultGroup {
  private readonly site: Site;
  private readonly results = new Map<string, { labels: Labels; out: ColumnBuilder; matched: Presence }>();
  /** Steps with a result, for one-to-one matching. */
  private readonly taken: Presence;

  constructor(site: Site) {
    this.site = site;
    this.taken = newPresence(site.grid.count);
  }

  /** The series that results of a pair go to. */
  open(many: Column, one: Column): { labels: Labels; out: ColumnBuilder; matched: Presence } {
    const { expr, matching, context, grid } = this.site;
    const dropMetadata = isArithmetic(expr.op) || (expr.bool && !context.delayedNames);
    const labels = resultLabels(many.labels, one.labels, matching, dropMetadata);
    const key = keyOf(labels);
    let known = this.results.get(key);
    if (known === undefined) {
      known = { labels, out: new ColumnBuilder(grid.count), matched: newPresence(grid.count) };
      this.results.set(key, known);
    }
    return known;
  }

  /** Marks a step as matched; fails when it was already, even if the result is then filtered out. */
  claim(matched: Presence, step: number): void {
    const oneToOne = this.site.matching.card === 'one-to-one';
    const target = oneToOne ? this.taken : matched;
    const bit = 1 << (step & 7);
    if ((target[step >> 3] & bit) !== 0) {
      fail(
        oneToOne
          ? 'multiple matches for labels: many-to-one matching must be explicit (group_left/group_right)'
          : 'multiple matches for labels: grouping labels must ensure unique matches',
      );
    }
    target[step >> 3] |= bit;
  }

  columns(): Column[] {
    const columns: Column[] = [];
    for (const { labels, out } of this.results.values())
      if (out.filled > 0) columns.push(out.finish(labels, dropsName(this.site)));
    return columns;
  }
}

/** A pair of series over the steps that both have, or over `only`. */
function evaluatePair(
  many: Column,
  one: Column,
  only: Presence | null,
  matchedOnes: Presence,
  results: ResultGroup,
  site: Site,
): void {
  const { expr, grid, context, swapped } = site;
  const { out, matched } = results.open(many, one);
  const operation = { op: expr.op, notes: context.notes, position: expr.left.from };
  const result: SampleResult = { value: 0, histogram: null, keep: true };
  for (let step = 0; step < grid.count; step++) {
    if (!isPresent(many.present, step) || !isPresent(one.present, step)) continue;
    if (only !== null && !isPresent(only, step)) continue;
    const [left, right] = swapped ? [one, many] : [many, one];
    const leftHistogram = histogramAt(left, step);
    const rightHistogram = histogramAt(right, step);
    if (!operate(left.values[step], leftHistogram, right.values[step], rightHistogram, operation, result)) continue;
    results.claim(matched, step);
    matchedOnes[step >> 3] |= 1 << (step & 7);
    if (expr.bool) out.setFloat(step, result.keep ? 1 : 0);
    else if (!result.keep) continue;
    else if (result.histogram === null) out.setFloat(step, result.value);
    else out.setHistogram(step, result.histogram);
  }
}

/** The usual case: floats alone, one partner for all, and a series of its own for each result. Null where it is not. */
function pairsOfFloats(many: readonly Column[], one: readonly Column[], site: Site): readonly Column[] | null {
  if (one.length === 0) return [];
  if (many.length > 1 && site.matching.card === 'one-to-one') return null;
  const results: Column[] = [];
  const keys = new Set<string>();
  for (const column of many) {
    const result = pairOfFloats(column, one[0], site);
    if (result === null) return null;
    keys.add(keyOf(result.labels));
    if (!isEmpty(result.present)) results.push(result);
  }
  return keys.size === many.length ? results : null;
}

function presentInBoth(a: Presence, b: Presence): Presence {
  const both = new Uint8Array(a.length);
  for (let i = 0; i < both.length; i++) both[i] = a[i] & b[i];
  return both;
}

/** Whole columns at a time; null where there are histograms or the operator does not take floats. */
function pairOfFloats(many: Column, one: Column, site: Site): Column | null {
  if (many.histograms !== null || one.histograms !== null) return null;
  const { expr, matching, context, swapped, grid } = site;
  const { op } = expr;
  const [left, right] = swapped ? [one.values, many.values] : [many.values, one.values];
  let present = many.present === one.present ? many.present : presentInBoth(many.present, one.present);
  let values: Float64Array;
  if (isArithmetic(op)) values = arithmeticColumns(op, left, right, grid.count);
  else if (isComparison(op)) {
    present = present.slice();
    values = new Float64Array(grid.count);
    const holds = COMPARISON[op];
    for (let i = 0; i < values.length; i++) {
      const kept = holds(left[i], right[i]);
      if (expr.bool) values[i] = kept ? 1 : 0;
      else if (kept) values[i] = left[i];
      else present[i >> 3] &= ~(1 << (i & 7));
    }
  } else return null;
  const dropMetadata = isArithmetic(op) || (expr.bool && !context.delayedNames);
  const labels = resultLabels(many.labels, one.labels, matching, dropMetadata);
  return { labels, dropName: dropsName(site), values, present, histograms: null };
}
