import { formatDuration, quoteGo } from '#shared/model/index.ts';
import {
  ALL_PARSER_OPTIONS,
  childrenOf,
  parseExpr,
  PromqlParseError,
  type AggregateExpr,
  type CallExpr,
  type Expr,
} from '#shared/promql/index.ts';
import { getLabelOfMatchers } from './selectors.ts';

/** A part of what a query does, as a key of the catalogue with its values. */
export type Clause =
  | { readonly key: 'reads'; readonly metric: string }
  | {
      readonly key: 'rate' | 'increase' | 'average' | 'highest' | 'lowest' | 'over';
      readonly range: string;
      readonly name: string;
    }
  | {
      readonly key: 'sumBy' | 'avgBy' | 'aggregateBy' | 'aggregateWithout';
      readonly labels: string;
      readonly name: string;
    }
  | { readonly key: 'sumAll' | 'avgAll' | 'aggregateAll'; readonly name: string }
  | { readonly key: 'percentile'; readonly percent: number }
  | { readonly key: 'function'; readonly name: string }
  | { readonly key: 'combines'; readonly op: string };

const OVER: Readonly<Record<string, 'rate' | 'increase' | 'average' | 'highest' | 'lowest'>> = {
  rate: 'rate',
  irate: 'rate',
  increase: 'increase',
  avg_over_time: 'average',
  max_over_time: 'highest',
  min_over_time: 'lowest',
};

/** What a query does, in the order in which it does it; empty when it does not parse or is a number alone. */
export function clausesOf(text: string): readonly Clause[] {
  try {
    return clauses(parseExpr(text, ALL_PARSER_OPTIONS));
  } catch (error) {
    if (error instanceof PromqlParseError) return [];
    throw error;
  }
}

function clauses(expr: Expr): readonly Clause[] {
  switch (expr.kind) {
    case 'number':
    case 'string':
      return [];
    case 'selector': {
      const metric = getLabelOfMatchers(expr.matchers);
      return [{ key: 'reads', metric: metric === '' ? matchersText(expr.matchers) : metric }];
    }
    case 'matrix':
      return clauses(expr.selector);
    case 'paren':
    case 'unary':
    case 'subquery':
      return clauses(expr.expr);
    case 'binary':
      return [...clauses(expr.left), ...clauses(expr.right), { key: 'combines', op: expr.op }];
    case 'aggregate':
      return [...clauses(expr.expr), aggregateClause(expr)];
    case 'call':
      return [...childrenOf(expr).flatMap(clauses), callClause(expr)];
  }
}

function matchersText(
  matchers: readonly { readonly name: string; readonly type: string; readonly value: string }[],
): string {
  return `{${matchers.map(({ name, type, value }) => `${name}${type}${quoteGo(value)}`).join(', ')}}`;
}

function aggregateClause({ op, grouping, without }: AggregateExpr): Clause {
  const labels = grouping.join(', ');
  if (without)
    return grouping.length === 0 ? { key: 'aggregateAll', name: op } : { key: 'aggregateWithout', name: op, labels };
  if (op === 'sum') return grouping.length === 0 ? { key: 'sumAll', name: op } : { key: 'sumBy', name: op, labels };
  if (op === 'avg') return grouping.length === 0 ? { key: 'avgAll', name: op } : { key: 'avgBy', name: op, labels };
  return grouping.length === 0 ? { key: 'aggregateAll', name: op } : { key: 'aggregateBy', name: op, labels };
}

function callClause({ func, args }: CallExpr): Clause {
  if (func === 'histogram_quantile' && args[0].kind === 'number')
    return { key: 'percentile', percent: Number((args[0].value * 100).toPrecision(6)) };
  const range = args.find((arg) => arg.kind === 'matrix' || arg.kind === 'subquery');
  if (range !== undefined && (range.kind === 'matrix' || range.kind === 'subquery') && range.range > 0)
    return { key: OVER[func] ?? 'over', range: formatDuration(range.range), name: func };
  return { key: 'function', name: func };
}
