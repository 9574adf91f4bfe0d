import { ANY_CHAR } from './regex-charset.ts';
import type { RegexNode } from './regex-syntax.ts';

/** Larger sets of texts are not written out. */
const MAX_LITERALS = 256;
const MAX_LITERAL_LENGTH = 1024;

/** All texts that the pattern matches, when they are few; else null. */
export function literalsOf(node: RegexNode): readonly string[] | null {
  switch (node.type) {
    case 'group':
      return literalsOf(node.item);
    case 'set': {
      const texts: string[] = [];
      for (let i = 0; i < node.set.length; i += 2) {
        if (node.set[i + 1] - node.set[i] >= MAX_LITERALS - texts.length) return null;
        for (let code = node.set[i]; code <= node.set[i + 1]; code++) texts.push(String.fromCodePoint(code));
      }
      return texts;
    }
    case 'choice': {
      const all = new Set<string>();
      for (const option of node.options) {
        const texts = literalsOf(option);
        if (texts === null) return null;
        for (const text of texts) all.add(text);
        if (all.size > MAX_LITERALS) return null;
      }
      return [...all];
    }
    case 'sequence':
      return node.items.reduce<readonly string[] | null>((texts, item) => product(texts, literalsOf(item)), ['']);
    case 'repeat': {
      if (node.max > 8) return null;
      const item = literalsOf(node.item);
      const all = new Set<string>();
      let texts: readonly string[] | null = [''];
      for (let i = 0; i <= node.max; i++) {
        if (texts === null) return null;
        if (i >= node.min) for (const text of texts) all.add(text);
        texts = product(texts, item);
      }
      return all.size > MAX_LITERALS ? null : [...all];
    }
  }
}

function product(heads: readonly string[] | null, tails: readonly string[] | null): readonly string[] | null {
  if (heads === null || tails === null || heads.length * tails.length > MAX_LITERALS) return null;
  const texts = heads.flatMap((head) => tails.map((tail) => head + tail));
  return texts.some((text) => text.length > MAX_LITERAL_LENGTH) ? null : [...new Set(texts)];
}

/** Literals with gaps of anything between, before and after: `a.*b.+`. */
interface Glob {
  /** `literals[i]` is followed by `gaps[i]`, the least length of what may stand there. */
  readonly literals: readonly string[];
  readonly gaps: readonly number[];
}

function globOf(node: RegexNode): Glob | null {
  const flat: RegexNode[] = [];
  const flatten = (one: RegexNode): void => {
    if (one.type === 'sequence') one.items.forEach(flatten);
    else if (one.type === 'group') flatten(one.item);
    else flat.push(one);
  };
  flatten(node);
  const literals = [''];
  const gaps: number[] = [];
  for (const item of flat) {
    if (item.type === 'set' && item.set.length === 2 && item.set[0] === item.set[1])
      literals[literals.length - 1] += String.fromCodePoint(item.set[0]);
    else if (
      item.type === 'repeat' &&
      item.max === Infinity &&
      item.min <= 1 &&
      item.item.type === 'set' &&
      item.item.set === ANY_CHAR
    ) {
      gaps.push(item.min);
      literals.push('');
    } else return null;
  }
  return { literals, gaps };
}

function matchesGlob({ literals, gaps }: Glob, text: string): boolean {
  const first = literals[0];
  if (gaps.length === 0) return text === first;
  if (!text.startsWith(first)) return false;
  let at = first.length;
  for (let i = 1; i < literals.length - 1; i++) {
    const from = at + gaps[i - 1];
    // `indexOf` would look for an empty literal at the text's end instead.
    if (from > text.length) return false;
    const found = text.indexOf(literals[i], from);
    if (found < 0) return false;
    at = found + literals[i].length;
  }
  const last = literals[literals.length - 1];
  return text.length - last.length >= at + gaps[gaps.length - 1] && text.endsWith(last);
}

/** A test by plain searching for patterns like `a.*`, `.*b.*`, `a.*b|c.+`; null for all others. */
export function globTest(root: RegexNode): ((text: string) => boolean) | null {
  const options = root.type === 'choice' ? root.options : [root];
  const globs: Glob[] = [];
  for (const option of options) {
    const glob = globOf(option);
    if (glob === null) return null;
    globs.push(glob);
  }
  if (globs.length === 1) return (text) => matchesGlob(globs[0], text);
  return (text) => globs.some((glob) => matchesGlob(glob, text));
}
