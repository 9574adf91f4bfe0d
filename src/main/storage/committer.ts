import { ByteWriter } from './bytes.ts';
import { compress } from './compress.ts';
import type { Database } from './database.ts';
import type { HeadBlock } from './head-block.ts';
import type { Head } from './head.ts';
import { JournalSize } from './journal-size.ts';
import type { Pieces } from './pieces.ts';
import { encodeSeries } from './series-codec.ts';
import type { Sidelines } from './sidelines.ts';

const JOURNAL_LEVEL = 1;
/** Label sets in one row of the series table. */
const SERIES_IN_ROW = 16_384;
/** No block leaves memory. */
export const NONE: ReadonlySet<HeadBlock> = new Set();

/** Writes what waits in memory: each call is one transaction, after which memory is told that it succeeded. */
export class Committer {
  readonly journal = new JournalSize();
  readonly #database: Database;
  readonly #head: Head;
  readonly #pieces: Pieces;
  readonly #sidelines: Sidelines;

  constructor(database: Database, head: Head, pieces: Pieces, sidelines: Sidelines) {
    this.#database = database;
    this.#head = head;
    this.#pieces = pieces;
    this.#sidelines = sidelines;
  }

  /** Makes everything appended so far durable. @throws StorageError; then all still waits */
  commit(): void {
    const head = this.#head;
    const { pending, late } = head;
    if (pending.length === 0 && !this.#sidelines.dirty && this.#pieces.pendingBytes === 0 && late.pending.length === 0)
      return;
    const raw = pending.length;
    const blob = raw === 0 ? null : compress(pending.written(), JOURNAL_LEVEL);
    const seq = head.nextSeq;
    this.withState(NONE, (database) => {
      if (blob !== null) database.statement('INSERT INTO journal (seq, data) VALUES (?, ?)').run(seq, blob);
      this.#sidelines.write(database);
      if (late.pending.length > 0)
        database.statement('INSERT INTO late (data) VALUES (?)').run(compress(late.pending, JOURNAL_LEVEL));
    });
    if (blob !== null) {
      head.nextSeq++;
      this.journal.add(seq, blob.length, raw);
      if (pending.bytes.length > 1 << 20 && raw < pending.bytes.length / 8) head.pending = new ByteWriter(1 << 16);
      else pending.length = 0;
    }
    this.#sidelines.written();
    late.written();
  }

  /**
   * Runs `work` in a transaction that also writes pieces and new series, and removes what the journal need not hold any
   * more: for no block in memory but those `leaving`.
   */
  withState(leaving: ReadonlySet<HeadBlock>, work: (database: Database) => void): void {
    const database = this.#database;
    const head = this.#head;
    let needed = head.nextSeq;
    for (const block of head.blocks.values()) if (!leaving.has(block)) needed = Math.min(needed, block.firstSeq);
    const registered = head.unregistered.length;
    database.transaction(() => {
      const register = database.statement('INSERT INTO series (data) VALUES (?)');
      for (let at = 0; at < registered; at += SERIES_IN_ROW)
        register.run(
          encodeSeries(head.unregistered.slice(at, at + SERIES_IN_ROW), head.table, (ref) => head.state.ids[ref]),
        );
      this.#pieces.write(database);
      work(database);
      database.statement('DELETE FROM journal WHERE seq < ?').run(needed);
    });
    head.unregistered = [];
    this.#pieces.written();
    this.journal.trim(needed);
  }
}
