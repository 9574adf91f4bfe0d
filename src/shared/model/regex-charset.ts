/** A set of code points: `[from, to, from, to, ...]`, inclusive, ascending, neither touching nor overlapping. */
export type CharSet = readonly number[];

const MAX_CODE = 0x10ffff;

export const ANY_CHAR: CharSet = [0, MAX_CODE];
export const DIGITS: CharSet = [0x30, 0x39];
export const WORD_CHARS: CharSet = [0x30, 0x39, 0x41, 0x5a, 0x5f, 0x5f, 0x61, 0x7a];
/** What `\s` is in RE2: fewer than in JavaScript. */
export const SPACES: CharSet = [0x09, 0x0a, 0x0c, 0x0d, 0x20, 0x20];

export function charSet(ranges: Iterable<readonly [from: number, to: number]>): CharSet {
  const sorted = [...ranges].sort(([a], [b]) => a - b);
  const out: number[] = [];
  for (const [from, to] of sorted) {
    if (out.length > 0 && from <= out[out.length - 1] + 1) out[out.length - 1] = Math.max(out[out.length - 1], to);
    else out.push(from, to);
  }
  return out;
}

export function rangesOf(set: CharSet): [number, number][] {
  const ranges: [number, number][] = [];
  for (let i = 0; i < set.length; i += 2) ranges.push([set[i], set[i + 1]]);
  return ranges;
}

export function complement(set: CharSet): CharSet {
  const out: number[] = [];
  let from = 0;
  for (let i = 0; i < set.length; i += 2) {
    if (set[i] > from) out.push(from, set[i] - 1);
    from = set[i + 1] + 1;
  }
  if (from <= MAX_CODE) out.push(from, MAX_CODE);
  return out;
}

export function overlaps(a: CharSet, b: CharSet): boolean {
  let i = 0;
  let j = 0;
  while (i < a.length && j < b.length) {
    if (a[i + 1] < b[j]) i += 2;
    else if (b[j + 1] < a[i]) j += 2;
    else return true;
  }
  return false;
}

/** Long s and the Kelvin sign are the only characters beyond ASCII that fold with ASCII letters. */
const FOLDS_BEYOND: Readonly<Record<number, number>> = { 0x6b: 0x212a, 0x73: 0x17f };

/** The set with the other case of every ASCII letter in it; null when it has letters beyond ASCII. */
export function foldCase(set: CharSet): CharSet | null {
  if (set.length > 0 && set[set.length - 1] > 0x7f) return null;
  const ranges = rangesOf(set);
  for (const [from, to] of rangesOf(set))
    for (let code = from; code <= to; code++) {
      const lower = code | 0x20;
      if (lower < 0x61 || lower > 0x7a) continue;
      ranges.push([lower, lower], [lower & ~0x20, lower & ~0x20]);
      const beyond = FOLDS_BEYOND[lower];
      if (beyond !== undefined) ranges.push([beyond, beyond]);
    }
  return charSet(ranges);
}

/** The set as part of a JavaScript expression with the `u` flag. */
export function charSetSource(set: CharSet): string {
  if (set.length === 2 && set[0] === 0 && set[1] === MAX_CODE) return '[^]';
  const parts = rangesOf(set).map(([from, to]) => (from === to ? escape(from) : `${escape(from)}-${escape(to)}`));
  return set.length === 2 && set[0] === set[1] ? parts[0] : `[${parts.join('')}]`;
}

function escape(code: number): string {
  return `\\u{${code.toString(16)}}`;
}
