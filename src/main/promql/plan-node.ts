import type { AggregateExpr, BinaryExpr, CallExpr, Expr, RangeMode, VectorMatching } from '#shared/promql/index.ts';
import type { Matcher, Millis } from '#shared/model/index.ts';
import type { Position } from './annotations.ts';
import type { Grid } from './columns.ts';
import type { Selection } from './selection.ts';
import type { RangeFunction } from './range-functions/table.ts';
import type { TierUse } from './tiers.ts';
import type { WindowEnds } from './windows.ts';

interface Base {
  /** Times at which the node is evaluated; known before anything is read. */
  readonly grid: Grid;
  /** What it was planned from. */
  readonly expr: Expr;
}

/** What a selector reads, and the reference time of each step (`@` and `offset` applied). */
export interface SelectorSource {
  readonly kind: 'selector';
  readonly selection: Selection;
  readonly ends: WindowEnds;
  readonly range: Millis;
  readonly mode: RangeMode;
  /** Only the totals of histograms are wanted. */
  readonly totalsOnly: boolean;
  /** What is read of a tier in place of samples; null: samples. */
  readonly tier: TierUse | null;
  readonly matchers: readonly Matcher[];
  readonly position: Position;
}

/** Windows over the steps of an inner expression. */
export interface SubquerySource {
  readonly kind: 'subquery';
  readonly child: PlanNode;
  readonly ends: WindowEnds;
  readonly range: Millis;
}

export type RangeSource = SelectorSource | SubquerySource;

export interface NumberNode extends Base {
  readonly kind: 'number';
  readonly value: number;
}
export interface StringNode extends Base {
  readonly kind: 'string';
  readonly value: string;
}
/** Evaluates its child once, at the first step: the child is the same at all steps. */
export interface RepeatNode extends Base {
  readonly kind: 'repeat';
  readonly child: PlanNode;
}
export interface InstantNode extends Base {
  readonly kind: 'instant';
  readonly source: SelectorSource;
}
/** A bare range selector or subquery: only at an instant, as the result itself. */
export interface RawNode extends Base {
  readonly kind: 'raw';
  readonly source: RangeSource;
}
export interface RangeCallNode extends Base {
  readonly kind: 'range-call';
  readonly name: string;
  readonly fn: RangeFunction;
  readonly source: RangeSource;
  readonly params: readonly PlanNode[];
  /** Of the first argument, which is the range but for quantile_over_time. */
  readonly position: Position;
}
/** `timestamp` and `start_timestamp` of a bare selector. */
export interface SampleTimeNode extends Base {
  readonly kind: 'sample-time';
  readonly source: SelectorSource;
  readonly of: 'time' | 'start';
}
export interface CallNode extends Base {
  readonly kind: 'call';
  readonly expr: CallExpr;
  readonly args: readonly PlanNode[];
}
export interface InfoNode extends Base {
  readonly kind: 'info';
  readonly child: PlanNode;
  /** Conditions on the info series; null when there is no second argument. */
  readonly matchers: readonly Matcher[] | null;
  /** Where the info series are looked up. */
  readonly ends: WindowEnds;
}
export interface AggregateNode extends Base {
  readonly kind: 'aggregate';
  readonly expr: AggregateExpr;
  readonly child: PlanNode;
  readonly param: PlanNode | null;
}
export interface BinaryNode extends Base {
  readonly kind: 'binary';
  readonly expr: BinaryExpr;
  readonly left: PlanNode;
  readonly right: PlanNode;
  readonly matching: VectorMatching | null;
}
export interface NegateNode extends Base {
  readonly kind: 'negate';
  readonly child: PlanNode;
}

/** A node of the plan. The tree is fixed before anything is read. */
export type PlanNode =
  | NumberNode
  | StringNode
  | RepeatNode
  | InstantNode
  | RawNode
  | RangeCallNode
  | SampleTimeNode
  | CallNode
  | InfoNode
  | AggregateNode
  | BinaryNode
  | NegateNode;
