import { wordsOf } from '#shared/model/index.ts';
import { MAX_PACKED_BITS, unpackBits } from './bit-pack.ts';
import { DecodeError, type ByteReader } from './bytes.ts';
import { BINARY, BITS, CONSTANT, INTEGERS, PACKED, RELATIVE } from './column-kinds.ts';
import { MAX_SCALE, POWERS } from './decimal.ts';

/** Numbers of one run of differences; shared by all calls, which are synchronous. */
let unpacked = new Float64Array(256);

/**
 * Puts `count` values to `out[at...]`.
 * @param packs where the encoder's `packs` can be read
 * @param reference what the encoder was given, where it said that the reader needs it
 * @throws DecodeError when the bytes are not a column
 */
export function decodeColumn(
  reader: ByteReader,
  packs: ByteReader,
  out: Float64Array,
  at: number,
  count: number,
  reference: Float64Array | null = null,
): void {
  const head = reader.u8();
  switch (head & 3) {
    case CONSTANT: {
      if (count === 0) return;
      const words = wordsOf(out);
      reader.bits(words, at);
      const low = words[2 * at];
      const high = words[2 * at + 1];
      for (let i = at + 1; i < at + count; i++) {
        words[2 * i] = low;
        words[2 * i + 1] = high;
      }
      return;
    }
    case INTEGERS:
      readIntegers(reader, packs, head, out, at, count, null);
      return;
    case RELATIVE:
      if (reference === null || reference.length < count) throw new DecodeError('a column lacks its reference');
      readIntegers(reader, packs, head, out, at, count, reference);
      return;
    case BITS:
      if ((head & BINARY) === 0) readXor(reader, wordsOf(out), at, count);
      else readBinary(reader, packs, out, at, count);
      return;
    default:
      throw new DecodeError('unknown kind of column');
  }
}

function readIntegers(
  reader: ByteReader,
  packs: ByteReader,
  head: number,
  out: Float64Array,
  at: number,
  count: number,
  reference: Float64Array | null,
): void {
  const scale = head >> 4;
  if (scale > MAX_SCALE) throw new DecodeError('unknown scale');
  const power = POWERS[scale];
  const positions: number[] = [];
  let bits: Float64Array | null = null;
  if ((head & 8) !== 0) {
    const length = reader.varint();
    if (length > count) throw new DecodeError('too many exceptions');
    bits = new Float64Array(length);
    const words = wordsOf(bits);
    let position = 0;
    for (let i = 0; i < length; i++) {
      position += reader.varint();
      positions.push(position);
      reader.bits(words, i);
    }
  }
  let value = reader.zigzag();
  const twice = (head & 4) !== 0;
  let delta = twice ? reader.zigzag() : 0;
  const divisor = reader.varint();
  const width = reader.u8();
  let from = at;
  const end = at + count;
  out[from++] = value / power;
  if (twice) {
    value += delta;
    out[from++] = value / power;
  }
  const n = end - from;
  if (width >= PACKED || reference !== null) {
    const steps = readNumbers(reader, packs, width, divisor, n);
    let before = reference === null ? 0 : Math.round(reference[0] * power);
    for (let i = 0; i < n; i++) {
      let step = steps[i];
      if (twice) step = delta += step;
      else if (reference !== null) {
        const integer = Math.round(reference[i + 1] * power);
        step += integer - before;
        before = integer;
      }
      value += step;
      out[from + i] = value / power;
    }
    setExceptions(out, at, count, positions, bits);
    return;
  }
  if (width > 8) throw new DecodeError('unknown width');
  const start = reader.skip(width * n);
  const { bytes } = reader;
  // One loop for each shape: this is what queries wait for.
  if (width === 0) {
    for (let i = from; i < end; i++) {
      value += delta;
      out[i] = value / power;
    }
  } else if (width === 1) {
    for (let i = 0; i < n; i++) {
      const z = bytes[start + i];
      const d = ((z >>> 1) ^ -(z & 1)) * divisor;
      if (twice) value += delta += d;
      else value += d;
      out[from + i] = value / power;
    }
  } else if (width === 2) {
    for (let i = 0; i < n; i++) {
      const z = bytes[start + i] | (bytes[start + n + i] << 8);
      const d = ((z >>> 1) ^ -(z & 1)) * divisor;
      if (twice) value += delta += d;
      else value += d;
      out[from + i] = value / power;
    }
  } else if (width === 3) {
    for (let i = 0; i < n; i++) {
      const z = bytes[start + i] | (bytes[start + n + i] << 8) | (bytes[start + 2 * n + i] << 16);
      const d = ((z >>> 1) ^ -(z & 1)) * divisor;
      if (twice) value += delta += d;
      else value += d;
      out[from + i] = value / power;
    }
  } else {
    for (let i = 0; i < n; i++) {
      let z = 0;
      for (let w = width - 1; w >= 0; w--) z = z * 256 + bytes[start + w * n + i];
      const d = (z % 2 === 0 ? z / 2 : -(z + 1) / 2) * divisor;
      if (twice) value += delta += d;
      else value += d;
      out[from + i] = value / power;
    }
  }
  setExceptions(out, at, count, positions, bits);
}

/** Puts the bits of exceptions to their positions. */
function setExceptions(
  out: Float64Array,
  at: number,
  count: number,
  positions: readonly number[],
  bits: Float64Array | null,
): void {
  if (bits === null) return;
  const words = wordsOf(out);
  const own = wordsOf(bits);
  for (const [i, position] of positions.entries()) {
    if (position >= count) throw new DecodeError('an exception is out of range');
    words[2 * (at + position)] = own[2 * i];
    words[2 * (at + position) + 1] = own[2 * i + 1];
  }
}

/** `count` numbers as `lanes` wrote them, after divisor and width; the array is reused by the next call. */
function readNumbers(
  reader: ByteReader,
  packs: ByteReader,
  width: number,
  divisor: number,
  count: number,
): Float64Array {
  if (unpacked.length < count) unpacked = new Float64Array(2 * count);
  if (width >= PACKED) {
    const bits = width - PACKED;
    if (bits > MAX_PACKED_BITS) throw new DecodeError('unknown width');
    const min = reader.zigzag();
    unpackBits(packs, unpacked, 0, count, bits);
    for (let i = 0; i < count; i++) unpacked[i] = min + unpacked[i] * divisor;
    return unpacked;
  }
  if (width > 8) throw new DecodeError('unknown width');
  const start = reader.skip(width * count);
  const { bytes } = reader;
  for (let i = 0; i < count; i++) {
    let z = 0;
    for (let w = width - 1; w >= 0; w--) z = z * 256 + bytes[start + w * count + i];
    unpacked[i] = (z % 2 === 0 ? z / 2 : -(z + 1) / 2) * divisor;
  }
  return unpacked;
}

function readBinary(reader: ByteReader, packs: ByteReader, out: Float64Array, at: number, count: number): void {
  if (count === 0) throw new DecodeError('an empty column has no first value');
  reader.bits(wordsOf(out), at);
  const unit = reader.zigzag();
  const scale = 2 ** unit;
  const divisor = reader.varint();
  const width = reader.u8();
  const steps = readNumbers(reader, packs, width, divisor, count - 1);
  let value = out[at];
  for (let i = 0; i < count - 1; i++) {
    value += steps[i] * scale;
    out[at + 1 + i] = value;
  }
}

function readXor(reader: ByteReader, words: Uint32Array, at: number, count: number): void {
  const start = reader.skip(8 * count);
  const { bytes } = reader;
  let low = 0;
  let high = 0;
  for (let i = 0; i < count; i++) {
    const p = start + i;
    low ^= bytes[p] | (bytes[p + count] << 8) | (bytes[p + 2 * count] << 16) | (bytes[p + 3 * count] << 24);
    high ^=
      bytes[p + 4 * count] | (bytes[p + 5 * count] << 8) | (bytes[p + 6 * count] << 16) | (bytes[p + 7 * count] << 24);
    words[2 * (at + i)] = low;
    words[2 * (at + i) + 1] = high;
  }
}
