/** What the journal holds: bytes as they are stored, and as a replay has to go through them. */
export class JournalSize {
  readonly #entries: { readonly seq: number; readonly stored: number; readonly raw: number }[] = [];
  stored = 0;
  raw = 0;

  add(seq: number, stored: number, raw: number): void {
    this.#entries.push({ seq, stored, raw });
    this.stored += stored;
    this.raw += raw;
  }

  /** Entries before `seq` are gone. */
  trim(seq: number): void {
    let gone = 0;
    while (gone < this.#entries.length && this.#entries[gone].seq < seq) {
      this.stored -= this.#entries[gone].stored;
      this.raw -= this.#entries[gone].raw;
      gone++;
    }
    this.#entries.splice(0, gone);
  }
}
