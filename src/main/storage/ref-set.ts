/** A set of references as bits. */
export class RefSet {
  readonly words: Uint32Array;

  constructor(size: number) {
    this.words = new Uint32Array((size + 31) >>> 5);
  }

  /** Adds the elements [from, to) of a list. */
  addAll(refs: Uint32Array, from: number, to: number): void {
    const { words } = this;
    for (let i = from; i < to; i++) words[refs[i] >>> 5] |= 1 << (refs[i] & 31);
  }

  add(ref: number): void {
    this.words[ref >>> 5] |= 1 << (ref & 31);
  }

  has(ref: number): boolean {
    return (this.words[ref >>> 5] & (1 << (ref & 31))) !== 0;
  }

  keep(other: RefSet): void {
    for (let i = 0; i < this.words.length; i++) this.words[i] &= other.words[i];
  }

  drop(other: RefSet): void {
    for (let i = 0; i < this.words.length; i++) this.words[i] &= ~other.words[i];
  }

  /** Ascending. */
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
