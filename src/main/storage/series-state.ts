import { copyBits, sameBits, wordsOf, type Histogram, type Millis } from '#shared/model/index.ts';
import type { HeadBlock } from './head-block.ts';

/** What the store knows of each series beside its labels, by reference. */
export class SeriesState {
  /** Persistent number. */
  ids = new Float64Array(256);
  /** Newest column in the head: block (null: none) and place in it. */
  readonly block: (HeadBlock | null)[] = [];
  slot = new Uint16Array(256);
  /** Time of the newest sample that is in no living block; -Infinity where there is none. */
  storedTime = new Float64Array(256);
  /** Whether that time, and the value below, are exact; otherwise the time is an upper bound. */
  #exact = new Uint8Array(256);
  #storedValue = new Float64Array(256);
  #storedWords = wordsOf(this.#storedValue);
  readonly #storedHistogram = new Map<number, Histogram>();
  /** Newest group in frames, -1 for none. */
  group = new Int32Array(256);
  readonly #olderGroups = new Map<number, number[]>();
  length = 0;

  /** Prepares a new series, the reference is the next one. */
  add(id: number): number {
    const ref = this.length++;
    if (ref >= this.ids.length) this.reserve(Math.ceil(this.ids.length * 1.5));
    this.ids[ref] = id;
    this.block[ref] = null;
    this.storedTime[ref] = -Infinity;
    this.#exact[ref] = 1;
    this.group[ref] = -1;
    return ref;
  }

  /** As `add`, of many: the first one's reference is the next, and theirs follow it. */
  addAll(ids: Float64Array): void {
    const from = this.length;
    const to = from + ids.length;
    if (to > this.ids.length) this.reserve(Math.max(to, Math.ceil(this.ids.length * 1.5)));
    this.ids.set(ids, from);
    for (let ref = from; ref < to; ref++) this.block[ref] = null;
    this.storedTime.fill(-Infinity, from, to);
    this.#exact.fill(1, from, to);
    this.group.fill(-1, from, to);
    this.length = to;
  }

  /** Makes room for so many series. */
  reserve(size: number): void {
    if (size <= this.ids.length) return;
    const grow = <T extends Float64Array | Uint16Array | Uint8Array | Int32Array>(old: T, grown: T): T => {
      grown.set(old);
      return grown;
    };
    this.ids = grow(this.ids, new Float64Array(size));
    this.slot = grow(this.slot, new Uint16Array(size));
    this.storedTime = grow(this.storedTime, new Float64Array(size));
    this.#exact = grow(this.#exact, new Uint8Array(size));
    this.group = grow(this.group, new Int32Array(size));
    const values = new Float64Array(size);
    wordsOf(values).set(this.#storedWords);
    this.#storedValue = values;
    this.#storedWords = wordsOf(values);
  }

  isExact(ref: number): boolean {
    return this.#exact[ref] === 1;
  }

  /** Notes that stored samples may go up to `time`. */
  boundStored(ref: number, time: Millis): void {
    if (time <= this.storedTime[ref]) return;
    this.storedTime[ref] = time;
    this.#exact[ref] = 0;
  }

  /** Notes the newest stored sample: element `i` of `words`, or the histogram. */
  setStored(ref: number, time: Millis, words: Uint32Array, i: number, histogram: Histogram | null): void {
    this.storedTime[ref] = time;
    this.#exact[ref] = 1;
    copyBits(words, i, this.#storedWords, ref);
    if (histogram !== null) this.#storedHistogram.set(ref, histogram);
    else if (this.#storedHistogram.size > 0) this.#storedHistogram.delete(ref);
  }

  /** Notes that nothing is stored of it. */
  clearStored(ref: number): void {
    this.storedTime[ref] = -Infinity;
    this.#exact[ref] = 1;
    this.#storedHistogram.delete(ref);
  }

  isStoredValue(ref: number, words: Uint32Array, i: number): boolean {
    return sameBits(words, i, this.#storedWords, ref);
  }

  storedHistogram(ref: number): Histogram | null {
    return this.#storedHistogram.get(ref) ?? null;
  }

  addGroup(ref: number, group: number): void {
    const newest = this.group[ref];
    if (newest === group) return;
    if (newest >= 0) {
      const older = this.#olderGroups.get(ref);
      if (older === undefined) this.#olderGroups.set(ref, [newest]);
      else older.push(newest);
    }
    this.group[ref] = group;
  }

  dropGroup(ref: number, group: number): void {
    const older = this.#olderGroups.get(ref) ?? [];
    if (this.group[ref] === group) this.group[ref] = older.pop() ?? -1;
    else if (older.includes(group)) older.splice(older.indexOf(group), 1);
    if (older.length === 0) this.#olderGroups.delete(ref);
  }

  /** Groups whose frames may hold samples of it. */
  groups(ref: number): readonly number[] {
    const newest = this.group[ref];
    if (newest < 0) return [];
    const older = this.#olderGroups.get(ref);
    return older === undefined ? [newest] : [...older, newest];
  }

  /** Estimated. */
  get bytes(): number {
    return this.ids.length * (8 + 8 + 8 + 2 + 1 + 8 + 4) + this.#olderGroups.size * 120;
  }
}
