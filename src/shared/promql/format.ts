import { assertNever } from '#shared/model/index.ts';
import type { Expr } from './ast.ts';
import { aggregateHead, operatorText, print, subquerySuffix } from './print.ts';

/** Expressions up to this many bytes stay on one line. */
const MAX_LINE = 100;
const INDENT = '  ';

const encoder = new TextEncoder();

/** The expression for people to read: broken into indented lines wherever a part is too long for one. */
export function format(expr: Expr): string {
  return formatAt(expr, 0);
}

/** @param level depth of indentation; 0 means that the expression goes on with a line that has begun */
function formatAt(expr: Expr, level: number): string {
  const indent = INDENT.repeat(level);
  switch (expr.kind) {
    case 'number':
    case 'string':
    case 'selector':
    case 'matrix':
      return indent + print(expr);
    case 'unary':
      return indent + expr.op + formatAt(expr.expr, level).trim();
    case 'subquery':
      // The original does not indent a subquery that is short enough for its line.
      return isLong(expr) ? formatAt(expr.expr, level) + subquerySuffix(expr) : print(expr);
    case 'paren':
      return isLong(expr) ? `${indent}(\n${formatAt(expr.expr, level + 1)}\n${indent})` : indent + print(expr);
    case 'call': {
      if (!isLong(expr)) return indent + print(expr);
      const args = expr.args.map((arg) => formatAt(arg, level + 1)).join(',\n');
      return `${indent}${expr.func}(\n${args}\n${indent})`;
    }
    case 'aggregate': {
      if (!isLong(expr)) return indent + print(expr);
      const param = expr.param === null ? '' : `${formatAt(expr.param, level + 1)},\n`;
      return `${indent}${aggregateHead(expr)}(\n${param}${formatAt(expr.expr, level + 1)}\n${indent})`;
    }
    case 'binary': {
      if (!isLong(expr)) return indent + print(expr);
      const left = formatAt(expr.left, level + 1);
      return `${left}\n${indent}${operatorText(expr)}\n${formatAt(expr.right, level + 1)}`;
    }
    default:
      return assertNever(expr);
  }
}

function isLong(expr: Expr): boolean {
  return encoder.encode(print(expr)).length > MAX_LINE;
}
