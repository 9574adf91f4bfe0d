import type { Unit } from '#shared/contract/index.ts';
import { getLabelOfMatchers } from './selectors.ts';
import { ALL_PARSER_OPTIONS, parseExpr, PromqlParseError, type Expr } from '#shared/promql/index.ts';

export type ChartUnit = Exclude<Unit, 'timestamp'>;

const SUFFIXES: readonly (readonly [suffix: RegExp, unit: ChartUnit])[] = [
  [/_bytes$/, 'bytes'],
  [/(?:_time|_timestamp)_seconds$/, ''],
  [/_seconds$/, 'seconds'],
  [/_ratio$/, 'ratio'],
  [/_celsius$/, 'celsius'],
];

/** The unit of what the buckets of a query's result are bounds of. */
export function unitOfObservations(text: string): ChartUnit {
  return unitBy(text, unitOfBuckets);
}

/** The unit of a query's result as the metric names and functions in it promise; `''` where they promise nothing. */
export function unitOfQuery(text: string): ChartUnit {
  return unitBy(text, unitOf);
}

function unitBy(text: string, unit: (expr: Expr) => ChartUnit): ChartUnit {
  try {
    return unit(parseExpr(text, ALL_PARSER_OPTIONS));
  } catch (error) {
    if (error instanceof PromqlParseError) return '';
    throw error;
  }
}

function unitOfMetric(name: string): ChartUnit {
  const base = name.replace(/_(?:total|sum)$/, '');
  // How many observations there were is a count, whatever was observed.
  if (/_(?:count|bucket)$/.test(name)) return '';
  return SUFFIXES.find(([suffix]) => suffix.test(base))?.[1] ?? '';
}

/** What a change per second of something is. Seconds per second are a share of the time. */
function perSecond(unit: ChartUnit): ChartUnit {
  switch (unit) {
    case 'bytes':
      return 'bytes/s';
    case 'seconds':
      return 'ratio';
    case '':
      return 'per-second';
    case 'bytes/s':
    case 'ratio':
    case 'per-second':
    case 'celsius':
      return '';
  }
}

const RATES = new Set(['rate', 'irate', 'deriv']);
/** Functions whose result is of another kind than what goes in. */
const UNITLESS =
  /^(?:count_over_time|changes|resets|absent|absent_over_time|present_over_time|sgn|hour|minute|month|year|day.*|exp|ln|log2|log10|sqrt|histogram_count|histogram_fraction)$/;

function unitOf(expr: Expr): ChartUnit {
  switch (expr.kind) {
    case 'number':
    case 'string':
      return '';
    case 'selector':
      return unitOfMetric(getLabelOfMatchers(expr.matchers));
    case 'matrix':
      return unitOf(expr.selector);
    case 'subquery':
    case 'unary':
    case 'paren':
      return unitOf(expr.expr);
    case 'aggregate':
      return /^(?:count|group|count_values|stdvar)$/.test(expr.op) ? '' : unitOf(expr.expr);
    case 'binary': {
      const left = unitOf(expr.left);
      const right = unitOf(expr.right);
      if (expr.op === '*' || expr.op === '/' || expr.op === '^' || expr.op === '%') return '';
      if (expr.bool) return '';
      // 1 - x of a share is a share.
      return expr.left.kind === 'number' ? right : left;
    }
    case 'call': {
      const inner = expr.args.at(-1);
      if (inner === undefined) return '';
      if (RATES.has(expr.func)) return perSecond(unitOf(inner));
      if (expr.func === 'histogram_quantile' || expr.func === 'histogram_avg') return unitOfBuckets(inner);
      if (UNITLESS.test(expr.func)) return '';
      return unitOf(expr.args.find((arg) => arg.kind !== 'number' && arg.kind !== 'string') ?? inner);
    }
  }
}

/** A quantile has the unit of what was observed, however the buckets were counted. */
function unitOfBuckets(expr: Expr): ChartUnit {
  switch (expr.kind) {
    case 'call':
      return expr.args.length === 0 ? '' : unitOfBuckets(expr.args[expr.args.length - 1]);
    case 'aggregate':
    case 'paren':
    case 'subquery':
    case 'unary':
      return unitOfBuckets(expr.expr);
    case 'matrix':
      return unitOfBuckets(expr.selector);
    case 'selector':
      return unitOfMetric(getLabelOfMatchers(expr.matchers).replace(/_bucket$/, ''));
    case 'binary':
      return unitOfBuckets(expr.left);
    case 'number':
    case 'string':
      return '';
  }
}
