import { DecodeError } from './bytes.ts';
import { decompress, decompressInPlace } from './compress.ts';
import type { Database } from './database.ts';
import { Lru } from './lru.ts';
import { Piece } from './piece-codec.ts';

/** Unpacked pieces kept for the next query, in bytes. */
const CACHE = 16 << 20;

/** A piece's row in the database: a block has fewer rows than this. */
const ROWS = 1024;

export const pieceId = (block: number, from: number): number => block * ROWS + from;
export const pieceOf = (id: number): { readonly block: number; readonly from: number } => ({
  block: Math.floor(id / ROWS),
  from: id % ROWS,
});

/** Pieces of blocks: those not yet written, and a way to those that are. */
export class Pieces {
  readonly #database: Database;
  readonly #cache = new Lru<Piece>(CACHE);
  readonly #pending = new Map<number, Uint8Array>();
  readonly #get;
  #pendingBytes = 0;
  /** Bytes of the pieces in the database. */
  stored = 0;

  constructor(database: Database) {
    this.#database = database;
    this.#get = database.sqlite.prepare('SELECT data FROM piece WHERE id = ?').pluck();
  }

  /** Keeps a piece until `write`, and for queries; it takes the place of one with the same first row. */
  add(block: number, from: number, blob: Uint8Array): void {
    const id = pieceId(block, from);
    const own = blob.slice();
    this.#pendingBytes += own.length - (this.#pending.get(id)?.length ?? 0);
    this.#pending.set(id, own);
    this.#cache.delete(id);
  }

  /** For queries: keeps it for the next. @throws DecodeError when the piece is damaged or missing */
  load(block: number, from: number): Piece {
    const piece = this.read(block, from);
    this.#cache.set(pieceId(block, from), piece, piece.size);
    return piece;
  }

  /** For upkeep, which needs a piece once. @throws DecodeError when the piece is damaged or missing */
  read(block: number, from: number): Piece {
    const id = pieceId(block, from);
    return this.#cache.get(id) ?? new Piece(decompress(this.#blob(id)));
  }

  /**
   * For the start, which looks at each once: valid until the next one, for they are unfolded in one place.
   * @throws DecodeError when the piece is damaged or missing
   */
  glance(block: number, from: number): Piece {
    return new Piece(decompressInPlace(this.#blob(pieceId(block, from))));
  }

  #blob(id: number): Uint8Array {
    const blob = this.#pending.get(id) ?? (this.#database.run(() => this.#get.get(id)) as Uint8Array | undefined);
    if (blob === undefined) throw new DecodeError('a piece is missing');
    return blob;
  }

  /** Finds out how much the database holds. */
  measure(): void {
    const sum = this.#database.sqlite.prepare('SELECT ifnull(sum(length(data)), 0) FROM piece').pluck();
    this.stored = sum.get() as number;
  }

  /** Bytes that wait to be written. */
  get pendingBytes(): number {
    return this.#pendingBytes;
  }

  get cacheBytes(): number {
    return this.#cache.size + this.#pendingBytes;
  }

  /** Writes what waits; to be called within a transaction, and `written` after its success. */
  write(database: Database): void {
    if (this.#pending.size === 0) return;
    const put = database.statement('INSERT OR REPLACE INTO piece (id, data) VALUES (?, ?)');
    for (const [id, blob] of this.#pending) put.run(id, blob);
  }

  written(): void {
    this.stored += this.#pendingBytes;
    this.#pending.clear();
    this.#pendingBytes = 0;
  }

  /** Deletes the pieces of a block; to be called within a transaction, and `removed` after its success. */
  remove(database: Database, block: number): void {
    database.statement('DELETE FROM piece WHERE id BETWEEN ? AND ?').run(pieceId(block, 0), pieceId(block, ROWS - 1));
  }

  removed(block: number, froms: readonly number[]): void {
    for (const from of froms) {
      const id = pieceId(block, from);
      this.#pendingBytes -= this.#pending.get(id)?.length ?? 0;
      this.#pending.delete(id);
      this.#cache.delete(id);
    }
  }
}
