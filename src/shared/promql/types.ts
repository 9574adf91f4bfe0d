import { assertNever, compileMatcher, METRIC_NAME, quoteGo } from '#shared/model/index.ts';
import {
  isComparisonOp,
  isSetOp,
  type AggregateExpr,
  type BinaryExpr,
  type CallExpr,
  type Expr,
  type TextRange,
  type ValueType,
  type VectorMatching,
  type VectorSelector,
} from './ast.ts';
import type { ParseProblem } from './errors.ts';
import { functionNamed, type FunctionSignature } from './functions.ts';

/** What the expression evaluates to. */
export function typeOf(expr: Expr): ValueType {
  switch (expr.kind) {
    case 'number':
      return 'scalar';
    case 'string':
      return 'string';
    case 'selector':
    case 'aggregate':
      return 'vector';
    case 'matrix':
    case 'subquery':
      return 'matrix';
    case 'unary':
    case 'paren':
      return typeOf(expr.expr);
    case 'binary':
      return typeOf(expr.left) === 'scalar' && typeOf(expr.right) === 'scalar' ? 'scalar' : 'vector';
    case 'call':
      return (functionNamed(expr.func) as FunctionSignature).returns;
    default:
      return assertNever(expr);
  }
}

/** A type as the documentation calls it. */
export function documentedType(type: ValueType): string {
  if (type === 'vector') return 'instant vector';
  return type === 'matrix' ? 'range vector' : type;
}

/**
 * Checks that every operand and argument is of a type it may have.
 * @returns the tree with vector matching settled (none unless both operands are vectors, set operators many-to-many)
 */
export function checkTypes(expr: Expr, text: string): { expr: Expr; problems: readonly ParseProblem[] } {
  const checker = new TypeChecker(text);
  return { expr: checker.check(expr).expr, problems: checker.problems };
}

interface Checked {
  readonly expr: Expr;
  readonly type: ValueType;
}

class TypeChecker {
  readonly problems: ParseProblem[] = [];
  private readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  check(expr: Expr): Checked {
    switch (expr.kind) {
      case 'number':
        return { expr, type: 'scalar' };
      case 'string':
        return { expr, type: 'string' };
      case 'selector':
        this.selector(expr);
        return { expr, type: 'vector' };
      case 'matrix':
        this.selector(expr.selector);
        return { expr, type: 'matrix' };
      case 'subquery': {
        const inner = this.check(expr.expr);
        if (inner.type !== 'vector')
          this.report(expr, `subquery is only allowed on instant vector, got ${inner.type} instead`);
        return { expr: { ...expr, expr: inner.expr }, type: 'matrix' };
      }
      case 'paren': {
        const inner = this.check(expr.expr);
        return { expr: { ...expr, expr: inner.expr }, type: inner.type };
      }
      case 'unary': {
        const inner = this.check(expr.expr);
        if (inner.type !== 'scalar' && inner.type !== 'vector')
          this.report(
            expr,
            `unary expression only allowed on expressions of type scalar or instant vector, got ${quoteGo(documentedType(inner.type))}`,
          );
        return { expr: { ...expr, expr: inner.expr }, type: inner.type };
      }
      case 'binary':
        return this.binary(expr);
      case 'aggregate':
        return this.aggregate(expr);
      case 'call':
        return this.call(expr);
      default:
        return assertNever(expr);
    }
  }

  private report(range: TextRange, message: string): void {
    this.problems.push({ from: range.from, to: range.to, message });
  }

  private expect(expr: Expr, wanted: ValueType, context: string): Expr {
    const checked = this.check(expr);
    if (checked.type !== wanted)
      this.report(expr, `expected type ${documentedType(wanted)} in ${context}, got ${documentedType(checked.type)}`);
    return checked.expr;
  }

  private selector(selector: VectorSelector, mayBeEmpty = false): void {
    const { name, matchers } = selector;
    if (name !== '') {
      // The name before the braces is the last of the conditions.
      for (const matcher of matchers.slice(0, -1))
        if (matcher.name === METRIC_NAME)
          this.report(selector, `metric name must not be set twice: ${quoteGo(name)} or ${quoteGo(matcher.value)}`);
      return;
    }
    if (mayBeEmpty || matchers.some((matcher) => !compileMatcher(matcher).matches(''))) return;
    this.report(selector, 'vector selector must contain at least one non-empty matcher');
  }

  private aggregate(expr: AggregateExpr): Checked {
    const operand = this.expect(expr.expr, 'vector', 'aggregation expression');
    if (expr.param === null) return { expr: { ...expr, expr: operand }, type: 'vector' };
    const wanted = expr.op === 'count_values' ? 'string' : 'scalar';
    const param = this.expect(expr.param, wanted, 'aggregation parameter');
    return { expr: { ...expr, expr: operand, param }, type: 'vector' };
  }

  private binary(expr: BinaryExpr): Checked {
    const left = this.check(expr.left);
    const right = this.check(expr.right);
    const { op } = expr;
    const scalars = left.type === 'scalar' && right.type === 'scalar';
    if (expr.bool && !isComparisonOp(op))
      this.report(this.operatorRange(expr), 'bool modifier can only be used on comparison operators');
    if (isComparisonOp(op) && !expr.bool && scalars)
      this.report(this.operatorRange(expr), 'comparisons between scalars must use BOOL modifier');
    let matching = expr.matching as VectorMatching;
    if (isSetOp(op) && matching.card === 'one-to-one') matching = { ...matching, card: 'many-to-many' };
    if (matching.on)
      for (const label of matching.labels)
        for (const included of matching.include)
          if (label === included)
            this.report(
              this.operatorRange(expr),
              `label ${quoteGo(label)} must not occur in ON and GROUP clause at once`,
            );
    for (const [side, { type }] of [
      [expr.left, left],
      [expr.right, right],
    ] as const)
      if (type !== 'scalar' && type !== 'vector')
        this.report(side, 'binary expression must contain only scalar and instant vector types');
    const fills = matching.fillLeft !== null || matching.fillRight !== null;
    const vectors = left.type === 'vector' && right.type === 'vector';
    if (!vectors) {
      if (matching.labels.length > 0) this.report(expr, 'vector matching only allowed between instant vectors');
      if (fills) this.report(expr, 'filling in missing series only allowed between instant vectors');
    } else if (isSetOp(op)) {
      if (matching.card === 'one-to-many' || matching.card === 'many-to-one')
        this.report(expr, `no grouping allowed for ${quoteGo(op)} operation`);
      if (matching.card !== 'many-to-many') this.report(expr, 'set operations must always be many-to-many');
      if (fills) this.report(expr, 'filling in missing series not allowed for set operators');
    }
    if ((left.type === 'scalar' || right.type === 'scalar') && isSetOp(op))
      this.report(expr, `set operator ${quoteGo(op)} not allowed in binary scalar expression`);
    return {
      expr: { ...expr, left: left.expr, right: right.expr, matching: vectors ? matching : null },
      type: scalars ? 'scalar' : 'vector',
    };
  }

  /** From the first character after the left operand to the last one before the right, blanks left out. */
  private operatorRange(expr: BinaryExpr): TextRange {
    const blank = (at: number): boolean => /^[ \t\n\r]$/.test(this.text.charAt(at));
    let from = expr.left.to;
    while (blank(from)) from++;
    // The position of the last character, as in the original, not the one after it.
    let to = expr.right.from - 1;
    while (blank(to)) to--;
    return { from, to };
  }

  private call(expr: CallExpr): Checked {
    const signature = functionNamed(expr.func) as FunctionSignature;
    this.argumentCount(expr, signature);
    let selectorArg: Expr | null = null;
    if (expr.func === 'info' && expr.args.length > 1) {
      selectorArg = expr.args[1];
      this.infoSelector(expr, selectorArg);
    }
    const args = expr.args.map((arg, i) => {
      if (i >= signature.args.length && signature.variadic === 0) return arg;
      const wanted = signature.args[Math.min(i, signature.args.length - 1)];
      if (arg === selectorArg && arg.kind === 'selector') {
        this.selector(arg, true);
        return arg;
      }
      const checked = this.check(arg);
      if (checked.type !== wanted)
        this.report(
          arg,
          `expected type ${documentedType(wanted)} in call to function ${quoteGo(expr.func)}, got ${documentedType(checked.type)}`,
        );
      return checked.expr;
    });
    return { expr: { ...expr, args }, type: signature.returns };
  }

  private argumentCount(expr: CallExpr, signature: FunctionSignature): void {
    const given = expr.args.length;
    const known = signature.args.length;
    const name = quoteGo(expr.func);
    if (signature.variadic === 0) {
      if (given !== known) this.report(expr, `expected ${known} argument(s) in call to ${name}, got ${given}`);
      return;
    }
    const least = known - 1;
    const most = least + signature.variadic;
    if (given < least) this.report(expr, `expected at least ${least} argument(s) in call to ${name}, got ${given}`);
    else if (signature.variadic > 0 && given > most)
      this.report(expr, `expected at most ${most} argument(s) in call to ${name}, got ${given}`);
  }

  private infoSelector(call: CallExpr, arg: Expr): void {
    const type = typeOf(arg);
    if (type !== 'vector')
      this.report(
        call,
        `expected type ${documentedType('vector')} in call to function ${quoteGo(call.func)}, got ${documentedType(type)}`,
      );
    if (arg.kind !== 'selector') this.report(arg, 'expected label selectors only');
    else if (arg.name !== '') this.report(arg, 'expected label selectors only, got vector selector instead');
  }
}
