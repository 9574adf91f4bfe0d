import type { AggregateExpr } from '#shared/promql/index.ts';
import type { Column, Grid } from '../columns.ts';
import type { EvalContext } from '../context.ts';
import type { Group } from './grouping.ts';

/** One aggregation, its operand evaluated and grouped. */
export interface Aggregation {
  readonly grid: Grid;
  readonly expr: AggregateExpr;
  readonly groups: readonly Group[];
  /** Scalar parameter, one value a step; empty when there is none. */
  readonly param: Float64Array;
  readonly context: EvalContext;
}

/** Makes the series of the result. */
export type Aggregator = (aggregation: Aggregation) => readonly Column[] | Promise<readonly Column[]>;

/** Computes one group over all steps; null when it has no result at any. */
export type GroupAggregator = (group: Group, aggregation: Aggregation) => Promise<Column | null>;

/** Lets each group be computed by itself, giving way to others between them. */
export function perGroup(aggregate: GroupAggregator): Aggregator {
  return async (aggregation) => {
    const { limits } = aggregation.context;
    const columns: Column[] = [];
    for (const group of aggregation.groups) {
      if (limits.due()) await limits.pause();
      const column = await aggregate(group, aggregation);
      if (column !== null) columns.push(column);
    }
    return columns;
  };
}
