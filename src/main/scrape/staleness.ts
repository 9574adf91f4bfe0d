/** A series that was away for no more scrapes than this does not count as added when it comes back. */
const REMEMBERED_SCRAPES = 2;

/** Which series of a target are alive: tells after each scrape which are new to it and which have vanished. */
export class Staleness {
  /** Series that the last scrape had. */
  #live = new Int32Array(0);
  #count = 0;
  /** Series that vanished lately, with the scrape that missed them. */
  readonly #recent = new Map<number, number>();
  #scrape = 0;

  /** Notes the series [0, count) of a scrape. */
  seen(refs: Int32Array, count: number): { readonly added: number; readonly vanished: readonly number[] } {
    const scrape = ++this.#scrape;
    if (this.#same(refs, count)) {
      this.#forget();
      return { added: 0, vanished: [] };
    }
    const before = new Set<number>();
    for (let i = 0; i < this.#count; i++) before.add(this.#live[i]);
    const now = new Set<number>();
    for (let i = 0; i < count; i++) now.add(refs[i]);
    let added = 0;
    for (const ref of now) {
      if (before.delete(ref)) continue;
      const missed = this.#recent.get(ref);
      if (missed === undefined || scrape - missed > REMEMBERED_SCRAPES) added++;
      this.#recent.delete(ref);
    }
    // What is left was alive and is not any more.
    for (const ref of before) this.#recent.set(ref, scrape);
    this.#keep(now);
    this.#forget();
    return { added, vanished: [...before] };
  }

  /** Notes a scrape that had exactly the series of the one before. */
  unchanged(): void {
    this.#scrape++;
  }

  /** Ends all series: what a failed scrape leaves. */
  endAll(): readonly number[] {
    const scrape = ++this.#scrape;
    const ended = Array.from(this.#live.subarray(0, this.#count));
    this.#count = 0;
    for (const ref of ended) this.#recent.set(ref, scrape);
    this.#forget();
    return ended;
  }

  #same(refs: Int32Array, count: number): boolean {
    if (count !== this.#count) return false;
    for (let i = 0; i < count; i++) if (refs[i] !== this.#live[i]) return false;
    return true;
  }

  #keep(now: ReadonlySet<number>): void {
    if (this.#live.length < now.size || this.#live.length > 2 * now.size + 64) this.#live = new Int32Array(now.size);
    this.#count = 0;
    for (const ref of now) this.#live[this.#count++] = ref;
  }

  #forget(): void {
    for (const [ref, missed] of this.#recent) if (this.#scrape - missed > REMEMBERED_SCRAPES) this.#recent.delete(ref);
  }
}
