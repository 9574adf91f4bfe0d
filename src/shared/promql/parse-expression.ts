import { METRIC_NAME } from '#shared/model/index.ts';
import {
  EXPERIMENTAL_AGGREGATES,
  PARAM_AGGREGATES,
  type AggregateExpr,
  type AggregateOp,
  type BinaryExpr,
  type BinaryOp,
  type Cardinality,
  type DurationExpr,
  type DurationNode,
  type Expr,
  type MatrixSelector,
  type SubqueryExpr,
  type TextRange,
  type VectorMatching,
  type VectorSelector,
} from './ast.ts';
import { functionNamed } from './functions.ts';
import { parseNumber, parseDurationSeconds } from './literals.ts';
import type { ParserOptions } from './options.ts';
import { DurationParser } from './parse-duration.ts';
import { parseGroupingLabels, parseMatchers, stringValue } from './parse-selector.ts';
import { applyAt, applyMode, applyOffset, durationMillis, type Draft } from './parse-modifiers.ts';
import type { TokenStream } from './token-stream.ts';
import { BINARY_PRECEDENCE, canBeMetricName, type Token } from './tokens.ts';
import { quoteGo } from '#shared/model/index.ts';

const UNARY_PRECEDENCE = BINARY_PRECEDENCE.get('*') as number;
const OFFSET_EXPECTED = 'number, duration, step(), or range()';

/** Reads whole expressions, by precedence climbing. Problems go to the token stream; trees with problems are not used. */
export class ExpressionParser {
  private readonly tokens: TokenStream;
  private readonly options: ParserOptions;
  private readonly durations: DurationParser;

  constructor(tokens: TokenStream, options: ParserOptions) {
    this.tokens = tokens;
    this.options = options;
    this.durations = new DurationParser(tokens, options.durationExpressions);
  }

  /** An expression up to the end of the text. */
  whole(): Expr | null {
    const { tokens } = this;
    if (tokens.peek().type === 'eof') {
      tokens.report({ from: 0, to: 0 }, 'no expression found in input');
      return null;
    }
    const expr = this.expression(0);
    this.end();
    return expr;
  }

  /** A vector selector without modifiers up to the end of the text. */
  wholeSelector(): VectorSelector {
    const token = this.tokens.peek();
    if (!canBeMetricName(token) && !this.tokens.at('{')) this.tokens.misfit();
    const selector = this.selector(token.word === '{' ? null : this.tokens.take());
    this.end();
    return selector;
  }

  private end(): void {
    const { type } = this.tokens.peek();
    // An error of the lexer ends the text, and is reported already.
    if (type !== 'eof' && type !== 'error') this.tokens.misfit();
  }

  private expression(minPrecedence: number): Expr {
    let left = this.postfix(this.operand());
    for (;;) {
      const op = this.tokens.peek();
      const precedence = op.type === 'operator' ? (BINARY_PRECEDENCE.get(op.word) ?? 0) : 0;
      if (precedence === 0 || precedence < minPrecedence) return left;
      this.tokens.take();
      left = this.binary(left, op, precedence);
    }
  }

  private operand(): Expr {
    const { tokens } = this;
    const token = tokens.peek();
    switch (token.type) {
      case 'number':
      case 'duration':
        return this.durations.literal();
      case 'string':
        tokens.take();
        return { kind: 'string', value: stringValue(tokens, token), from: token.from, to: token.to };
      case 'operator':
        if (token.word === '+' || token.word === '-') return this.unary(tokens.take());
        break;
      case 'punctuation':
        if (token.word === '(') return this.paren(tokens.take());
        if (token.word === '{') return this.selector(null);
        break;
      case 'identifier':
      case 'preprocessor':
        tokens.take();
        return tokens.at('(') ? this.call(token) : this.selector(token);
      case 'aggregator':
        tokens.take();
        return tokens.at('(') || tokens.at('by') || tokens.at('without') ? this.aggregate(token) : this.selector(token);
      case 'metric-identifier':
      case 'keyword':
      case 'eof':
      case 'error':
      case 'comment':
      case 'histogram-key':
      case 'histogram-hint':
        break;
    }
    if (canBeMetricName(token)) return this.selector(tokens.take());
    return tokens.misfit();
  }

  private unary(sign: Token): Expr {
    const operand = this.expression(UNARY_PRECEDENCE + 1);
    if (operand.kind === 'number')
      return { ...operand, value: sign.word === '-' ? -operand.value : operand.value, from: sign.from };
    return { kind: 'unary', op: sign.word === '-' ? '-' : '+', expr: operand, from: sign.from, to: operand.to };
  }

  private paren(open: Token): Expr {
    const expr = this.expression(0);
    const close = this.tokens.expect(')');
    return { kind: 'paren', expr, from: open.from, to: close.to };
  }

  private selector(name: Token | null): VectorSelector {
    const braces = name === null || this.tokens.at('{') ? parseMatchers(this.tokens) : null;
    const matchers = braces?.matchers ?? [];
    if (name !== null) matchers.push({ name: METRIC_NAME, type: '=', value: name.text });
    const first: TextRange = name ?? (braces as { range: TextRange }).range;
    const { to } = braces?.range ?? first;
    return {
      kind: 'selector',
      name: name?.text ?? '',
      matchers,
      mode: 'plain',
      offset: 0,
      offsetExpr: null,
      at: null,
      from: first.from,
      to,
    };
  }

  private call(name: Token): Expr {
    const args = this.args();
    const signature = functionNamed(name.text);
    if (signature === null) this.tokens.report(name, `unknown function with name ${quoteGo(name.text)}`);
    else if (signature.experimental && !this.options.experimentalFunctions)
      this.tokens.report(name, `function ${quoteGo(name.text)} is not enabled`);
    return { kind: 'call', func: name.text, args, from: name.from, to: this.tokens.lastClosing };
  }

  private args(): Expr[] {
    const { tokens } = this;
    tokens.expect('(');
    const args: Expr[] = [];
    if (tokens.accept(')') !== null) return args;
    args.push(this.expression(0));
    while (tokens.accept(')') === null) {
      const comma = tokens.expect(',');
      if (this.startsExpression()) args.push(this.expression(0));
      else tokens.report(comma, 'trailing commas not allowed in function call args');
    }
    return args;
  }

  private startsExpression(): boolean {
    const token = this.tokens.peek();
    if (token.type === 'number' || token.type === 'duration' || token.type === 'string') return true;
    return canBeMetricName(token) || ['(', '{', '+', '-'].some((word) => this.tokens.at(word));
  }

  private aggregate(name: Token): AggregateExpr {
    const { tokens } = this;
    const none = { without: false, labels: [] as string[] };
    return tokens.explain(
      'aggregation',
      '',
      () => {
        let grouping = this.grouping();
        const args = this.args();
        // The grouping may follow the arguments; looking for it may read one parenthesis too far.
        const end = tokens.lastClosing;
        let to = end;
        if (grouping === null) {
          grouping = this.grouping();
          if (grouping !== null) to = tokens.lastClosing;
        }
        return this.newAggregate(name, grouping ?? none, args, to);
      },
      () => this.newAggregate(name, none, [], tokens.lastClosing),
    );
  }

  private grouping(): { without: boolean; labels: string[] } | null {
    const { tokens } = this;
    const keyword = tokens.accept('by') ?? tokens.accept('without');
    return keyword === null ? null : { without: keyword.word === 'without', labels: parseGroupingLabels(tokens) };
  }

  private newAggregate(
    name: Token,
    grouping: { readonly without: boolean; readonly labels: readonly string[] },
    args: readonly Expr[],
    to: number,
  ): AggregateExpr {
    const op = name.word as AggregateOp;
    const range = { from: name.from, to };
    const wanted = PARAM_AGGREGATES.has(op) ? 2 : 1;
    if (args.length === 0) this.tokens.report(range, 'no arguments for aggregate expression provided');
    else if (EXPERIMENTAL_AGGREGATES.has(op) && !this.options.experimentalFunctions)
      this.tokens.report(
        range,
        `${op}() is experimental and must be enabled with --enable-feature=promql-experimental-functions`,
      );
    else if (args.length !== wanted)
      this.tokens.report(
        range,
        `wrong number of arguments for aggregate expression provided, expected ${wanted}, got ${args.length}`,
      );
    return {
      kind: 'aggregate',
      op,
      expr: args[wanted - 1],
      param: wanted === 2 ? args[0] : null,
      without: grouping.without,
      grouping: grouping.labels,
      ...range,
    };
  }

  private binary(left: Expr, op: Token, precedence: number): BinaryExpr {
    const { tokens } = this;
    const bool = tokens.accept('bool') !== null;
    const matching = this.matching();
    const right = this.expression(op.word === '^' ? precedence : precedence + 1);
    const expr: BinaryExpr = {
      kind: 'binary',
      op: op.word as BinaryOp,
      left,
      right,
      bool,
      matching,
      from: left.from,
      to: right.to,
    };
    if (!this.options.binopFillModifiers && (matching.fillLeft !== null || matching.fillRight !== null))
      tokens.report(expr, 'binop fill modifiers are experimental and not enabled');
    return expr;
  }

  private matching(): VectorMatching {
    const { tokens } = this;
    let card: Cardinality = 'one-to-one';
    let labels: string[] = [];
    let include: string[] = [];
    const keyword = tokens.accept('on') ?? tokens.accept('ignoring');
    if (keyword !== null) {
      labels = parseGroupingLabels(tokens);
      const group = tokens.accept('group_left') ?? tokens.accept('group_right');
      if (group !== null) {
        card = group.word === 'group_left' ? 'many-to-one' : 'one-to-many';
        if (tokens.at('(') || !(this.startsExpression() || this.atFill())) include = parseGroupingLabels(tokens);
      }
    }
    return { card, on: keyword?.word === 'on', labels, include, ...this.fills() };
  }

  private atFill(): boolean {
    return ['fill', 'fill_left', 'fill_right'].some((word) => this.tokens.at(word));
  }

  private fills(): { fillLeft: number | null; fillRight: number | null } {
    const { tokens } = this;
    if (tokens.accept('fill') !== null) {
      const value = this.fillValue();
      return { fillLeft: value, fillRight: value };
    }
    let fillLeft: number | null = null;
    let fillRight: number | null = null;
    if (tokens.accept('fill_left') !== null) {
      fillLeft = this.fillValue();
      if (tokens.accept('fill_right') !== null) fillRight = this.fillValue();
    } else if (tokens.accept('fill_right') !== null) {
      fillRight = this.fillValue();
      if (tokens.accept('fill_left') !== null) fillLeft = this.fillValue();
    }
    return { fillLeft, fillRight };
  }

  private fillValue(): number {
    const { tokens } = this;
    tokens.expect('(');
    const sign = tokens.accept('-') ?? tokens.accept('+');
    const { type } = tokens.peek();
    if (type !== 'number' && type !== 'duration') tokens.misfit();
    const { value } = this.durations.literal();
    tokens.expect(')');
    return sign?.word === '-' ? -value : value;
  }

  /** `offset`, `@`, ranges and modes bind tighter than any operator. */
  private postfix(operand: Expr): Expr {
    const { tokens } = this;
    let expr: Draft = operand;
    for (;;) {
      const token = tokens.peek();
      if (token.type === 'keyword' && token.word === 'offset') expr = this.offset(expr, tokens.take());
      else if (token.type === 'keyword' && (token.word === 'anchored' || token.word === 'smoothed')) {
        tokens.take();
        expr = applyMode(tokens, expr, token.word, this.options.extendedRangeSelectors);
      } else if (token.type === 'operator' && token.word === '@') expr = this.at(expr, tokens.take());
      else if (token.type === 'punctuation' && token.word === '[') expr = this.range(expr, tokens.take());
      else return expr;
    }
  }

  private offset(expr: Draft, _keyword: Token): Draft {
    const { tokens } = this;
    const duration = tokens.explain('offset', OFFSET_EXPECTED, () => this.durations.offset());
    return applyOffset(tokens, expr, duration);
  }

  private at(expr: Draft, _sign: Token): Draft {
    const { tokens } = this;
    return tokens.explain('@', 'timestamp', () => {
      const word = tokens.accept('start') ?? tokens.accept('end');
      if (word !== null) {
        tokens.expect('(');
        tokens.expect(')');
        return applyAt(tokens, expr, word.word === 'start' ? { type: 'start' } : { type: 'end' });
      }
      const sign = tokens.accept('-') ?? tokens.accept('+');
      const token = tokens.peek();
      if (token.type !== 'number' && token.type !== 'duration') return tokens.misfit();
      tokens.take();
      const parsed = token.type === 'number' ? parseNumber(token.text) : parseDurationSeconds(token.text);
      if (!parsed.ok) tokens.report(token, parsed.message);
      const seconds = parsed.ok ? parsed.value : 0;
      return applyAt(tokens, expr, { type: 'seconds', seconds: sign?.word === '-' ? -seconds : seconds });
    });
  }

  /** `[range]` and `[range:step]`. */
  private range(expr: Draft, open: Token): Draft {
    const { tokens } = this;
    const range = tokens.explain('subquery or range selector', OFFSET_EXPECTED, () => this.durations.positive());
    const next = tokens.explain('subquery or range', '":" or "]"', () => tokens.accept(']') ?? tokens.expect(':'));
    if (next.word === ']') return this.matrix(expr, range, { from: open.from, to: next.to });
    let step: DurationNode | null = null;
    let close = tokens.explain('subquery selector', `number, duration, step(), range(), or "]"`, () => {
      const end = tokens.accept(']');
      if (end === null) step = this.durations.positive();
      return end;
    });
    close ??= tokens.explain('subquery selector', '"]"', () => tokens.expect(']'));
    return newSubquery(expr, range, step, close.to);
  }

  private matrix(expr: Draft, range: DurationNode, brackets: TextRange): MatrixSelector {
    let problem: string | null = null;
    if (expr.kind !== 'selector') problem = 'ranges only allowed for vector selectors';
    else if (expr.offset !== 0 || expr.offsetExpr !== null) problem = 'no offset modifiers allowed before range';
    else if (expr.at !== null) problem = 'no @ modifiers allowed before range';
    if (problem !== null) this.tokens.report(brackets, problem);
    return {
      kind: 'matrix',
      // Anything else is reported just above, and the tree is not used then.
      selector: expr as VectorSelector,
      ...rangeOf(range),
      from: expr.from,
      to: this.tokens.lastClosing,
    };
  }
}

function rangeOf(node: DurationNode): { range: number; rangeExpr: DurationExpr | null } {
  return node.kind === 'number' ? { range: durationMillis(node), rangeExpr: null } : { range: 0, rangeExpr: node };
}

function newSubquery(expr: Expr, range: DurationNode, step: DurationNode | null, to: number): SubqueryExpr {
  const stepParts =
    step === null || step.kind === 'number'
      ? { step: step === null ? 0 : durationMillis(step), stepExpr: null }
      : { step: 0, stepExpr: step };
  return {
    kind: 'subquery',
    expr,
    ...rangeOf(range),
    ...stepParts,
    offset: 0,
    offsetExpr: null,
    at: null,
    from: expr.from,
    to,
  };
}
