import type { Matcher, Millis } from '#shared/model/index.ts';

/**
 * The syntax tree of PromQL. Plain immutable data. `from` and `to` are UTF-16 offsets into the text the tree was
 * parsed from (`to` exclusive); error and annotation positions are made from them by `positions.ts`.
 */
export type Expr =
  | NumberLiteral
  | StringLiteral
  | VectorSelector
  | MatrixSelector
  | SubqueryExpr
  | UnaryExpr
  | BinaryExpr
  | AggregateExpr
  | CallExpr
  | ParenExpr;

export interface TextRange {
  readonly from: number;
  readonly to: number;
}

/** What an expression evaluates to: instant vector, range vector (`matrix`), scalar or string. */
export type ValueType = 'vector' | 'matrix' | 'scalar' | 'string';

export interface NumberLiteral extends TextRange {
  readonly kind: 'number';
  /** A duration literal counts in seconds. */
  readonly value: number;
  /** Written as a duration (`5m`), and printed so. */
  readonly duration: boolean;
}

export interface StringLiteral extends TextRange {
  readonly kind: 'string';
  readonly value: string;
}

/** The time an `@` fixes a selector or subquery to. */
export type AtModifier =
  | { readonly type: 'time'; readonly time: Millis }
  /** Start or end of the whole query. */
  | { readonly type: 'start' }
  | { readonly type: 'end' };

/** How range ends without a sample are treated; `anchored` and `smoothed` are experimental. */
export type RangeMode = 'plain' | 'anchored' | 'smoothed';

/** `@` and `offset` of a selector or subquery. */
export interface TimeModifiers {
  /** Looked back by this many ms (negative: ahead). When `offsetExpr` is there, 0 until `resolveDurations`. */
  readonly offset: Millis;
  readonly offsetExpr: DurationExpr | null;
  readonly at: AtModifier | null;
}

export interface VectorSelector extends TextRange, TimeModifiers {
  readonly kind: 'selector';
  /** The metric name when it is written before the braces, else `''`. */
  readonly name: string;
  /** All conditions, that on the metric name included. */
  readonly matchers: readonly Matcher[];
  readonly mode: RangeMode;
}

/** A range selector: `selector[range]`. `@`, `offset` and the mode are those of its `selector`. */
export interface MatrixSelector extends TextRange {
  readonly kind: 'matrix';
  readonly selector: VectorSelector;
  /** When `rangeExpr` is there, 0 until `resolveDurations`. */
  readonly range: Millis;
  readonly rangeExpr: DurationExpr | null;
}

export interface SubqueryExpr extends TextRange, TimeModifiers {
  readonly kind: 'subquery';
  readonly expr: Expr;
  readonly range: Millis;
  readonly rangeExpr: DurationExpr | null;
  /** 0: not written, the engine's default interval is meant. */
  readonly step: Millis;
  readonly stepExpr: DurationExpr | null;
}

export interface UnaryExpr extends TextRange {
  readonly kind: 'unary';
  readonly op: '+' | '-';
  readonly expr: Expr;
}

export type ArithmeticOp = '+' | '-' | '*' | '/' | '%' | '^' | 'atan2';
export type ComparisonOp = '==' | '!=' | '<' | '<=' | '>' | '>=';
export type SetOp = 'and' | 'or' | 'unless';
/** `</` keeps the observations below a value, `>/` those above. */
export type TrimOp = '</' | '>/';
export type BinaryOp = ArithmeticOp | ComparisonOp | SetOp | TrimOp;

export interface BinaryExpr extends TextRange {
  readonly kind: 'binary';
  readonly op: BinaryOp;
  readonly left: Expr;
  readonly right: Expr;
  /** `bool`: 0 or 1 instead of filtering. */
  readonly bool: boolean;
  /** Null when an operand is a scalar. */
  readonly matching: VectorMatching | null;
}

export type Cardinality = 'one-to-one' | 'many-to-one' | 'one-to-many' | 'many-to-many';

export interface VectorMatching {
  /** `many-to-one` is `group_left`, `one-to-many` is `group_right`, `many-to-many` is for set operators. */
  readonly card: Cardinality;
  /** `on`: match by `labels` only; else by all but `labels`. */
  readonly on: boolean;
  readonly labels: readonly string[];
  /** Labels that `group_left` or `group_right` copy from the "one" side. */
  readonly include: readonly string[];
  /** Values standing in for series that are missing on a side; null: none. */
  readonly fillLeft: number | null;
  readonly fillRight: number | null;
}

export type AggregateOp =
  | 'sum'
  | 'avg'
  | 'count'
  | 'min'
  | 'max'
  | 'group'
  | 'stddev'
  | 'stdvar'
  | 'topk'
  | 'bottomk'
  | 'count_values'
  | 'quantile'
  | 'limitk'
  | 'limit_ratio';

export interface AggregateExpr extends TextRange {
  readonly kind: 'aggregate';
  readonly op: AggregateOp;
  readonly expr: Expr;
  /** Scalar of topk, bottomk, quantile, limitk, limit_ratio; string of count_values; else null. */
  readonly param: Expr | null;
  readonly without: boolean;
  readonly grouping: readonly string[];
}

export interface CallExpr extends TextRange {
  readonly kind: 'call';
  /** A name of `functions.ts`. */
  readonly func: string;
  readonly args: readonly Expr[];
}

export interface ParenExpr extends TextRange {
  readonly kind: 'paren';
  readonly expr: Expr;
}

/** A duration that has to be computed: `step()`, `5m * 2`, `max_of(range(), 1h)`. Values are seconds. */
export type DurationExpr = DurationBinary | DurationUnary | DurationQuery;

export type DurationNode = DurationExpr | NumberLiteral;

interface DurationBase extends TextRange {
  /** Written in parentheses. */
  readonly wrapped: boolean;
}

export interface DurationBinary extends DurationBase {
  readonly kind: 'duration-binary';
  readonly op: '+' | '-' | '*' | '/' | '%' | '^' | 'min_of' | 'max_of';
  readonly left: DurationNode;
  readonly right: DurationNode;
}

export interface DurationUnary extends DurationBase {
  readonly kind: 'duration-unary';
  /** `+` also stands for plain parentheses around a number. */
  readonly op: '+' | '-';
  readonly operand: DurationNode;
}

export interface DurationQuery extends DurationBase {
  readonly kind: 'duration-query';
  /** Step, or end minus start, of the query; 0 in instant queries. */
  readonly of: 'step' | 'range';
}

export const COMPARISON_OPS: ReadonlySet<string> = new Set(['==', '!=', '<', '<=', '>', '>=']);
export const SET_OPS: ReadonlySet<string> = new Set(['and', 'or', 'unless']);
/** Aggregations whose first argument is a parameter. */
export const PARAM_AGGREGATES: ReadonlySet<string> = new Set([
  'topk',
  'bottomk',
  'count_values',
  'quantile',
  'limitk',
  'limit_ratio',
]);
export const EXPERIMENTAL_AGGREGATES: ReadonlySet<string> = new Set(['limitk', 'limit_ratio']);

export function isComparisonOp(op: BinaryOp): op is ComparisonOp {
  return COMPARISON_OPS.has(op);
}

export function isSetOp(op: BinaryOp): op is SetOp {
  return SET_OPS.has(op);
}
