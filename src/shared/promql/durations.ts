import { assertNever, type Millis } from '#shared/model/index.ts';
import type { DurationExpr, DurationNode, Expr, TextRange, TimeModifiers } from './ast.ts';
import { transform } from './walk.ts';

/** What `step()` and `range()` of a duration stand for; both 0 in an instant query. */
export interface QueryTimes {
  readonly step: Millis;
  readonly range: Millis;
}

/** A computed duration has no value that can be used. `message` is that of the original, position included. */
export class DurationError extends Error {
  override readonly name = 'DurationError';
  readonly from: number;
  readonly to: number;
  constructor(range: TextRange, message: string) {
    super(`${range.from}:${range.to}: ${message}`);
    this.from = range.from;
    this.to = range.to;
  }
}

/** Largest number of seconds that fits 63 bits of nanoseconds. */
const MAX_SECONDS = 2 ** 63 / 1e9;

/**
 * The tree with all computed durations filled in as milliseconds; their expressions stay for printing.
 * @throws DurationError where a range or step is not above zero, or a duration is no number
 */
export function resolveDurations(expr: Expr, times: QueryTimes): Expr {
  const modifiers = (node: TimeModifiers): Pick<TimeModifiers, 'offset'> => ({
    offset: node.offsetExpr === null ? node.offset : millisOf(node.offsetExpr, times, true),
  });
  const positive = (millis: Millis, node: DurationExpr | null): Millis =>
    node === null ? millis : millisOf(node, times, false);
  return transform(expr, (node) => {
    switch (node.kind) {
      case 'selector':
        return node.offsetExpr === null ? node : { ...node, ...modifiers(node) };
      case 'matrix':
        return node.rangeExpr === null ? node : { ...node, range: positive(node.range, node.rangeExpr) };
      case 'subquery':
        return {
          ...node,
          ...modifiers(node),
          step: positive(node.step, node.stepExpr),
          range: positive(node.range, node.rangeExpr),
        };
      case 'number':
      case 'string':
      case 'unary':
      case 'binary':
      case 'aggregate':
      case 'call':
      case 'paren':
        return node;
      default:
        return assertNever(node);
    }
  });
}

function millisOf(node: DurationExpr, times: QueryTimes, mayBeNegative: boolean): Millis {
  const seconds = evaluate(node, times);
  if (!Number.isFinite(seconds)) throw new DurationError(node, 'duration is NaN or infinite');
  if (seconds <= 0 && !mayBeNegative) throw new DurationError(node, 'duration must be greater than 0');
  if (Math.abs(seconds) > MAX_SECONDS) throw new DurationError(node, 'duration is out of range');
  return Math.trunc(seconds * 1000) + 0;
}

function evaluate(node: DurationNode, times: QueryTimes): number {
  switch (node.kind) {
    case 'number':
      return node.value;
    case 'duration-query':
      return (node.of === 'step' ? times.step : times.range) / 1000;
    case 'duration-unary': {
      const value = evaluate(node.operand, times);
      return node.op === '-' ? -value : value;
    }
    case 'duration-binary': {
      const left = evaluate(node.left, times);
      const right = evaluate(node.right, times);
      switch (node.op) {
        case '+':
          return left + right;
        case '-':
          return left - right;
        case '*':
          return left * right;
        case '/':
          if (right === 0) throw new DurationError(node, 'division by zero');
          return left / right;
        case '%':
          if (right === 0) throw new DurationError(node, 'modulo by zero');
          return left % right;
        case '^':
          return left ** right;
        case 'min_of':
          return Math.min(left, right);
        case 'max_of':
          return Math.max(left, right);
        default:
          return assertNever(node);
      }
    }
    default:
      return assertNever(node);
  }
}
