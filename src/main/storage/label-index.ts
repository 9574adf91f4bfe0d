import { compareUtf8, compileMatcher, type CompiledMatcher, type Matcher } from '#shared/model/index.ts';
import type { SeriesTable } from './series-table.ts';

/** Ascending references; most labels' values have few, so a posting starts small. */
class Posting {
  refs = new Uint32Array(1);
  length = 0;
  #sorted = true;

  add(ref: number): void {
    if (this.length === this.refs.length) {
      const grown = new Uint32Array(this.length < 8 ? this.length * 2 : Math.ceil(this.length * 1.5));
      grown.set(this.refs);
      this.refs = grown;
    }
    if (this.length > 0 && this.refs[this.length - 1] > ref) this.#sorted = false;
    this.refs[this.length++] = ref;
  }

  /** Itself, in order: references come in any order when a store is opened, and sorting once beats inserting. */
  inOrder(): this {
    if (!this.#sorted) this.refs.subarray(0, this.length).sort();
    this.#sorted = true;
    return this;
  }
}

/** A set of references as bits. */
export class RefSet {
  readonly words: Uint32Array;

  constructor(size: number) {
    this.words = new Uint32Array((size + 31) >>> 5);
  }

  addAll(posting: { readonly refs: Uint32Array; readonly length: number }): void {
    const { refs, length } = posting;
    for (let i = 0; i < length; i++) this.words[refs[i] >>> 5] |= 1 << (refs[i] & 31);
  }

  keep(other: RefSet): void {
    for (let i = 0; i < this.words.length; i++) this.words[i] &= other.words[i];
  }

  drop(other: RefSet): void {
    for (let i = 0; i < this.words.length; i++) this.words[i] &= ~other.words[i];
  }

  list(): number[] {
    const refs: number[] = [];
    for (let w = 0; w < this.words.length; w++) {
      let word = this.words[w];
      while (word !== 0) {
        const bit = 31 - Math.clz32(word & -word);
        refs.push(w * 32 + bit);
        word &= word - 1;
      }
    }
    return refs;
  }
}

/** Matchers whose outcome per value is worth keeping; each entry costs at most one bit of text per distinct value. */
const CACHED_MATCHERS = 64;

interface CachedMatcher {
  readonly compiled: CompiledMatcher;
  /** Values of the label that were looked at, in the order in which the label got them. */
  seen: number;
  readonly matched: number[];
}

/** name -> value -> references, for living series; answers which series satisfy matchers. */
export class LabelIndex {
  readonly #table: SeriesTable;
  /** By number of the name, then of the value. */
  readonly #names = new Map<number, { readonly values: number[]; readonly postings: Map<number, Posting> }>();
  readonly #cache = new Map<string, CachedMatcher>();
  #alive = new Uint32Array(64);
  #indexed = new Uint32Array(64);
  living = 0;
  #postings = 0;

  constructor(table: SeriesTable) {
    this.#table = table;
  }

  isAlive(ref: number): boolean {
    return (this.#alive[ref >>> 5] & (1 << (ref & 31))) !== 0;
  }

  /** Makes a series visible to selectors. */
  add(ref: number): void {
    if (this.isAlive(ref)) return;
    const word = ref >>> 5;
    if (word >= this.#alive.length) {
      this.#alive = grow(this.#alive, word);
      this.#indexed = grow(this.#indexed, word);
    }
    const bit = 1 << (ref & 31);
    this.#alive[word] |= bit;
    this.living++;
    if ((this.#indexed[word] & bit) !== 0) return;
    this.#indexed[word] |= bit;
    this.#table.forEachPair(ref, (name, value) => {
      let entry = this.#names.get(name);
      if (entry === undefined) this.#names.set(name, (entry = { values: [], postings: new Map() }));
      let posting = entry.postings.get(value);
      if (posting === undefined) {
        entry.values.push(value);
        entry.postings.set(value, (posting = new Posting()));
      }
      posting.add(ref);
      this.#postings++;
    });
  }

  /** Hides a series; its place in the index stays for the case that it comes back. */
  remove(ref: number): void {
    if (!this.isAlive(ref)) return;
    this.#alive[ref >>> 5] &= ~(1 << (ref & 31));
    this.living--;
  }

  #compiled(matcher: Matcher): CachedMatcher {
    const key = JSON.stringify([matcher.name, matcher.type, matcher.value]);
    let cached = this.#cache.get(key);
    if (cached === undefined) {
      cached = { compiled: compileMatcher(matcher), seen: 0, matched: [] };
      if (this.#cache.size >= CACHED_MATCHERS) this.#cache.delete(this.#cache.keys().next().value as string);
    } else this.#cache.delete(key);
    this.#cache.set(key, cached);
    return cached;
  }

  #matchesAbsent(matcher: Matcher): boolean {
    switch (matcher.type) {
      case '=':
        return matcher.value === '';
      case '!=':
        return matcher.value !== '';
      case '=~':
      case '!~':
        return this.#compiled(matcher).compiled.matches('');
    }
  }

  /** Postings of the values that satisfy (or, inverted, do not satisfy) the matcher. */
  #postingsFor(matcher: Matcher, inverted: boolean): Posting[] {
    const entry = this.#names.get(this.#table.numberOf(matcher.name));
    if (entry === undefined) return [];
    if ((matcher.type === '=' && !inverted) || (matcher.type === '!=' && inverted)) {
      const posting = entry.postings.get(this.#table.numberOf(matcher.value));
      return posting === undefined ? [] : [posting.inOrder()];
    }
    // One entry serves both directions of an expression: what `!~` excludes is what `=~` finds.
    const positive: Matcher = inverted ? { ...matcher, type: OPPOSITE[matcher.type] } : matcher;
    const cached = this.#compiled(positive);
    const { values, postings } = entry;
    for (; cached.seen < values.length; cached.seen++) {
      const value = values[cached.seen];
      if (cached.compiled.matches(this.#table.texts[value])) cached.matched.push(value);
    }
    return cached.matched.map((value) => (postings.get(value) as Posting).inOrder());
  }

  /** References of the living series that satisfy all matchers, ascending. */
  select(matchers: readonly Matcher[]): number[] {
    const size = this.#table.length;
    const found = new RefSet(size);
    found.words.set(this.#alive.subarray(0, Math.min(this.#alive.length, found.words.length)));
    const negative: Posting[][] = [];
    const positive: Posting[][] = [];
    for (const matcher of matchers) {
      // Asked first, so that a broken expression is an error even where no series has the label.
      if (this.#matchesAbsent(matcher)) negative.push(this.#postingsFor(matcher, true));
      else positive.push(this.#postingsFor(matcher, false));
    }
    const count = (postings: readonly Posting[]): number => postings.reduce((sum, posting) => sum + posting.length, 0);
    positive.sort((a, b) => count(a) - count(b));
    if (positive.length > 0 && count(positive[0]) * 16 < size) return this.#few(positive, negative, found);
    for (const postings of positive) {
      const set = new RefSet(size);
      for (const posting of postings) set.addAll(posting);
      found.keep(set);
    }
    for (const postings of negative) {
      const set = new RefSet(size);
      for (const posting of postings) set.addAll(posting);
      found.drop(set);
    }
    return found.list();
  }

  /** As `select` where one matcher leaves few: those are looked up in the other postings. */
  #few(positive: readonly Posting[][], negative: readonly Posting[][], alive: RefSet): number[] {
    let refs: number[] = [];
    for (const posting of positive[0]) for (let i = 0; i < posting.length; i++) refs.push(posting.refs[i]);
    if (positive[0].length > 1) refs.sort((a, b) => a - b);
    refs = refs.filter((ref) => (alive.words[ref >>> 5] & (1 << (ref & 31))) !== 0);
    const within = (postings: readonly Posting[]): ((ref: number) => boolean) => {
      if (postings.length <= 4) return (ref) => postings.some((posting) => holds(posting, ref));
      const set = new RefSet(this.#table.length);
      for (const posting of postings) set.addAll(posting);
      return (ref) => (set.words[ref >>> 5] & (1 << (ref & 31))) !== 0;
    };
    for (const postings of positive.slice(1)) refs = refs.filter(within(postings));
    for (const postings of negative) {
      const excluded = within(postings);
      refs = refs.filter((ref) => !excluded(ref));
    }
    return refs;
  }

  /** Sorted names of labels that the given series have; null stands for all living. */
  names(refs: readonly number[] | null): string[] {
    const numbers = new Set<number>();
    if (refs === null) {
      for (const [name, { postings }] of this.#names)
        for (const posting of postings.values())
          if (this.#anyAlive(posting)) {
            numbers.add(name);
            break;
          }
    } else {
      const seen = new Uint8Array(this.#table.texts.length);
      const mark = (name: number): void => {
        seen[name] = 1;
      };
      for (const ref of refs) this.#table.forEachPair(ref, mark);
      for (let number = 0; number < seen.length; number++) if (seen[number] === 1) numbers.add(number);
    }
    return [...numbers].map((number) => this.#table.texts[number]).sort(compareUtf8);
  }

  /** Sorted values of one label over the given series; null stands for all living. */
  values(name: string, refs: readonly number[] | null): string[] {
    const number = this.#table.numberOf(name);
    const entry = this.#names.get(number);
    if (entry === undefined) return [];
    const numbers = new Set<number>();
    if (refs === null) {
      for (const [value, posting] of entry.postings) if (this.#anyAlive(posting)) numbers.add(value);
    } else
      for (const ref of refs) {
        const value = this.#table.valueNumber(ref, number);
        if (value >= 0) numbers.add(value);
      }
    return [...numbers].map((value) => this.#table.texts[value]).sort(compareUtf8);
  }

  #anyAlive(posting: Posting): boolean {
    for (let i = 0; i < posting.length; i++) if (this.isAlive(posting.refs[i])) return true;
    return false;
  }

  /** Estimated. */
  get bytes(): number {
    return this.#postings * 5 + this.#alive.length * 8;
  }
}

const OPPOSITE = { '=': '!=', '!=': '=', '=~': '!~', '!~': '=~' } as const;

function grow(words: Uint32Array, word: number): Uint32Array<ArrayBuffer> {
  const grown = new Uint32Array(Math.max(words.length * 2, word + 1));
  grown.set(words);
  return grown;
}

function holds(posting: Posting, ref: number): boolean {
  let low = 0;
  let high = posting.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (posting.refs[middle] < ref) low = middle + 1;
    else high = middle;
  }
  return low < posting.length && posting.refs[low] === ref;
}
