import type { DurationExpr, DurationNode, NumberLiteral, TextRange } from './ast.ts';
import { parseDurationSeconds, parseNumber } from './literals.ts';
import type { TokenStream } from './token-stream.ts';
import { DURATION_WORDS, type Token } from './tokens.ts';

/** Largest number of seconds that fits 63 bits of nanoseconds. */
const MAX_SECONDS = 2 ** 63 / 1e9;

const PRECEDENCE: Readonly<Record<string, number>> = { '+': 1, '-': 1, '*': 2, '/': 2, '%': 2, '^': 3 };
const UNARY_PRECEDENCE = 2;

/** Reads durations inside brackets and after `offset`. */
export class DurationParser {
  private readonly tokens: TokenStream;
  private readonly enabled: boolean;

  /** @param enabled whether durations may be computed, not just written */
  constructor(tokens: TokenStream, enabled: boolean) {
    this.tokens = tokens;
    this.enabled = enabled;
  }

  /** A range or step: the full grammar, greater than zero. */
  positive(): DurationNode {
    const node = this.expression(0);
    if (node.kind === 'number' && node.value <= 0) this.tokens.report(node, 'duration must be greater than 0');
    return node;
  }

  /** After `offset`, where an operator belongs to the expression around unless it is inside parentheses. */
  offset(): DurationNode {
    const { tokens } = this;
    const sign = this.sign();
    if (sign === null) {
      const token = tokens.peek();
      if (isNumber(token)) return this.inRange(this.literal());
      if (DURATION_WORDS.has(token.word) && token.type === 'preprocessor') return this.enabledOnly(this.query());
      return this.expression(0);
    }
    const token = tokens.peek();
    if (isNumber(token)) return this.signedLiteral(sign, this.literal());
    if (DURATION_WORDS.has(token.word) && token.type === 'preprocessor') {
      const operand = this.enabledOnly(this.query());
      return this.applySign(sign, operand);
    }
    if (tokens.accept('(') !== null) {
      const inner = this.expression(0);
      tokens.expect(')');
      return this.applySign(sign, wrap(inner, inner));
    }
    return this.binary(this.applySign(sign, this.expression(UNARY_PRECEDENCE + 1)), 0);
  }

  /** A number or duration as a literal. */
  literal(): NumberLiteral {
    const token = this.tokens.take();
    const duration = token.type === 'duration';
    const parsed = duration ? parseDurationSeconds(token.text) : parseNumber(token.text);
    if (!parsed.ok) this.tokens.report(token, parsed.message);
    return { kind: 'number', value: parsed.ok ? parsed.value : 0, duration, from: token.from, to: token.to };
  }

  private sign(): Token | null {
    return this.tokens.accept('+') ?? this.tokens.accept('-');
  }

  private expression(minPrecedence: number): DurationNode {
    return this.binary(this.operand(), minPrecedence);
  }

  private binary(first: DurationNode, minPrecedence: number): DurationNode {
    const { tokens } = this;
    let left = first;
    for (;;) {
      const op = tokens.peek();
      const precedence = op.type === 'operator' ? (PRECEDENCE[op.word] ?? 0) : 0;
      if (precedence === 0 || precedence < minPrecedence) return left;
      tokens.take();
      const right = this.expression(op.word === '^' ? precedence : precedence + 1);
      left = this.combine(left, op, right);
    }
  }

  private combine(left: DurationNode, op: Token, right: DurationNode): DurationNode {
    this.enabledOnly(left);
    if ((op.word === '/' || op.word === '%') && right.kind === 'number' && right.value === 0) {
      this.tokens.report(op, op.word === '/' ? 'division by zero' : 'modulo by zero');
      return { kind: 'number', value: 0, duration: false, from: 0, to: 0 };
    }
    const word = op.word as '+' | '-' | '*' | '/' | '%' | '^';
    return { kind: 'duration-binary', op: word, left, right, wrapped: false, from: left.from, to: right.to };
  }

  private operand(): DurationNode {
    const { tokens } = this;
    const sign = this.sign();
    if (sign !== null) return this.applySign(sign, this.expression(UNARY_PRECEDENCE + 1));
    const token = tokens.peek();
    if (isNumber(token)) return this.inRange(this.literal());
    if (token.type === 'preprocessor' && DURATION_WORDS.has(token.word)) return this.enabledOnly(this.query());
    const open = tokens.expect('(');
    const inner = this.expression(0);
    tokens.expect(')');
    this.enabledOnly(inner);
    return wrap(inner, span(open, inner));
  }

  /** `step()`, `range()`, `min_of(a, b)`, `max_of(a, b)`. */
  private query(): DurationExpr {
    const { tokens } = this;
    const name = tokens.take();
    tokens.expect('(');
    if (name.word === 'step' || name.word === 'range') {
      const close = tokens.expect(')');
      return { kind: 'duration-query', of: name.word, wrapped: false, ...span(name, close) };
    }
    const left = this.expression(0);
    tokens.expect(',');
    const right = this.expression(0);
    tokens.expect(')');
    const op = name.word === 'min_of' ? 'min_of' : 'max_of';
    // The original places it at its arguments.
    return { kind: 'duration-binary', op, left, right, wrapped: false, ...span(left, right) };
  }

  private applySign(sign: Token, node: DurationNode): DurationNode {
    if (node.kind === 'number') return this.signedLiteral(sign, node);
    if (sign.word === '+') return node;
    return { kind: 'duration-unary', op: '-', operand: node, wrapped: false, from: sign.from, to: node.to };
  }

  private signedLiteral(sign: Token, literal: NumberLiteral): NumberLiteral {
    const value = sign.word === '-' ? -literal.value : literal.value;
    return this.inRange({ ...literal, value, from: sign.from }, sign);
  }

  private inRange(literal: NumberLiteral, where: TextRange = literal): NumberLiteral {
    if (literal.value <= MAX_SECONDS && literal.value >= -MAX_SECONDS) return literal;
    // NaN passes in neither comparison, but is no overflow.
    if (Number.isNaN(literal.value)) return literal;
    this.tokens.report(where, 'duration out of range');
    return { ...literal, value: 0 };
  }

  private enabledOnly<T extends DurationNode>(node: T): T {
    if (!this.enabled) this.tokens.report(node, 'experimental duration expression is not enabled');
    return node;
  }
}

function isNumber(token: Token): boolean {
  return token.type === 'number' || token.type === 'duration';
}

function span(first: TextRange, last: TextRange): TextRange {
  return { from: first.from, to: last.to };
}

/** A number has no mark for its parentheses, so it gets a plus sign that is not printed. */
function wrap(node: DurationNode, range: TextRange): DurationExpr {
  if (node.kind !== 'number') return { ...node, wrapped: true };
  const { from, to } = range;
  return { kind: 'duration-unary', op: '+', operand: node, wrapped: true, from, to };
}
