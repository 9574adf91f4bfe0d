/** A series that was away for no more scrapes than this does not count as added when it comes back. */
const REMEMBERED_SCRAPES = 2;

/** Which series of a target are alive: tells after each scrape which are new to it and which have vanished. */
export class Staleness {
  /** Series that the last scrape had, with the scrape that put them here. */
  readonly #live = new Map<number, number>();
  /** Series that vanished lately, with the scrape that missed them. */
  readonly #recent = new Map<number, number>();
  #scrape = 0;

  /** Notes the series [0, count) of a scrape. */
  seen(refs: Int32Array, count: number): { readonly added: number; readonly vanished: readonly number[] } {
    const scrape = ++this.#scrape;
    let added = 0;
    for (let i = 0; i < count; i++) {
      const ref = refs[i];
      if (!this.#live.has(ref)) {
        const missed = this.#recent.get(ref);
        if (missed === undefined || scrape - missed > REMEMBERED_SCRAPES) added++;
        this.#recent.delete(ref);
      }
      this.#live.set(ref, scrape);
    }
    const vanished: number[] = [];
    for (const [ref, last] of this.#live) {
      if (last === scrape) continue;
      vanished.push(ref);
      this.#live.delete(ref);
      this.#recent.set(ref, scrape);
    }
    this.#forget();
    return { added, vanished };
  }

  /** Notes a scrape that had exactly the series of the one before. */
  unchanged(): void {
    this.#scrape++;
  }

  /** Ends all series: what a failed scrape leaves. */
  endAll(): readonly number[] {
    const scrape = ++this.#scrape;
    const ended = [...this.#live.keys()];
    this.#live.clear();
    for (const ref of ended) this.#recent.set(ref, scrape);
    this.#forget();
    return ended;
  }

  #forget(): void {
    for (const [ref, missed] of this.#recent) if (this.#scrape - missed > REMEMBERED_SCRAPES) this.#recent.delete(ref);
  }
}
