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

/**
 * Adds the label sets of a blob, which are all new, to the table; calls with the persistent number and reference of each.
 * @throws DecodeError when the blob is damaged
 */
export function decodeSeries(blob: Uint8Array, table: SeriesTable, visit: (id: number, ref: number) => void): void {
  const reader = new ByteReader(decompress(blob));
  const count = reader.varint();
  if (count > reader.end) throw new DecodeError('a number of texts is too large');
  const texts = new Uint32Array(count);
  for (let i = 0; i < count; i++) texts[i] = table.intern(reader.text());
  const series = reader.varint();
  if (series > reader.end) throw new DecodeError('a number of series is too large');
  table.reserve(table.length + series);
  let id = 0;
  let numbers = new Uint32Array(64);
  const { bytes, end } = reader;
  for (let left = series; left > 0; left--) {
    id += reader.zigzag();
    const width = reader.varint();
    if (width > end) throw new DecodeError('a label set is too long');
    if (width > numbers.length) numbers = new Uint32Array(2 * width);
    let { at } = reader;
    for (let i = 0; i < width; i++) {
      // As `varint`, where nearly all the time of opening a large store would go.
      let text = bytes[at++];
      if (text >= 0x80) {
        let byte = bytes[at++];
        text = (text & 0x7f) | ((byte & 0x7f) << 7);
        for (let shift = 14; byte >= 0x80 && at < end && shift < 28; shift += 7) {
          byte = bytes[at++];
          text |= (byte & 0x7f) << shift;
        }
      }
      if (!(text < count)) throw new DecodeError('a text is missing');
      numbers[i] = texts[text];
    }
    reader.skip(at - reader.at);
    visit(id, table.append(numbers, width));
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
