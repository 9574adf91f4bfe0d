import { compileMatcher, METRIC_NAME, quoteGo, RegexError, type Matcher, type MatchType } from '#shared/model/index.ts';
import type { TextRange } from './ast.ts';
import { unquote } from './literals.ts';
import type { TokenStream } from './token-stream.ts';
import { canBeLabelName, type Token } from './tokens.ts';

const MATCH_TYPES: ReadonlySet<string> = new Set<MatchType>(['=', '!=', '=~', '!~']);

/** The text of a string token; a bad one is reported and reads as empty. */
export function stringValue(tokens: TokenStream, token: Token): string {
  const value = unquote(token.text);
  if (value === null) tokens.report(tokens.last, `error unquoting string ${quoteGo(token.text)}: invalid syntax`);
  return value ?? '';
}

/** `{a="b", "c.d"=~"e", "name"}`, the opening brace being next. */
export function parseMatchers(tokens: TokenStream): { matchers: Matcher[]; range: TextRange } {
  const open = tokens.expect('{');
  const matchers: Matcher[] = [];
  let close = tokens.accept('}');
  while (close === null) {
    parseMatcher(tokens, matchers);
    close = tokens.explain('label matching', '"," or "}"', () => tokens.accept('}') ?? (tokens.expect(','), null));
    close ??= tokens.accept('}');
  }
  return { matchers, range: { from: open.from, to: close.to } };
}

function parseMatcher(tokens: TokenStream, matchers: Matcher[]): void {
  const first = tokens.explain('label matching', 'identifier or "}"', () => {
    const { type } = tokens.peek();
    return type === 'identifier' || type === 'string' ? tokens.take() : tokens.misfit();
  });
  if (first.type === 'string') {
    const name = stringValue(tokens, first);
    if (MATCH_TYPES.has(tokens.peek().word)) matchers.push(...matcher(tokens, first, name));
    else matchers.push({ name: METRIC_NAME, type: '=', value: name });
    return;
  }
  tokens.explain('label matching', 'label matching operator', () => {
    if (!MATCH_TYPES.has(tokens.peek().word)) tokens.misfit();
  });
  matchers.push(...matcher(tokens, first, first.text));
}

/** Operator and value of a condition; none when its regular expression is bad. */
function matcher(tokens: TokenStream, label: Token, name: string): Matcher[] {
  const type = tokens.take().word as MatchType;
  const literal = tokens.explain('label matching', 'string', () =>
    tokens.peek().type === 'string' ? tokens.take() : tokens.misfit(),
  );
  const made: Matcher = { name, type, value: stringValue(tokens, literal) };
  try {
    compileMatcher(made);
    return [made];
  } catch (error) {
    if (!(error instanceof RegexError)) throw error;
    tokens.report({ from: label.from, to: literal.to }, error.message);
    return [];
  }
}

/** The label names of `by (...)`, `on (...)`, `group_left (...)`. */
export function parseGroupingLabels(tokens: TokenStream): string[] {
  tokens.explain('grouping opts', '"("', () => tokens.expect('('));
  const labels: string[] = [];
  if (tokens.accept(')') !== null) return labels;
  for (;;) {
    labels.push(parseGroupingLabel(tokens));
    const closed = tokens.explain(
      'grouping opts',
      '"," or ")"',
      () => tokens.accept(')') ?? (tokens.expect(','), null),
    );
    if (closed !== null || tokens.accept(')') !== null) return labels;
  }
}

function parseGroupingLabel(tokens: TokenStream): string {
  return tokens.explain('grouping opts', 'label', () => {
    const token = tokens.peek();
    if (token.type !== 'string' && !canBeLabelName(token)) tokens.misfit();
    tokens.take();
    const label = token.type === 'string' ? stringValue(tokens, token) : token.text;
    if (label === '' || !label.isWellFormed())
      tokens.report(token, `invalid label name for grouping: ${quoteGo(label)}`);
    return label;
  });
}
