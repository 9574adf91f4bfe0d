/**
 * Bits of floats. The stale marker is one particular (signalling) NaN; a JS number may lose its payload on the
 * way through registers, so it is written and tested through 32-bit words of the array that holds it.
 */

/** High and low word of the stale marker 0x7ff0000000000002. */
export const STALE_HI = 0x7ff00000;
export const STALE_LO = 0x00000002;

const LITTLE_ENDIAN = new Uint8Array(new Uint32Array([1]).buffer)[0] === 1;
const HI = LITTLE_ENDIAN ? 1 : 0;
const LO = LITTLE_ENDIAN ? 0 : 1;

/** The 32-bit words of the same memory: word pairs in machine order. Make it once for each array, outside loops. */
export function wordsOf(values: Float64Array): Uint32Array {
  return new Uint32Array(values.buffer, values.byteOffset, values.length * 2);
}

/** Whether element `i` is the stale marker; `words` is `wordsOf(values)`. */
export function isStaleAt(words: Uint32Array, i: number): boolean {
  return words[2 * i + LO] === STALE_LO && words[2 * i + HI] === STALE_HI;
}

/** Makes element `i` the stale marker. */
export function setStaleAt(words: Uint32Array, i: number): void {
  words[2 * i + HI] = STALE_HI;
  words[2 * i + LO] = STALE_LO;
}

/** Copies element `from` of `source` to element `to` of `target` with all its bits. */
export function copyBits(source: Uint32Array, from: number, target: Uint32Array, to: number): void {
  target[2 * to] = source[2 * from];
  target[2 * to + 1] = source[2 * from + 1];
}

/** Whether two elements are the same bits (-0 differs from 0, NaN payloads differ). */
export function sameBits(a: Uint32Array, i: number, b: Uint32Array, j: number): boolean {
  return a[2 * i] === b[2 * j] && a[2 * i + 1] === b[2 * j + 1];
}

/** Presence over `count` steps, one bit each, bit `i & 7` of byte `i >> 3`; absent is not NaN. */
export type Presence = Uint8Array;

export function newPresence(count: number): Presence {
  return new Uint8Array((count + 7) >> 3);
}

export function isPresent(presence: Presence, i: number): boolean {
  return (presence[i >> 3] & (1 << (i & 7))) !== 0;
}

export function setPresent(presence: Presence, i: number): void {
  presence[i >> 3] |= 1 << (i & 7);
}
