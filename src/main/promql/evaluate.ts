import { assertNever, isStaleAt, multiplyHistogram, quoteGo, sampleWeight, wordsOf } from '#shared/model/index.ts';
import { isComparisonOp, isSetOp, typeOf } from '#shared/promql/index.ts';
import { AGGREGATORS } from './aggregations/table.ts';
import { countValues } from './aggregations/count-values.ts';
import { groupColumns } from './aggregations/grouping.ts';
import { evaluateScalarVector } from './binary/scalar-vector.ts';
import { evaluateSet } from './binary/set-operators.ts';
import { evaluateVectors } from './binary/vector-vector.ts';
import { ARITHMETIC, COMPARISON, isArithmetic } from './binary/operators.ts';
import { ColumnBuilder, repeatColumn, type Column, type NodeValue } from './columns.ts';
import { checkedNames, dropName, samplesIn, type EvalContext } from './context.ts';
import { fail } from './failure.ts';
import { VECTOR_FUNCTIONS } from './functions/table.ts';
import { evaluateInfo } from './info.ts';
import { evaluateInstant, newestPerStep } from './instant-selector.ts';
import type {
  AggregateNode,
  BinaryNode,
  CallNode,
  InfoNode,
  InstantNode,
  NegateNode,
  PlanNode,
  RangeCallNode,
  RepeatNode,
  SampleTimeNode,
} from './plan-node.ts';
import type { Profile } from './profile.ts';
import { evaluateRangeCall } from './range-call.ts';

/** Evaluates one plan; nodes hand columns to each other. */
export class Evaluator {
  private readonly context: EvalContext;
  private readonly profile: Profile | null;

  constructor(context: EvalContext, profile: Profile | null) {
    this.context = context;
    this.profile = profile;
  }

  evaluate(node: PlanNode): Promise<NodeValue> {
    if (this.profile !== null || this.context.limits.due()) return this.measured(node);
    return this.dispatch(node);
  }

  private async measured(node: PlanNode): Promise<NodeValue> {
    const { limits } = this.context;
    if (limits.due()) await limits.pause();
    const done = this.profile?.begin(node);
    const value = await this.dispatch(node);
    done?.(value);
    return value;
  }

  /** Not async itself: each node would wait for a promise of its own more. */
  private dispatch(node: PlanNode): Promise<NodeValue> {
    const { grid } = node;
    this.context.limits.requireRoom(1, grid.count);
    switch (node.kind) {
      case 'number':
        return Promise.resolve({ type: 'scalar', values: new Float64Array(grid.count).fill(node.value) });
      case 'string':
        return Promise.resolve({ type: 'string', value: node.value });
      case 'repeat':
        return this.repeat(node);
      case 'instant':
        return this.instant(node);
      case 'raw':
        throw new Error('a range vector is no value of a step');
      case 'range-call':
        return this.rangeCall(node);
      case 'sample-time':
        return this.sampleTimes(node);
      case 'call':
        return this.call(node);
      case 'info':
        return this.info(node);
      case 'aggregate':
        return this.aggregate(node);
      case 'binary':
        return this.binary(node);
      case 'negate':
        return this.negate(node);
      default:
        return assertNever(node);
    }
  }

  /** Columns of a node that is a vector. */
  async columns(node: PlanNode): Promise<readonly Column[]> {
    const value = await this.evaluate(node);
    if (value.type !== 'vector') throw new Error(`${node.kind} is no vector`);
    return value.columns;
  }

  private async scalar(node: PlanNode): Promise<Float64Array> {
    const value = await this.evaluate(node);
    if (value.type !== 'scalar') throw new Error(`${node.kind} is no scalar`);
    return value.values;
  }

  /** Counts the samples that columns took from the store, step by step. */
  private counted(columns: readonly Column[]): readonly Column[] {
    const { looked } = this.context;
    if (looked === null) return columns;
    for (const { present, histograms } of columns)
      for (let i = 0; i < looked.length; i++) {
        if ((present[i >> 3] & (1 << (i & 7))) === 0) continue;
        const histogram = histograms?.[i] ?? null;
        looked[i] += histogram === null ? 1 : sampleWeight(histogram);
      }
    return columns;
  }

  /** Evaluates with another count of samples in place of the grid's. */
  private async counting<T>(looked: Float64Array | null, work: () => Promise<T>): Promise<T> {
    const outer = this.context.looked;
    this.context.looked = looked;
    const result = await work();
    this.context.looked = outer;
    return result;
  }

  private async repeat({ child, grid }: RepeatNode): Promise<NodeValue> {
    const { looked } = this.context;
    // What is the same at all steps is looked at once here, and counts at each of them.
    const once = looked === null ? null : new Float64Array(1);
    const value = await this.counting(once, () => this.evaluate(child));
    if (looked !== null && once !== null) for (let i = 0; i < looked.length; i++) looked[i] += once[0];
    switch (value.type) {
      case 'string':
        return value;
      case 'scalar':
        return { type: 'scalar', values: new Float64Array(grid.count).fill(value.values[0]) };
      case 'vector': {
        this.context.limits.hold(value.columns.length * (grid.count - 1));
        return { type: 'vector', columns: value.columns.map((column) => repeatColumn(column, grid.count)) };
      }
    }
  }

  private async instant({ source }: InstantNode): Promise<NodeValue> {
    return { type: 'vector', columns: this.counted(await evaluateInstant(source, this.context)) };
  }

  private async info(node: InfoNode): Promise<NodeValue> {
    return { type: 'vector', columns: await evaluateInfo(node, await this.columns(node.child), this.context) };
  }

  private async rangeCall(node: RangeCallNode): Promise<NodeValue> {
    const { source } = node;
    // Samples of a subquery count where they are used: in the windows over it.
    const inner = source.kind === 'subquery' ? await this.counting(null, () => this.columns(source.child)) : [];
    const params: Float64Array[] = [];
    for (const param of node.params) params.push(await this.scalar(param));
    const columns = await evaluateRangeCall(node, inner, params, this.context);
    this.context.limits.release(samplesIn(inner));
    return { type: 'vector', columns };
  }

  /** Time, or start time, of the samples themselves. */
  private async sampleTimes({ source, of, grid }: SampleTimeNode): Promise<NodeValue> {
    const { context } = this;
    if (of === 'start' && !context.useStartTimes) return { type: 'vector', columns: [] };
    const newest = newestPerStep(source, context.lookback);
    const columns: Column[] = [];
    for (const series of source.selection.series(context.querier)) {
      if (context.limits.due()) await context.limits.pause();
      const at = newest.get(series.times, series.from, series.to);
      const words = wordsOf(series.values);
      const out = new ColumnBuilder(grid.count);
      for (let step = 0; step < grid.count; step++) {
        const i = at[step];
        if (i < 0 || ((series.histograms?.[i] ?? null) === null && isStaleAt(words, i))) continue;
        out.setFloat(step, (of === 'time' ? series.times[i] : (series.startTimes?.[i] ?? 0)) / 1000);
      }
      if (out.filled === 0) continue;
      context.limits.hold(out.filled);
      const name = dropName(context, series.labels);
      columns.push(out.finish(name.labels, name.dropName));
    }
    return { type: 'vector', columns: this.counted(checkedNames(context, columns)) };
  }

  private async call(node: CallNode): Promise<NodeValue> {
    const compute = VECTOR_FUNCTIONS.get(node.expr.func);
    if (compute === undefined) throw new Error(`function ${node.expr.func} has no implementation`);
    const args: NodeValue[] = [];
    for (const arg of node.args) args.push(await this.evaluate(arg));
    const result = await compute({ grid: node.grid, expr: node.expr, args, context: this.context });
    if (result.type === 'vector') this.context.limits.hold(samplesIn(result.columns));
    for (const arg of args) if (arg.type === 'vector') this.context.limits.release(samplesIn(arg.columns));
    return result;
  }

  private async aggregate({ expr, child, param, grid }: AggregateNode): Promise<NodeValue> {
    const { context } = this;
    if (expr.op === 'count_values') {
      const label = param === null ? null : await this.evaluate(param);
      if (label?.type !== 'string') throw new Error('count_values without a label');
      if (label.value === '' || !label.value.isWellFormed()) fail(`invalid label name ${quoteGo(label.value)}`);
      return { type: 'vector', columns: countValues(await this.columns(child), label.value, expr, grid) };
    }
    const scalar = param === null ? new Float64Array() : await this.scalar(param);
    const columns = await this.columns(child);
    const groups = groupColumns(columns, expr);
    const result = await AGGREGATORS[expr.op]({ grid, expr, groups, param: scalar, context });
    context.limits.hold(samplesIn(result));
    context.limits.release(samplesIn(columns));
    return { type: 'vector', columns: result };
  }

  private async binary(node: BinaryNode): Promise<NodeValue> {
    const { op } = node.expr;
    const left = await this.evaluate(node.left);
    const right = await this.evaluate(node.right);
    if (left.type === 'scalar' && right.type === 'scalar') {
      const b = right.values;
      if (isArithmetic(op)) return { type: 'scalar', values: left.values.map((a, i) => ARITHMETIC[op](a, b[i])) };
      if (isComparisonOp(op))
        return { type: 'scalar', values: left.values.map((a, i) => Number(COMPARISON[op](a, b[i]))) };
      throw new Error(`operator ${op} between scalars`);
    }
    const columns = await this.combine(left, right, node);
    this.context.limits.hold(samplesIn(columns));
    for (const side of [left, right]) if (side.type === 'vector') this.context.limits.release(samplesIn(side.columns));
    return { type: 'vector', columns };
  }

  private async combine(left: NodeValue, right: NodeValue, node: BinaryNode): Promise<readonly Column[]> {
    const { expr, grid, matching } = node;
    if (left.type === 'vector' && right.type === 'vector') {
      if (matching === null) throw new Error('vectors without matching');
      if (isSetOp(expr.op)) return evaluateSet(expr.op, left.columns, right.columns, matching, grid.count);
      return evaluateVectors(expr, matching, left.columns, right.columns, grid, this.context);
    }
    if (left.type === 'vector' && right.type === 'scalar')
      return evaluateScalarVector(expr, left.columns, right.values, false, this.context);
    if (left.type === 'scalar' && right.type === 'vector')
      return evaluateScalarVector(expr, right.columns, left.values, true, this.context);
    throw new Error(`operator ${expr.op} between ${left.type} and ${right.type}`);
  }

  private async negate({ child }: NegateNode): Promise<NodeValue> {
    const value = await this.evaluate(child);
    if (value.type === 'scalar') return { type: 'scalar', values: value.values.map((x) => -x) };
    if (value.type !== 'vector') throw new Error(`minus of a ${typeOf(child.expr)}`);
    const columns = value.columns.map((column) => ({
      ...column,
      ...dropName(this.context, column.labels),
      values: column.values.map((x) => -x),
      histograms: column.histograms?.map((h) => (h === null ? null : multiplyHistogram(h, -1))) ?? null,
    }));
    return { type: 'vector', columns: checkedNames(this.context, columns) };
  }
}
