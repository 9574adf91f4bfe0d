import { copyBits, sameBits, wordsOf, type Histogram, type Millis } from '#shared/model/index.ts';
import { lowerBound } from './search-times.ts';
import { decodeSlabColumn, encodeSlab, SLAB_ROWS, type Slab } from './head-slab.ts';

/** Samples a block takes of one series before it is sealed. */
export const BLOCK_ROWS = 240;

/** Series of one block. */
export const BLOCK_COLUMNS = 1024;

/** Open blocks of one source: those of its batches' times, and those of samples with times of their own. */
export interface Pool {
  readonly source: string;
  blocks: HeadBlock[];
  ownBlocks: HeadBlock[];
}

/**
 * Newest samples of up to 1024 series that share their times: one row a batch, one column a series. The last rows
 * lie there as they came, older ones are packed in slabs. Rows are only appended; a block that is full, or whose
 * source is gone, is closed and waits to be sealed into frames.
 */
export class HeadBlock {
  /** Persistent; the timeline in the database has the same number once the block is sealed. */
  readonly id: number;
  readonly pool: Pool;
  /** Whether it holds samples that came with times of their own. */
  readonly ownTimes: boolean;
  readonly maxRows: number;
  /** Columns of a row fill up to this; a closed block takes no more. */
  closed = false;
  rows = 0;
  columns = 0;
  readonly times = new Float64Array(BLOCK_ROWS);
  #capacity: number;
  /** Series reference of each column. */
  refs: Int32Array;
  /** Newest value of each column. */
  last: Float64Array;
  lastWords: Uint32Array;
  /** Row of the newest sample of each column. */
  lastRow: Uint8Array;
  /** 1 where the batch being appended has put a sample. */
  fresh: Uint8Array;
  /** First value of each column, and the value before the rows that are not packed yet: where unpacking starts. */
  #first: Float64Array;
  #base: Float64Array;
  #firstSlab: Uint8Array;
  /** Decimal scale that fitted a column last. */
  scales: Int8Array;
  /** The rows that are not packed, `#capacity` values each. */
  #raw: Float64Array;
  rawWords: Uint32Array;
  readonly #slabs: Slab[] = [];
  /** Columns that existed when a row was written, and those of them without a sample in it (null: none). */
  readonly #widths = new Uint16Array(BLOCK_ROWS);
  readonly #absent: (Uint8Array | null)[] = [];
  /** Whether the newest row was begun by the batch being appended. */
  #rowIsNew = false;
  readonly histograms = new Map<number, (Histogram | undefined)[]>();
  readonly startTimes = new Map<number, Float64Array>();
  /** Journal entries that hold samples of it: first and last. */
  firstSeq = Infinity;
  lastSeq = -1;

  constructor(id: number, pool: Pool, ownTimes: boolean, maxRows: number, capacity: number) {
    this.id = id;
    this.pool = pool;
    this.ownTimes = ownTimes;
    this.maxRows = maxRows;
    this.#capacity = capacity;
    this.refs = new Int32Array(capacity);
    this.last = new Float64Array(capacity);
    this.lastWords = wordsOf(this.last);
    this.lastRow = new Uint8Array(capacity);
    this.fresh = new Uint8Array(capacity);
    this.#first = new Float64Array(capacity);
    this.#base = new Float64Array(capacity);
    this.#firstSlab = new Uint8Array(capacity);
    this.scales = new Int8Array(capacity);
    this.#raw = new Float64Array(capacity * SLAB_ROWS);
    this.rawWords = wordsOf(this.#raw);
  }

  get lastTime(): Millis {
    return this.rows === 0 ? -Infinity : this.times[this.rows - 1];
  }

  get full(): boolean {
    return this.rows >= this.maxRows;
  }

  /** Where the newest row begins in `rawWords`, in elements. */
  get rawOffset(): number {
    return ((this.rows - 1) % SLAB_ROWS) * this.#capacity;
  }

  /** Makes the row for `time` the newest: begins it unless it is already; `time` must not be before the newest. */
  beginRow(time: Millis): void {
    if (this.rows > 0 && this.times[this.rows - 1] === time) return;
    if (this.rows > 0 && this.rows % SLAB_ROWS === 0) this.#pack();
    this.times[this.rows] = time;
    this.#absent[this.rows] = null;
    this.rows++;
    this.#rowIsNew = true;
  }

  #pack(): void {
    this.#slabs.push(encodeSlab(this.#raw, this.#capacity, this.columns, this.#base, this.scales));
    const lastRaw = (SLAB_ROWS - 1) * this.#capacity;
    this.#base.set(this.#raw.subarray(lastRaw, lastRaw + this.columns));
  }

  /** A column for a series whose first sample is element `i` of `words`, in the newest row; the caller puts it. */
  addColumn(ref: number, words: Uint32Array, i: number): number {
    if (this.columns === this.#capacity) this.#grow();
    const slot = this.columns++;
    this.refs[slot] = ref;
    copyBits(words, i, wordsOf(this.#first), slot);
    copyBits(words, i, wordsOf(this.#base), slot);
    copyBits(words, i, this.lastWords, slot);
    this.#firstSlab[slot] = this.#slabs.length;
    this.lastRow[slot] = 255;
    this.scales[slot] = 0;
    // Rows of the piece being filled repeat the first value, which costs nothing; they are absent anyway.
    for (let row = 0; row < SLAB_ROWS; row++) copyBits(words, i, this.rawWords, row * this.#capacity + slot);
    return slot;
  }

  #grow(): void {
    const capacity = Math.min(BLOCK_COLUMNS, this.#capacity * 2);
    const floats = (old: Float64Array): Float64Array<ArrayBuffer> => {
      const grown = new Float64Array(capacity);
      wordsOf(grown).set(wordsOf(old));
      return grown;
    };
    const raw = new Float64Array(capacity * SLAB_ROWS);
    const words = wordsOf(raw);
    for (let row = 0; row < SLAB_ROWS; row++)
      words.set(this.rawWords.subarray(2 * row * this.#capacity, 2 * (row + 1) * this.#capacity), 2 * row * capacity);
    this.#raw = raw;
    this.rawWords = words;
    this.last = floats(this.last);
    this.lastWords = wordsOf(this.last);
    this.#first = floats(this.#first);
    this.#base = floats(this.#base);
    const bytes = (old: Uint8Array): Uint8Array<ArrayBuffer> => {
      const grown = new Uint8Array(capacity);
      grown.set(old);
      return grown;
    };
    this.lastRow = bytes(this.lastRow);
    this.fresh = bytes(this.fresh);
    this.#firstSlab = bytes(this.#firstSlab);
    const scales = new Int8Array(capacity);
    scales.set(this.scales);
    this.scales = scales;
    const refs = new Int32Array(capacity);
    refs.set(this.refs);
    this.refs = refs;
    this.#capacity = capacity;
  }

  /** Puts element `i` of `words` into the newest row. */
  put(slot: number, words: Uint32Array, i: number): void {
    copyBits(words, i, this.rawWords, this.rawOffset + slot);
    this.lastRow[slot] = this.rows - 1;
    this.fresh[slot] = 1;
  }

  putHistogram(slot: number, histogram: Histogram): void {
    let column = this.histograms.get(slot);
    if (column === undefined) this.histograms.set(slot, (column = []));
    column[this.rows - 1] = histogram;
  }

  putStartTime(slot: number, startTime: Millis): void {
    let column = this.startTimes.get(slot);
    if (column === undefined) this.startTimes.set(slot, (column = new Float64Array(BLOCK_ROWS)));
    column[this.rows - 1] = startTime;
  }

  /** Ends the batch: the samples it put become the newest of their columns, the others are absent from the row. */
  endRow(): void {
    const row = this.rows - 1;
    const offset = this.rawOffset;
    const { columns, fresh, lastWords, rawWords, lastRow } = this;
    const isNew = this.#rowIsNew;
    let absent: Uint8Array | null = null;
    for (let slot = 0; slot < columns; slot++) {
      if (fresh[slot] !== 0) {
        fresh[slot] = 0;
        lastWords[2 * slot] = rawWords[2 * (offset + slot)];
        lastWords[2 * slot + 1] = rawWords[2 * (offset + slot) + 1];
        continue;
      }
      if (lastRow[slot] === row) continue;
      absent ??= new Uint8Array((columns + 7) >> 3);
      absent[slot >> 3] |= 1 << (slot & 7);
      if (isNew) {
        rawWords[2 * (offset + slot)] = lastWords[2 * slot];
        rawWords[2 * (offset + slot) + 1] = lastWords[2 * slot + 1];
      }
    }
    this.#absent[row] = absent;
    this.#widths[row] = columns;
    this.#rowIsNew = false;
  }

  isPresent(slot: number, row: number): boolean {
    if (slot >= this.#widths[row]) return false;
    const absent = this.#absent[row];
    return absent === null || (absent[slot >> 3] & (1 << (slot & 7))) === 0;
  }

  /** Time of the newest sample of a column. */
  lastTimeOf(slot: number): Millis {
    return this.times[this.lastRow[slot]];
  }

  /** Whether the newest sample of a column is this one; `histogram` stands for the value when given. */
  isLast(slot: number, words: Uint32Array, i: number): boolean {
    return this.fresh[slot] !== 0
      ? sameBits(words, i, this.rawWords, this.rawOffset + slot)
      : sameBits(words, i, this.lastWords, slot);
  }

  lastHistogram(slot: number): Histogram | null {
    return this.histograms.get(slot)?.[this.lastRow[slot]] ?? null;
  }

  /** Values of all rows to `out[0...rows]`; absent rows repeat the value before. */
  readValues(slot: number, out: Float64Array): void {
    const words = wordsOf(out);
    const packed = this.#slabs.length * SLAB_ROWS;
    copyBits(wordsOf(this.#first), slot, words, 0);
    const first = this.#firstSlab[slot] * SLAB_ROWS;
    for (let row = 1; row < Math.min(first, this.rows); row++) copyBits(words, 0, words, row);
    let base = words.slice(0, 2);
    for (let slab = this.#firstSlab[slot]; slab < this.#slabs.length; slab++) {
      decodeSlabColumn(this.#slabs[slab], slot, base, out, slab * SLAB_ROWS);
      const end = (slab + 1) * SLAB_ROWS - 1;
      base = words.slice(2 * end, 2 * end + 2);
    }
    for (let row = packed; row < this.rows; row++)
      copyBits(this.rawWords, (row - packed) * this.#capacity + slot, words, row);
  }

  /** The rows in [start, end]: first and after the last. */
  rowRange(start: Millis, end: Millis): readonly [from: number, to: number] {
    const from = lowerBound(this.times, 0, this.rows, start);
    let to = lowerBound(this.times, from, this.rows, end);
    if (to < this.rows && this.times[to] === end) to++;
    return [from, to];
  }

  /** Rows in which a column has samples, as 0 or 1 each; null: all of them. */
  presence(slot: number): Uint8Array | null {
    let result: Uint8Array | null = null;
    for (let row = 0; row < this.rows; row++) {
      if (this.isPresent(slot, row)) continue;
      result ??= new Uint8Array(this.rows).fill(1);
      result[row] = 0;
    }
    return result;
  }

  /** Estimated. */
  get bytes(): number {
    let bytes = this.#capacity * (8 * SLAB_ROWS + 48) + 4096;
    for (const slab of this.#slabs) bytes += slab.kinds.length * 3 + slab.data.length;
    return bytes + this.startTimes.size * 8 * BLOCK_ROWS + this.histograms.size * this.rows * 300;
  }
}
