import type { Labels } from '#shared/model/index.ts';
import { ByteReader, ByteWriter, DecodeError } from './bytes.ts';
import { compress, decompress } from './compress.ts';

const LEVEL = 12;

export interface RegisteredSeries {
  readonly id: number;
  readonly flat: readonly string[];
}

/** Label sets that are registered together: each text once, zstd over all. */
export function encodeSeries(series: readonly { readonly id: number; readonly labels: Labels }[]): Uint8Array {
  const numbers = new Map<string, number>();
  const texts = new ByteWriter(4096);
  const body = new ByteWriter(4096);
  let before = 0;
  body.varint(series.length);
  for (const { id, labels } of series) {
    body.zigzag(id - before);
    before = id;
    body.varint(labels.length);
    for (const text of labels) {
      let number = numbers.get(text);
      if (number === undefined) {
        numbers.set(text, (number = numbers.size));
        texts.text(text);
      }
      body.varint(number);
    }
  }
  const all = new ByteWriter(texts.length + body.length + 8);
  all.varint(numbers.size);
  all.raw(texts.written());
  all.raw(body.written());
  return compress(all.written(), LEVEL);
}

/** @throws DecodeError when the blob is damaged */
export function decodeSeries(blob: Uint8Array): RegisteredSeries[] {
  const reader = new ByteReader(decompress(blob));
  const texts: string[] = [];
  for (let left = reader.varint(); left > 0; left--) texts.push(reader.text());
  const result: RegisteredSeries[] = [];
  let id = 0;
  for (let left = reader.varint(); left > 0; left--) {
    id += reader.zigzag();
    const flat: string[] = [];
    for (let n = reader.varint(); n > 0; n--) {
      const text = texts.at(reader.varint());
      if (text === undefined) throw new DecodeError('a text is missing');
      flat.push(text);
    }
    result.push({ id, flat });
  }
  return result;
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
