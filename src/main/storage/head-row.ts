import { wordsOf } from '#shared/model/index.ts';
import { DecodeError } from './bytes.ts';
import { decimalScale, fitsScale, POWERS } from './decimal.ts';

/*
 * One row of a block as what changed since the row before; docs/formats/store.md ("Rows") is the description. The same
 * bytes lie in memory and in the journal. Every change can be undone, so that a column is read from its newest value
 * back, and nothing but that value has to be kept for a series that does not change.
 */

/** Columns described together. */
export const CHUNK = 32;

/** Low ten bits of a chunk's head: length of its body. */
const LENGTH = 0x3ff;
const ABSENT_SOME = 0x400;
const ABSENT_ALL = 0x800;
const CHANGED_SOME = 0x1000;
const CHANGED_ALL = 0x2000;

/** In place of a column's scale: its values are no short decimals, and not looked at as such for a while. */
export const NO_SCALE = -1;

/** Kinds of changes (low three bits of their byte, the rest is the decimal scale) and the bytes each takes. */
const BYTE = 1;
const SHORT = 2;
const WORD = 3;
const XOR = 4;
const WIDTHS = [0, 1, 2, 4, 8, 0, 0, 0];

/** Longest body of `columns` columns. */
export const maxRowLength = (columns: number): number =>
  Math.ceil(columns / CHUNK) * 2 + columns * 9 + Math.ceil(columns / CHUNK) * 8;

/** What a batch puts into the newest row of a block, before it is encoded. */
export class Stage {
  readonly values: Float64Array;
  readonly words: Uint32Array;
  /** 1 where there is a value. */
  readonly fresh: Uint8Array;

  constructor(columns: number) {
    this.values = new Float64Array(columns);
    this.words = wordsOf(this.values);
    this.fresh = new Uint8Array(columns);
  }
}

const kinds = new Uint8Array(CHUNK);
const data = new Uint8Array(CHUNK * 8);

/**
 * Encodes the staged values of the first `columns` columns to `bytes[at...]`, which has room for `maxRowLength`. The
 * newest values in `last` become the staged ones, and the stage is empty again. `scales` remembers what fitted.
 * @returns where the body ends
 */
export function encodeRow(
  stage: Stage,
  last: Float64Array,
  lastWords: Uint32Array,
  scales: Int8Array,
  columns: number,
  bytes: Uint8Array,
  at: number,
): number {
  const { values, words, fresh } = stage;
  const chunks = Math.ceil(columns / CHUNK);
  let out = at + 2 * chunks;
  for (let chunk = 0; chunk < chunks; chunk++) {
    const first = chunk * CHUNK;
    const width = Math.min(CHUNK, columns - first);
    let absent = 0;
    let changed = 0;
    let absentCount = 0;
    let count = 0;
    let length = 0;
    for (let k = 0; k < width; k++) {
      const slot = first + k;
      if (fresh[slot] === 0) {
        absent |= 1 << k;
        absentCount++;
        continue;
      }
      fresh[slot] = 0;
      const low = words[2 * slot];
      const high = words[2 * slot + 1];
      const lastLow = lastWords[2 * slot];
      const lastHigh = lastWords[2 * slot + 1];
      if (low === lastLow && high === lastHigh) continue;
      changed |= 1 << k;
      const value = values[slot];
      const before = last[slot];
      let scale = scales[slot];
      let fits = false;
      if (scale !== NO_SCALE) {
        fits = fitsScale(value, scale) && fitsScale(before, scale);
        if (!fits) {
          const wider = Math.max(decimalScale(value), decimalScale(before));
          fits = wider >= 0 && fitsScale(value, wider) && fitsScale(before, wider);
          scales[slot] = scale = fits ? wider : NO_SCALE;
        }
      }
      let kind = XOR;
      if (fits) {
        const power = POWERS[scale];
        const difference = Math.round(value * power) - Math.round(before * power);
        const size = difference < 0 ? -difference - 1 : difference;
        if (size < 0x8000_0000) {
          kind = size < 0x80 ? BYTE : size < 0x8000 ? SHORT : WORD;
          data[length++] = difference;
          if (kind !== BYTE) data[length++] = difference >> 8;
          if (kind === WORD) {
            data[length++] = difference >> 16;
            data[length++] = difference >> 24;
          }
          kind |= scale << 3;
        }
      }
      if (kind === XOR) {
        const a = low ^ lastLow;
        const b = high ^ lastHigh;
        for (let shift = 0; shift < 32; shift += 8) data[length++] = a >>> shift;
        for (let shift = 0; shift < 32; shift += 8) data[length++] = b >>> shift;
      }
      kinds[count++] = kind;
      lastWords[2 * slot] = low;
      lastWords[2 * slot + 1] = high;
    }
    const start = out;
    let head = 0;
    if (absentCount === width) head = ABSENT_ALL;
    else if (absentCount > 0) {
      head = ABSENT_SOME;
      for (let shift = 0; shift < 32; shift += 8) bytes[out++] = absent >>> shift;
    }
    if (count > 0) {
      if (count === width) head |= CHANGED_ALL;
      else {
        head |= CHANGED_SOME;
        for (let shift = 0; shift < 32; shift += 8) bytes[out++] = changed >>> shift;
      }
      for (let i = 0; i < count; i++) bytes[out++] = kinds[i];
      for (let i = 0; i < length; i++) bytes[out++] = data[i];
    }
    head |= out - start;
    bytes[at + 2 * chunk] = head;
    bytes[at + 2 * chunk + 1] = head >> 8;
  }
  return out;
}

const mask32 = (bytes: Uint8Array, at: number): number =>
  bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16) | (bytes[at + 3] << 24);

function bitCount(word: number): number {
  let v = word - ((word >>> 1) & 0x55555555);
  v = (v & 0x33333333) + ((v >>> 2) & 0x33333333);
  return Math.imul((v + (v >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

const one = new Float64Array(1);
const oneWords = wordsOf(one);

/**
 * Takes the change at `bytes[at...]` to (`sign` 1) or back from (-1) element `i` of `values`, whose words these are.
 */
function change(
  kind: number,
  bytes: Uint8Array,
  at: number,
  values: Float64Array,
  words: Uint32Array,
  i: number,
  sign: number,
): void {
  let difference: number;
  switch (kind & 7) {
    case BYTE:
      difference = (bytes[at] << 24) >> 24;
      break;
    case SHORT:
      difference = ((bytes[at] | (bytes[at + 1] << 8)) << 16) >> 16;
      break;
    case WORD:
      difference = mask32(bytes, at);
      break;
    case XOR:
      words[2 * i] ^= mask32(bytes, at);
      words[2 * i + 1] ^= mask32(bytes, at + 4);
      return;
    default:
      throw new DecodeError('unknown kind of change');
  }
  const power = POWERS[kind >> 3];
  values[i] = (Math.round(values[i] * power) + sign * difference) / power;
}

/**
 * Undoes (`sign` -1) or does (1) what a row did to one column: `current` (one element) is its value in this row and
 * becomes the value before, or the other way round.
 * @param columns of the row
 * @returns whether the column has a sample in it
 */
export function changeColumn(
  bytes: Uint8Array,
  at: number,
  columns: number,
  slot: number,
  current: Float64Array,
  currentWords: Uint32Array,
  sign: 1 | -1,
): boolean {
  if (slot >= columns) return false;
  const chunk = slot >> 5;
  let body = at + 2 * ((columns + CHUNK - 1) >> 5);
  for (let i = 0, p = at; i < chunk; i++, p += 2) body += (bytes[p] | (bytes[p + 1] << 8)) & LENGTH;
  const head = bytes[at + 2 * chunk] | (bytes[at + 2 * chunk + 1] << 8);
  if ((head & ABSENT_ALL) !== 0) return false;
  const bit = slot & 31;
  if ((head & ABSENT_SOME) !== 0) {
    if ((mask32(bytes, body) & (1 << bit)) !== 0) return false;
    body += 4;
  }
  if ((head & (CHANGED_SOME | CHANGED_ALL)) === 0) return true;
  let before = bit;
  let count = Math.min(CHUNK, columns - chunk * CHUNK);
  if ((head & CHANGED_SOME) !== 0) {
    const changed = mask32(bytes, body);
    if ((changed & (1 << bit)) === 0) return true;
    before = bitCount(changed & ((1 << bit) - 1));
    count = bitCount(changed);
    body += 4;
  }
  let place = body + count;
  for (let i = 0; i < before; i++) place += WIDTHS[bytes[body + i] & 7];
  change(bytes[body + before], bytes, place, current, currentWords, 0, sign);
  return true;
}

/** Where `walkRow` notes the columns that have a sample: element `slot * stride + offset` becomes `value`. */
export interface RowMarks {
  readonly array: Uint8Array | Uint16Array;
  readonly stride: number;
  readonly offset: number;
  readonly value: number;
}

/**
 * Goes through all columns of a row: forwards (`sign` 1) `values` are those before and become those of the row,
 * backwards (-1) the other way round.
 * @returns where the body ends
 * @throws DecodeError when the bytes are not a row
 */
export function walkRow(
  bytes: Uint8Array,
  at: number,
  columns: number,
  values: Float64Array,
  words: Uint32Array,
  sign: 1 | -1,
  { array, stride, offset, value }: RowMarks,
): number {
  const chunks = (columns + CHUNK - 1) >> 5;
  let body = at + 2 * chunks;
  for (let chunk = 0; chunk < chunks; chunk++) {
    const head = bytes[at + 2 * chunk] | (bytes[at + 2 * chunk + 1] << 8);
    const end = body + (head & LENGTH);
    if (end > bytes.length) throw new DecodeError('a row ends too early');
    if ((head & ABSENT_ALL) !== 0) continue;
    const first = chunk * CHUNK;
    const width = Math.min(CHUNK, columns - first);
    let absent = 0;
    if ((head & ABSENT_SOME) !== 0) {
      absent = mask32(bytes, body);
      body += 4;
    }
    let changed = 0;
    let count = 0;
    if ((head & CHANGED_ALL) !== 0) {
      changed = -1;
      count = width;
    } else if ((head & CHANGED_SOME) !== 0) {
      changed = mask32(bytes, body);
      count = bitCount(changed);
      body += 4;
    }
    let place = body + count;
    for (let k = 0; k < width; k++) {
      if ((absent & (1 << k)) !== 0) continue;
      array[(first + k) * stride + offset] = value;
      if ((changed & (1 << k)) === 0) continue;
      const kind = bytes[body++];
      change(kind, bytes, place, values, words, first + k, sign);
      place += WIDTHS[kind & 7];
    }
    if (place !== end && count > 0) throw new DecodeError('a row is not as long as it says');
    body = end;
  }
  return body;
}

/** Whether the bytes are a row of so many columns: all that `walkRow` would find wrong is found here, without values. */
export function isRow(bytes: Uint8Array, columns: number): boolean {
  const chunks = (columns + CHUNK - 1) >> 5;
  let body = 2 * chunks;
  for (let chunk = 0; chunk < chunks; chunk++) {
    const head = bytes[2 * chunk] | (bytes[2 * chunk + 1] << 8);
    const end = body + (head & LENGTH);
    if (end > bytes.length) return false;
    if ((head & ABSENT_ALL) === 0) {
      if ((head & ABSENT_SOME) !== 0) body += 4;
      let count = 0;
      if ((head & CHANGED_ALL) !== 0) count = Math.min(CHUNK, columns - chunk * CHUNK);
      else if ((head & CHANGED_SOME) !== 0) {
        count = bitCount(mask32(bytes, body));
        body += 4;
      }
      let place = body + count;
      for (let i = 0; i < count; i++) {
        const width = WIDTHS[bytes[body + i] & 7];
        if (width === 0) return false;
        place += width;
      }
      if (count > 0 && place !== end) return false;
    }
    body = end;
  }
  return body === bytes.length;
}

/** Working space for one column's value: `value[0]` with its words. */
export const cursor: { readonly value: Float64Array; readonly words: Uint32Array } = { value: one, words: oneWords };
