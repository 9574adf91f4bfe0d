import { copyBits, sameBits, wordsOf, type Histogram, type Millis } from '#shared/model/index.ts';
import { ByteReader, ByteWriter, DecodeError } from './bytes.ts';
import { decodeColumn } from './column-decode.ts';
import { encodeColumn } from './column-encode.ts';
import { compress } from './compress.ts';
import { decimalScale, fitsScale, MAX_SCALE, POWERS } from './decimal.ts';
import type { ColumnRows } from './head-tail.ts';
import { decodeHistograms, encodeHistograms, readHistogram, writeHistogram } from './histogram-codec.ts';

/*
 * Some rows of a block, column by column, with all that is needed to go on after them; docs/formats/store.md
 * ("Pieces") is the description. Made for speed: frames are what is made small.
 */

const VERSION = 1;
const LEVEL = 1;

const UNCHANGED = 0;
const BYTE = 1;
const SHORT = 2;
const WORD = 3;
const XOR = 4;
/** No sample in any row. */
const ABSENT = 5;
const WIDTHS = [0, 1, 2, 4, 8, 0, 0, 0];

/** What a block is at the end of a piece. */
export interface BlockState {
  readonly source: string;
  readonly ownTimes: boolean;
  readonly maxRows: number;
  /** Times of all rows so far, those of the piece being the last. */
  readonly times: Float64Array;
  /** Persistent numbers of the columns' series. */
  readonly ids: Float64Array;
  /** Newest value of each column, as words. */
  readonly last: Uint32Array;
  /** Row of the newest sample of each column. */
  readonly lastRow: Uint16Array;
  /** Newest samples that are histograms, by column. */
  readonly newestHistograms: ReadonlyMap<number, Histogram>;
}

/** Rows of a piece as they are read from the tail. */
export interface PieceRows {
  /** First row. */
  readonly from: number;
  readonly rows: number;
  /** Element `column * rows + row`; rows without a sample repeat the value before. */
  readonly values: Float64Array;
  readonly present: Uint8Array;
  readonly histograms: ReadonlyMap<number, readonly (Histogram | undefined)[]>;
  readonly startTimes: ReadonlyMap<number, readonly (Millis | undefined)[]>;
}

const differences = new Float64Array(1024);

/** The narrowest kind that holds the column's differences at this scale; XOR when none does. */
function differencesAt(values: Float64Array, at: number, rows: number, scale: number): number {
  const power = POWERS[scale];
  if (!fitsScale(values[at], scale)) return XOR;
  let before = Math.round(values[at] * power);
  let max = 0;
  for (let row = 1; row < rows; row++) {
    const value = values[at + row];
    if (!fitsScale(value, scale)) return XOR;
    const integer = Math.round(value * power);
    const difference = integer - before;
    before = integer;
    differences[row - 1] = difference;
    const size = difference < 0 ? -difference - 1 : difference;
    if (size > max) max = size;
  }
  if (max < 0x80) return BYTE;
  if (max < 0x8000) return SHORT;
  return max < 0x8000_0000 ? WORD : XOR;
}

function writeChanges(
  writer: ByteWriter,
  values: Float64Array,
  words: Uint32Array,
  at: number,
  rows: number,
  scales: Int8Array,
  slot: number,
): number {
  // What made no decimal before may do so over these rows.
  let scale = Math.max(0, scales[slot]);
  let kind = differencesAt(values, at, rows, scale);
  if (kind === XOR) {
    // The widest scale any element asks for; if it does not fit all, bits are all there is.
    let wider = 0;
    for (let row = 0; row < rows && wider >= 0; row++) {
      const value = values[at + row];
      if (!fitsScale(value, wider)) wider = decimalScale(value, wider);
    }
    if (wider >= 0 && wider !== scale) {
      kind = differencesAt(values, at, rows, wider);
      if (kind !== XOR) scale = wider;
    }
  }
  scales[slot] = scale;
  const count = rows - 1;
  const width = WIDTHS[kind];
  writer.reserve(width * count);
  const { bytes } = writer;
  let p = writer.length;
  if (kind === XOR) {
    // Bytes of one significance together: those of the exponent hardly change.
    for (let row = 1; row < rows; row++, p++) {
      const a = words[2 * (at + row)] ^ words[2 * (at + row - 1)];
      const b = words[2 * (at + row) + 1] ^ words[2 * (at + row - 1) + 1];
      for (let w = 0; w < 4; w++) {
        bytes[p + w * count] = a >>> (8 * w);
        bytes[p + (w + 4) * count] = b >>> (8 * w);
      }
    }
    writer.length += width * count;
    return XOR;
  }
  for (let i = 0; i < count; i++) {
    const difference = differences[i];
    bytes[p++] = difference;
    if (kind !== BYTE) bytes[p++] = difference >> 8;
    if (kind === WORD) {
      bytes[p++] = difference >> 16;
      bytes[p++] = difference >> 24;
    }
  }
  writer.length = p;
  return kind | (scale << 3);
}

function writePlanes(writer: ByteWriter, words: Uint32Array, count: number): void {
  writer.reserve(8 * count);
  const { bytes } = writer;
  let low = 0;
  let high = 0;
  for (let i = 0, p = writer.length; i < count; i++, p++) {
    const a = words[2 * i] ^ low;
    const b = words[2 * i + 1] ^ high;
    low = words[2 * i];
    high = words[2 * i + 1];
    for (let w = 0; w < 4; w++) {
      bytes[p + w * count] = a >>> (8 * w);
      bytes[p + (w + 4) * count] = b >>> (8 * w);
    }
  }
  writer.length += 8 * count;
}

function readPlanes(reader: ByteReader, words: Uint32Array, count: number): void {
  const start = reader.skip(8 * count);
  const { bytes } = reader;
  let low = 0;
  let high = 0;
  for (let i = 0; i < count; i++) {
    const p = start + i;
    low ^= bytes[p] | (bytes[p + count] << 8) | (bytes[p + 2 * count] << 16) | (bytes[p + 3 * count] << 24);
    high ^=
      bytes[p + 4 * count] | (bytes[p + 5 * count] << 8) | (bytes[p + 6 * count] << 16) | (bytes[p + 7 * count] << 24);
    words[2 * i] = low;
    words[2 * i + 1] = high;
  }
}

function writeBitmap(writer: ByteWriter, flags: (i: number) => boolean, count: number): void {
  for (let i = 0; i < count; i += 8) {
    let byte = 0;
    for (let bit = 0; bit < 8 && i + bit < count; bit++) if (flags(i + bit)) byte |= 1 << bit;
    writer.u8(byte);
  }
}

/** A map by column: its size, then each column as distance from the one before. */
function writeByColumn<T>(writer: ByteWriter, map: ReadonlyMap<number, T>, write: (value: T) => void): void {
  writer.varint(map.size);
  let before = 0;
  for (const slot of [...map.keys()].sort((a, b) => a - b)) {
    writer.varint(slot - before);
    before = slot;
    write(map.get(slot) as T);
  }
}

function readByColumn<T>(reader: ByteReader, columns: number, read: () => T): Map<number, T> {
  const map = new Map<number, T>();
  let slot = 0;
  for (let left = reader.varint(); left > 0; left--) {
    slot += reader.varint();
    if (slot >= columns) throw new DecodeError('a piece names a column it does not have');
    map.set(slot, read());
  }
  return map;
}

const writers = { meta: new ByteWriter(1 << 14), data: new ByteWriter(1 << 16) };

/** @param scales decimal scale that fitted each column last; updated */
export function encodePiece(state: BlockState, piece: PieceRows, scales: Int8Array): Uint8Array {
  const { meta, data } = writers;
  meta.length = data.length = 0;
  const { from, rows, values, present } = piece;
  const columns = state.ids.length;
  meta.u8(VERSION);
  meta.text(state.source);
  meta.u8(state.ownTimes ? 1 : 0);
  meta.varint(state.maxRows);
  meta.varint(state.times.length);
  encodeColumn(meta, meta, state.times, state.times.length);
  meta.varint(from);
  meta.varint(columns);
  writePlanes(meta, state.last, columns);
  meta.reserve(columns);
  const kindsAt = meta.length;
  meta.length += columns;
  const gaps = new Map<number, number>();
  const words = wordsOf(values);
  for (let slot = 0; slot < columns; slot++) {
    const at = slot * rows;
    let samples = 0;
    let same = true;
    for (let row = 0; row < rows; row++) {
      samples += present[at + row];
      same = same && sameBits(words, at, words, at + row);
    }
    if (samples > 0 && samples < rows) gaps.set(slot, at);
    meta.bytes[kindsAt + slot] =
      samples === 0 ? ABSENT : same ? UNCHANGED : writeChanges(data, values, words, at, rows, scales, slot);
  }
  writeByColumn(meta, gaps, (at) => writeBitmap(meta, (row) => present[at + row] === 1, rows));
  const starts = new Float64Array(rows);
  writeByColumn(meta, piece.startTimes, (column) => {
    for (let row = 0; row < rows; row++) starts[row] = column[row] ?? 0;
    encodeColumn(meta, meta, starts, rows);
  });
  writeByColumn(meta, piece.histograms, (column) => {
    writeBitmap(meta, (row) => column[row] !== undefined, rows);
    encodeHistograms(
      meta,
      column.filter((histogram) => histogram !== undefined),
    );
  });
  meta.varint(data.length);
  meta.raw(data.written());
  let before = 0;
  for (const id of state.ids) {
    meta.zigzag(id - before);
    before = id;
  }
  const older = new Map<number, number>();
  for (let slot = 0; slot < columns; slot++)
    if (state.lastRow[slot] !== state.times.length - 1) older.set(slot, state.lastRow[slot]);
  writeByColumn(meta, older, (row) => meta.varint(row));
  // Those that are not in this piece: what comes next is compared with them.
  const carried = new Map([...state.newestHistograms].filter(([slot]) => state.lastRow[slot] < from));
  writeByColumn(meta, carried, (histogram) => writeHistogram(meta, histogram));
  return compress(meta.written(), LEVEL);
}

/** What a block knows at the end of a piece, beside the newest values. */
export interface PieceState {
  /** Persistent numbers of the columns' series. */
  readonly ids: Float64Array;
  readonly lastRow: Uint16Array;
  readonly newestHistograms: Map<number, Histogram>;
}

/** A piece, unpacked as far as is needed to read single columns. */
export class Piece {
  readonly source: string;
  readonly ownTimes: boolean;
  readonly maxRows: number;
  /** Times of all rows of the block up to its end. */
  readonly times: Float64Array;
  readonly from: number;
  readonly columns: number;
  readonly last: Uint32Array;
  readonly histograms: ReadonlyMap<number, readonly (Histogram | null)[]>;
  readonly startTimes: ReadonlyMap<number, Float64Array>;
  /** Bytes from the end of the piece's rows on: see `state`. */
  readonly #rest: Uint8Array;
  readonly #kinds: Uint8Array;
  readonly #starts: Uint32Array;
  readonly #gaps: ReadonlyMap<number, Uint8Array>;
  readonly #data: Uint8Array;

  /** @param bytes an unfolded blob, which is not copied; @throws DecodeError when they are damaged */
  constructor(bytes: Uint8Array) {
    const reader = new ByteReader(bytes);
    if (reader.u8() !== VERSION) throw new DecodeError('unknown version of a piece');
    this.source = reader.text();
    this.ownTimes = reader.u8() === 1;
    this.maxRows = reader.varint();
    const total = reader.varint();
    if (total > 1 << 16) throw new DecodeError('a piece is too long');
    this.times = new Float64Array(total);
    decodeColumn(reader, reader, this.times, 0, total);
    this.from = reader.varint();
    const rows = total - this.from;
    const columns = reader.varint();
    if (rows <= 0 || columns > 1 << 16) throw new DecodeError('a piece has no rows');
    this.columns = columns;
    this.last = new Uint32Array(2 * columns);
    readPlanes(reader, this.last, columns);
    this.#kinds = reader.raw(columns);
    this.#starts = new Uint32Array(columns + 1);
    for (let slot = 0; slot < columns; slot++)
      this.#starts[slot + 1] = this.#starts[slot] + WIDTHS[this.#kinds[slot] & 7] * (rows - 1);
    const bitmap = (): Uint8Array => {
      const bytes = reader.raw((rows + 7) >> 3);
      return Uint8Array.from({ length: rows }, (_, row) => (bytes[row >> 3] >> (row & 7)) & 1);
    };
    this.#gaps = readByColumn(reader, columns, bitmap);
    this.startTimes = readByColumn(reader, columns, () => {
      const column = new Float64Array(rows);
      decodeColumn(reader, reader, column, 0, rows);
      return column;
    });
    this.histograms = readByColumn(reader, columns, () => {
      const marks = bitmap();
      const found = decodeHistograms(reader);
      let next = 0;
      return Array.from(marks, (mark) => (mark === 1 ? (found[next++] ?? null) : null));
    });
    this.#data = reader.raw(reader.varint());
    if (this.#data.length < this.#starts[columns]) throw new DecodeError('a piece is too short');
    this.#rest = reader.bytes.subarray(reader.at);
  }

  /** Row after the last. */
  get to(): number {
    return this.times.length;
  }

  /** Bytes in memory, estimated. */
  get size(): number {
    const { columns } = this;
    return this.#data.length + columns * 15 + 600 + this.to * 8 + this.#gaps.size * 200 + this.histograms.size * 9000;
  }

  /** What is needed to go on after the piece. @throws DecodeError when it is damaged */
  state(): PieceState {
    const { columns, to } = this;
    const reader = new ByteReader(this.#rest);
    const ids = new Float64Array(columns);
    let id = 0;
    for (let slot = 0; slot < columns; slot++) ids[slot] = id += reader.zigzag();
    const lastRow = new Uint16Array(columns).fill(to - 1);
    for (const [slot, row] of readByColumn(reader, columns, () => reader.varint())) lastRow[slot] = row;
    const newestHistograms = readByColumn(reader, columns, () => readHistogram(reader));
    for (const [slot, column] of this.histograms) {
      const histogram = column[lastRow[slot] - this.from] ?? null;
      if (histogram !== null) newestHistograms.set(slot, histogram);
    }
    return { ids, lastRow, newestHistograms };
  }

  /** Rows `from` (not before the piece's) to `to` of one column; row r goes to element `at + r - from`. */
  readColumn(slot: number, from: number, to: number, out: ColumnRows, at: number): void {
    const { values, words, present } = out;
    const kind = slot < this.columns ? this.#kinds[slot] : ABSENT;
    if ((kind & 7) === ABSENT) {
      for (let i = at; i < at + to - from; i++) {
        words[2 * i] = words[2 * i + 1] = 0;
        present[i] = 0;
      }
      return;
    }
    const gaps = this.#gaps.get(slot);
    if (gaps === undefined) present.fill(1, at, at + to - from);
    else present.set(gaps.subarray(from - this.from, to - this.from), at);
    const { last } = this;
    if (kind === UNCHANGED) {
      for (let i = at; i < at + to - from; i++) copyBits(last, slot, words, i);
      return;
    }
    const bytes = this.#data;
    const count = this.to - this.from - 1;
    const start = this.#starts[slot];
    const offset = at - from;
    let row = this.to - 1;
    if (kind === XOR) {
      let low = last[2 * slot];
      let high = last[2 * slot + 1];
      for (; row >= from; row--) {
        if (row < to) {
          words[2 * (offset + row)] = low;
          words[2 * (offset + row) + 1] = high;
        }
        const p = start + row - this.from - 1;
        if (row === this.from) break;
        low ^= bytes[p] | (bytes[p + count] << 8) | (bytes[p + 2 * count] << 16) | (bytes[p + 3 * count] << 24);
        high ^=
          bytes[p + 4 * count] |
          (bytes[p + 5 * count] << 8) |
          (bytes[p + 6 * count] << 16) |
          (bytes[p + 7 * count] << 24);
      }
      return;
    }
    const scale = kind >> 3;
    if (scale > MAX_SCALE) throw new DecodeError('unknown scale');
    const power = POWERS[scale];
    copyBits(last, slot, oneWords, 0);
    let integer = Math.round(one[0] * power);
    const width = WIDTHS[kind & 7];
    for (let p = start + width * (count - 1); row >= from; row--, p -= width) {
      if (row < to) values[offset + row] = integer / power;
      if (row === this.from) break;
      if (width === 1) integer -= (bytes[p] << 24) >> 24;
      else if (width === 2) integer -= ((bytes[p] | (bytes[p + 1] << 8)) << 16) >> 16;
      else integer -= bytes[p] | (bytes[p + 1] << 8) | (bytes[p + 2] << 16) | (bytes[p + 3] << 24);
    }
  }
}

const one = new Float64Array(1);
const oneWords = wordsOf(one);
