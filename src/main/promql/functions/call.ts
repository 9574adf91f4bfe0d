import type { Column, Grid, NodeValue } from '../columns.ts';
import type { EvalContext } from '../context.ts';
import type { CallExpr } from '#shared/promql/index.ts';

/** One call of a function of vectors and scalars, its arguments evaluated. */
export interface VectorCall {
  readonly grid: Grid;
  readonly expr: CallExpr;
  readonly args: readonly NodeValue[];
  readonly context: EvalContext;
}

/** Long ones give way to others between series. */
export type VectorFunction = (call: VectorCall) => NodeValue | Promise<NodeValue>;

export function vectorArg({ args, expr }: VectorCall, index: number): readonly Column[] {
  const arg = args.at(index);
  if (arg?.type !== 'vector') throw new Error(`argument ${index} of ${expr.func} is no vector`);
  return arg.columns;
}

export function scalarArg({ args, expr }: VectorCall, index: number): Float64Array {
  const arg = args.at(index);
  if (arg?.type !== 'scalar') throw new Error(`argument ${index} of ${expr.func} is no scalar`);
  return arg.values;
}

export function stringArg({ args, expr }: VectorCall, index: number): string {
  const arg = args.at(index);
  if (arg?.type !== 'string') throw new Error(`argument ${index} of ${expr.func} is no string`);
  return arg.value;
}
