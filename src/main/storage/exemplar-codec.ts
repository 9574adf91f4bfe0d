import { labelsFromSortedFlat, type Labels, type Millis } from '#shared/model/index.ts';
import { ByteReader, ByteWriter } from './bytes.ts';
import { compress, decompress } from './compress.ts';

const LEVEL = 3;

export interface EncodedExemplar {
  /** Persistent number of the series. */
  readonly series: number;
  readonly labels: Labels;
  readonly value: number;
  readonly time: Millis;
}

export function encodeExemplars(exemplars: readonly EncodedExemplar[]): Uint8Array {
  const writer = new ByteWriter(256);
  writer.varint(exemplars.length);
  for (const { series, labels, value, time } of exemplars) {
    writer.varint(series);
    writer.f64(time);
    writer.f64(value);
    writer.varint(labels.length);
    for (const text of labels) writer.text(text);
  }
  return compress(writer.written(), LEVEL);
}

/** @throws DecodeError when the blob is damaged */
export function decodeExemplars(blob: Uint8Array): EncodedExemplar[] {
  const reader = new ByteReader(decompress(blob));
  const exemplars: EncodedExemplar[] = [];
  for (let left = reader.varint(); left > 0; left--) {
    const series = reader.varint();
    const time = reader.f64();
    const value = reader.f64();
    const flat: string[] = [];
    for (let n = reader.varint(); n > 0; n--) flat.push(reader.text());
    exemplars.push({ series, time, value, labels: labelsFromSortedFlat(flat) });
  }
  return exemplars;
}
