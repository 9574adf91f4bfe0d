import {
  assertNever,
  compareUtf8,
  formatDuration,
  formatG,
  formatPlain,
  isLegacyLabelName,
  METRIC_NAME,
  quoteGo,
  type Matcher,
  type Millis,
} from '#shared/model/index.ts';
import {
  PARAM_AGGREGATES,
  type AggregateExpr,
  type AtModifier,
  type BinaryExpr,
  type DurationExpr,
  type DurationNode,
  type Expr,
  type MatrixSelector,
  type NumberLiteral,
  type SubqueryExpr,
  type TimeModifiers,
  type VectorSelector,
} from './ast.ts';

/** The expression on one line in canonical form; parsing it gives the same tree. */
export function print(expr: Expr): string {
  switch (expr.kind) {
    case 'number':
      return printNumber(expr);
    case 'string':
      return quoteGo(expr.value);
    case 'selector':
      return printSelector(expr);
    case 'matrix':
      return printMatrix(expr);
    case 'subquery':
      return print(expr.expr) + subquerySuffix(expr);
    case 'unary':
      return expr.op + print(expr.expr);
    case 'binary':
      return `${print(expr.left)} ${operatorText(expr)} ${print(expr.right)}`;
    case 'aggregate': {
      const param = PARAM_AGGREGATES.has(expr.op) && expr.param !== null ? `${print(expr.param)}, ` : '';
      return `${aggregateHead(expr)}(${param}${print(expr.expr)})`;
    }
    case 'call':
      return `${expr.func}(${expr.args.map(print).join(', ')})`;
    case 'paren':
      return `(${print(expr.expr)})`;
    default:
      return assertNever(expr);
  }
}

function printNumber(literal: NumberLiteral): string {
  return literal.duration ? signedDuration(Math.trunc(literal.value * 1000)) : formatPlain(literal.value);
}

function signedDuration(millis: Millis): string {
  return millis < 0 ? `-${formatDuration(-millis)}` : formatDuration(millis);
}

function labelName(name: string): string {
  return isLegacyLabelName(name) ? name : quoteGo(name);
}

export function printMatcher(matcher: Matcher): string {
  return labelName(matcher.name) + matcher.type + quoteGo(matcher.value);
}

/** Name and conditions, without modifiers. The condition that the name before the braces makes is not repeated. */
function selectorHead({ name, matchers }: VectorSelector): string {
  const shown = matchers.filter(
    (matcher) => !(matcher.name === METRIC_NAME && matcher.type === '=' && matcher.value === name && name !== ''),
  );
  const conditions = shown.map(printMatcher).sort(compareUtf8);
  return conditions.length === 0 ? name : `${name}{${conditions.join(',')}}`;
}

function at(modifier: AtModifier | null): string {
  if (modifier === null) return '';
  return modifier.type === 'time' ? ` @ ${(modifier.time / 1000).toFixed(3)}` : ` @ ${modifier.type}()`;
}

function offset({ offset: millis, offsetExpr }: TimeModifiers): string {
  if (offsetExpr !== null) return ` offset ${printDuration(offsetExpr)}`;
  return millis === 0 ? '' : ` offset ${signedDuration(millis)}`;
}

function mode(selector: VectorSelector): string {
  return selector.mode === 'plain' ? '' : ` ${selector.mode}`;
}

function printSelector(selector: VectorSelector): string {
  return selectorHead(selector) + at(selector.at) + mode(selector) + offset(selector);
}

function durationText(millis: Millis, expr: DurationExpr | null): string {
  return expr === null ? formatDuration(millis) : printDuration(expr);
}

function printMatrix({ selector, range, rangeExpr }: MatrixSelector): string {
  const brackets = `[${durationText(range, rangeExpr)}]`;
  return selectorHead(selector) + brackets + mode(selector) + at(selector.at) + offset(selector);
}

/** What stands after a subquery's expression. */
export function subquerySuffix(expr: SubqueryExpr): string {
  const step = expr.step === 0 && expr.stepExpr === null ? '' : durationText(expr.step, expr.stepExpr);
  return `[${durationText(expr.range, expr.rangeExpr)}:${step}]${at(expr.at)}${offset(expr)}`;
}

/** The operator with `bool` and everything about matching. */
export function operatorText({ op, bool, matching }: BinaryExpr): string {
  let text = bool ? `${op} bool` : op;
  if (matching === null) return text;
  const grouped = matching.card === 'many-to-one' || matching.card === 'one-to-many';
  if (matching.on || matching.labels.length > 0 || grouped)
    text += ` ${matching.on ? 'on' : 'ignoring'} (${matching.labels.map(labelName).join(', ')})`;
  if (grouped) {
    const side = matching.card === 'many-to-one' ? 'left' : 'right';
    text += ` group_${side} (${matching.include.map(labelName).join(', ')})`;
  }
  const { fillLeft, fillRight } = matching;
  if (fillLeft !== null && fillLeft === fillRight) return `${text} fill (${formatG(fillLeft)})`;
  if (fillLeft !== null) text += ` fill_left (${formatG(fillLeft)})`;
  if (fillRight !== null) text += ` fill_right (${formatG(fillRight)})`;
  return text;
}

/** The aggregation's name and grouping, up to its opening parenthesis. */
export function aggregateHead({ op, without, grouping }: AggregateExpr): string {
  if (!without && grouping.length === 0) return op;
  return `${op} ${without ? 'without' : 'by'} (${grouping.map(labelName).join(', ')}) `;
}

export function printDuration(node: DurationNode): string {
  const text = durationBody(node);
  return node.kind !== 'number' && node.wrapped ? `(${text})` : text;
}

function durationBody(node: DurationNode): string {
  switch (node.kind) {
    case 'number':
      return printNumber(node);
    case 'duration-query':
      return `${node.of}()`;
    case 'duration-unary':
      return (node.op === '-' ? '-' : '') + printDuration(node.operand);
    case 'duration-binary': {
      const left = printDuration(node.left);
      const right = printDuration(node.right);
      const call = node.op === 'min_of' || node.op === 'max_of';
      return call ? `${node.op}(${left}, ${right})` : `${left} ${node.op} ${right}`;
    }
    default:
      return assertNever(node);
  }
}
