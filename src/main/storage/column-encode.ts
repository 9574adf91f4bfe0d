import { wordsOf } from '#shared/model/index.ts';
import { MAX_PACKED_BITS, packBits } from './bit-pack.ts';
import type { ByteWriter } from './bytes.ts';
import { BINARY, BITS, CONSTANT, INTEGERS, PACKED, RELATIVE } from './column-kinds.ts';
import { decimalScale, fitsScale, MAX_INTEGER, POWERS } from './decimal.ts';

/** Most elements of an integer column that may be given as raw bits instead (stale markers, NaN, infinities). */
const maxExceptions = (count: number): number => count >> 3;

let integers = new Float64Array(256);
let deltas = new Float64Array(256);
let second = new Float64Array(256);
let relative = new Float64Array(256);
let packing = new Float64Array(256);

function scratch(count: number): void {
  if (integers.length >= count) return;
  integers = new Float64Array(2 * count);
  deltas = new Float64Array(2 * count);
  second = new Float64Array(2 * count);
  relative = new Float64Array(2 * count);
  packing = new Float64Array(2 * count);
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

/**
 * Bits that packing may take for `count` numbers which a perfect coder by itself would bring to `ideal`: a compressor
 * has one table for many columns, and is never perfect. Measured on recorded and generated series.
 */
const packingLimit = (ideal: number, count: number): number => ideal * 1.1 + count;

const frequencies = new Uint16Array(256);

/** Bits that a perfect coder takes for the bytes; an estimate of what the compressor behind makes of them. */
function entropy(bytes: Uint8Array, from: number, to: number): number {
  frequencies.fill(0);
  for (let i = from; i < to; i++) frequencies[bytes[i]]++;
  let bits = 0;
  for (const frequency of frequencies) if (frequency > 0) bits += frequency * Math.log2((to - from) / frequency);
  return bits;
}

/** As differences from the smallest, bit by bit. @returns false, with nothing written, when that takes more than `limit` bits */
function packed(writer: ByteWriter, packs: ByteWriter, numbers: Float64Array, count: number, limit: number): boolean {
  let min = Infinity;
  let max = -Infinity;
  for (let i = 0; i < count; i++) {
    if (numbers[i] < min) min = numbers[i];
    if (numbers[i] > max) max = numbers[i];
  }
  let divisor = 0;
  for (let i = 0; i < count; i++) {
    packing[i] = numbers[i] - min;
    if (packing[i] !== 0 && divisor !== 1) divisor = gcd(packing[i], divisor);
  }
  if (divisor === 0) divisor = 1;
  let bits = 0;
  while ((max - min) / divisor >= 2 ** bits) bits++;
  if (bits > MAX_PACKED_BITS || bits * count > limit) return false;
  writer.varint(divisor);
  writer.u8(PACKED | bits);
  writer.zigzag(min);
  if (divisor > 1) for (let i = 0; i < count; i++) packing[i] /= divisor;
  packBits(packs, packing, count, bits);
  return true;
}

function lanes(writer: ByteWriter, packs: ByteWriter, numbers: Float64Array, count: number): void {
  const begin = writer.length;
  planes(writer, numbers, count);
  if (writer.length === planesAt) return;
  let ideal = 0;
  for (let at = planesAt; at < writer.length; at += count) ideal += entropy(writer.bytes, at, at + count);
  const end = writer.length;
  // Planes are written already: they stay unless packing is better.
  writer.length = begin;
  if (!packed(writer, packs, numbers, count, packingLimit(ideal, count))) writer.length = end;
}

/** Where the planes written last begin. */
let planesAt = 0;

function planes(writer: ByteWriter, numbers: Float64Array, count: number): void {
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
  planesAt = writer.length;
  if (width === 0) return;
  writer.reserve(width * count);
  const { bytes } = writer;
  const start = writer.length;
  for (let i = 0; i < count; i++) {
    const number = numbers[i] / divisor;
    let rest = number >= 0 ? number * 2 : -number * 2 - 1;
    for (let w = 0, at = start + i; w < width; w++, at += count) {
      bytes[at] = rest % 256;
      rest = Math.floor(rest / 256);
    }
  }
  writer.length += width * count;
}

/** What the reference's differences leave of the column's; false when the reference is not whole at this scale. */
function differencesFrom(reference: Float64Array, count: number, scale: number): boolean {
  const power = POWERS[scale];
  let before = 0;
  for (let i = 0; i < count; i++) {
    if (!fitsScale(reference[i], scale)) return false;
    const integer = Math.round(reference[i] * power);
    if (i > 0) relative[i - 1] = deltas[i - 1] - (integer - before);
    before = integer;
  }
  return true;
}

/**
 * Appends `count` values; needs no length of its own when the reader knows `count`.
 * @param packs takes what a compressor could do nothing with; may be `writer` itself
 * @param reference a column of as many values that changes alike (the bucket before, say), or null
 * @returns whether the reader needs the same reference
 */
export function encodeColumn(
  writer: ByteWriter,
  packs: ByteWriter,
  values: Float64Array,
  count: number,
  reference: Float64Array | null = null,
): boolean {
  const words = wordsOf(values);
  let constant = true;
  for (let i = 1; i < count && constant; i++) constant = words[2 * i] === words[0] && words[2 * i + 1] === words[1];
  if (constant) {
    writer.u8(CONSTANT);
    if (count > 0) writer.bits(words, 0);
    return false;
  }
  const exceptions: number[] = [];
  const scale = commonScale(values, count, exceptions);
  if (scale < 0) {
    scratch(count);
    if (!writeBinary(writer, packs, values, words, count)) writeXor(writer, words, count);
    return false;
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
  const plainCost = cost(deltas, count - 1);
  const secondCost = count > 3 ? cost(second, count - 2) : Infinity;
  const related =
    reference !== null &&
    differencesFrom(reference, count, scale) &&
    cost(relative, count - 1) < Math.min(plainCost, secondCost) * 0.9;
  const twice = !related && secondCost < plainCost * 0.95;
  writer.u8((related ? RELATIVE : INTEGERS) | (twice ? 4 : 0) | (exceptions.length > 0 ? 8 : 0) | (scale << 4));
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
    lanes(writer, packs, second, count - 2);
  } else lanes(writer, packs, related ? relative : deltas, count - 1);
  return related;
}

const one = new Float64Array(1);
const oneWords = wordsOf(one);
const LOW = new Uint8Array(new Uint32Array([1]).buffer)[0] === 1 ? 0 : 1;

/** Exponent of the lowest bit set in a finite number that is not 0; Infinity for subnormal ones. */
function lowestExponent(value: number): number {
  one[0] = value;
  const low = oneWords[LOW];
  const high = oneWords[1 - LOW];
  const exponent = (high >>> 20) & 0x7ff;
  if (exponent === 0) return Infinity;
  const mantissa = (high & 0xfffff) | 0x100000;
  const zeros = low === 0 ? 32 + 31 - Math.clz32(mantissa & -mantissa) : 31 - Math.clz32(low & -low);
  return exponent - 1075 + zeros;
}

/** Exponents of the unit of differences that are tried: beyond, the powers of two are no ordinary floats. */
const MAX_EXPONENT = 1000;

/** Differences in units of a power of two, where adding them up gives the same bits back. @returns whether it could */
function writeBinary(
  writer: ByteWriter,
  packs: ByteWriter,
  values: Float64Array,
  words: Uint32Array,
  count: number,
): boolean {
  let unit = Infinity;
  if (!Number.isFinite(values[0])) return false;
  for (let i = 1; i < count; i++) {
    const difference = values[i] - values[i - 1];
    // -0 would come back as 0.
    if (!(values[i - 1] + difference === values[i]) || (values[i] === 0 && 1 / values[i] < 0)) return false;
    deltas[i - 1] = difference;
    if (difference === 0) continue;
    const lowest = lowestExponent(difference);
    if (lowest < unit) unit = lowest;
    else if (lowest === Infinity) return false;
  }
  if (!(Math.abs(unit) <= MAX_EXPONENT)) return false;
  if (values[0] === 0 && 1 / values[0] < 0) return false;
  const scale = 2 ** -unit;
  for (let i = 0; i < count - 1; i++) {
    deltas[i] *= scale;
    if (!(Math.abs(deltas[i]) < MAX_INTEGER)) return false;
  }
  if (cost(deltas, count - 1) > 48 * count) return false;
  writer.u8(BITS | BINARY);
  writer.bits(words, 0);
  writer.zigzag(unit);
  lanes(writer, packs, deltas, count - 1);
  return true;
}

function writeXor(writer: ByteWriter, words: Uint32Array, count: number): void {
  writer.u8(BITS);
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
