/**
 * Floats as integers: most metric values are decimal numbers of few digits, so `round(value * 10^k)` is an integer
 * from which division gives the same bits back. `k` is the scale.
 */

/** Powers of ten by scale. */
export const POWERS: readonly number[] = [1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12];

export const MAX_SCALE = POWERS.length - 1;

/** Integers from this on are not used: twice the differences of differences must stay below 2^53, to be exact. */
export const MAX_INTEGER = 2 ** 50;

/** Whether `value` is exactly `round(value * 10^scale) / 10^scale`, bit for bit. */
export function fitsScale(value: number, scale: number): boolean {
  const power = POWERS[scale];
  const integer = Math.round(value * power);
  // -0 is 0 to every comparison; 1 / value tells them apart.
  return integer / power === value && Math.abs(integer) < MAX_INTEGER && (value !== 0 || 1 / value > 0);
}

/** The smallest scale from `from` on that fits, or -1. */
export function decimalScale(value: number, from = 0): number {
  for (let scale = from; scale <= MAX_SCALE; scale++) if (fitsScale(value, scale)) return scale;
  return -1;
}
