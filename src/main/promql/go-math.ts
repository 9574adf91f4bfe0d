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

/** Exponent of the number that `fractionOf` took apart last: it was its fraction times two to this. */
let exponent = 0;

/** The fraction, in [0.5, 1) but for its sign, of a finite number that is not zero. */
function fractionOf(x: number): number {
  // Below the least normal number the exponent is that of a multiple.
  const scaled = Math.abs(x) < 2 ** -1022;
  bits[0] = scaled ? x * 2 ** 52 : x;
  exponent = ((words[HIGH] >>> 20) & 0x7ff) - 1022 - (scaled ? 52 : 0);
  words[HIGH] = (words[HIGH] & 0x800fffff) | 0x3fe00000;
  return bits[0];
}

/** Binary logarithm, added up from exponent and fraction as Go does it: JS's own is at times one digit off from that. */
export function log2(x: number): number {
  if (!(x > 0) || x === Infinity) return Math.log2(x);
  const fraction = fractionOf(x);
  // An exact power of two.
  if (fraction === 0.5) return exponent - 1;
  return exponent + Math.log(fraction) * Math.LOG2E;
}

/** Beyond these exponents every power but those of 1 overflows, or vanishes. */
const MOST_EXPONENT = 1 << 12;

/**
 * Power as Go has it. The whole part of the exponent is squares multiplied together, the rest goes over the logarithm: JS
 * rounds otherwise, and the last digit would differ. 1 to any power is 1, and so is -1 to an infinite one.
 */
export function pow(base: number, to: number): number {
  if (base === 1 || (base === -1 && (to === Infinity || to === -Infinity))) return 1;
  const size = Math.abs(to);
  let whole = Math.floor(size);
  // What is special is so in JS too; from 2^53 on the last digit is not the question any more.
  if (base === 0 || !Number.isFinite(base) || whole >= 2 ** 53 || Number.isNaN(to)) return base ** to;
  if (size === 0.5) return to > 0 ? Math.sqrt(base) : 1 / Math.sqrt(base);
  let rest = size - whole;
  if (rest !== 0 && base < 0) return NaN;
  let product = 1;
  let twos = 0;
  if (rest !== 0) {
    if (rest > 0.5) {
      rest--;
      whole++;
    }
    product = Math.exp(rest * Math.log(base));
  }
  let square = fractionOf(base);
  let squareTwos = exponent;
  for (let left = whole; left > 0; left = Math.floor(left / 2)) {
    if (Math.abs(squareTwos) > MOST_EXPONENT) {
      twos += squareTwos;
      break;
    }
    if (left % 2 === 1) {
      product *= square;
      twos += squareTwos;
    }
    square *= square;
    squareTwos *= 2;
    if (square < 0.5) {
      square += square;
      squareTwos--;
    }
  }
  if (to < 0) {
    product = 1 / product;
    twos = -twos;
  }
  return timesPowerOfTwo(fractionOf(product), twos + exponent);
}

/** Rounded once, also below the normal numbers. */
function timesPowerOfTwo(fraction: number, twos: number): number {
  if (twos > 2000) return fraction * Infinity;
  return twos > 1000 ? fraction * 2 ** 1000 * 2 ** (twos - 1000) : fraction * 2 ** twos;
}

const LOG10_OF_2 = 0.301_029_995_663_981_2;

export function log10(x: number): number {
  return log2(x) * LOG10_OF_2;
}
