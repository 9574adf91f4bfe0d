/*
 * One column of floats, bit-exact; the format is in docs/formats/store.md ("Columns"). The result is made for an
 * entropy coder that follows: bytes of one significance lie together.
 */

/** Kinds of columns: the low two bits of the first byte. */
export const CONSTANT = 0;
export const INTEGERS = 1;
export const BITS = 2;
export const RELATIVE = 3;
/** With BITS: differences as multiples of a power of two, instead of XOR. */
export const BINARY = 4;

/** Set in the width byte where the numbers are packed bit by bit, the low bits being their width. */
export const PACKED = 0x80;
