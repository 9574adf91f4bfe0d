import { copyBits, type Histogram, type Millis } from '#shared/model/index.ts';
import { changeColumn, cursor, walkRow, type RowMarks } from './head-row.ts';

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
  /** Parts of a tail that was brought back, as long as they lie where they were read: none is in `bytes` then. */
  #loose: Uint8Array[] = [];
  /** By column, then by row less `from`. */
  readonly histograms = new Map<number, (Histogram | undefined)[]>();
  readonly startTimes = new Map<number, (Millis | undefined)[]>();

  /** Appends a part of row `row`, which must not be before the newest. */
  add(row: number, columns: number, body: Uint8Array): void {
    this.collect();
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

  /** As `add`, of a tail that is brought back: the bytes stay as they are, and are not copied before `collect`. */
  addLater(row: number, columns: number, body: Uint8Array): void {
    this.#rows.push(row);
    this.#places.push(0);
    this.#columns.push(columns);
    this.#loose.push(body);
    this.length += body.length;
  }

  /** Copies what `addLater` was given: it lay among what other tails have, and would keep all of that alive. */
  collect(): void {
    if (this.#loose.length === 0) return;
    const all = new Uint8Array(Math.ceil(this.length * 1.1));
    let at = 0;
    for (const [part, body] of this.#loose.entries()) {
      all.set(body, at);
      this.#places[part] = at;
      at += body.length;
    }
    this.bytes = all;
    this.#loose = [];
  }

  /** The bytes in which a part lies. */
  #bytesOf(part: number): Uint8Array {
    return this.#loose.length > 0 ? this.#loose[part] : this.bytes;
  }

  /** Forgets all rows: the next will be `from`. */
  clear(from: number): void {
    this.from = from;
    this.length = 0;
    this.#rows.length = this.#places.length = this.#columns.length = this.#loose.length = 0;
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
        if (changeColumn(this.#bytesOf(part), this.#places[part], this.#columns[part], slot, value, words, -1))
          present = 1;
      if (row >= to) continue;
      out.present[at + row - from] = present;
      // Without a sample the value is that before, which nothing has changed.
    }
  }

  /** As `readColumn`, from the oldest value on. @param base the values of the block before the tail, as words */
  readColumnFrom(slot: number, base: Uint32Array, from: number, to: number, out: ColumnRows, at: number): void {
    const { value, words } = cursor;
    copyBits(base, slot, words, 0);
    let part = 0;
    for (let row = this.from; row < to; row++) {
      let present = 0;
      for (; part < this.#rows.length && this.#rows[part] === row; part++)
        if (changeColumn(this.#bytesOf(part), this.#places[part], this.#columns[part], slot, value, words, 1))
          present = 1;
      if (row < from) continue;
      copyBits(words, 0, out.words, at + row - from);
      out.present[at + row - from] = present;
    }
  }

  /** The newest bits of a column to element 0 of `out`. @param base as in `readColumnFrom` */
  readLast(slot: number, base: Uint32Array, out: Uint32Array): void {
    const { value, words } = cursor;
    copyBits(base, slot, words, 0);
    for (let part = 0; part < this.#rows.length; part++)
      changeColumn(this.#bytesOf(part), this.#places[part], this.#columns[part], slot, value, words, 1);
    copyBits(words, 0, out, 0);
  }

  /** The newest row in which a column has a sample; -1 where there is none. */
  lastRowOf(slot: number): number {
    const { value, words } = cursor;
    for (let part = this.#rows.length - 1; part >= 0; part--)
      if (changeColumn(this.#bytesOf(part), this.#places[part], this.#columns[part], slot, value, words, -1))
        return this.#rows[part];
    return -1;
  }

  /**
   * Goes through all rows forwards: `values` are those before the tail and become the newest.
   * @param lastRow by column: the newest row with a sample is noted
   */
  walk(values: Float64Array, words: Uint32Array, lastRow: Uint16Array): void {
    const marks = { array: lastRow, stride: 1, offset: 0 };
    for (let part = 0; part < this.#rows.length; part++) {
      const mark: RowMarks = { ...marks, value: this.#rows[part] };
      walkRow(this.#bytesOf(part), this.#places[part], this.#columns[part], values, words, 1, mark);
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
        walkRow(this.#bytesOf(part), this.#places[part], this.#columns[part], current, currentWords, -1, mark);
    }
  }

  /** Bytes in memory, estimated. */
  get size(): number {
    return (
      Math.max(this.bytes.length, this.length) +
      this.#rows.length * 24 +
      (this.histograms.size + this.startTimes.size) * 400
    );
  }
}
