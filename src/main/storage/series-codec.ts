import { ByteReader, ByteWriter, DecodeError } from './bytes.ts';
import { compress, decompress } from './compress.ts';
import type { SeriesTable } from './series-table.ts';

const LEVEL = 6;

/** Label sets that are registered together: each text once, zstd over all. @param idOf persistent number of a reference */
export function encodeSeries(refs: readonly number[], table: SeriesTable, idOf: (ref: number) => number): Uint8Array {
  const numbers = new Map<number, number>();
  const texts = new ByteWriter(4096);
  const body = new ByteWriter(4096);
  const write = (text: number): void => {
    let number = numbers.get(text);
    if (number === undefined) {
      numbers.set(text, (number = numbers.size));
      texts.text(table.texts[text]);
    }
    body.varint(number);
  };
  let before = 0;
  body.varint(refs.length);
  for (const ref of refs) {
    const id = idOf(ref);
    body.zigzag(id - before);
    before = id;
    body.varint(table.width(ref));
    table.forEachPair(ref, (name, value) => {
      write(name);
      write(value);
    });
  }
  const all = new ByteWriter(texts.length + body.length + 8);
  all.varint(numbers.size);
  all.raw(texts.written());
  all.raw(body.written());
  return compress(all.written(), LEVEL);
}

/** A blob of label sets, unfolded; nothing of it is in a table yet. */
export interface PackedSeries {
  /** How many. */
  readonly length: number;
  /** Their texts, counted as often as they occur, are at most so many. */
  readonly mostTexts: number;
  /** Where its texts begin. */
  readonly reader: ByteReader;
}

/** @throws DecodeError when the blob is damaged */
export function unfoldSeries(blob: Uint8Array): PackedSeries {
  const reader = new ByteReader(decompress(blob));
  const { at } = reader;
  const count = reader.varint();
  if (count > reader.end) throw new DecodeError('a number of texts is too large');
  for (let i = 0; i < count; i++) reader.skip(reader.varint());
  const length = reader.varint();
  if (length > reader.end) throw new DecodeError('a number of series is too large');
  // Each takes a byte at least.
  return { length, mostTexts: reader.end - reader.at, reader: new ByteReader(reader.bytes, at, reader.end) };
}

/**
 * Adds label sets, which are all new, to the table: all of them, or none when they are damaged. Calls with their
 * persistent numbers and the reference of the first; those of the others follow it.
 * @throws DecodeError when they are damaged
 */
export function readSeries(
  { length, mostTexts, reader }: PackedSeries,
  table: SeriesTable,
  found: (ids: Float64Array, firstRef: number) => void,
): void {
  const texts = new Uint32Array(reader.varint());
  for (let i = 0; i < texts.length; i++) texts[i] = table.intern(reader.text());
  reader.varint();
  const ids = new Float64Array(length);
  const first = table.appendAll(length, mostTexts, (pairs, ends) =>
    readLabelSets(reader.bytes, reader.at, reader.end, texts, ids, ends, pairs),
  );
  found(ids, first);
}

/**
 * Reads label sets: their persistent numbers to `ids`, the numbers of their texts one set after the other to `pairs`, and
 * where each set ends there to `ends`. One loop without a call: nearly all the time of opening a large store would go here.
 */
function readLabelSets(
  bytes: Uint8Array,
  from: number,
  end: number,
  texts: Uint32Array,
  ids: Float64Array,
  ends: Uint32Array,
  pairs: Uint32Array,
): void {
  const { length: series } = ids;
  const { length: count } = texts;
  let at = from;
  let id = 0;
  let length = 0;
  for (let i = 0; i < series; i++) {
    let difference = 0;
    let scale = 1;
    let byte = 0x80;
    for (; byte >= 0x80 && at < end; scale *= 128) {
      byte = bytes[at++];
      difference += (byte & 0x7f) * scale;
    }
    id += difference % 2 === 0 ? difference / 2 : -(difference + 1) / 2;
    ids[i] = id;
    let width = 0;
    byte = 0x80;
    for (let shift = 0; byte >= 0x80 && at < end && shift < 28; shift += 7) {
      byte = bytes[at++];
      width |= (byte & 0x7f) << shift;
    }
    if (width > end - at) throw new DecodeError('a label set is too long');
    for (const stop = length + width; length < stop; length++) {
      let text = at < end ? bytes[at++] : count;
      if (text >= 0x80) {
        text &= 0x7f;
        byte = 0x80;
        for (let shift = 7; byte >= 0x80 && at < end && shift < 28; shift += 7) {
          byte = bytes[at++];
          text |= (byte & 0x7f) << shift;
        }
      }
      if (!(text < count)) throw new DecodeError('a text is missing');
      pairs[length] = texts[text];
    }
    ends[i] = length;
  }
}

/** Persistent numbers of a group's members, in their order. */
export function encodeMembers(ids: readonly number[]): Uint8Array {
  const writer = new ByteWriter(64);
  let before = 0;
  for (const id of ids) {
    writer.zigzag(id - before);
    before = id;
  }
  return writer.written().slice();
}

export function decodeMembers(blob: Uint8Array): number[] {
  const reader = new ByteReader(blob);
  const ids: number[] = [];
  let id = 0;
  while (!reader.done) ids.push((id += reader.zigzag()));
  return ids;
}
