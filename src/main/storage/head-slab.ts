import { copyBits, wordsOf } from '#shared/model/index.ts';
import { decimalScale, fitsScale, POWERS } from './decimal.ts';

/** Rows packed together. */
export const SLAB_ROWS = 16;

/**
 * Sixteen rows of a block's columns, packed in memory: for each column a kind (low three bits: 0 unchanged, 1..3
 * integer differences of 1, 2 or 4 bytes, 4 plain values; the rest: decimal scale) and its place in the data.
 */
export interface Slab {
  readonly kinds: Uint8Array;
  /** In units of SLAB_ROWS bytes. */
  readonly offsets: Uint16Array;
  readonly data: Uint8Array;
}

const UNCHANGED = 0;
const PLAIN = 4;
/** Bytes of a value by kind. */
const WIDTHS = [0, 1, 2, 4, 8];

let scratch = new Uint8Array(1 << 17);
const column = new Float64Array(SLAB_ROWS);
const columnWords = wordsOf(column);
const differences = new Float64Array(SLAB_ROWS);

/** The smallest kind that holds `column` as differences from `base` at this scale; PLAIN when none does. */
function differencesAt(scale: number, base: number): number {
  const power = POWERS[scale];
  if (!fitsScale(base, scale)) return PLAIN;
  let before = Math.round(base * power);
  let max = 0;
  for (let row = 0; row < SLAB_ROWS; row++) {
    if (!fitsScale(column[row], scale)) return PLAIN;
    const integer = Math.round(column[row] * power);
    const difference = integer - before;
    before = integer;
    differences[row] = difference;
    const size = difference < 0 ? -difference - 1 : difference;
    if (size > max) max = size;
  }
  if (max < 0x80) return 1;
  if (max < 0x8000) return 2;
  return max < 0x8000_0000 ? 3 : PLAIN;
}

/** Packs the rows of `raw` (`stride` apart); `base` is the value before them; `scales` remembers what fitted. */
export function encodeSlab(
  raw: Float64Array,
  stride: number,
  columns: number,
  base: Float64Array,
  scales: Int8Array,
): Slab {
  const kinds = new Uint8Array(columns);
  const offsets = new Uint16Array(columns);
  const words = wordsOf(raw);
  const baseWords = wordsOf(base);
  const room = columns * SLAB_ROWS * 8;
  if (scratch.length < room) scratch = new Uint8Array(room);
  const view = new DataView(scratch.buffer);
  let at = 0;
  for (let slot = 0; slot < columns; slot++) {
    offsets[slot] = at / SLAB_ROWS;
    const low = baseWords[2 * slot];
    const high = baseWords[2 * slot + 1];
    let same = true;
    for (let row = 0, p = 2 * slot; row < SLAB_ROWS; row++, p += 2 * stride) {
      columnWords[2 * row] = words[p];
      columnWords[2 * row + 1] = words[p + 1];
      same = same && words[p] === low && words[p + 1] === high;
    }
    if (same) continue;
    let scale = scales[slot];
    let kind = differencesAt(scale, base[slot]);
    if (kind === PLAIN) {
      // The widest scale any element asks for; if it does not fit all, the values stay as they are.
      let wider = Math.max(0, decimalScale(base[slot]));
      for (let row = 0; row < SLAB_ROWS; row++)
        if (!fitsScale(column[row], wider)) wider = Math.max(wider, decimalScale(column[row], wider));
      if (wider !== scale) {
        kind = differencesAt(wider, base[slot]);
        if (kind !== PLAIN) scales[slot] = scale = wider;
      }
    }
    kinds[slot] = kind | (scale << 3);
    if (kind === 1) for (let row = 0; row < SLAB_ROWS; row++) scratch[at + row] = differences[row];
    else if (kind === 2) for (let row = 0; row < SLAB_ROWS; row++) view.setInt16(at + 2 * row, differences[row], true);
    else if (kind === 3) for (let row = 0; row < SLAB_ROWS; row++) view.setInt32(at + 4 * row, differences[row], true);
    else
      for (let row = 0; row < SLAB_ROWS; row++) {
        view.setUint32(at + 8 * row, columnWords[2 * row], true);
        view.setUint32(at + 8 * row + 4, columnWords[2 * row + 1], true);
      }
    at += WIDTHS[kind] * SLAB_ROWS;
  }
  return { kinds, offsets, data: scratch.slice(0, at) };
}

/** Puts a column's rows to `out[at...]`; `base` holds the words of the value before them. */
export function decodeSlabColumn(slab: Slab, slot: number, base: Uint32Array, out: Float64Array, at: number): void {
  const words = wordsOf(out);
  const kind = slot < slab.kinds.length ? slab.kinds[slot] : UNCHANGED;
  if ((kind & 7) === UNCHANGED) {
    for (let row = 0; row < SLAB_ROWS; row++) copyBits(base, 0, words, at + row);
    return;
  }
  const start = slab.offsets[slot] * SLAB_ROWS;
  const view = new DataView(slab.data.buffer, slab.data.byteOffset + start);
  if ((kind & 7) === PLAIN) {
    for (let row = 0; row < SLAB_ROWS; row++) {
      words[2 * (at + row)] = view.getUint32(8 * row, true);
      words[2 * (at + row) + 1] = view.getUint32(8 * row + 4, true);
    }
    return;
  }
  const power = POWERS[kind >> 3];
  let integer = Math.round(new Float64Array(base.slice(0, 2).buffer)[0] * power);
  for (let row = 0; row < SLAB_ROWS; row++) {
    switch (kind & 7) {
      case 1:
        integer += view.getInt8(row);
        break;
      case 2:
        integer += view.getInt16(2 * row, true);
        break;
      default:
        integer += view.getInt32(4 * row, true);
    }
    out[at + row] = integer / power;
  }
}
