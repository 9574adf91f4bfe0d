import { assertNever, type Millis } from '#shared/model/index.ts';
import {
  DurationError,
  resolveDurations,
  typeOf,
  type AtModifier,
  type BinaryExpr,
  type CallExpr,
  type Expr,
  type MatrixSelector,
  type SubqueryExpr,
  type TimeModifiers,
  type VectorSelector,
} from '#shared/promql/index.ts';
import type { Grid } from './columns.ts';
import { fail } from './failure.ts';
import { isStepInvariant, unwrapParens } from './invariance.ts';
import { infoMatchers } from './info.ts';
import type { InfoNode, PlanNode, RangeSource, SelectorSource, SubquerySource } from './plan-node.ts';
import { RANGE_FUNCTIONS } from './range-functions/table.ts';
import type { Selections } from './selection.ts';
import { chooseTier, tierFunction, type TierPolicy, type TierUse } from './tiers.ts';
import type { WindowEnds } from './windows.ts';

/** What a plan depends on beside the expression. */
export interface PlanSettings {
  readonly grid: Grid;
  /** An instant query, not a range of one step. */
  readonly instant: boolean;
  /** End of the query as asked for: between the last step and the step after it. */
  readonly end: Millis;
  readonly lookback: Millis;
  readonly noStepSubqueryInterval: (range: Millis) => Millis;
  readonly selections: Selections;
  /** Tiers that may be read; null: samples only. */
  readonly tiers: TierPolicy | null;
}

/** Functions below which only the totals of histograms are read, and those that need the buckets again. */
const TOTALS: ReadonlySet<string> = new Set(['histogram_count', 'histogram_sum', 'histogram_avg']);
const BUCKETS: ReadonlySet<string> = new Set(['histogram_quantile', 'histogram_quantiles', 'histogram_fraction']);

/** What the nodes above ask of the histograms below: `buckets` stays whatever else is asked for further down. */
type Reading = 'whole' | 'totals' | 'buckets';

/**
 * Plans an expression: binds each node to its grid, resolves `@`, offsets and computed durations, and registers what
 * is to be read.
 * @throws HearthError query-execution for durations that are none and for misplaced extended ranges
 */
export function planExpr(written: Expr, settings: PlanSettings): PlanNode {
  const { start } = settings.grid;
  const range = settings.end - start;
  const root = resolved(written, { step: settings.instant ? 0 : settings.grid.step, range });

  const fixedTime = (at: AtModifier): Millis => {
    switch (at.type) {
      case 'time':
        return at.time;
      case 'start':
        return start;
      case 'end':
        return settings.end;
    }
  };

  const endsOf = ({ at, offset }: TimeModifiers, grid: Grid): WindowEnds => {
    if (at !== null) return { first: fixedTime(at) - offset, step: 0, count: grid.count };
    return { first: grid.start - offset, step: grid.step, count: grid.count };
  };

  const selectorSource = (
    selector: VectorSelector,
    grid: Grid,
    range: Millis | null,
    reading: Reading,
    position: number,
    fn: string | null | undefined,
  ): SelectorSource => {
    const ends = endsOf(selector, grid);
    const { mode } = selector;
    const tier = mode === 'plain' && fn !== undefined ? tierOf(ends, range, fn) : null;
    const lookback = Math.max(settings.lookback, tier?.resolution ?? 0);
    const window = range === null ? null : Math.max(range, tier?.resolution ?? 0);
    const last = ends.first + ends.step * (ends.count - 1);
    const before = window === null ? lookback : window + (mode === 'plain' ? 0 : lookback);
    const after = mode === 'smoothed' ? lookback : 0;
    // At one time, a plain selector takes nothing but the newest sample.
    const newestOnly = range === null && after === 0 && (ends.count === 1 || ends.step === 0);
    const { selections } = settings;
    const selection = selections.request(selector.matchers, ends.first - before + 1, last + after, newestOnly, tier);
    return {
      kind: 'selector',
      selection,
      ends,
      range: window ?? 0,
      mode,
      totalsOnly: reading === 'totals',
      tier,
      matchers: selector.matchers,
      position,
    };
  };

  const tierOf = (ends: WindowEnds, range: Millis | null, fn: string | null): TierUse | null => {
    if (settings.tiers === null || ends.count === 0) return null;
    const once = ends.count === 1 || ends.step === 0;
    const from = ends.first - (range ?? settings.lookback);
    const resolution = chooseTier(settings.tiers, from, once ? null : ends.step, range);
    if (resolution === null) return null;
    const { aggregate, weighted } = tierFunction(fn);
    return { resolution, aggregate, weighted, range: range ?? 0 };
  };

  /** @param fn name of the function of the range; undefined: its samples are wanted themselves */
  const matrixSource = (matrix: MatrixSelector, grid: Grid, reading: Reading, fn?: string): SelectorSource =>
    selectorSource(matrix.selector, grid, matrix.range, reading, matrix.from, fn);

  const subquerySource = (subquery: SubqueryExpr, grid: Grid): SubquerySource => {
    const ends = endsOf(subquery, grid);
    const { range } = subquery;
    const step = subquery.step === 0 ? settings.noStepSubqueryInterval(range) : subquery.step;
    const first = (Math.floor((ends.first - range) / step) + 1) * step;
    const last = ends.first + ends.step * (ends.count - 1);
    const count = Math.max(0, Math.floor((last - first) / step) + 1);
    return { kind: 'subquery', child: plan(subquery.expr, { start: first, step, count }, 'buckets'), ends, range };
  };

  const rangeSource = (expr: Expr, grid: Grid, reading: Reading, fn: string): RangeSource | null => {
    if (expr.kind === 'matrix') return matrixSource(expr, grid, reading, fn);
    return expr.kind === 'subquery' ? subquerySource(expr, grid) : null;
  };

  const rangeCall = (expr: CallExpr, args: readonly Expr[], grid: Grid, reading: Reading): PlanNode => {
    const fn = RANGE_FUNCTIONS.get(expr.func);
    const index = args.findIndex((arg) => arg.kind === 'matrix' || arg.kind === 'subquery');
    if (fn === undefined || index < 0) throw new Error(`function ${expr.func} has no implementation`);
    const source = rangeSource(args[index], grid, reading, expr.func);
    if (source === null) throw new Error(`function ${expr.func} without a range`);
    const mode = source.kind === 'selector' ? source.mode : 'plain';
    if (mode !== 'plain' && !fn.modes.includes(mode)) {
      const takers = [...RANGE_FUNCTIONS].filter(([, f]) => f.modes.includes(mode)).map(([name]) => name);
      fail(`${mode} modifier can only be used with: ${takers.sort().join(', ')} - not with ${expr.func}`);
    }
    return {
      kind: 'range-call',
      grid,
      expr,
      name: expr.func,
      fn,
      source,
      params: args.filter((_, i) => i !== index).map((arg) => plan(arg, grid, reading)),
      // The original replaces a subquery by a node without a position.
      position: args[0].kind === 'subquery' ? 0 : args[0].from,
    };
  };

  const infoNode = (expr: CallExpr, args: readonly Expr[], grid: Grid, reading: Reading): InfoNode => {
    const child = plan(args[0], grid, reading);
    const label = args.length > 1 && args[1].kind === 'selector' ? args[1].matchers : null;
    const ends = infoEnds(args[0], grid, endsOf);
    const { names, data } = infoMatchers(label);
    const last = ends.first + ends.step * (ends.count - 1);
    // Read by the node itself, of those only that its argument asks for.
    settings.selections.request([...names, ...data], ends.first - settings.lookback + 1, last, false, null);
    return { kind: 'info', grid, expr, child, matchers: label, ends };
  };

  const callNode = (written: CallExpr, grid: Grid, outer: Reading): PlanNode => {
    const args = written.args.map(unwrapParens);
    // What is told of an argument stands at it, not at parentheses around it.
    const expr: CallExpr = { ...written, args };
    let reading = outer;
    if (BUCKETS.has(expr.func)) reading = 'buckets';
    else if (TOTALS.has(expr.func) && outer !== 'buckets') reading = 'totals';
    const number = (value: number): PlanNode => ({ kind: 'number', grid, expr, value });
    switch (expr.func) {
      case 'start':
        return number(start / 1000);
      case 'end':
        return number(settings.end / 1000);
      case 'range':
        return number(range / 1000);
      case 'step':
        // Unlike in a duration, 0 also in a range query over one moment.
        return number(range === 0 ? 0 : settings.grid.step / 1000);
      case 'info':
        return infoNode(expr, args, grid, reading);
      case 'timestamp':
      case 'start_timestamp': {
        const [arg] = args;
        if (arg.kind !== 'selector') break;
        const source = selectorSource(arg, grid, null, reading, arg.from, undefined);
        return { kind: 'sample-time', grid, expr, source, of: expr.func === 'timestamp' ? 'time' : 'start' };
      }
    }
    if (args.some((arg) => typeOf(arg) === 'matrix')) return rangeCall(expr, args, grid, reading);
    return { kind: 'call', grid, expr, args: args.map((arg) => plan(arg, grid, reading)) };
  };

  const binaryNode = (expr: BinaryExpr, grid: Grid, outer: Reading): PlanNode => {
    const reading = expr.op === '</' || expr.op === '>/' ? 'buckets' : outer;
    return {
      kind: 'binary',
      grid,
      expr,
      left: plan(expr.left, grid, reading),
      right: plan(expr.right, grid, reading),
      matching: expr.matching,
    };
  };

  const planHere = (expr: Expr, grid: Grid, reading: Reading): PlanNode => {
    switch (expr.kind) {
      case 'number':
        return { kind: 'number', grid, expr, value: expr.value };
      case 'string':
        return { kind: 'string', grid, expr, value: expr.value };
      case 'paren':
        return planHere(expr.expr, grid, reading);
      case 'selector':
        return { kind: 'instant', grid, expr, source: selectorSource(expr, grid, null, reading, expr.from, null) };
      case 'matrix':
        return { kind: 'raw', grid, expr, source: matrixSource(expr, grid, reading) };
      case 'subquery':
        return { kind: 'raw', grid, expr, source: subquerySource(expr, grid) };
      case 'unary': {
        const child = plan(expr.expr, grid, reading);
        return expr.op === '-' ? { kind: 'negate', grid, expr, child } : child;
      }
      case 'binary':
        return binaryNode(expr, grid, reading);
      case 'aggregate': {
        const param = expr.param === null ? null : unwrapParens(expr.param);
        const operand = unwrapParens(expr.expr);
        return {
          kind: 'aggregate',
          grid,
          expr: { ...expr, expr: operand, param },
          param: param === null ? null : plan(param, grid, reading),
          child: plan(operand, grid, reading),
        };
      }
      case 'call':
        return callNode(expr, grid, reading);
      default:
        return assertNever(expr);
    }
  };

  const plan = (expr: Expr, grid: Grid, reading: Reading): PlanNode => {
    const inner = unwrapParens(expr);
    const leaf =
      inner.kind === 'number' || inner.kind === 'string' || inner.kind === 'matrix' || inner.kind === 'subquery';
    if (leaf || grid.count <= 1 || !isStepInvariant(inner)) return planHere(inner, grid, reading);
    return { kind: 'repeat', grid, expr, child: planHere(inner, { ...grid, count: 1 }, reading) };
  };

  return plan(root, settings.grid, 'whole');
}

function resolved(expr: Expr, times: { step: Millis; range: Millis }): Expr {
  try {
    return resolveDurations(expr, times);
  } catch (error) {
    if (error instanceof DurationError) fail(error.message);
    throw error;
  }
}

/**
 * Where info series are looked up: at the reference time of the first selector of the first argument. Offsets of the
 * subqueries around it add up until an `@` fixes it.
 */
function infoEnds(expr: Expr, grid: Grid, endsOf: (modifiers: TimeModifiers, grid: Grid) => WindowEnds): WindowEnds {
  const found = firstSelector(expr, []);
  let shift = 0;
  for (const node of found) {
    const ends = endsOf(node, grid);
    if (node.at !== null) return { ...ends, first: ends.first - shift };
    shift += grid.start - ends.first;
  }
  return { first: grid.start - shift, step: grid.step, count: grid.count };
}

/** The first selector below a node and the subqueries around it, innermost first; empty when there is none. */
function firstSelector(expr: Expr, around: readonly TimeModifiers[]): readonly TimeModifiers[] {
  switch (expr.kind) {
    case 'selector':
      return [expr, ...around];
    case 'matrix':
      return [expr.selector, ...around];
    case 'subquery':
      return firstSelector(expr.expr, [expr, ...around]);
    case 'paren':
    case 'unary':
      return firstSelector(expr.expr, around);
    case 'aggregate': {
      const below = firstSelector(expr.expr, around);
      return below.length > 0 || expr.param === null ? below : firstSelector(expr.param, around);
    }
    case 'binary': {
      const left = firstSelector(expr.left, around);
      return left.length > 0 ? left : firstSelector(expr.right, around);
    }
    case 'call':
      for (const arg of expr.args) {
        const below = firstSelector(arg, around);
        if (below.length > 0) return below;
      }
      return [];
    case 'number':
    case 'string':
      return [];
    default:
      return assertNever(expr);
  }
}
