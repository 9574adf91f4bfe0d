import { crc32 } from 'node:zlib';
import type { Histogram } from '#shared/model/index.ts';
import { ByteReader, ByteWriter, DecodeError } from './bytes.ts';
import { decodeColumn } from './column-decode.ts';
import { encodeColumn } from './column-encode.ts';
import { compress, decompress } from './compress.ts';
import { decodeHistograms, encodeHistograms } from './histogram-codec.ts';

/** Series of one group, and so of one frame: one bit each of a mask. */
export const GROUP_SIZE = 32;

/** Where frames stand between speed and size; see docs/formats/store.md for what was measured. */
const LEVEL = 9;

const VERSION = 1;
const WITH_GAPS = 1;
const WITH_START_TIMES = 2;
const WITH_HISTOGRAMS = 4;
const RELATIVE = 8;
/** A decoded histogram with its lists, roughly. */
const HISTOGRAM_BYTES = 600;
/** Columns that may have to be read before another: each is relative to the one before it. */
const MAX_CHAIN = 12;

/** One series' samples in a frame: elements for the rows where it has a sample. */
export interface FrameColumn {
  /** Place in the group, 0..31. */
  readonly member: number;
  /** By row of the timeline 1 where there is a sample; null: in all rows. */
  readonly present: Uint8Array | null;
  readonly values: Float64Array;
  readonly startTimes: Float64Array | null;
  /** By element; null where it is a float. */
  readonly histograms: readonly (Histogram | null)[] | null;
}

function writeBits(writer: ByteWriter, flags: Uint8Array): void {
  for (let i = 0; i < flags.length; i += 8) {
    let byte = 0;
    for (let bit = 0; bit < 8 && i + bit < flags.length; bit++) byte |= flags[i + bit] << bit;
    writer.u8(byte);
  }
}

function readBits(reader: ByteReader, count: number): Uint8Array {
  const bytes = reader.raw((count + 7) >> 3);
  const flags = new Uint8Array(count);
  for (let i = 0; i < count; i++) flags[i] = (bytes[i >> 3] >> (i & 7)) & 1;
  return flags;
}

/** @returns whether the values are relative to the reference */
function encodeBody(
  writer: ByteWriter,
  packs: ByteWriter,
  column: FrameColumn,
  reference: Float64Array | null,
): boolean {
  const { present, values, startTimes, histograms } = column;
  const flagsAt = writer.length;
  writer.u8(
    (present === null ? 0 : WITH_GAPS) |
      (startTimes === null ? 0 : WITH_START_TIMES) |
      (histograms === null ? 0 : WITH_HISTOGRAMS),
  );
  if (present !== null) writeBits(writer, present);
  const relative = encodeColumn(writer, packs, values, values.length, reference);
  if (relative) writer.bytes[flagsAt] |= RELATIVE;
  if (startTimes !== null) encodeColumn(writer, packs, startTimes, values.length);
  if (histograms !== null) {
    writeBits(
      writer,
      Uint8Array.from(histograms, (histogram) => (histogram === null ? 0 : 1)),
    );
    encodeHistograms(
      writer,
      histograms.filter((histogram) => histogram !== null),
    );
  }
  return relative;
}

/** Columns in the order of their members, over `rows` rows of a timeline. */
export function encodeFrame(columns: readonly FrameColumn[], rows: number): Uint8Array {
  const head = new ByteWriter(256);
  const bodies = new ByteWriter(columns.length * rows * 4);
  const packs = new ByteWriter(columns.length * rows);
  head.u8(VERSION);
  head.varint(rows);
  let mask = 0;
  for (const column of columns) mask |= 1 << column.member;
  head.u32(mask >>> 0);
  let before: FrameColumn | null = null;
  let chain = 0;
  for (const column of columns) {
    const start = bodies.length;
    const packsStart = packs.length;
    const usable: boolean = before !== null && before.present === null && column.present === null && chain < MAX_CHAIN;
    chain = encodeBody(bodies, packs, column, usable ? (before?.values ?? null) : null) ? chain + 1 : 0;
    before = column;
    head.varint(bodies.length - start);
    head.varint(packs.length - packsStart);
  }
  head.u32(crc32(packs.written()));
  head.raw(bodies.written());
  // What was packed is as small as it gets: it stays out of the compressor, whose tables it would only spoil.
  const folded = compress(head.written(), LEVEL);
  const blob = new ByteWriter(8 + packs.length + folded.length);
  blob.varint(packs.length);
  blob.raw(packs.written());
  blob.raw(folded);
  return blob.written();
}

/** Gives the array for the values of a member's column, of just so many elements: zeros, or what is to be written over. */
export type Room = (member: number, count: number) => Float64Array;

/** Room for the values of several columns of a frame: an array for each would cost as much as reading it. */
export class FrameRoom {
  #room = new Float64Array(0);
  #used = 0;
  /** Of all that it gave. */
  bytes = 0;

  /** @param columns about how many will be asked for, this one included; @param most elements of all columns of a frame */
  take(count: number, columns: number, most: number): Float64Array {
    if (this.#used + count > this.#room.length) {
      this.#room = new Float64Array(Math.max(count, Math.min(count * columns, most)));
      this.#used = 0;
      this.bytes += this.#room.byteLength;
    }
    const from = this.#used;
    this.#used += count;
    return count === this.#room.length ? this.#room : this.#room.subarray(from, this.#used);
  }
}

/** An unfolded frame: columns are decoded one by one, when asked for. */
export class Frame {
  readonly rows: number;
  readonly #bytes: Uint8Array;
  readonly #packs: Uint8Array;
  readonly #packStarts = new Int32Array(GROUP_SIZE);
  /** Where the column of a member begins and ends; -1 where it has none. */
  readonly #starts = new Int32Array(GROUP_SIZE).fill(-1);
  readonly #ends = new Int32Array(GROUP_SIZE);
  /** Columns decoded so far: what others are relative to. */
  readonly #decoded: (FrameColumn | undefined)[] = [];
  #decodedBytes = 0;
  readonly #own = new FrameRoom();

  /** @throws DecodeError when the blob is damaged */
  constructor(blob: Uint8Array) {
    const outer = new ByteReader(blob);
    this.#packs = outer.raw(outer.varint());
    const bytes = decompress(blob.subarray(outer.at));
    const reader = new ByteReader(bytes);
    if (reader.u8() !== VERSION) throw new DecodeError('unknown version of a frame');
    this.rows = reader.varint();
    const mask = reader.u32();
    let at = 0;
    let packsAt = 0;
    for (let member = 0; member < GROUP_SIZE; member++) {
      if ((mask & (1 << member)) === 0) continue;
      this.#starts[member] = at;
      at += reader.varint();
      this.#ends[member] = at;
      this.#packStarts[member] = packsAt;
      packsAt += reader.varint();
    }
    if (reader.u32() !== crc32(this.#packs)) throw new DecodeError('packed numbers are damaged');
    this.#bytes = bytes.subarray(reader.at);
    if (at > this.#bytes.length) throw new DecodeError('a frame is too short');
  }

  /** Bytes in memory, decoded columns included. */
  get size(): number {
    return this.#bytes.length + this.#packs.length + 1024 + this.#decodedBytes + this.#own.bytes;
  }

  has(member: number): boolean {
    return this.#starts[member] >= 0;
  }

  /**
   * The column of a member that `has` one.
   * @param expected about how many columns will be asked for, this one included
   */
  column(member: number, expected = 1): FrameColumn {
    return this.columnIn(member, (_, count) => this.#own.take(count, expected, this.rows * GROUP_SIZE));
  }

  /** As `column`, its values in an array that `room` gives, unless they have been decoded before. */
  columnIn(member: number, room: Room): FrameColumn {
    let column = this.#decoded[member];
    if (column === undefined) {
      column = this.#decode(member, room);
      this.#decoded[member] = column;
      const { startTimes, histograms } = column;
      this.#decodedBytes += (startTimes?.byteLength ?? 0) + 200;
      if (histograms !== null) this.#decodedBytes += histograms.length * HISTOGRAM_BYTES;
    }
    return column;
  }

  /** Values of the column before a member's: what that is relative to. */
  #reference(member: number, room: Room): Float64Array {
    let before = member - 1;
    while (before >= 0 && !this.has(before)) before--;
    if (before < 0) throw new DecodeError('a column lacks its reference');
    return this.columnIn(before, room).values;
  }

  #decode(member: number, room: Room): FrameColumn {
    const reader = new ByteReader(this.#bytes, this.#starts[member], this.#ends[member]);
    const packs = new ByteReader(this.#packs, this.#packStarts[member]);
    const flags = reader.u8();
    const present = (flags & WITH_GAPS) === 0 ? null : readBits(reader, this.rows);
    let count = this.rows;
    if (present !== null) {
      count = 0;
      for (const flag of present) count += flag;
    }
    // First what it is relative to, which may take room, too.
    const reference = (flags & RELATIVE) === 0 ? null : this.#reference(member, room);
    const values = room(member, count);
    decodeColumn(reader, packs, values, 0, count, reference);
    let startTimes: Float64Array | null = null;
    if ((flags & WITH_START_TIMES) !== 0) decodeColumn(reader, packs, (startTimes = new Float64Array(count)), 0, count);
    let histograms: (Histogram | null)[] | null = null;
    if ((flags & WITH_HISTOGRAMS) !== 0) {
      const marks = readBits(reader, count);
      const found = decodeHistograms(reader);
      let next = 0;
      histograms = Array.from(marks, (mark) => (mark === 1 ? (found[next++] ?? null) : null));
    }
    return { member, present, values, startTimes, histograms };
  }
}

/** Times of rows, ascending. */
export function encodeTimeline(times: Float64Array): Uint8Array {
  const writer = new ByteWriter(512);
  writer.varint(times.length);
  encodeColumn(writer, writer, times, times.length);
  return compress(writer.written(), LEVEL);
}

/** @throws DecodeError when the blob is damaged */
export function decodeTimeline(blob: Uint8Array): Float64Array {
  const reader = new ByteReader(decompress(blob));
  const count = reader.varint();
  if (count > 1 << 20) throw new DecodeError('a timeline is too long');
  const times = new Float64Array(count);
  decodeColumn(reader, reader, times, 0, count);
  return times;
}
