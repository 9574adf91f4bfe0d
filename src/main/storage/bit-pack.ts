import type { ByteReader, ByteWriter } from './bytes.ts';

/** Widest numbers that are packed: one of them and seven bits left over still are an exact integer. */
export const MAX_PACKED_BITS = 45;

/** Appends `count` non-negative integers of `bits` bits each, lowest bit first. */
export function packBits(writer: ByteWriter, numbers: Float64Array, count: number, bits: number): void {
  const length = Math.ceil((count * bits) / 8);
  writer.reserve(length);
  const { bytes } = writer;
  let at = writer.length;
  let rest = 0;
  let restBits = 0;
  for (let i = 0; i < count; i++) {
    rest += numbers[i] * 2 ** restBits;
    restBits += bits;
    while (restBits >= 8) {
      bytes[at++] = rest % 256;
      rest = Math.floor(rest / 256);
      restBits -= 8;
    }
  }
  if (restBits > 0) bytes[at] = rest;
  writer.length += length;
}

/** Puts `count` numbers that `packBits` wrote to `out[at...]`. @throws DecodeError when they are not all there */
export function unpackBits(reader: ByteReader, out: Float64Array, at: number, count: number, bits: number): void {
  let p = reader.skip(Math.ceil((count * bits) / 8));
  const { bytes } = reader;
  let rest = 0;
  let restBits = 0;
  if (bits <= 24) {
    const mask = (1 << bits) - 1;
    for (let i = 0; i < count; i++) {
      while (restBits < bits) {
        rest |= bytes[p++] << restBits;
        restBits += 8;
      }
      out[at + i] = rest & mask;
      rest >>>= bits;
      restBits -= bits;
    }
    return;
  }
  const power = 2 ** bits;
  for (let i = 0; i < count; i++) {
    while (restBits < bits) {
      rest += bytes[p++] * 2 ** restBits;
      restBits += 8;
    }
    out[at + i] = rest % power;
    rest = Math.floor(rest / power);
    restBits -= bits;
  }
}
