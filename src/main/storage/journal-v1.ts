import { wordsOf } from '#shared/model/index.ts';
import { DecodeError, type ByteReader } from './bytes.ts';
import { POWERS } from './decimal.ts';
import type { HeadBlock } from './head-block.ts';
import { readHistogram } from './histogram-codec.ts';

/*
 * Records of the journal of format 1, read once when such a store is taken over; docs/formats/store.md ("Format 1").
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

/** What a replay does with the records. A block it does not want (sealed, broken) is null. */
export interface FirstJournalSink {
  series(id: number, flat: readonly string[]): void;
  block(id: number, source: string, ownTimes: boolean, maxRows: number): void;
  /** Series of the next new columns of a block. */
  columns(block: number, ids: readonly number[]): void;
  wanted(block: number): HeadBlock | null;
  /** Makes a column in `block` for the next of the announced series. */
  addColumn(block: HeadBlock): void;
  rowBegin(block: HeadBlock, time: number): void;
  rowEnd(block: HeadBlock): void;
}

/** Reads one entry. @throws DecodeError when it is none */
export function readFirstJournal(reader: ByteReader, sink: FirstJournalSink): void {
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

function readRow(reader: ByteReader, sink: FirstJournalSink): void {
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
  sink.rowBegin(block, time);
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
      if (slot === block.columns) sink.addColumn(block);
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
