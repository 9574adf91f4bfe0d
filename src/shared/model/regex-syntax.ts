import {
  ANY_CHAR,
  charSet,
  charSetSource,
  complement,
  DIGITS,
  foldCase,
  rangesOf,
  SPACES,
  WORD_CHARS,
  type CharSet,
} from './regex-charset.ts';

/** The plain part of RE2's syntax as a tree: what is beyond it is left to the RE2 engine. */
export type RegexNode =
  | { readonly type: 'set'; readonly set: CharSet }
  | { readonly type: 'sequence'; readonly items: readonly RegexNode[] }
  | { readonly type: 'choice'; readonly options: readonly RegexNode[] }
  | {
      readonly type: 'repeat';
      readonly item: RegexNode;
      readonly min: number;
      readonly max: number;
      readonly lazy: boolean;
    }
  | { readonly type: 'group'; readonly item: RegexNode };

export interface RegexTree {
  readonly root: RegexNode;
  /** Names of the capturing groups in order; null where a group has none. */
  readonly groups: readonly (string | null)[];
}

/** Thrown where a pattern uses more than the plain part. */
class NotPlain extends Error {}

const CLASSES: Readonly<Record<string, CharSet>> = {
  d: DIGITS,
  w: WORD_CHARS,
  s: SPACES,
  D: complement(DIGITS),
  W: complement(WORD_CHARS),
  S: complement(SPACES),
};
const CONTROLS: Readonly<Record<string, number>> = { n: 10, t: 9, r: 13, f: 12, v: 11, a: 7 };
const MAX_REPEAT = 1000;
const PUNCTUATION = /^[!-/:-@[-`{-~]$/;

/**
 * Reads a pattern that is to match whole texts, `.` matching newlines.
 * @returns null when it uses anything whose meaning is left to RE2, or is no valid pattern
 */
export function parsePlainRegex(pattern: string): RegexTree | null {
  try {
    return new PlainParser(pattern).parse();
  } catch (error) {
    if (error instanceof NotPlain) return null;
    throw error;
  }
}

class PlainParser {
  private readonly chars: readonly string[];
  private at = 0;
  private ignoreCase = false;
  private depth = 0;
  private readonly groups: (string | null)[] = [];

  constructor(pattern: string) {
    this.chars = Array.from(pattern);
  }

  parse(): RegexTree {
    if (this.accept('(?i)')) this.ignoreCase = true;
    else this.accept('(?s)');
    const root = this.choice();
    if (this.at < this.chars.length) throw new NotPlain();
    return { root, groups: this.groups };
  }

  private peek(): string {
    return this.chars[this.at] ?? '';
  }

  private accept(text: string): boolean {
    for (let i = 0; i < text.length; i++) if (this.chars[this.at + i] !== text[i]) return false;
    this.at += text.length;
    return true;
  }

  private choice(): RegexNode {
    const options = [this.sequence()];
    while (this.accept('|')) options.push(this.sequence());
    return options.length === 1 ? options[0] : { type: 'choice', options };
  }

  private sequence(): RegexNode {
    const items: RegexNode[] = [];
    // At the ends of a whole pattern these say nothing that is not so anyway.
    if (this.depth === 0) this.accept('^');
    while (this.peek() !== '' && this.peek() !== '|' && this.peek() !== ')') {
      if (this.depth === 0 && this.peek() === '$' && ['', '|'].includes(this.chars[this.at + 1] ?? '')) {
        this.at++;
        break;
      }
      items.push(this.quantified());
    }
    return items.length === 1 ? items[0] : { type: 'sequence', items };
  }

  private quantified(): RegexNode {
    const item = this.atom();
    const bounds = this.bounds();
    if (bounds === null) return item;
    const lazy = this.accept('?');
    if (this.bounds() !== null) throw new NotPlain();
    return { type: 'repeat', item, ...bounds, lazy };
  }

  private bounds(): { min: number; max: number } | null {
    if (this.accept('*')) return { min: 0, max: Infinity };
    if (this.accept('+')) return { min: 1, max: Infinity };
    if (this.accept('?')) return { min: 0, max: 1 };
    if (this.peek() !== '{') return null;
    const match = /^\{(\d{1,4})(?:(,)(\d{0,4}))?\}/.exec(this.chars.slice(this.at, this.at + 12).join(''));
    if (match === null) throw new NotPlain();
    this.at += match[0].length;
    const min = Number(match[1]);
    const max = match[2] === undefined ? min : match[3] === '' ? Infinity : Number(match[3]);
    if (min > max || min > MAX_REPEAT || (max !== Infinity && max > MAX_REPEAT)) throw new NotPlain();
    return { min, max };
  }

  private atom(): RegexNode {
    const char = this.peek();
    if (char === '(') return this.group();
    if (char === '[') return this.set(this.charClass());
    if (char === '.') {
      this.at++;
      return { type: 'set', set: ANY_CHAR };
    }
    if (char === '\\') return this.set(this.escape());
    if ('*+?{^$'.includes(char)) throw new NotPlain();
    return this.set(this.single());
  }

  private set(set: CharSet): RegexNode {
    return { type: 'set', set };
  }

  private single(): CharSet {
    const code = this.peek().codePointAt(0) as number;
    // Halves of surrogate pairs are not text; RE2 decides what becomes of them.
    if (code >= 0xd800 && code <= 0xdfff) throw new NotPlain();
    this.at++;
    return this.folded([code, code]);
  }

  private folded(set: CharSet): CharSet {
    if (!this.ignoreCase) return set;
    const folded = foldCase(set);
    if (folded === null) throw new NotPlain();
    return folded;
  }

  private escape(): CharSet {
    const char = this.chars[this.at + 1] ?? '';
    this.at += 2;
    // RE2 folds what words are made of, too.
    if (this.ignoreCase && (char === 'w' || char === 'W')) throw new NotPlain();
    if (Object.hasOwn(CLASSES, char)) return CLASSES[char];
    if (Object.hasOwn(CONTROLS, char)) return [CONTROLS[char], CONTROLS[char]];
    if (!PUNCTUATION.test(char)) throw new NotPlain();
    const code = char.charCodeAt(0);
    return [code, code];
  }

  private group(): RegexNode {
    let name: string | null | undefined = null;
    if (this.accept('(?:')) name = undefined;
    else if (this.accept('(?P<') || this.accept('(?<')) {
      name = /^(\w+)>/.exec(this.chars.slice(this.at).join(''))?.[1];
      if (name === undefined || this.groups.includes(name)) throw new NotPlain();
      this.at += name.length + 1;
    } else if (this.chars[this.at + 1] === '?') throw new NotPlain();
    else this.at++;
    if (name !== undefined) this.groups.push(name);
    this.depth++;
    const item = this.choice();
    this.depth--;
    if (!this.accept(')')) throw new NotPlain();
    return name === undefined ? item : { type: 'group', item };
  }

  private charClass(): CharSet {
    this.at++;
    const negated = this.accept('^');
    const ranges: [number, number][] = [];
    let first = true;
    while (first || this.peek() !== ']') {
      const char = this.peek();
      if (char === '' || (first && char === ']') || (char === '[' && this.chars[this.at + 1] === ':'))
        throw new NotPlain();
      // A dash that is not part of a range stands first or last.
      if (char === '-' && !first && this.chars[this.at + 1] !== ']') throw new NotPlain();
      first = false;
      const low = char === '\\' ? this.escape() : this.classChar();
      if (low.length !== 2 || low[0] !== low[1]) {
        ranges.push(...rangesOf(low));
        if (this.peek() === '-' && this.chars[this.at + 1] !== ']') throw new NotPlain();
        continue;
      }
      if (this.peek() !== '-' || this.chars[this.at + 1] === ']') {
        ranges.push([low[0], low[0]]);
        continue;
      }
      this.at++;
      const high = this.peek() === '\\' ? this.escape() : this.classChar();
      if (high.length !== 2 || high[0] !== high[1] || high[0] < low[0]) throw new NotPlain();
      ranges.push([low[0], high[0]]);
    }
    this.at++;
    const set = this.folded(charSet(ranges));
    return negated ? complement(set) : set;
  }

  private classChar(): CharSet {
    const code = this.peek().codePointAt(0) ?? 0xd800;
    if (code >= 0xd800 && code <= 0xdfff) throw new NotPlain();
    this.at++;
    return [code, code];
  }
}

/** The tree as a JavaScript expression (flag `u`) with the same groups. */
export function regexSource(node: RegexNode): string {
  switch (node.type) {
    case 'set':
      return charSetSource(node.set);
    case 'sequence':
      return node.items
        .map((item) => (item.type === 'choice' ? `(?:${regexSource(item)})` : regexSource(item)))
        .join('');
    case 'choice':
      return node.options.map(regexSource).join('|');
    case 'group':
      return `(${regexSource(node.item)})`;
    case 'repeat': {
      const { item, min, max, lazy } = node;
      const single = item.type === 'set' || item.type === 'group';
      const bounds = `{${min},${max === Infinity ? '' : max}}`;
      return `${single ? regexSource(item) : `(?:${regexSource(item)})`}${bounds}${lazy ? '?' : ''}`;
    }
  }
}
