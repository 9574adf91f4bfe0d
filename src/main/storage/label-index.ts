import { compareUtf8, compileMatcher, type CompiledMatcher, type Matcher } from '#shared/model/index.ts';
import { NameIndex, type Selected } from './name-index.ts';
import { RefSet } from './ref-set.ts';
import type { SeriesTable } from './series-table.ts';

/** Compiled expressions kept; with each goes what it matches, at most one number a distinct value. */
const CACHED_MATCHERS = 64;

/** Series from which on indexes are worth avoiding. */
const SMALL = 10_000;

/** So many series are remembered with their matchers. */
const FEW = 256;

const OPPOSITE = { '=': '!=', '!=': '=', '=~': '!~', '!~': '=~' } as const;

/** name -> value -> references, for living series; answers which series satisfy matchers. */
export class LabelIndex {
  readonly #table: SeriesTable;
  /** By number of the name. */
  readonly #names = new Map<number, NameIndex>();
  readonly #compiledMatchers = new Map<string, CompiledMatcher>();
  /** Few series that were found, by the very matchers: a query asks twice, and a chart again and again. */
  readonly #found = new WeakMap<readonly Matcher[], { readonly version: number; readonly refs: readonly number[] }>();
  /** Another one whenever a series comes to life or ends. */
  #version = 0;
  #alive = new RefSet(64);
  living = 0;

  constructor(table: SeriesTable) {
    this.#table = table;
  }

  isAlive(ref: number): boolean {
    return this.#alive.has(ref);
  }

  /** Makes a series visible to selectors. */
  add(ref: number): void {
    if (this.#alive.has(ref)) return;
    if (ref >>> 5 >= this.#alive.words.length) {
      const grown = new RefSet(Math.max(this.#alive.words.length * 48, ref + 1));
      grown.words.set(this.#alive.words);
      this.#alive = grown;
    }
    this.#alive.add(ref);
    this.living++;
    this.#version++;
  }

  /** Hides a series; its place in the index stays for the case that it comes back. */
  remove(ref: number): void {
    if (!this.isAlive(ref)) return;
    this.#alive.words[ref >>> 5] &= ~(1 << (ref & 31));
    this.living--;
    this.#version++;
  }

  #compiled(matcher: Matcher): CompiledMatcher {
    const key = JSON.stringify([matcher.name, matcher.type, matcher.value]);
    let compiled = this.#compiledMatchers.get(key);
    if (compiled === undefined) {
      compiled = compileMatcher(matcher);
      if (this.#compiledMatchers.size >= CACHED_MATCHERS)
        this.#compiledMatchers.delete(this.#compiledMatchers.keys().next().value as string);
    } else this.#compiledMatchers.delete(key);
    this.#compiledMatchers.set(key, compiled);
    return compiled;
  }

  #matchesAbsent(matcher: Matcher): boolean {
    switch (matcher.type) {
      case '=':
        return matcher.value === '';
      case '!=':
        return matcher.value !== '';
      case '=~':
      case '!~':
        return this.#compiled(matcher).matches('');
    }
  }

  /** The index of a label, up to date; null where no series has it. */
  #named(name: string): NameIndex | null {
    const number = this.#table.numberOf(name);
    if (number < 0) return null;
    let named = this.#names.get(number);
    if (named === undefined) this.#names.set(number, (named = new NameIndex(this.#table, number)));
    named.refresh();
    return named;
  }

  /** Series with the label whose value satisfies (or, inverted, does not satisfy) the matcher. */
  #selected(matcher: Matcher, inverted: boolean): Selected | null {
    const named = this.#named(matcher.name);
    if (named === null) return null;
    if ((matcher.type === '=' && !inverted) || (matcher.type === '!=' && inverted))
      return named.equal(this.#table.numberOf(matcher.value));
    // One entry serves both directions of an expression: what `!~` excludes is what `=~` finds.
    return named.matching(this.#compiled(inverted ? { ...matcher, type: OPPOSITE[matcher.type] } : matcher));
  }

  /**
   * As `select`, where the metric's name leaves so few series that they are looked at one by one: the indexes of the
   * other labels, which the first question about each has to make, are not needed then. Null: there are more.
   */
  #byName(matchers: readonly Matcher[]): number[] | null {
    const name = matchers.find(({ name, type, value }) => name === '__name__' && type === '=' && value !== '');
    if (name === undefined || this.#table.length < SMALL) return null;
    const others = matchers.filter((matcher) => matcher !== name);
    if (others.every((matcher) => this.#names.has(this.#table.numberOf(matcher.name)))) return null;
    const found = this.#selected(name, false);
    if (found !== null && found.count * 64 >= this.#table.length) return null;
    const compiled = others.map((matcher) => ({
      label: this.#table.numberOf(matcher.name),
      compiled: matcher.type === '=' || matcher.type === '!=' ? compileMatcher(matcher) : this.#compiled(matcher),
    }));
    const { texts } = this.#table;
    return (found?.list() ?? []).filter(
      (ref) =>
        this.#alive.has(ref) &&
        compiled.every(({ label, compiled: one }) => {
          const value = label < 0 ? -1 : this.#table.valueNumber(ref, label);
          return one.matches(value < 0 ? '' : texts[value]);
        }),
    );
  }

  /** References of the living series that satisfy all matchers, ascending. */
  select(matchers: readonly Matcher[]): readonly number[] {
    const known = this.#found.get(matchers);
    if (known?.version === this.#version) return known.refs;
    const refs = this.#find(matchers);
    if (refs.length <= FEW) this.#found.set(matchers, { version: this.#version, refs });
    return refs;
  }

  #find(matchers: readonly Matcher[]): number[] {
    const few = this.#byName(matchers);
    if (few !== null) return few;
    const size = this.#table.length;
    const negative: (Selected | null)[] = [];
    const positive: (Selected | null)[] = [];
    for (const matcher of matchers) {
      // Asked first, so that a broken expression is an error even where no series has the label.
      if (this.#matchesAbsent(matcher)) negative.push(this.#selected(matcher, true));
      else positive.push(this.#selected(matcher, false));
    }
    const found: Selected[] = [];
    for (const one of positive) {
      if (one === null || one.count === 0) return [];
      found.push(one);
    }
    found.sort((a, b) => a.count - b.count);
    const excluded = negative.filter((one) => one !== null && one.count > 0) as Selected[];
    const set = (one: Selected): RefSet => {
      const refs = new RefSet(size);
      one.addTo(refs);
      return refs;
    };
    // Few are looked up in the sets of the others; else whole sets are cut.
    if (found.length > 0 && found[0].count * 16 < size) {
      let refs = found[0].list().filter((ref) => this.#alive.has(ref));
      for (const one of found.slice(1)) {
        const within = set(one);
        refs = refs.filter((ref) => within.has(ref));
      }
      for (const one of excluded) {
        const within = set(one);
        refs = refs.filter((ref) => !within.has(ref));
      }
      return refs;
    }
    const result = new RefSet(size);
    result.words.set(this.#alive.words.subarray(0, Math.min(this.#alive.words.length, result.words.length)));
    for (const one of found) result.keep(set(one));
    for (const one of excluded) result.drop(set(one));
    return result.list();
  }

  /** Sorted names of labels that the given series have. */
  names(refs: readonly number[]): string[] {
    const { texts } = this.#table;
    const seen = new Uint8Array(texts.length);
    for (const ref of refs) this.#table.markNames(ref, seen);
    const names: string[] = [];
    for (let number = 0; number < seen.length; number++) if (seen[number] === 1) names.push(texts[number]);
    return names.sort(compareUtf8);
  }

  /** Sorted values of one label over the given series. */
  values(name: string, refs: readonly number[]): string[] {
    const named = this.#named(name);
    if (named === null) return [];
    const within = new RefSet(this.#table.length);
    for (const ref of refs) within.add(ref);
    return this.#sorted(named.valuesWithin(within));
  }

  /** Sorted values of one label over the living series that are shown. */
  allValues(name: string, shown: (ref: number) => boolean): string[] {
    const named = this.#named(name);
    if (named === null) return [];
    return this.#sorted(named.valuesWithin({ has: (ref) => this.#alive.has(ref) && shown(ref) }));
  }

  #sorted(values: ReadonlySet<number>): string[] {
    return [...values].map((value) => this.#table.texts[value]).sort(compareUtf8);
  }

  /** Estimated. */
  get bytes(): number {
    let bytes = this.#alive.words.byteLength;
    for (const named of this.#names.values()) bytes += named.bytes;
    return bytes;
  }
}
