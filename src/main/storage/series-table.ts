import { labelsFromSortedFlat, type Labels } from '#shared/model/index.ts';

/**
 * All label sets, packed: texts once, a series as numbers of its texts. Finds the reference of a label set and the
 * label set of a reference. References are dense and never given twice.
 */
export class SeriesTable {
  readonly texts: string[] = [];
  readonly #numbers = new Map<string, number>();
  /** Pairs of text numbers of all series, one after the other. */
  #pairs = new Uint32Array(1024);
  #pairsLength = 0;
  /** Where the pairs of a series begin; one more element than series. */
  #starts = new Uint32Array(256);
  /** Open addressing: reference + 1, or 0 for free; its length is a power of two. */
  #slots = new Int32Array(512);
  /** Series from here on are not in `#slots` yet: those of an opened store, until something is looked up. */
  #slotted = 0;
  length = 0;
  #scratch = new Uint32Array(64);

  /** The number of a text, or -1 when no series has it. */
  numberOf(text: string): number {
    return this.#numbers.get(text) ?? -1;
  }

  #number(text: string): number {
    let number = this.#numbers.get(text);
    if (number === undefined) {
      // A part of a longer text would keep all of that alive (a scraped body): make it a text of its own.
      const latin = Buffer.from(text, 'latin1').toString('latin1');
      const own = latin === text ? latin : Buffer.from(text, 'utf16le').toString('utf16le');
      number = this.texts.push(own) - 1;
      this.#numbers.set(own, number);
    }
    return number;
  }

  /** The number of a text that nothing else keeps alive: it is taken as it is. */
  intern(text: string): number {
    let number = this.#numbers.get(text);
    if (number === undefined) {
      number = this.texts.push(text) - 1;
      this.#numbers.set(text, number);
    }
    return number;
  }

  /** The reference of the label set: the next one when it is new. */
  resolve(labels: Labels): number {
    const count = labels.length;
    if (this.#scratch.length < count) this.#scratch = new Uint32Array(2 * count);
    for (let i = 0; i < count; i++) this.#scratch[i] = this.#number(labels[i]);
    return this.resolveNumbers(this.#scratch, count);
  }

  /** As `resolve`, of a label set given as the numbers of its `count` texts. */
  resolveNumbers(numbers: Uint32Array, count: number): number {
    if (this.#slotted < this.length || this.length * 2 >= this.#slots.length) this.#slotAll();
    let hash = 0x811c9dc5;
    for (let i = 0; i < count; i++) {
      hash = Math.imul(hash ^ numbers[i], 0x01000193);
      hash ^= hash >>> 15;
    }
    const mask = this.#slots.length - 1;
    let slot = hash & mask;
    for (let entry = this.#slots[slot]; entry !== 0; entry = this.#slots[slot]) {
      if (this.#equals(entry - 1, numbers, count)) return entry - 1;
      slot = (slot + 1) & mask;
    }
    const ref = this.#append(numbers, count);
    this.#slots[slot] = ref + 1;
    this.#slotted = this.length;
    return ref;
  }

  #equals(ref: number, numbers: Uint32Array, count: number): boolean {
    const start = this.#starts[ref];
    if (this.#starts[ref + 1] - start !== count) return false;
    for (let i = 0; i < count; i++) if (this.#pairs[start + i] !== numbers[i]) return false;
    return true;
  }

  /** Adds a label set that is known to be new, given as `resolveNumbers` takes it. @returns its reference */
  #append(numbers: Uint32Array, count: number): number {
    if (this.#pairsLength + count > this.#pairs.length) {
      this.reservePairs(this.#pairs.length * 1.25 + count);
    }
    const pairs = this.#pairs;
    let at = this.#pairsLength;
    for (let i = 0; i < count; i++) pairs[at++] = numbers[i];
    this.#pairsLength = at;
    if (this.length + 2 > this.#starts.length) this.reserve(Math.ceil(this.length * 1.25));
    this.#starts[++this.length] = at;
    return this.length - 1;
  }

  /**
   * Adds `series` label sets that are known to be new, of at most `mostTexts` texts in all: `fill` writes the numbers of
   * their texts one set after the other, and where each ends. Nothing is added when it throws.
   * @returns the reference of the first
   */
  appendAll(series: number, mostTexts: number, fill: (pairs: Uint32Array, ends: Uint32Array) => void): number {
    const first = this.length;
    const before = this.#pairsLength;
    if (before + mostTexts > this.#pairs.length) this.reservePairs(before + mostTexts);
    this.reserve(first + series);
    const ends = this.#starts.subarray(first + 1, first + series + 1);
    fill(this.#pairs.subarray(before, before + mostTexts), ends);
    if (before > 0) for (let i = 0; i < series; i++) ends[i] += before;
    this.length += series;
    this.#pairsLength = this.#starts[this.length];
    return first;
  }

  /** Makes room for so many texts of label sets, counted as often as they occur. */
  reservePairs(count: number): void {
    if (count <= this.#pairs.length) return;
    const grown = new Uint32Array(Math.ceil(count));
    grown.set(this.#pairs.subarray(0, this.#pairsLength));
    this.#pairs = grown;
  }

  /** Makes room for so many series. */
  reserve(series: number): void {
    if (series + 2 <= this.#starts.length) return;
    const grown = new Uint32Array(Math.max(series + 2, Math.ceil(this.#starts.length * 1.25)));
    grown.set(this.#starts);
    this.#starts = grown;
  }

  /** Brings the slots up to date, with room for as many series again. */
  #slotAll(): void {
    let size = this.#slots.length;
    while (this.length * 2 >= size) size *= 2;
    const slots = size === this.#slots.length ? this.#slots : new Int32Array(size);
    const mask = size - 1;
    for (let ref = slots === this.#slots ? this.#slotted : 0; ref < this.length; ref++) {
      let hash = 0x811c9dc5;
      for (let i = this.#starts[ref]; i < this.#starts[ref + 1]; i++) {
        hash = Math.imul(hash ^ this.#pairs[i], 0x01000193);
        hash ^= hash >>> 15;
      }
      let slot = hash & mask;
      while (slots[slot] !== 0) slot = (slot + 1) & mask;
      slots[slot] = ref + 1;
    }
    this.#slots = slots;
    this.#slotted = this.length;
  }

  labels(ref: number): Labels {
    const flat: string[] = [];
    for (let i = this.#starts[ref]; i < this.#starts[ref + 1]; i++) flat.push(this.texts[this.#pairs[i]]);
    return labelsFromSortedFlat(flat);
  }

  /** Number of the value that a series has for the label with this number; -1 when it lacks the label. */
  valueNumber(ref: number, name: number): number {
    const end = this.#starts[ref + 1];
    for (let i = this.#starts[ref]; i < end; i += 2) if (this.#pairs[i] === name) return this.#pairs[i + 1];
    return -1;
  }

  /** Sets the element of each label's name of a series to 1. */
  markNames(ref: number, seen: Uint8Array): void {
    const end = this.#starts[ref + 1];
    for (let i = this.#starts[ref]; i < end; i += 2) seen[this.#pairs[i]] = 1;
  }

  /** How many texts the label set of a series has. */
  width(ref: number): number {
    return this.#starts[ref + 1] - this.#starts[ref];
  }

  /** Calls with the text numbers of each label of a series. */
  forEachPair(ref: number, visit: (name: number, value: number) => void): void {
    for (let i = this.#starts[ref]; i < this.#starts[ref + 1]; i += 2) visit(this.#pairs[i], this.#pairs[i + 1]);
  }

  /** Estimated. */
  get bytes(): number {
    return (this.#pairs.length + this.#starts.length + this.#slots.length) * 4 + this.texts.length * 80;
  }
}
