import { isPresent } from '#shared/model/index.ts';
import type { BinaryExpr } from '#shared/promql/index.ts';
import { ColumnBuilder, isEmpty, type Column } from '../columns.ts';
import { checkedNames, dropName, type EvalContext } from '../context.ts';
import { arithmeticColumns, COMPARISON, isArithmetic, isComparison } from './operators.ts';
import { operate, type SampleResult } from './sample-operation.ts';

/** One operand is a scalar; `swapped` says that it is the left one. */
export async function evaluateScalarVector(
  expr: BinaryExpr,
  columns: readonly Column[],
  scalar: Float64Array,
  swapped: boolean,
  context: EvalContext,
): Promise<readonly Column[]> {
  const { op } = expr;
  const renames = isArithmetic(op) || expr.bool;
  const results: Column[] = [];
  for (const column of columns) {
    if (context.limits.due()) await context.limits.pause();
    const result = column.histograms === null ? overFloats(expr, column, scalar, swapped) : null;
    const done = result ?? overSamples(expr, column, scalar, swapped, context);
    if (isEmpty(done.present)) continue;
    results.push(renames ? { ...done, ...dropName(context, column.labels) } : done);
  }
  return renames ? checkedNames(context, results) : results;
}

/** Floats only: whole columns at a time. Null when the operator does not take floats. */
function overFloats(expr: BinaryExpr, column: Column, scalar: Float64Array, swapped: boolean): Column | null {
  const { op } = expr;
  const { values } = column;
  if (isArithmetic(op)) {
    const [left, right] = swapped ? [scalar, values] : [values, scalar];
    return { ...column, values: arithmeticColumns(op, left, right, values.length) };
  }
  if (!isComparison(op)) return null;
  const holds = COMPARISON[op];
  const test = (i: number): boolean => (swapped ? holds(scalar[i], values[i]) : holds(values[i], scalar[i]));
  if (expr.bool) return { ...column, values: values.map((_, i) => (test(i) ? 1 : 0)) };
  const present = column.present.slice();
  for (let i = 0; i < values.length; i++) if (!test(i)) present[i >> 3] &= ~(1 << (i & 7));
  return { ...column, present };
}

function overSamples(
  expr: BinaryExpr,
  column: Column,
  scalar: Float64Array,
  swapped: boolean,
  context: EvalContext,
): Column {
  const site = { op: expr.op, notes: context.notes, position: expr.left.from };
  const out = new ColumnBuilder(column.values.length);
  const result: SampleResult = { value: 0, histogram: null, keep: true };
  for (let i = 0; i < column.values.length; i++) {
    if (!isPresent(column.present, i)) continue;
    const value = column.values[i];
    const h = column.histograms?.[i] ?? null;
    const done = swapped
      ? operate(scalar[i], null, value, h, site, result)
      : operate(value, h, scalar[i], null, site, result);
    if (!done) continue;
    if (expr.bool) out.setFloat(i, result.keep ? 1 : 0);
    else if (!result.keep) continue;
    else if (isComparison(expr.op)) {
      // A comparison keeps the sample of the vector, whatever side it is on.
      if (h === null) out.setFloat(i, value);
      else out.setHistogram(i, h);
    } else if (result.histogram === null) out.setFloat(i, result.value);
    else out.setHistogram(i, result.histogram);
  }
  return out.finish(column.labels, column.dropName);
}
