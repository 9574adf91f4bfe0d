import { wordsOf, type Millis } from '#shared/model/index.ts';
import { pick, type Part } from './assemble.ts';
import { BlockReader } from './block-reader.ts';
import { DecodeError } from './bytes.ts';
import { FloatSlab } from './float-slab.ts';
import type { HeadBlock } from './head-block.ts';
import type { Head } from './head.ts';
import type { Pieces } from './pieces.ts';

/** Reads samples out of the blocks that are not sealed yet. */
export class HeadReader {
  readonly #head: Head;
  readonly #pieces: Pieces;
  readonly #damaged: (what: string) => void;
  /** Times of the newest sample read last: series of one scrape share it. */
  #instant = new Float64Array(1);

  /** @param damaged told of pieces that cannot be read; reading goes on without them */
  constructor(head: Head, pieces: Pieces, damaged: (what: string) => void) {
    this.#head = head;
    this.#pieces = pieces;
    this.#damaged = damaged;
  }

  #reader(block: HeadBlock): BlockReader {
    return new BlockReader(block, (id, from) => this.#pieces.load(id, from));
  }

  /** Hands the samples of each series in [start, end] to `add`: copies, which stay as they are. */
  read(refs: readonly number[], start: Millis, end: Millis, add: (ref: number, part: Part) => void): void {
    const readers = new Map<HeadBlock, BlockReader>();
    const slab = new FloatSlab();
    for (const ref of refs) {
      this.#head.late.read(ref, start, end, (part) => {
        add(ref, part);
      });
      for (const { block, slot } of this.#head.columnsOf(ref)) {
        let reader = readers.get(block);
        if (reader === undefined) readers.set(block, (reader = this.#reader(block)));
        try {
          const part = partOf(reader, slab, slot, start, end);
          if (part !== null) add(ref, part);
        } catch (error) {
          if (!(error instanceof DecodeError)) throw error;
          this.#damaged(`a piece of block ${block.id} is damaged; its samples are left out`);
        }
      }
    }
  }

  /**
   * The newest sample of a series if that lies in [start, end] and is in the newest block, where it costs nothing to
   * read; null when there is none or it has to be looked for.
   */
  newest(ref: number, start: Millis, end: Millis): Part | null {
    const { state } = this.#head;
    const block = state.block[ref];
    if (block === null) return null;
    const slot = state.slot[ref];
    const row = block.lastRowOf(slot);
    const time = block.times[row];
    // What was imported may be newer than what the block has.
    if (!(time >= start && time <= end) || state.storedTime[ref] >= time) return null;
    if (block.withStartTimes && row < block.tail.from) return null;
    if (this.#instant[0] !== time) this.#instant = Float64Array.of(time);
    const values = new Float64Array(1);
    block.readLast(slot, wordsOf(values));
    const histogram = block.lastHistogram(slot);
    const startTime = block.tail.startTimes.get(slot)?.[row - block.tail.from] ?? 0;
    return {
      times: this.#instant,
      values,
      from: 0,
      to: 1,
      startTimes: startTime === 0 ? null : Float64Array.of(startTime),
      histograms: histogram === null ? null : [histogram],
      rank: block.id,
    };
  }

  /** Whether a series has samples in [start, end]. */
  has(ref: number, start: Millis, end: Millis): boolean {
    if (this.#head.late.has(ref, start, end)) return true;
    return this.#head.columnsOf(ref).some(({ block, slot }) => {
      const [from, to] = block.rowRange(start, end);
      if (from === to) return false;
      const last = block.lastRowOf(slot);
      if (last < to) return last >= from;
      try {
        return partOf(this.#reader(block), new FloatSlab(), slot, start, end) !== null;
      } catch (error) {
        if (!(error instanceof DecodeError)) throw error;
        return true;
      }
    });
  }
}

/** Which rows of the column being read have a sample. */
let present = new Uint8Array(1024);

function partOf(reader: BlockReader, slab: FloatSlab, slot: number, start: Millis, end: Millis): Part | null {
  const [from, to] = reader.block.rowRange(start, end);
  if (from === to) return null;
  const rows = to - from;
  const at = slab.take(rows);
  const { values: all, words } = slab;
  if (present.length < at + rows) present = new Uint8Array(2 * (at + rows));
  present.fill(0, at, at + rows);
  reader.read(slot, from, to, { values: all, words, present }, at);
  let count = 0;
  for (let i = at; i < at + rows; i++) count += present[i];
  if (count === 0) {
    slab.giveBack(rows);
    return null;
  }
  const startTimes = reader.startTimes(slot, from, to);
  const histograms = reader.histograms(slot, from, to);
  const times = reader.times(from, to);
  const values = all.subarray(at, at + rows);
  const part: Part = { times, values, from: 0, to: rows, startTimes, histograms, rank: reader.block.id };
  if (count === rows) return part;
  const kept: number[] = [];
  for (let row = 0; row < rows; row++) if (present[at + row] === 1) kept.push(row);
  return pick(part, kept);
}
