import { wordsOf, type Histogram, type Labels, type Millis } from '#shared/model/index.ts';
import { DecodeError, type ByteReader, type ByteWriter } from './bytes.ts';
import { decimalScale, fitsScale, POWERS } from './decimal.ts';
import type { HeadBlock } from './head-block.ts';
import { readHistogram, writeHistogram } from './histogram-codec.ts';

/*
 * Records of the journal; docs/formats/store.md ("Journal") is the description. A record is only understood after
 * those before it: values are given as what changed since the row before.
 */

const SERIES = 1;
const BLOCK = 2;
const COLUMNS = 3;
const ROW = 4;
const HISTOGRAM = 5;
const START_TIME = 6;

const ABSENT = 0;
const UNCHANGED = 1;
const BYTE = 2;
const SHORT = 3;
const WORD = 4;
const PLAIN = 5;

export function writeSeries(writer: ByteWriter, id: number, labels: Labels): void {
  writer.u8(SERIES);
  writer.varint(id);
  writer.varint(labels.length);
  for (const text of labels) writer.text(text);
}

export function writeBlock(writer: ByteWriter, block: HeadBlock): void {
  writer.u8(BLOCK);
  writer.varint(block.id);
  writer.u8(block.ownTimes ? 1 : 0);
  writer.varint(block.maxRows);
  writer.text(block.pool.source);
}

/** The series of the columns that a block got since, by persistent numbers. */
export function writeColumns(writer: ByteWriter, block: HeadBlock, from: number, idOf: (ref: number) => number): void {
  writer.u8(COLUMNS);
  writer.varint(block.id);
  writer.varint(block.columns - from);
  let before = 0;
  for (let slot = from; slot < block.columns; slot++) {
    const id = idOf(block.refs[slot]);
    writer.zigzag(id - before);
    before = id;
  }
}

let bytes1 = new Uint8Array(1024);
let shorts = new Int16Array(1024);
let words4 = new Int32Array(1024);
let plain = new Uint32Array(2048);

/**
 * The samples that the batch being appended put into the newest row of a block; to be called before `endRow`.
 * Columns from `journaled` on are new: their values are given plainly.
 */
export function writeRow(writer: ByteWriter, block: HeadBlock, journaled: number): void {
  const { columns, fresh, last, lastWords, rawWords, scales } = block;
  const raw = new Float64Array(rawWords.buffer);
  const offset = block.rawOffset;
  if (bytes1.length < columns) {
    bytes1 = new Uint8Array(2 * columns);
    shorts = new Int16Array(2 * columns);
    words4 = new Int32Array(2 * columns);
    plain = new Uint32Array(4 * columns);
  }
  writer.u8(ROW);
  writer.varint(block.id);
  writer.f64(block.lastTime);
  writer.varint(columns);
  writer.reserve(columns);
  const { bytes } = writer;
  const at = writer.length;
  writer.length += columns;
  let n1 = 0;
  let n2 = 0;
  let n4 = 0;
  let n8 = 0;
  for (let slot = 0; slot < columns; slot++) {
    if (fresh[slot] === 0) {
      bytes[at + slot] = ABSENT;
      continue;
    }
    const p = 2 * (offset + slot);
    if (slot < journaled) {
      if (rawWords[p] === lastWords[2 * slot] && rawWords[p + 1] === lastWords[2 * slot + 1]) {
        bytes[at + slot] = UNCHANGED;
        continue;
      }
      const value = raw[offset + slot];
      const before = last[slot];
      let scale = scales[slot];
      let fits = fitsScale(value, scale) && fitsScale(before, scale);
      if (!fits) {
        const wider = Math.max(decimalScale(value), decimalScale(before));
        if (wider >= 0 && fitsScale(value, wider) && fitsScale(before, wider)) {
          scale = wider;
          scales[slot] = wider;
          fits = true;
        }
      }
      if (fits) {
        const power = POWERS[scale];
        const difference = Math.round(value * power) - Math.round(before * power);
        const size = difference < 0 ? -difference - 1 : difference;
        if (size < 0x80) {
          bytes[at + slot] = BYTE | (scale << 3);
          bytes1[n1++] = difference;
          continue;
        }
        if (size < 0x8000) {
          bytes[at + slot] = SHORT | (scale << 3);
          shorts[n2++] = difference;
          continue;
        }
        if (size < 0x8000_0000) {
          bytes[at + slot] = WORD | (scale << 3);
          words4[n4++] = difference;
          continue;
        }
      }
    }
    bytes[at + slot] = PLAIN;
    plain[n8++] = rawWords[p];
    plain[n8++] = rawWords[p + 1];
  }
  writer.raw(bytes1.subarray(0, n1));
  writer.raw(new Uint8Array(shorts.buffer, 0, 2 * n2));
  writer.raw(new Uint8Array(words4.buffer, 0, 4 * n4));
  writer.raw(new Uint8Array(plain.buffer, 0, 4 * n8));
}

export function writeHistogramOf(writer: ByteWriter, block: HeadBlock, slot: number, histogram: Histogram): void {
  writer.u8(HISTOGRAM);
  writer.varint(block.id);
  writer.varint(slot);
  writeHistogram(writer, histogram);
}

export function writeStartTime(writer: ByteWriter, block: HeadBlock, slot: number, startTime: Millis): void {
  writer.u8(START_TIME);
  writer.varint(block.id);
  writer.varint(slot);
  writer.f64(startTime);
}

/** What a replay does with the records. A block it does not want (sealed, broken) is null. */
export interface JournalSink {
  series(id: number, flat: readonly string[]): void;
  block(id: number, source: string, ownTimes: boolean, maxRows: number): void;
  /** Series of the next new columns of a block. */
  columns(block: number, ids: readonly number[]): void;
  wanted(block: number): HeadBlock | null;
  /** Makes a column in `block` for the next of the announced series, with element `i` of `words` as its first value. */
  addColumn(block: HeadBlock, words: Uint32Array, i: number): void;
  rowEnd(block: HeadBlock): void;
}

/** Reads one entry of the journal. @throws DecodeError when it is not what `write...` wrote */
export function readJournal(reader: ByteReader, sink: JournalSink): void {
  while (!reader.done) {
    const kind = reader.u8();
    switch (kind) {
      case SERIES: {
        const id = reader.varint();
        const count = reader.varint();
        const flat: string[] = [];
        for (let i = 0; i < count; i++) flat.push(reader.text());
        sink.series(id, flat);
        break;
      }
      case BLOCK: {
        const id = reader.varint();
        const ownTimes = reader.u8() === 1;
        const maxRows = reader.varint();
        sink.block(id, reader.text(), ownTimes, maxRows);
        break;
      }
      case COLUMNS: {
        const block = reader.varint();
        const count = reader.varint();
        const ids: number[] = [];
        let id = 0;
        for (let i = 0; i < count; i++) ids.push((id += reader.zigzag()));
        sink.columns(block, ids);
        break;
      }
      case ROW:
        readRow(reader, sink);
        break;
      case HISTOGRAM: {
        const block = sink.wanted(reader.varint());
        const slot = reader.varint();
        const histogram = readHistogram(reader);
        block?.putHistogram(slot, histogram);
        break;
      }
      case START_TIME: {
        const block = sink.wanted(reader.varint());
        const slot = reader.varint();
        const startTime = reader.f64();
        block?.putStartTime(slot, startTime);
        break;
      }
      default:
        throw new DecodeError('unknown record in the journal');
    }
  }
}

const WIDTHS = [0, 0, 1, 2, 4, 8, 0, 0];
const counts = new Int32Array(8);
const value = new Float64Array(1);
const valueWords = wordsOf(value);

function readRow(reader: ByteReader, sink: JournalSink): void {
  const block = sink.wanted(reader.varint());
  const time = reader.f64();
  const columns = reader.varint();
  const kinds = reader.skip(columns);
  const { bytes } = reader;
  counts.fill(0);
  for (let slot = 0; slot < columns; slot++) counts[bytes[kinds + slot] & 7]++;
  const at1 = reader.skip(counts[BYTE] * WIDTHS[BYTE]);
  const at2 = reader.skip(counts[SHORT] * WIDTHS[SHORT]);
  const at4 = reader.skip(counts[WORD] * WIDTHS[WORD]);
  const at8 = reader.skip(counts[PLAIN] * WIDTHS[PLAIN]);
  if (block === null) return;
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  let p1 = at1;
  let p2 = at2;
  let p4 = at4;
  let p8 = at8;
  block.beginRow(time);
  for (let slot = 0; slot < columns; slot++) {
    const head = bytes[kinds + slot];
    const kind = head & 7;
    if (kind === ABSENT) continue;
    if (kind === UNCHANGED) {
      if (slot >= block.columns) throw new DecodeError('a row is wider than its block');
      block.put(slot, block.lastWords, slot);
      continue;
    }
    if (kind === PLAIN) {
      valueWords[0] = view.getUint32(p8, true);
      valueWords[1] = view.getUint32(p8 + 4, true);
      p8 += 8;
      if (slot === block.columns) sink.addColumn(block, valueWords, 0);
    } else {
      let difference = 0;
      if (kind === BYTE) difference = view.getInt8(p1++);
      else if (kind === SHORT) {
        difference = view.getInt16(p2, true);
        p2 += 2;
      } else if (kind === WORD) {
        difference = view.getInt32(p4, true);
        p4 += 4;
      } else throw new DecodeError('unknown kind of value');
      const power = POWERS[head >> 3];
      value[0] = (Math.round(block.last[slot] * power) + difference) / power;
    }
    if (slot >= block.columns) throw new DecodeError('a row is wider than its block');
    block.put(slot, valueWords, 0);
  }
  sink.rowEnd(block);
}
