import { SAMPLE_LINE, type Layout } from './layout.ts';
import { isBlank } from './line.ts';

/**
 * Finds the line of a body that has a given series text: a hash table over the body's own bytes, filled when a line
 * moved and not kept. One serves all readers of a thread, for a body is read without a pause.
 */
export class SeriesLookup {
  #slots = new Int32Array(256);
  #mask = 255;

  /** Takes the sample lines of a body. */
  fill(body: Uint8Array, layout: Layout): void {
    let size = 256;
    while (size < 2 * layout.samples) size *= 2;
    if (this.#slots.length === size) this.#slots.fill(0);
    else this.#slots = new Int32Array(size);
    this.#mask = size - 1;
    for (let line = 0; line < layout.lines; line++) {
      if (layout.kind[line] !== SAMPLE_LINE) continue;
      const from = firstByte(body, layout.start[line]);
      let slot = hash(body, from, layout.seriesEnd[line]) & this.#mask;
      // The same text twice is found where it stands first, whichever slot that is.
      while (this.#slots[slot] !== 0) slot = (slot + 1) & this.#mask;
      this.#slots[slot] = line + 1;
    }
  }

  /** The line of the filled body with the text [from, to) of `text` in the same mode; -1 when there is none. */
  find(body: Uint8Array, layout: Layout, text: Uint8Array, from: number, to: number, mode: number): number {
    let slot = hash(text, from, to) & this.#mask;
    for (; this.#slots[slot] !== 0; slot = (slot + 1) & this.#mask) {
      const line = this.#slots[slot] - 1;
      if (layout.mode[line] !== mode) continue;
      const start = firstByte(body, layout.start[line]);
      if (layout.seriesEnd[line] - start === to - from && sameBytes(body, start, text, from, to)) return line;
    }
    return -1;
  }

  /** Forgets a table that a huge body has made. */
  trim(): void {
    if (this.#slots.length > MAX_KEPT) this.#slots = new Int32Array(256);
  }
}

const MAX_KEPT = 1 << 17;

function sameBytes(body: Uint8Array, start: number, text: Uint8Array, from: number, to: number): boolean {
  for (let i = from, s = start; i < to; i++, s++) if (body[s] !== text[i]) return false;
  return true;
}

/** Where a line's series text starts: its first byte that is no blank. */
export function firstByte(body: Uint8Array, start: number): number {
  let at = start;
  while (isBlank(body[at])) at++;
  return at;
}

function hash(bytes: Uint8Array, from: number, to: number): number {
  let value = 0x811c9dc5;
  for (let i = from; i < to; i++) value = Math.imul(value ^ bytes[i], 0x01000193);
  return value ^ (value >>> 15);
}
