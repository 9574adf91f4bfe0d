import { wordsOf } from '#shared/model/index.ts';
import { DecodeError, type ByteReader, type ByteWriter } from './bytes.ts';
import { decimalScale, fitsScale, MAX_SCALE, POWERS } from './decimal.ts';

/*
 * One column of floats, bit-exact; the format is in docs/formats/store.md ("Columns"). The result is made for an
 * entropy coder that follows: bytes of one significance lie together.
 */

const CONSTANT = 0;
const INTEGERS = 1;
const XOR = 2;

/** Most elements of an integer column that may be given as raw bits instead (stale markers, NaN, infinities). */
const maxExceptions = (count: number): number => count >> 3;

let integers = new Float64Array(256);
let deltas = new Float64Array(256);
let second = new Float64Array(256);

function scratch(count: number): void {
  if (integers.length >= count) return;
  integers = new Float64Array(2 * count);
  deltas = new Float64Array(2 * count);
  second = new Float64Array(2 * count);
}

function gcd(a: number, b: number): number {
  let x = a;
  let y = b;
  while (y !== 0) [x, y] = [y, x % y];
  return x;
}

/** The one scale that fits all but few elements, or -1; `exceptions` takes the indices of those. */
function commonScale(values: Float64Array, count: number, exceptions: number[]): number {
  let scale = 0;
  for (let i = 0; i < count; i++) {
    if (fitsScale(values[i], scale)) continue;
    const wider = decimalScale(values[i], scale + 1);
    if (wider >= 0) scale = wider;
    else {
      exceptions.push(i);
      if (exceptions.length > maxExceptions(count)) return -1;
    }
  }
  // A wider scale may be too wide for large elements that came before.
  exceptions.length = 0;
  for (let i = 0; i < count; i++) {
    if (fitsScale(values[i], scale)) continue;
    exceptions.push(i);
    if (exceptions.length > maxExceptions(count)) return -1;
  }
  return scale;
}

/** Bits that the elements take when written with as many bytes as the largest needs, with a little entropy in it. */
function cost(numbers: Float64Array, count: number): number {
  let sum = 0;
  for (let i = 0; i < count; i++) sum += Math.log2(1 + Math.abs(numbers[i]));
  return sum;
}

function lanes(writer: ByteWriter, numbers: Float64Array, count: number): void {
  let max = 0;
  let divisor = 0;
  for (let i = 0; i < count; i++) {
    const size = Math.abs(numbers[i]);
    if (size > max) max = size;
    if (size !== 0 && divisor !== 1) divisor = gcd(size, divisor);
  }
  if (divisor === 0) divisor = 1;
  const largest = (max / divisor) * 2;
  let width = 0;
  while (largest >= 256 ** width) width++;
  if (max === 0) width = 0;
  writer.varint(divisor);
  writer.u8(width);
  if (width === 0) return;
  writer.reserve(width * count);
  const { bytes } = writer;
  const start = writer.length;
  for (let i = 0; i < count; i++) {
    const number = numbers[i] / divisor;
    let rest = number >= 0 ? number * 2 : -number * 2 - 1;
    if (width <= 3) {
      let word = rest | 0;
      for (let w = 0, at = start + i; w < width; w++, at += count) {
        bytes[at] = word;
        word >>>= 8;
      }
      continue;
    }
    for (let w = 0, at = start + i; w < width; w++, at += count) {
      bytes[at] = rest % 256;
      rest = Math.floor(rest / 256);
    }
  }
  writer.length += width * count;
}

/** Appends `count` values; needs no length of its own when the reader knows `count`. */
export function encodeColumn(writer: ByteWriter, values: Float64Array, count: number): void {
  const words = wordsOf(values);
  let constant = true;
  for (let i = 1; i < count && constant; i++) constant = words[2 * i] === words[0] && words[2 * i + 1] === words[1];
  if (constant) {
    writer.u8(CONSTANT);
    if (count > 0) writer.bits(words, 0);
    return;
  }
  const exceptions: number[] = [];
  const scale = commonScale(values, count, exceptions);
  if (scale < 0) {
    writeXor(writer, words, count);
    return;
  }
  scratch(count);
  const power = POWERS[scale];
  let next = 0;
  let last = 0;
  for (let i = 0; i < count; i++) {
    // An exception repeats its neighbour, so that it costs nothing here.
    if (i === exceptions[next]) next++;
    else last = Math.round(values[i] * power);
    integers[i] = last;
  }
  for (let i = 1; i < count; i++) deltas[i - 1] = integers[i] - integers[i - 1];
  for (let i = 1; i < count - 1; i++) second[i - 1] = deltas[i] - deltas[i - 1];
  const twice = count > 3 && cost(second, count - 2) < cost(deltas, count - 1) * 0.95;
  writer.u8(INTEGERS | (twice ? 4 : 0) | (exceptions.length > 0 ? 8 : 0) | (scale << 4));
  if (exceptions.length > 0) {
    writer.varint(exceptions.length);
    let before = 0;
    for (const i of exceptions) {
      writer.varint(i - before);
      writer.bits(words, i);
      before = i;
    }
  }
  writer.zigzag(integers[0]);
  if (twice) {
    writer.zigzag(deltas[0]);
    lanes(writer, second, count - 2);
  } else lanes(writer, deltas, count - 1);
}

function writeXor(writer: ByteWriter, words: Uint32Array, count: number): void {
  writer.u8(XOR);
  writer.reserve(8 * count);
  const { bytes } = writer;
  const start = writer.length;
  let low = 0;
  let high = 0;
  for (let i = 0; i < count; i++) {
    const a = words[2 * i] ^ low;
    const b = words[2 * i + 1] ^ high;
    low = words[2 * i];
    high = words[2 * i + 1];
    for (let w = 0, at = start + i; w < 4; w++, at += count) {
      bytes[at] = a >>> (8 * w);
      bytes[at + 4 * count] = b >>> (8 * w);
    }
  }
  writer.length += 8 * count;
}

/** Puts `count` values to `out[at...]`. @throws DecodeError when the bytes are not a column */
export function decodeColumn(reader: ByteReader, out: Float64Array, at: number, count: number): void {
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
      readIntegers(reader, head, out, at, count);
      return;
    case XOR:
      readXor(reader, wordsOf(out), at, count);
      return;
    default:
      throw new DecodeError('unknown kind of column');
  }
}

function readIntegers(reader: ByteReader, head: number, out: Float64Array, at: number, count: number): void {
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
  if (width > 8) throw new DecodeError('unknown width');
  let from = at;
  const end = at + count;
  out[from++] = value / power;
  if (twice) {
    value += delta;
    out[from++] = value / power;
  }
  const n = end - from;
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
  if (bits !== null) {
    const words = wordsOf(out);
    const own = wordsOf(bits);
    for (const [i, position] of positions.entries()) {
      if (position >= count) throw new DecodeError('an exception is out of range');
      words[2 * (at + position)] = own[2 * i];
      words[2 * (at + position) + 1] = own[2 * i + 1];
    }
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
