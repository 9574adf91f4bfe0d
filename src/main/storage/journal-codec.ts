import type { Histogram, Millis } from '#shared/model/index.ts';
import { DecodeError, type ByteReader, type ByteWriter } from './bytes.ts';
import type { EncodedRow, HeadBlock } from './head-block.ts';
import { readHistogram, writeHistogram } from './histogram-codec.ts';

/*
 * Records of the journal; docs/formats/store.md ("Journal") is the description. A record is only understood after
 * those before it of the same block, or its newest piece: values are given as what changed since the row before.
 */

const BLOCK = 2;
const COLUMNS = 3;
const ROW = 4;
const HISTOGRAM = 5;
const START_TIME = 6;

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
  writer.varint(from);
  writer.varint(block.columns - from);
  let before = 0;
  for (let slot = from; slot < block.columns; slot++) {
    const id = idOf(block.refs[slot]);
    writer.zigzag(id - before);
    before = id;
  }
}

/** A part of the newest row of a block, whose new columns are written already. */
export function writeRow(writer: ByteWriter, block: HeadBlock, { row, columns, bytes }: EncodedRow): void {
  writer.u8(ROW);
  writer.varint(block.id);
  writer.varint(row);
  writer.f64(block.lastTime);
  writer.varint(columns);
  writer.varint(bytes.length);
  writer.raw(bytes);
}

/** Belongs to the newest row, which is written already. */
export function writeHistogramOf(writer: ByteWriter, block: HeadBlock, slot: number, histogram: Histogram): void {
  writer.u8(HISTOGRAM);
  writer.varint(block.id);
  writer.varint(block.rows - 1);
  writer.varint(slot);
  writeHistogram(writer, histogram);
}

export function writeStartTime(writer: ByteWriter, block: HeadBlock, slot: number, startTime: Millis): void {
  writer.u8(START_TIME);
  writer.varint(block.id);
  writer.varint(block.rows - 1);
  writer.varint(slot);
  writer.f64(startTime);
}

/** What a replay does with the records. */
export interface JournalSink {
  block(id: number, source: string, ownTimes: boolean, maxRows: number): void;
  /** Series of the next new columns of a block, the first of which is `from`. */
  columns(block: number, from: number, ids: readonly number[]): void;
  /** A part of a row; `bytes` are a view of what is read. */
  row(block: number, row: number, time: Millis, columns: number, bytes: Uint8Array): void;
  histogram(block: number, row: number, slot: number, histogram: Histogram): void;
  startTime(block: number, row: number, slot: number, startTime: Millis): void;
}

/** Reads one entry of the journal. @throws DecodeError when it is not what `write...` wrote */
export function readJournal(reader: ByteReader, sink: JournalSink): void {
  while (!reader.done) {
    const kind = reader.u8();
    const block = reader.varint();
    switch (kind) {
      case BLOCK: {
        const ownTimes = reader.u8() === 1;
        const maxRows = reader.varint();
        sink.block(block, reader.text(), ownTimes, maxRows);
        break;
      }
      case COLUMNS: {
        const from = reader.varint();
        const count = reader.varint();
        const ids: number[] = [];
        let id = 0;
        for (let i = 0; i < count; i++) ids.push((id += reader.zigzag()));
        sink.columns(block, from, ids);
        break;
      }
      case ROW: {
        const row = reader.varint();
        const time = reader.f64();
        const columns = reader.varint();
        sink.row(block, row, time, columns, reader.raw(reader.varint()));
        break;
      }
      case HISTOGRAM: {
        const row = reader.varint();
        const slot = reader.varint();
        sink.histogram(block, row, slot, readHistogram(reader));
        break;
      }
      case START_TIME: {
        const row = reader.varint();
        const slot = reader.varint();
        sink.startTime(block, row, slot, reader.f64());
        break;
      }
      default:
        throw new DecodeError('unknown record in the journal');
    }
  }
}
