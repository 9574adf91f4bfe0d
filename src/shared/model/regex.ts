import { RE2JS } from 're2js';

/** A regular expression of Prometheus: RE2 syntax, anchored at both ends, `.` matches newlines too. */
export interface AnchoredRegex {
  readonly pattern: string;
  /** The values it can match when it is nothing but alternatives of literals (`a|b|c`), else null. */
  readonly literals: readonly string[] | null;
  test(text: string): boolean;
  /** Replaces `$1`, `${name}` in `template` by the groups of the match; null when `text` does not match. */
  expand(text: string, template: string): string | null;
}

/** The pattern is not valid RE2; `message` says why. */
export class RegexError extends Error {
  override readonly name = 'RegexError';
  readonly pattern: string;
  constructor(pattern: string, message: string) {
    super(message);
    this.pattern = pattern;
  }
}

const META = /[\\^$.*+?()[\]{}|]/;

function literalAlternatives(pattern: string): readonly string[] | null {
  const parts = pattern.split('|');
  return parts.every((part) => !META.test(part)) ? parts : null;
}

/**
 * Go's template expansion: `$name` takes the longest run of letters, digits and `_`; `$$` is a dollar sign;
 * an unknown or malformed reference is empty or kept as written, as in Go.
 */
function expandTemplate(template: string, group: (name: string) => string): string {
  return template.replace(/\$(?:\$|\{(\w+)\}|(\w+))/g, (whole, braced?: string, bare?: string) =>
    whole === '$$' ? '$' : group((braced ?? bare) as string),
  );
}

/**
 * Compiles a Prometheus regular expression. Matching takes time linear in the text: RE2 decides, and plain
 * string comparison stands in where the pattern is only alternatives of literals.
 * @throws RegexError when the pattern is not valid RE2 syntax
 */
export function compileAnchored(pattern: string): AnchoredRegex {
  const literals = literalAlternatives(pattern);
  let compiled: RE2JS | null = null;
  const regex = (): RE2JS => {
    if (compiled === null) {
      try {
        compiled = RE2JS.compile(`^(?s:${pattern})$`);
      } catch (error) {
        throw new RegexError(pattern, error instanceof Error ? error.message : String(error));
      }
    }
    return compiled;
  };
  let test: (text: string) => boolean;
  if (literals !== null) {
    const set = new Set(literals);
    test = (text) => set.has(text);
  } else if (pattern === '.*') test = () => true;
  else if (pattern === '.+') test = (text) => text !== '';
  else {
    const re = regex();
    test = (text) => re.matcher(text).find();
  }
  return {
    pattern,
    literals,
    test,
    expand(text, template) {
      const re = regex();
      const matcher = re.matcher(text);
      if (!matcher.find()) return null;
      return expandTemplate(template, (name) => {
        if (/^\d+$/.test(name)) {
          const index = Number(name);
          return index <= matcher.groupCount() ? (matcher.group(index) ?? '') : '';
        }
        return Object.hasOwn(re.namedGroups(), name) ? (matcher.group(name) ?? '') : '';
      });
    },
  };
}
