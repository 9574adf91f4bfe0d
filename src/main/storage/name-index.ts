import type { CompiledMatcher } from '#shared/model/index.ts';
import type { RefSet } from './ref-set.ts';
import type { SeriesTable } from './series-table.ts';

/** Newer series that are looked through one by one, before the index is made again: this many, or this share. */
const MAX_RECENT = 1024;
const RECENT_SHARE = 64;
/** Made again, too, once questions looked through so many newer series for each that there is: by then that cost as much. */
const LOOKED_SHARE = 4;

/**
 * The series that have one label, by its value. Made at the first question about the label and brought up to date by
 * later ones, so that appending costs nothing: two arrays, whatever the number of values.
 */
export class NameIndex {
  readonly #table: SeriesTable;
  readonly #name: number;
  /** Numbers of the values, ascending. */
  #values = new Uint32Array(0);
  /** Where the references of each value begin; one more element than values. */
  #starts = new Uint32Array(1);
  /** References by value, ascending within each. */
  #refs = new Uint32Array(0);
  /** Series from here on are in the lists below. */
  #upTo = 0;
  #recentTo = 0;
  #recentRefs: number[] = [];
  #recentValues: number[] = [];
  /** Newer series that questions looked through since the index was made. */
  #looked = 0;
  /** Values that expressions match, as long as the values are the same ones. */
  #matched = new WeakMap<CompiledMatcher, Uint32Array>();

  /** @param name number of the label's name */
  constructor(table: SeriesTable, name: number) {
    this.#table = table;
    this.#name = name;
  }

  /** To be called before each question: takes in the series that have come since. */
  refresh(): void {
    const { length } = this.#table;
    if (length > this.#recentTo) this.#takeRecent(length);
    this.#looked += this.#recentRefs.length;
    if (this.#looked > length * LOOKED_SHARE) this.#rebuild(length);
  }

  #takeRecent(length: number): void {
    if (length - this.#upTo > Math.max(MAX_RECENT, this.#upTo / RECENT_SHARE)) {
      this.#rebuild(length);
      return;
    }
    for (let ref = this.#recentTo; ref < length; ref++) {
      const value = this.#table.valueNumber(ref, this.#name);
      if (value < 0) continue;
      this.#recentRefs.push(ref);
      this.#recentValues.push(value);
    }
    this.#recentTo = length;
  }

  #rebuild(length: number): void {
    const table = this.#table;
    const counts = new Uint32Array(table.texts.length);
    const valueOf = new Int32Array(length);
    let total = 0;
    for (let ref = 0; ref < length; ref++) {
      const value = table.valueNumber(ref, this.#name);
      valueOf[ref] = value;
      if (value < 0) continue;
      counts[value]++;
      total++;
    }
    let distinct = 0;
    for (const count of counts) if (count > 0) distinct++;
    const values = new Uint32Array(distinct);
    const starts = new Uint32Array(distinct + 1);
    let at = 0;
    let sum = 0;
    for (let value = 0; value < counts.length; value++) {
      const count = counts[value];
      if (count === 0) continue;
      values[at] = value;
      starts[at++] = sum;
      // From here on: where the next reference of the value goes.
      counts[value] = sum;
      sum += count;
    }
    starts[distinct] = total;
    const refs = new Uint32Array(total);
    for (let ref = 0; ref < length; ref++) if (valueOf[ref] >= 0) refs[counts[valueOf[ref]]++] = ref;
    this.#values = values;
    this.#starts = starts;
    this.#refs = refs;
    this.#upTo = this.#recentTo = length;
    this.#recentRefs = [];
    this.#recentValues = [];
    this.#looked = 0;
    this.#matched = new WeakMap();
  }

  #place(value: number): number {
    const values = this.#values;
    let low = 0;
    let high = values.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (values[middle] < value) low = middle + 1;
      else high = middle;
    }
    return low < values.length && values[low] === value ? low : -1;
  }

  /** The series whose value has this number. */
  equal(value: number): Selected {
    const place = value < 0 ? -1 : this.#place(value);
    const recent = this.#recentRefs.filter((_, i) => this.#recentValues[i] === value);
    return new Selected(this.#refs, this.#starts, place < 0 ? [] : [place], recent);
  }

  /** The series whose value the expression matches. */
  matching(matcher: CompiledMatcher): Selected {
    const { texts } = this.#table;
    let places = this.#matched.get(matcher);
    if (places === undefined) {
      const found: number[] = [];
      for (let place = 0; place < this.#values.length; place++)
        if (matcher.matches(texts[this.#values[place]])) found.push(place);
      this.#matched.set(matcher, (places = Uint32Array.from(found)));
    }
    const known = new Map<number, boolean>();
    const recent = this.#recentRefs.filter((_, i) => {
      const value = this.#recentValues[i];
      let matches = known.get(value);
      if (matches === undefined) known.set(value, (matches = matcher.matches(texts[value])));
      return matches;
    });
    return new Selected(this.#refs, this.#starts, places, recent);
  }

  /** Numbers of the values that series of the set have. */
  valuesWithin(alive: Pick<RefSet, 'has'>): Set<number> {
    const found = new Set<number>();
    for (let place = 0; place < this.#values.length; place++)
      for (let i = this.#starts[place]; i < this.#starts[place + 1]; i++)
        if (alive.has(this.#refs[i])) {
          found.add(this.#values[place]);
          break;
        }
    // Not by an iterator: a thousand pairs cost more than all that is done with them.
    for (let i = 0; i < this.#recentRefs.length; i++)
      if (!found.has(this.#recentValues[i]) && alive.has(this.#recentRefs[i])) found.add(this.#recentValues[i]);
    return found;
  }

  /** Estimated. */
  get bytes(): number {
    return (this.#values.length + this.#starts.length + this.#refs.length) * 4 + this.#recentRefs.length * 16;
  }
}

/** Series found by one matcher: those of some values, and newer ones. */
export class Selected {
  readonly #refs: Uint32Array;
  readonly #starts: Uint32Array;
  readonly #places: ArrayLike<number>;
  readonly #recent: readonly number[];
  readonly count: number;

  constructor(refs: Uint32Array, starts: Uint32Array, places: ArrayLike<number>, recent: readonly number[]) {
    this.#refs = refs;
    this.#starts = starts;
    this.#places = places;
    this.#recent = recent;
    let count = recent.length;
    for (let i = 0; i < places.length; i++) count += starts[places[i] + 1] - starts[places[i]];
    this.count = count;
  }

  addTo(set: RefSet): void {
    for (let i = 0; i < this.#places.length; i++)
      set.addAll(this.#refs, this.#starts[this.#places[i]], this.#starts[this.#places[i] + 1]);
    for (const ref of this.#recent) set.add(ref);
  }

  /** All of them, ascending. */
  list(): number[] {
    const list: number[] = [];
    for (let i = 0; i < this.#places.length; i++)
      for (let at = this.#starts[this.#places[i]]; at < this.#starts[this.#places[i] + 1]; at++)
        list.push(this.#refs[at]);
    if (this.#places.length > 1) list.sort((a, b) => a - b);
    // Newer series have higher references.
    for (const ref of this.#recent) list.push(ref);
    return list;
  }
}
