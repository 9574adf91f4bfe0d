import { copyBits, type Histogram, type Millis } from '#shared/model/index.ts';
import { cursor, undoColumn, walkRow } from './head-row.ts';

/** Samples of one column over some rows of a block. */
export interface ColumnRows {
  /** By row; rows without a sample repeat the value before. */
  readonly values: Float64Array;
  readonly words: Uint32Array;
  /** By row 1 where there is a sample. */
  readonly present: Uint8Array;
}

/**
 * The newest rows of a block, as what changed from row to row. A row may come in parts: batches of the same time. Only
 * the bytes are kept; columns are read from the newest value back.
 */
export class Tail {
  /** First row; the newest rows of the block, from here on, are in it. */
  from = 0;
  bytes = new Uint8Array(64);
  length = 0;
  /** Row, place in `bytes` and columns of each part. */
  readonly #rows: number[] = [];
  readonly #places: number[] = [];
  readonly #columns: number[] = [];
  /** By column, then by row less `from`. */
  readonly histograms = new Map<number, (Histogram | undefined)[]>();
  readonly startTimes = new Map<number, (Millis | undefined)[]>();

  /** Appends a part of row `row`, which must not be before the newest. */
  add(row: number, columns: number, body: Uint8Array): void {
    if (this.length + body.length > this.bytes.length) {
      const grown = new Uint8Array(Math.ceil((this.length + body.length) * 1.3) + 32);
      grown.set(this.bytes.subarray(0, this.length));
      this.bytes = grown;
    }
    this.bytes.set(body, this.length);
    this.#rows.push(row);
    this.#places.push(this.length);
    this.#columns.push(columns);
    this.length += body.length;
  }

  /** Forgets all rows: the next will be `from`. */
  clear(from: number): void {
    this.from = from;
    this.length = 0;
    this.#rows.length = this.#places.length = this.#columns.length = 0;
    this.histograms.clear();
    this.startTimes.clear();
  }

  /**
   * One column's rows `from` (not before the tail's) to `to`; row r goes to element `at + r - from`.
   * @param last the newest values of the block, as words
   */
  readColumn(slot: number, last: Uint32Array, from: number, to: number, out: ColumnRows, at: number): void {
    const { value, words } = cursor;
    copyBits(last, slot, words, 0);
    let part = this.#rows.length - 1;
    let row = part < 0 ? from - 1 : this.#rows[part];
    for (; row >= from; row--) {
      if (row < to) copyBits(words, 0, out.words, at + row - from);
      let present = 0;
      for (; part >= 0 && this.#rows[part] === row; part--)
        if (undoColumn(this.bytes, this.#places[part], this.#columns[part], slot, value, words)) present = 1;
      if (row >= to) continue;
      out.present[at + row - from] = present;
      // Without a sample the value is that before, which nothing has changed.
    }
  }

  /**
   * All columns at once: row r (less `from`) of column c goes to element `c * rows + r` of `values` and `present`.
   * @param current the newest values of the block; become those before the tail
   */
  readAll(
    current: Float64Array,
    currentWords: Uint32Array,
    columns: number,
    rows: number,
    words: Uint32Array,
    present: Uint8Array,
  ): void {
    let part = this.#rows.length - 1;
    for (let row = rows - 1; row >= 0; row--) {
      for (let slot = 0; slot < columns; slot++) copyBits(currentWords, slot, words, slot * rows + row);
      const mark = { array: present, stride: rows, offset: row, value: 1 };
      for (; part >= 0 && this.#rows[part] === this.from + row; part--)
        walkRow(this.bytes, this.#places[part], this.#columns[part], current, currentWords, -1, mark);
    }
  }

  /** Bytes in memory, estimated. */
  get size(): number {
    return this.bytes.length + this.#rows.length * 24 + (this.histograms.size + this.startTimes.size) * 400;
  }
}
