import type { Millis } from '#shared/model/index.ts';
import { childrenOf, print, type AtModifier, type Expr } from '#shared/promql/index.ts';

/** Calls whose result depends on the time they are evaluated at, whatever the times of the selectors. */
const TIME_DEPENDENT: ReadonlySet<string> = new Set([
  'days_in_month',
  'day_of_month',
  'day_of_week',
  'day_of_year',
  'end',
  'hour',
  'minute',
  'month',
  'year',
  'predict_linear',
  'range',
  'start',
  'step',
  'time',
  'timestamp',
]);

function dependsOnTime(expr: Expr): boolean {
  if (expr.kind === 'subquery') return false;
  if (expr.kind === 'call' && TIME_DEPENDENT.has(expr.func)) return true;
  return childrenOf(expr).some(dependsOnTime);
}

/** The text of the expression fixed to a time, or null when it cannot be. */
export function fixedAt(expr: Expr, time: Millis): string | null {
  return dependsOnTime(expr) ? null : print(fix(expr, { type: 'time', time }));
}

function fix(expr: Expr, at: AtModifier): Expr {
  switch (expr.kind) {
    case 'selector':
      return expr.at?.type === 'time' ? expr : { ...expr, at };
    case 'matrix':
      return expr.selector.at?.type === 'time' ? expr : { ...expr, selector: { ...expr.selector, at } };
    case 'subquery':
      return expr.at?.type === 'time' ? expr : { ...expr, at };
    case 'number':
    case 'string':
      return expr;
    case 'unary':
    case 'paren':
      return { ...expr, expr: fix(expr.expr, at) };
    case 'binary':
      return { ...expr, left: fix(expr.left, at), right: fix(expr.right, at) };
    case 'aggregate':
      return { ...expr, expr: fix(expr.expr, at), param: expr.param === null ? null : fix(expr.param, at) };
    case 'call':
      return { ...expr, args: expr.args.map((arg) => fix(arg, at)) };
  }
}
