import { copyBits, sameBits, wordsOf, type Histogram, type Millis } from '#shared/model/index.ts';
import { encodeRow, maxRowLength, type Stage } from './head-row.ts';
import { Tail, type ColumnRows } from './head-tail.ts';
import { encodePiece, type BlockState, type Piece, type PieceState } from './piece-codec.ts';
import { lowerBound } from './search-times.ts';

/** Samples a block takes of one series before it is sealed. */
export const BLOCK_ROWS = 480;

/** Series of one block. */
export const BLOCK_COLUMNS = 1024;

/** Open blocks of one source: those of its batches' times, and those of samples with times of their own. */
export interface Pool {
  readonly source: string;
  blocks: HeadBlock[];
  ownBlocks: HeadBlock[];
}

/** No row: a column that has no sample yet. */
const NO_ROW = 0xffff;

let body = new Uint8Array(1 << 14);

/** What a fold works in: blocks are folded one at a time. */
let foldValues = new Float64Array(0);
let foldPresent = new Uint8Array(0);

/** A row of a batch as it was encoded; `bytes` is valid until the next. */
export interface EncodedRow {
  readonly row: number;
  readonly columns: number;
  readonly bytes: Uint8Array;
}

/**
 * Newest samples of up to 1024 series that share their times: one row a batch, one column a series. Of each column the
 * newest value is kept; the newest rows are kept as changes (`tail`), older ones in pieces, which lie in the database
 * and in a cache. Rows are only appended; a block that is full, or whose source is gone, is closed and waits to be
 * sealed into frames.
 */
export class HeadBlock {
  /** Persistent; the timeline in the database has the same number once the block is sealed. */
  readonly id: number;
  readonly pool: Pool;
  /** Whether it holds samples that came with times of their own. */
  readonly ownTimes: boolean;
  readonly maxRows: number;
  /** Columns of a row fill up to this; a closed block takes no more. */
  closed = false;
  rows = 0;
  columns = 0;
  /** Ascending, `rows` of them. */
  times = new Float64Array(8);
  #capacity = 0;
  /** Series reference of each column. */
  refs = new Int32Array(0);
  /** Newest value of each column; while the block sleeps, that before the tail. */
  last = new Float64Array(0);
  lastWords = wordsOf(this.last);
  /** Row of the newest sample of each column; while the block sleeps, before the tail. */
  lastRow = new Uint16Array(0);
  /**
   * Whether the tail was brought back by a recovery and nobody has needed the newest values of all columns since:
   * single columns are read from its oldest row on. `wake` ends it.
   */
  asleep = false;
  /** Decimal scale that fitted a column last. */
  #scales = new Int8Array(0);
  /** What the batch being appended puts into the newest row; null between batches. */
  stage: Stage | null = null;
  readonly tail = new Tail();
  /** First rows of the pieces, ascending; they end where the tail begins. */
  readonly pieces: number[] = [];
  /** Newest samples that are histograms, by column. */
  newestHistograms = new Map<number, Histogram>();
  /** Whether any sample has a start time. */
  withStartTimes = false;
  /** First journal entry that holds rows of the tail, and last one that holds any of it. */
  firstSeq = Infinity;
  lastSeq = -1;

  constructor(id: number, pool: Pool, ownTimes: boolean, maxRows: number) {
    this.id = id;
    this.pool = pool;
    this.ownTimes = ownTimes;
    this.maxRows = maxRows;
  }

  get lastTime(): Millis {
    return this.rows === 0 ? -Infinity : this.times[this.rows - 1];
  }

  get full(): boolean {
    return this.rows >= this.maxRows;
  }

  /** Whether a sample of this time may go into it: into a new row, or the newest unless that is in a piece already. */
  takes(time: Millis): boolean {
    if (this.closed) return false;
    const { lastTime } = this;
    return time > lastTime ? !this.full : time === lastTime && this.rows > this.tail.from;
  }

  /** Makes the row for `time` the newest: begins it unless it is already; the block must take that time. */
  beginRow(time: Millis): void {
    if (this.asleep) this.wake();
    this.#addTime(time);
  }

  #addTime(time: Millis): void {
    if (this.rows > 0 && this.times[this.rows - 1] === time) return;
    if (this.rows === this.times.length) {
      const grown = new Float64Array(Math.min(2 * this.rows, Math.max(this.maxRows, this.rows + 1)));
      grown.set(this.times);
      this.times = grown;
    }
    this.times[this.rows++] = time;
  }

  /** A column for a series whose first sample is to be in the newest row. */
  addColumn(ref: number): number {
    if (this.columns === this.#capacity) this.#resize(this.columns < 32 ? 2 * this.columns + 4 : this.columns * 1.25);
    const slot = this.columns++;
    this.refs[slot] = ref;
    this.lastWords[2 * slot] = this.lastWords[2 * slot + 1] = 0;
    this.lastRow[slot] = NO_ROW;
    this.#scales[slot] = 0;
    return slot;
  }

  #resize(size: number): void {
    const capacity = Math.min(BLOCK_COLUMNS, Math.ceil(size));
    const last = new Float64Array(capacity);
    wordsOf(last).set(this.lastWords);
    this.last = last;
    this.lastWords = wordsOf(last);
    const lastRow = new Uint16Array(capacity);
    lastRow.set(this.lastRow);
    this.lastRow = lastRow;
    const scales = new Int8Array(capacity);
    scales.set(this.#scales);
    this.#scales = scales;
    const refs = new Int32Array(capacity);
    refs.set(this.refs);
    this.refs = refs;
    this.#capacity = capacity;
  }

  /** Puts element `i` of `words` into the newest row; only within a batch. */
  put(slot: number, words: Uint32Array, i: number): void {
    const stage = this.stage as Stage;
    copyBits(words, i, stage.words, slot);
    stage.fresh[slot] = 1;
    this.lastRow[slot] = this.rows - 1;
    if (this.newestHistograms.size > 0) this.newestHistograms.delete(slot);
  }

  /** Says that the sample put there is a histogram. */
  putHistogram(slot: number, histogram: Histogram): void {
    let column = this.tail.histograms.get(slot);
    if (column === undefined) this.tail.histograms.set(slot, (column = []));
    column[this.rows - 1 - this.tail.from] = histogram;
    this.newestHistograms.set(slot, histogram);
  }

  putStartTime(slot: number, startTime: Millis): void {
    let column = this.tail.startTimes.get(slot);
    if (column === undefined) this.tail.startTimes.set(slot, (column = []));
    column[this.rows - 1 - this.tail.from] = startTime;
    this.withStartTimes = true;
  }

  /** Ends the batch: what it put becomes a part of the newest row, and the newest values. */
  endRow(): EncodedRow {
    const { columns, stage } = this;
    if (body.length < maxRowLength(columns)) body = new Uint8Array(maxRowLength(2 * columns));
    const length = encodeRow(stage as Stage, this.last, this.lastWords, this.#scales, columns, body, 0);
    const bytes = body.subarray(0, length);
    this.tail.add(this.rows - 1, columns, bytes);
    this.stage = null;
    return { row: this.rows - 1, columns, bytes };
  }

  /**
   * As a batch whose row was encoded before: `isRow` of so many columns, bytes that stay as they are. The block sleeps
   * from then on.
   */
  replayRow(time: Millis, columns: number, bytes: Uint8Array): void {
    this.asleep = true;
    this.#addTime(time);
    this.tail.addLater(this.rows - 1, columns, bytes);
  }

  /** Says that the newest row's sample of a sleeping block is a histogram. */
  replayHistogram(slot: number, histogram: Histogram): void {
    at(this.tail.histograms, slot)[this.rows - 1 - this.tail.from] = histogram;
  }

  /** Finds the newest values of all columns of a sleeping block. */
  wake(): void {
    if (!this.asleep) return;
    this.asleep = false;
    const { lastRow, newestHistograms, tail } = this;
    tail.collect();
    tail.walk(this.last, this.lastWords, lastRow);
    for (const slot of new Set([...newestHistograms.keys(), ...tail.histograms.keys()])) {
      if (lastRow[slot] < tail.from || lastRow[slot] === NO_ROW) continue;
      const newest = tail.histograms.get(slot)?.[lastRow[slot] - tail.from];
      if (newest === undefined) newestHistograms.delete(slot);
      else newestHistograms.set(slot, newest);
    }
  }

  /** Row of the newest sample of a column. */
  lastRowOf(slot: number): number {
    if (this.asleep) {
      const row = this.tail.lastRowOf(slot);
      if (row >= 0) return row;
    }
    return this.lastRow[slot];
  }

  /** Time of the newest sample of a column. */
  lastTimeOf(slot: number): Millis {
    return this.times[this.lastRowOf(slot)];
  }

  /** Reads rows of the tail, as it does. */
  readTail(slot: number, from: number, to: number, out: ColumnRows, at: number): void {
    if (this.asleep) this.tail.readColumnFrom(slot, this.lastWords, from, to, out, at);
    else this.tail.readColumn(slot, this.lastWords, from, to, out, at);
  }

  /** The bits of the newest value of a column. */
  readLast(slot: number, words: Uint32Array): void {
    if (this.asleep) this.tail.readLast(slot, this.lastWords, words);
    else copyBits(this.lastWords, slot, words, 0);
  }

  /** Whether the newest sample of a column is this one. */
  isLast(slot: number, words: Uint32Array, i: number): boolean {
    this.wake();
    return this.stage !== null && this.stage.fresh[slot] !== 0
      ? sameBits(words, i, this.stage.words, slot)
      : sameBits(words, i, this.lastWords, slot);
  }

  lastHistogram(slot: number): Histogram | null {
    if (this.asleep) {
      const row = this.tail.lastRowOf(slot);
      if (row >= 0) return this.tail.histograms.get(slot)?.[row - this.tail.from] ?? null;
    }
    return this.newestHistograms.size === 0 ? null : (this.newestHistograms.get(slot) ?? null);
  }

  /** The rows in [start, end]: first and after the last. */
  rowRange(start: Millis, end: Millis): readonly [from: number, to: number] {
    const from = lowerBound(this.times, 0, this.rows, start);
    let to = lowerBound(this.times, from, this.rows, end);
    if (to < this.rows && this.times[to] === end) to++;
    return [from, to];
  }

  /**
   * The rows of the tail as a piece, encoded; with those of the piece before, if that is given. Nothing changes:
   * `folded` tells that the piece is kept.
   */
  fold(before: Piece | null, idOf: (ref: number) => number): Uint8Array {
    this.wake();
    const { columns, rows, tail } = this;
    const from = before?.from ?? tail.from;
    const count = rows - from;
    const size = columns * count;
    if (foldValues.length < size) {
      foldValues = new Float64Array(size);
      foldPresent = new Uint8Array(size);
    }
    const values = foldValues.subarray(0, size);
    const words = wordsOf(values);
    const present = foldPresent.subarray(0, size).fill(0);
    const own = rows - tail.from;
    const shift = count - own;
    const ownWords = shift === 0 ? words : new Uint32Array(2 * columns * own);
    const ownPresent = shift === 0 ? present : new Uint8Array(columns * own);
    const current = this.last.slice(0, columns);
    tail.readAll(current, wordsOf(current), columns, own, ownWords, ownPresent);
    if (before !== null) {
      const out = { values, words, present };
      for (let slot = 0; slot < columns; slot++) {
        before.readColumn(slot, from, tail.from, out, slot * count);
        words.set(ownWords.subarray(2 * slot * own, 2 * (slot + 1) * own), 2 * (slot * count + shift));
        present.set(ownPresent.subarray(slot * own, (slot + 1) * own), slot * count + shift);
      }
    }
    // Where a series had not begun yet its first value stands: that is no change.
    for (let slot = 0; slot < columns; slot++) {
      const at = slot * count;
      if (present[at] === 1) continue;
      const first = present.indexOf(1, at);
      if (first < 0 || first >= at + count) continue;
      for (let i = at; i < first; i++) copyBits(words, first, words, i);
    }
    const state: BlockState = {
      source: this.pool.source,
      ownTimes: this.ownTimes,
      maxRows: this.maxRows,
      times: this.times.subarray(0, rows),
      ids: Float64Array.from(this.refs.subarray(0, columns), idOf),
      last: this.lastWords,
      lastRow: this.lastRow,
      newestHistograms: this.newestHistograms,
    };
    const histograms = shifted(tail.histograms, shift);
    const startTimes = shifted(tail.startTimes, shift);
    if (before !== null) {
      for (const [slot, column] of before.histograms)
        for (const [i, histogram] of column.entries()) if (histogram !== null) at(histograms, slot)[i] = histogram;
      for (const [slot, column] of before.startTimes)
        for (const [i, time] of column.entries()) if (time !== 0) at(startTimes, slot)[i] = time;
    }
    return encodePiece(state, { from, rows: count, values, present, histograms, startTimes }, this.#scales);
  }

  /** The rows of the tail are in a piece now, which begins with row `from`. */
  folded(from: number): void {
    if (this.pieces.at(-1) !== from) this.pieces.push(from);
    this.tail.clear(this.rows);
    this.firstSeq = Infinity;
  }

  /** Takes over an empty block's state from its newest piece. @param refs by column */
  restore(piece: Piece, state: PieceState, pieces: readonly number[], refs: Int32Array): void {
    this.#resize(piece.columns);
    this.columns = piece.columns;
    this.refs.set(refs);
    this.lastWords.set(piece.last);
    this.lastRow.set(state.lastRow);
    this.rows = piece.times.length;
    this.times = piece.times.slice();
    this.pieces.push(...pieces);
    this.withStartTimes = piece.startTimes.size > 0;
    this.newestHistograms = state.newestHistograms;
    this.tail.clear(this.rows);
  }

  /** Bytes in memory, estimated. */
  get bytes(): number {
    return this.#capacity * 15 + this.times.byteLength + this.tail.size + 800;
  }
}

function at<T>(map: Map<number, T[]>, slot: number): T[] {
  let column = map.get(slot);
  if (column === undefined) map.set(slot, (column = []));
  return column;
}

function shifted<T>(map: ReadonlyMap<number, readonly T[]>, shift: number): Map<number, T[]> {
  const result = new Map<number, T[]>();
  for (const [slot, column] of map) result.set(slot, [...Array.from<T>({ length: shift }), ...column]);
  return result;
}
