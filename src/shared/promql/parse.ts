import type { Matcher } from '#shared/model/index.ts';
import type { Expr } from './ast.ts';
import { checkTypes } from './types.ts';
import { PromqlParseError } from './errors.ts';
import { ExpressionParser } from './parse-expression.ts';
import { Lexer } from './lexer.ts';
import { DEFAULT_PARSER_OPTIONS, type ParserOptions } from './options.ts';
import { TokenStream } from './token-stream.ts';

const TOO_DEEP = 'expression is nested too deeply';

/**
 * Parses and type-checks an expression.
 * @throws PromqlParseError with every problem that was found
 */
export function parseExpr(text: string, options: ParserOptions = DEFAULT_PARSER_OPTIONS): Expr {
  return guarded(text, () => {
    const tokens = new TokenStream(new Lexer(text));
    const expr = tokens.run(() => new ExpressionParser(tokens, options).whole());
    if (expr === null || tokens.problems.length > 0) throw new PromqlParseError(text, tokens.problems);
    const checked = checkTypes(expr, text);
    if (checked.problems.length > 0) throw new PromqlParseError(text, checked.problems);
    return checked.expr;
  });
}

/**
 * Parses a series selector as in `match[]`: `up`, `{job="x"}`, without range and modifiers. As in the original, it
 * may match everything; `selectsAll` tells.
 * @throws PromqlParseError
 */
export function parseSelector(text: string): readonly Matcher[] {
  return guarded(text, () => {
    const tokens = new TokenStream(new Lexer(text));
    const parser = new ExpressionParser(tokens, DEFAULT_PARSER_OPTIONS);
    const selector = tokens.run(() => parser.wholeSelector());
    if (selector === null || tokens.problems.length > 0) throw new PromqlParseError(text, tokens.problems);
    return selector.matchers;
  });
}

/** A parser that recurses has an end: texts nested beyond it are refused instead of failing in some other way. */
function guarded<T>(text: string, parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    if (error instanceof RangeError)
      throw new PromqlParseError(text, [{ message: TOO_DEEP, from: 0, to: text.length }]);
    throw error;
  }
}
