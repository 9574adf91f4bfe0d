import type { Histogram } from '#shared/model/index.ts';
import type { HeadBlock } from './head-block.ts';
import type { ColumnRows } from './head-tail.ts';
import type { Piece } from './piece-codec.ts';

/** Reads columns of a block; pieces are loaded as they are needed, and kept as long as the reader is. */
export class BlockReader {
  readonly block: HeadBlock;
  readonly #load: (block: number, from: number) => Piece;
  readonly #loaded = new Map<number, Piece>();
  readonly #times = new Map<number, Float64Array>();

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

  /** Calls with each piece that has some of the rows [from, to). */
  #within(from: number, to: number, visit: (piece: Piece, from: number, to: number) => void): void {
    const { pieces, tail } = this.block;
    for (const [i, first] of pieces.entries()) {
      const end = i + 1 < pieces.length ? pieces[i + 1] : tail.from;
      if (end > from && first < to) visit(this.#piece(first), Math.max(first, from), Math.min(end, to));
    }
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
    this.#within(from, to, (piece, first, end) => {
      piece.readColumn(slot, first, end, out, at + first - from);
    });
    const first = Math.max(from, tail.from);
    if (first < to) this.block.readTail(slot, first, to, out, at + first - from);
  }

  /** Histograms of the rows, null where there is none; null: no row has one. */
  histograms(slot: number, from: number, to: number): (Histogram | null)[] | null {
    let result: (Histogram | null)[] | null = null;
    const put = (row: number, histogram: Histogram | null | undefined): void => {
      if (histogram === null || histogram === undefined) return;
      result ??= Array.from<Histogram | null>({ length: to - from }).fill(null);
      result[row - from] = histogram;
    };
    this.#within(from, to, (piece, first, end) => {
      const column = piece.histograms.get(slot);
      if (column !== undefined) for (let row = first; row < end; row++) put(row, column[row - piece.from]);
    });
    const { tail } = this.block;
    const column = tail.histograms.get(slot);
    if (column !== undefined)
      for (let row = Math.max(from, tail.from); row < to; row++) put(row, column[row - tail.from]);
    return result;
  }

  /** Start times of the rows, 0 where unknown; null: none is known. */
  startTimes(slot: number, from: number, to: number): Float64Array | null {
    let result: Float64Array | null = null;
    const put = (row: number, time: number | undefined): void => {
      if (time === undefined || time === 0) return;
      result ??= new Float64Array(to - from);
      result[row - from] = time;
    };
    this.#within(from, to, (piece, first, end) => {
      const column = piece.startTimes.get(slot);
      if (column !== undefined) for (let row = first; row < end; row++) put(row, column[row - piece.from]);
    });
    const { tail } = this.block;
    const column = tail.startTimes.get(slot);
    if (column !== undefined)
      for (let row = Math.max(from, tail.from); row < to; row++) put(row, column[row - tail.from]);
    return result;
  }
}
