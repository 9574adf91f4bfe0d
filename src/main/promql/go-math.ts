/*
 * Where one operand is NaN and the other infinite JS and Go differ: Go lets the infinite one win.
 */

export function maxOf(a: number, b: number): number {
  return a === Infinity || b === Infinity ? Infinity : Math.max(a, b);
}

export function minOf(a: number, b: number): number {
  return a === -Infinity || b === -Infinity ? -Infinity : Math.min(a, b);
}

const bits = new Float64Array(1);
const words = new Uint32Array(bits.buffer);
/** Word of the exponent. */
const HIGH = new Uint8Array(Uint32Array.of(1).buffer)[0] === 1 ? 1 : 0;

/** Binary logarithm, added up from exponent and fraction as Go does it: JS's own is at times one digit off from that. */
export function log2(x: number): number {
  if (!(x > 0) || x === Infinity) return Math.log2(x);
  // Below the least normal number the exponent is that of a multiple.
  const scaled = x < 2 ** -1022;
  bits[0] = scaled ? x * 2 ** 52 : x;
  const exponent = ((words[HIGH] >>> 20) & 0x7ff) - 1022 - (scaled ? 52 : 0);
  words[HIGH] = (words[HIGH] & 0x800fffff) | 0x3fe00000;
  const [fraction] = bits;
  // An exact power of two.
  if (fraction === 0.5) return exponent - 1;
  return exponent + Math.log(fraction) * Math.LOG2E;
}

const LOG10_OF_2 = 0.301_029_995_663_981_2;

export function log10(x: number): number {
  return log2(x) * LOG10_OF_2;
}
