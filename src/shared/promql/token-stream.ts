import type { TextRange } from './ast.ts';
import type { ParseProblem } from './errors.ts';
import type { Lexer } from './lexer.ts';
import { describeToken, type Token } from './tokens.ts';

/** Thrown inside a parser where the grammar has no place for the next token; caught where a rule explains it. */
class Misfit extends Error {}

/** Thrown when a syntax error was reported: the rest of the text would only give errors that follow from it. */
class GivenUp extends Error {}

/**
 * Tokens with one of lookahead, read as late as possible, and the list of problems. The grammar's rules may say what
 * they expected; the innermost rule that does explains a token that does not fit.
 */
export class TokenStream {
  readonly text: string;
  readonly problems: ParseProblem[] = [];
  /** End of the last token read that can end an expression, lookahead included. */
  lastClosing = 0;
  private readonly lexer: Lexer;
  private lookahead: Token | null = null;
  /** The token read last, lookahead included. */
  last: Token = { type: 'punctuation', word: '', text: '', from: 0, to: 0 };

  constructor(lexer: Lexer) {
    this.lexer = lexer;
    this.text = lexer.input;
  }

  peek(): Token {
    if (this.lookahead === null) {
      const token = this.lexer.nextToken();
      this.lookahead = token;
      this.last = token;
      if (token.type === 'error') this.report(token, token.text);
      else if (
        token.type === 'number' ||
        token.type === 'duration' ||
        (token.type === 'punctuation' && (token.word === ')' || token.word === ']' || token.word === '}'))
      )
        this.lastClosing = token.to;
    }
    return this.lookahead;
  }

  take(): Token {
    const token = this.peek();
    this.lookahead = null;
    return token;
  }

  /** Whether the next token is this operator, keyword or punctuation. */
  at(word: string): boolean {
    const token = this.peek();
    return token.word === word && token.type !== 'string' && token.type !== 'identifier';
  }

  /** Takes the next token if it is this one. */
  accept(word: string): Token | null {
    return this.at(word) ? this.take() : null;
  }

  expect(word: string): Token {
    return this.accept(word) ?? this.misfit();
  }

  /** The next token fits no rule here. */
  misfit(): never {
    throw new Misfit();
  }

  report(range: TextRange, message: string): void {
    this.problems.push({ from: range.from, to: range.to, message });
  }

  /** Reports the next token as unexpected; an error of the lexer was reported before and is not told twice. */
  unexpected(context: string, expected: string): void {
    const token = this.peek();
    if (token.type === 'error') return;
    let message = `unexpected ${describeToken(token)}`;
    if (context !== '') message += ` in ${context}`;
    if (expected !== '') message += `, expected ${expected}`;
    this.report(token, message);
  }

  /** Runs a rule that explains tokens which do not fit, unless a rule inside it did. `then` may add problems. */
  explain<T>(context: string, expected: string, rule: () => T, then?: () => void): T {
    try {
      return rule();
    } catch (error) {
      if (!(error instanceof Misfit)) throw error;
      this.unexpected(context, expected);
      then?.();
      throw new GivenUp();
    }
  }

  /** Runs the topmost rule; null after a syntax error, which is then among the problems. */
  run<T>(rule: () => T): T | null {
    try {
      return this.explain('', '', rule);
    } catch (error) {
      if (error instanceof GivenUp) return null;
      throw error;
    }
  }
}
