import type { ImportMark } from './contract.ts';
import type { Database } from './database.ts';

/** How far interrupted imports got, in the database. */
export class ImportMarks {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Bytes of the input that are stored; 0 when there is no mark. */
  get(key: string): number {
    const row = this.#database.statement('SELECT offset FROM import_mark WHERE key = ?').get(key);
    return (row as { offset: number } | undefined)?.offset ?? 0;
  }

  /** To be called within the transaction that stores the samples. */
  put({ key, offset }: ImportMark): void {
    if (offset === null) this.#database.statement('DELETE FROM import_mark WHERE key = ?').run(key);
    else this.#database.statement('INSERT OR REPLACE INTO import_mark (key, offset) VALUES (?, ?)').run(key, offset);
  }
}
