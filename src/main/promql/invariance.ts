import type { Expr } from '#shared/promql/index.ts';

/** Functions whose result depends on the evaluation time whatever their arguments are. */
const TIME_DEPENDENT: ReadonlySet<string> = new Set([
  'days_in_month',
  'day_of_month',
  'day_of_week',
  'day_of_year',
  'hour',
  'minute',
  'month',
  'year',
  'predict_linear',
  'time',
  'timestamp',
]);

export function unwrapParens(expr: Expr): Expr {
  let inner = expr;
  while (inner.kind === 'paren') inner = inner.expr;
  return inner;
}

/**
 * Whether an expression has the same value at all steps of its grid, so that it is evaluated once: all its selectors
 * are fixed by `@`. A varying parameter of an aggregation does not count, as in the original.
 */
export function isStepInvariant(expr: Expr): boolean {
  switch (expr.kind) {
    case 'number':
    case 'string':
      return true;
    case 'selector':
      return expr.at !== null;
    case 'matrix':
      return expr.selector.at !== null;
    case 'subquery':
      return expr.at !== null;
    case 'paren':
    case 'unary':
      return isStepInvariant(expr.expr);
    case 'aggregate':
      return isStepInvariant(expr.expr);
    case 'binary':
      return isStepInvariant(expr.left) && isStepInvariant(expr.right);
    case 'call': {
      const args = expr.args.map(unwrapParens);
      if (!args.every(isStepInvariant)) return false;
      if (!TIME_DEPENDENT.has(expr.func)) return true;
      return expr.func === 'timestamp' && args.every((arg) => arg.kind === 'selector');
    }
  }
}
