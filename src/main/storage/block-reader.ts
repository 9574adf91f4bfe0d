import type { Histogram } from '#shared/model/index.ts';
import type { HeadBlock } from './head-block.ts';
import type { ColumnRows } from './head-tail.ts';
import type { Piece } from './piece-codec.ts';

/** A piece with the rows of it that are read. */
interface Stretch {
  readonly piece: Piece;
  readonly from: number;
  readonly to: number;
}

/** Where the rows [from, to) of a block are. */
interface Rows {
  readonly from: number;
  readonly to: number;
  /** Of the tail, when this was found out: another one when pieces were made since. */
  readonly tailFrom: number;
  readonly stretches: readonly Stretch[];
  /** Whether any column of the pieces or the tail has such. */
  readonly histograms: boolean;
  readonly startTimes: boolean;
}

/** Reads columns of a block; pieces are loaded as they are needed, and kept as long as the reader is. */
export class BlockReader {
  readonly block: HeadBlock;
  readonly #load: (block: number, from: number) => Piece;
  readonly #loaded = new Map<number, Piece>();
  readonly #times = new Map<number, Float64Array>();
  #rows: Rows = { from: 0, to: 0, tailFrom: 0, stretches: [], histograms: false, startTimes: false };

  /** @param load gives a piece; throws DecodeError when it is damaged */
  constructor(block: HeadBlock, load: (block: number, from: number) => Piece) {
    this.block = block;
    this.#load = load;
  }

  #piece(from: number): Piece {
    let piece = this.#loaded.get(from);
    if (piece === undefined) this.#loaded.set(from, (piece = this.#load(this.block.id, from)));
    return piece;
  }

  /** Of the rows [from, to): found once for all columns, which are mostly read over the same rows. */
  #within(from: number, to: number): Rows {
    const { pieces, tail } = this.block;
    const known = this.#rows;
    if (known.from === from && known.to === to && known.tailFrom === tail.from) return known;
    const stretches: Stretch[] = [];
    let histograms = tail.histograms.size > 0;
    let startTimes = tail.startTimes.size > 0;
    for (let i = 0; i < pieces.length; i++) {
      const first = pieces[i];
      const end = i + 1 < pieces.length ? pieces[i + 1] : tail.from;
      if (end <= from || first >= to) continue;
      const piece = this.#piece(first);
      stretches.push({ piece, from: Math.max(first, from), to: Math.min(end, to) });
      histograms ||= piece.histograms.size > 0;
      startTimes ||= piece.startTimes.size > 0;
    }
    this.#rows = { from, to, tailFrom: tail.from, stretches, histograms, startTimes };
    return this.#rows;
  }

  /** Times of the rows [from, to): the same array for the same rows, so that series are seen to share it. */
  times(from: number, to: number): Float64Array {
    const key = from * 65_536 + to;
    let times = this.#times.get(key);
    // A copy: the block's array is another one when it has grown.
    if (times === undefined) this.#times.set(key, (times = this.block.times.slice(from, to)));
    return times;
  }

  /** Rows [from, to) of a column to elements `at`... of `out`. @throws DecodeError when a piece is damaged */
  read(slot: number, from: number, to: number, out: ColumnRows, at = 0): void {
    const { tail } = this.block;
    for (const stretch of this.#within(from, to).stretches)
      stretch.piece.readColumn(slot, stretch.from, stretch.to, out, at + stretch.from - from);
    const first = Math.max(from, tail.from);
    if (first < to) this.block.readTail(slot, first, to, out, at + first - from);
  }

  /** Histograms of the rows, null where there is none; null: no row has one. */
  histograms(slot: number, from: number, to: number): (Histogram | null)[] | null {
    const rows = this.#within(from, to);
    if (!rows.histograms) return null;
    let result: (Histogram | null)[] | null = null;
    const put = (row: number, histogram: Histogram | null | undefined): void => {
      if (histogram === null || histogram === undefined) return;
      result ??= Array.from<Histogram | null>({ length: to - from }).fill(null);
      result[row - from] = histogram;
    };
    for (const { piece, from: first, to: end } of rows.stretches) {
      const column = piece.histograms.get(slot);
      if (column !== undefined) for (let row = first; row < end; row++) put(row, column[row - piece.from]);
    }
    const { tail } = this.block;
    const column = tail.histograms.get(slot);
    if (column !== undefined)
      for (let row = Math.max(from, tail.from); row < to; row++) put(row, column[row - tail.from]);
    return result;
  }

  /** Start times of the rows, 0 where unknown; null: none is known. */
  startTimes(slot: number, from: number, to: number): Float64Array | null {
    const rows = this.#within(from, to);
    if (!rows.startTimes) return null;
    let result: Float64Array | null = null;
    const put = (row: number, time: number | undefined): void => {
      if (time === undefined || time === 0) return;
      result ??= new Float64Array(to - from);
      result[row - from] = time;
    };
    for (const { piece, from: first, to: end } of rows.stretches) {
      const column = piece.startTimes.get(slot);
      if (column !== undefined) for (let row = first; row < end; row++) put(row, column[row - piece.from]);
    }
    const { tail } = this.block;
    const column = tail.startTimes.get(slot);
    if (column !== undefined)
      for (let row = Math.max(from, tail.from); row < to; row++) put(row, column[row - tail.from]);
    return result;
  }
}
