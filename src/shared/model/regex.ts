import { RE2JS } from 're2js';
import { regexCost, stepsFor } from './regex-cost.ts';
import { globTest, literalsOf } from './regex-shapes.ts';
import { parsePlainRegex, regexSource, type RegexNode, type RegexTree } from './regex-syntax.ts';
import { expandTemplate, parseTemplate, type TemplatePart } from './regex-template.ts';

/** A regular expression of Prometheus: RE2 syntax, anchored at both ends, `.` matches newlines too. */
export interface AnchoredRegex {
  readonly pattern: string;
  /** All values it can match when they are few (`a|b|c`, `node[12]`), else null. */
  readonly literals: readonly string[] | null;
  test(text: string): boolean;
  /** Replaces `$1`, `${name}` in `template` by the groups of the match; null when `text` does not match. */
  expand(text: string, template: string): string | null;
}

/** The pattern is not valid RE2; `message` says why, in Go's words. */
export class RegexError extends Error {
  override readonly name = 'RegexError';
  readonly pattern: string;
  constructor(pattern: string, message: string) {
    super(message);
    this.pattern = pattern;
  }
}

/** Patterns compiled last, which the same queries and relabel rules ask for again. */
const compiled = new Map<string, AnchoredRegex>();
const MAX_COMPILED = 1000;

/**
 * Compiles a Prometheus regular expression. Matching takes time linear in the text: RE2 decides, and plain
 * searching or a JavaScript expression stands in where that is as safe.
 * @throws RegexError when the pattern is not valid RE2 syntax
 */
export function compileAnchored(pattern: string): AnchoredRegex {
  let regex = compiled.get(pattern);
  if (regex === undefined) {
    regex = compile(pattern);
    const [oldest] = compiled.keys();
    if (compiled.size >= MAX_COMPILED) compiled.delete(oldest);
  } else compiled.delete(pattern);
  compiled.set(pattern, regex);
  return regex;
}

/** As `compileAnchored`, by RE2 alone: slower, and the measure of the faster ways. */
export function compileAnchoredByRe2(pattern: string): AnchoredRegex {
  const engine = new Re2(pattern);
  return {
    pattern,
    literals: null,
    test: (text) => engine.test(text),
    expand: expander((text) => engine.groups(text), engine.names),
  };
}

function compile(pattern: string): AnchoredRegex {
  const tree = parsePlainRegex(pattern);
  if (tree === null) return compileAnchoredByRe2(pattern);
  const literals = literalsOf(tree.root);
  const matcher = new PlainMatcher(pattern, tree);
  let test: (text: string) => boolean;
  if (literals !== null) {
    const set = new Set(literals);
    test = (text) => set.has(text);
  } else test = globTest(tree.root) ?? ((text) => matcher.test(text));
  return { pattern, literals, test, expand: expander((text) => matcher.groups(text), tree.groups) };
}

type Groups = readonly (string | undefined)[] | null;

function expander(
  match: (text: string) => Groups,
  names: readonly (string | null)[],
): (text: string, template: string) => string | null {
  let lastTemplate: string | null = null;
  let parts: readonly TemplatePart[] = [];
  return (text, template) => {
    const groups = match(text);
    if (groups === null) return null;
    // The same rule has the same template each time.
    if (template !== lastTemplate) {
      parts = parseTemplate(template);
      lastTemplate = template;
    }
    return expandTemplate(parts, groups, names);
  };
}

class Re2 {
  readonly names: readonly (string | null)[];
  private readonly engine: RE2JS;

  constructor(pattern: string) {
    try {
      // By itself first: a parenthesis that closes too early must not close the one added around it.
      RE2JS.compile(pattern);
      this.engine = RE2JS.compile(`^(?s:${pattern})$`);
    } catch (error) {
      throw new RegexError(pattern, error instanceof Error ? error.message : String(error));
    }
    const names: (string | null)[] = Array.from({ length: this.engine.groupCount() }, () => null);
    for (const [name, index] of Object.entries(this.engine.namedGroups())) names[index - 1] = name;
    this.names = names;
  }

  test(text: string): boolean {
    return this.engine.test(text);
  }

  groups(text: string): Groups {
    const matcher = this.engine.matcher(text);
    if (!matcher.find()) return null;
    return Array.from({ length: this.names.length + 1 }, (_, i) => matcher.group(i) ?? undefined);
  }
}

/** Steps that a backtracking matcher may take; more is left to RE2. */
const MAX_STEPS = 20_000;

/** A plain pattern, run by JavaScript for texts where that is bounded, by RE2 for others. */
class PlainMatcher {
  private readonly pattern: string;
  private readonly source: string;
  /** Longest text that JavaScript may have; -1: none. */
  private readonly maxLength: number;
  private readonly sameGroups: boolean;
  private script: RegExp | null = null;
  private re2: Re2 | null = null;

  constructor(pattern: string, tree: RegexTree) {
    this.pattern = pattern;
    this.source = `^(?:${regexSource(tree.root)})$`;
    this.maxLength = longestText(tree.root);
    this.sameGroups = !hasRepeatedGroup(tree.root, false);
  }

  test(text: string): boolean {
    return text.length <= this.maxLength ? this.asScript().test(text) : this.asRe2().test(text);
  }

  groups(text: string): Groups {
    if (!this.sameGroups || text.length > this.maxLength) return this.asRe2().groups(text);
    return this.asScript().exec(text);
  }

  private asScript(): RegExp {
    this.script ??= new RegExp(this.source, 'u');
    return this.script;
  }

  private asRe2(): Re2 {
    this.re2 ??= new Re2(this.pattern);
    return this.re2;
  }
}

function longestText(root: RegexNode): number {
  const cost = regexCost(root);
  if (cost === null || cost.factor > MAX_STEPS) return -1;
  // Without loose loops every character is looked at a fixed number of times.
  if (cost.looseLoops === 0 && cost.factor <= 64) return Infinity;
  let length = 1;
  while (stepsFor(cost, length * 2) <= MAX_STEPS) length *= 2;
  return stepsFor(cost, length) <= MAX_STEPS ? length : -1;
}

/** JavaScript forgets what groups inside a repetition took before its last round; RE2 does not. */
function hasRepeatedGroup(node: RegexNode, repeated: boolean): boolean {
  switch (node.type) {
    case 'set':
      return false;
    case 'group':
      return repeated || hasRepeatedGroup(node.item, repeated);
    case 'sequence':
      return node.items.some((item) => hasRepeatedGroup(item, repeated));
    case 'choice':
      return node.options.some((option) => hasRepeatedGroup(option, repeated));
    case 'repeat':
      return hasRepeatedGroup(node.item, repeated || node.max > 1);
  }
}
