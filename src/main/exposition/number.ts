import { LineError } from './error.ts';

const POWERS_OF_TEN: readonly number[] = Array.from({ length: 23 }, (_, i) => Number(`1e${i}`));
const SPECIAL = /^(?:[+-]?(?:inf|infinity)|nan)$/i;
const FLOAT = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;

/**
 * The double that the bytes [from, to) of `buf` write: what Go's ParseFloat takes, without digit separators and
 * hexadecimal floats. Exactly rounded.
 * @throws LineError when they write none
 */
export function parseFloatBytes(buf: Uint8Array, from: number, to: number): number {
  // Up to 15 digits make an integer below 2^53, and a power of ten up to 10^22 is exact: one division rounds right.
  let i = from;
  const negative = buf[i] === 0x2d;
  if (negative) i++;
  let mantissa = 0;
  let digits = 0;
  let decimals = 0;
  for (; i < to; i++) {
    const d = buf[i] - 0x30;
    if (d < 0 || d > 9) break;
    mantissa = mantissa * 10 + d;
    digits++;
  }
  if (i < to && buf[i] === 0x2e) {
    i++;
    const start = i;
    for (; i < to; i++) {
      const d = buf[i] - 0x30;
      if (d < 0 || d > 9) break;
      mantissa = mantissa * 10 + d;
      digits++;
    }
    decimals = i - start;
  }
  if (i < to && digits > 0 && digits <= 15 && (buf[i] | 0x20) === 0x65) {
    const exponent = smallExponent(buf, i + 1, to);
    if (exponent !== NO_EXPONENT) {
      const power = exponent - decimals;
      if (power >= -22 && power <= 22) {
        const value = power < 0 ? mantissa / POWERS_OF_TEN[-power] : mantissa * POWERS_OF_TEN[power];
        return negative ? -value : value;
      }
    }
  }
  if (i !== to || digits === 0 || digits > 15) return parseFloatText(latin1(buf, from, to));
  const value = decimals === 0 ? mantissa : mantissa / POWERS_OF_TEN[decimals];
  return negative ? -value : value;
}

/** Reads the commonest end of a sample's line: one blank, a decimal number of at most 15 digits, the line feed. */
export class SimpleTail {
  value = 0;

  /**
   * Reads from `at` in the body's first `size` bytes, and sets `value`.
   * @returns where the line ends, -1 when it goes on in any other way: then it is the grammar's to read
   */
  read(body: Uint8Array, at: number, size: number): number {
    if (body[at] !== 0x20) return -1;
    let i = at + 1;
    const negative = body[i] === 0x2d;
    if (negative) i++;
    let mantissa = 0;
    let d = 0;
    const whole = i;
    for (; i < size; i++) {
      d = body[i] - 0x30;
      if (d < 0 || d > 9) break;
      mantissa = mantissa * 10 + d;
    }
    let digits = i - whole;
    let decimals = 0;
    if (i < size && body[i] === 0x2e) {
      const point = i++;
      for (; i < size; i++) {
        d = body[i] - 0x30;
        if (d < 0 || d > 9) break;
        mantissa = mantissa * 10 + d;
      }
      decimals = i - point - 1;
      digits += decimals;
    }
    if (digits === 0 || digits > 15 || (i < size && body[i] !== 0x0a)) return -1;
    const value = decimals === 0 ? mantissa : mantissa / POWERS_OF_TEN[decimals];
    this.value = negative ? -value : value;
    return i;
  }
}

const NO_EXPONENT = 1000;

function smallExponent(buf: Uint8Array, from: number, to: number): number {
  let i = from;
  const sign = buf[i];
  if (sign === 0x2d || sign === 0x2b) i++;
  if (i >= to || to - i > 3) return NO_EXPONENT;
  let value = 0;
  for (; i < to; i++) {
    const d = buf[i] - 0x30;
    if (d < 0 || d > 9) return NO_EXPONENT;
    value = value * 10 + d;
  }
  return sign === 0x2d ? -value : value;
}

/** As `parseFloatBytes`, of text. */
export function parseFloatText(text: string): number {
  if (FLOAT.test(text)) {
    const value = Number(text);
    if (Number.isFinite(value)) return value;
    throw new LineError(`value out of range: "${text}"`);
  }
  if (SPECIAL.test(text)) {
    const lower = text.toLowerCase();
    if (lower === 'nan') return NaN;
    return lower.startsWith('-') ? -Infinity : Infinity;
  }
  if (/[pP_]/.test(text)) throw new LineError(`unsupported character in float "${text}"`);
  throw new LineError(`invalid syntax in float "${text}"`);
}

/** Bytes as text with one character a byte. */
export function latin1(buf: Uint8Array, from: number, to: number): string {
  return Buffer.from(buf.buffer, buf.byteOffset, buf.byteLength).toString('latin1', from, to);
}
