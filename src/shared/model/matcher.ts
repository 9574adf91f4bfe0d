import { compileAnchored, type AnchoredRegex } from './regex.ts';
import { getLabel, type Labels } from './labels.ts';

export type MatchType = '=' | '!=' | '=~' | '!~';

/** One condition on a label, as data. A label that a series lacks has the value `''`. */
export interface Matcher {
  readonly name: string;
  readonly type: MatchType;
  readonly value: string;
}

/** A matcher made ready for use. */
export interface CompiledMatcher extends Matcher {
  /** The compiled expression of `=~` and `!~`, else null. */
  readonly regex: AnchoredRegex | null;
  matches(value: string): boolean;
}

/** @throws RegexError when a `=~` or `!~` value is not valid RE2 */
export function compileMatcher(matcher: Matcher): CompiledMatcher {
  const { name, type, value } = matcher;
  switch (type) {
    case '=':
      return { name, type, value, regex: null, matches: (text) => text === value };
    case '!=':
      return { name, type, value, regex: null, matches: (text) => text !== value };
    case '=~': {
      const regex = compileAnchored(value);
      return { name, type, value, regex, matches: (text) => regex.test(text) };
    }
    case '!~': {
      const regex = compileAnchored(value);
      return { name, type, value, regex, matches: (text) => !regex.test(text) };
    }
  }
}

/** Whether the series satisfies all matchers. */
export function matchesAll(matchers: readonly CompiledMatcher[], labels: Labels): boolean {
  return matchers.every((matcher) => matcher.matches(getLabel(labels, matcher.name)));
}
