import type { Millis } from '#shared/model/index.ts';
import type { Compactor } from './compact.ts';
import type { TombstoneCleaner } from './clean-tombstones.ts';
import { DecodeError } from './bytes.ts';
import type { Committer } from './committer.ts';
import type { Groups } from './groups.ts';
import type { HeadBlock } from './head-block.ts';
import type { Head } from './head.ts';
import type { Piece } from './piece-codec.ts';
import type { Pieces } from './pieces.ts';
import type { RetentionKeeper } from './retention-keeper.ts';
import type { Scrubber } from './scrub.ts';
import { SealJob, writeSealed } from './seal.ts';
import type { TierKeeper } from './tier-keeper.ts';

/** Rows of a tail from which it becomes a piece. */
export const FOLD_ROWS = 32;
/** So do fewer rows, when they take more memory than this a column. */
const FOLD_BYTES = 96;
const FOLD_MIN_ROWS = 8;
/** A piece of fewer rows is joined with what follows it. */
const SMALL_PIECE = 12;
/** Bytes that a replay may have to go through; beyond, the oldest tail becomes a piece. */
const MAX_REPLAY = 16 << 20;
/** Blocks at most that one transaction seals: pages that list others are written once for all of them. */
const WRITTEN_TOGETHER = 8;
/** A block without a sample for so long is sealed as it is. */
const IDLE: Millis = 30 * 60_000;

/** The parts of a store that its upkeep works on. */
export interface Upkeep {
  readonly head: Head;
  readonly groups: Groups;
  readonly pieces: Pieces;
  readonly keeper: RetentionKeeper;
  readonly cleaner: TombstoneCleaner;
  readonly tiers: TierKeeper;
  readonly compactor: Compactor;
  readonly committer: Committer;
  readonly scrubber: Scrubber;
  /** Bytes of journal and pieces from which the oldest blocks are sealed before they are full. */
  readonly unsealedBytes: number;
  /** Rows of a tail from which it becomes a piece. */
  readonly foldRows: number;
  /** Forgets what was read from frames, which may be gone. */
  readonly forget: () => void;
  /** Is told of what cannot be read. */
  readonly damaged: (what: string) => void;
}

/** Folding, sealing, retention and giving back space, in steps of a few milliseconds. */
export class Housekeeper {
  readonly #parts: Upkeep;
  #job: SealJob | null = null;
  /** Blocks whose frames are made and not written. */
  #made: SealJob[] = [];

  constructor(parts: Upkeep) {
    this.#parts = parts;
  }

  /** @returns false when nothing is left to do now */
  step(): boolean {
    if (this.#seal()) return true;
    if (this.#fold()) return true;
    if (this.#parts.pieces.pendingBytes > 0) {
      this.#parts.committer.commit();
      return true;
    }
    if (this.#retain() || this.#clean() || this.#parts.tiers.step()) return true;
    // Never beside a cleaning: frames that it has not seen would bring deleted samples back.
    if (!this.#parts.cleaner.busy && this.#parts.compactor.step()) return true;
    // Nothing is urgent: a little of the file is read, to see that it can be. That alone is no reason to go on.
    this.#parts.scrubber.step();
    return false;
  }

  /** Takes deleted samples out of frames. @returns false when there is nothing more */
  clean(): boolean {
    // A block that is being sealed counts on its groups: they must not end in the meantime.
    return this.#job === null && this.#made.length === 0 ? this.#clean() : this.#seal();
  }

  #clean(): boolean {
    const more = this.#parts.cleaner.step();
    // Frames as they were read before would bring deleted samples back once the tombstones are gone.
    if (more) this.#parts.forget();
    return more;
  }

  #seal(): boolean {
    const { head, groups, pieces, damaged } = this.#parts;
    try {
      if (this.#job === null) {
        const block = this.#closed();
        if (block === null) return this.#writeSealed();
        this.#job = new SealJob(block, head, groups, pieces, damaged);
      }
      if (this.#job.step()) return true;
      this.#made.push(this.#job);
      this.#job = null;
      if (this.#made.length >= WRITTEN_TOGETHER) this.#writeSealed();
      return true;
    } catch (error) {
      // The blocks are still there: other jobs will begin again.
      this.#job = null;
      this.#made = [];
      throw error;
    }
  }

  /** @returns whether there was anything to write */
  #writeSealed(): boolean {
    const jobs = this.#made;
    if (jobs.length === 0) return false;
    const { head, groups, pieces, committer, compactor, keeper, cleaner } = this.#parts;
    writeSealed(jobs, head, groups, pieces, committer);
    this.#made = [];
    for (const { block } of jobs) compactor.note(block.id, block.rows, block.times[0], block.lastTime);
    keeper.wake();
    cleaner.wake();
    return true;
  }

  /** The oldest block that is to be sealed and may be written with those that are made; closed if it is not yet. */
  #closed(): HeadBlock | null {
    const { head, committer, pieces } = this.#parts;
    const made = this.#made.map(({ block }) => block);
    const apart = (block: HeadBlock): boolean => !made.some(({ pool }) => pool.source === block.pool.source);
    for (const block of head.blocks.values()) {
      // What was made of a source is written before its next block is looked at: that goes into the same groups.
      if (block.closed && !made.includes(block)) return apart(block) ? block : null;
    }
    const over = committer.journal.stored + pieces.stored + pieces.pendingBytes > this.#parts.unsealedBytes;
    for (const block of head.blocks.values())
      if (!made.includes(block) && ((over && made.length === 0) || head.maxTime - block.lastTime > IDLE)) {
        if (!apart(block)) return null;
        head.close([block]);
        return block;
      }
    return null;
  }

  #fold(): boolean {
    const { head, committer } = this.#parts;
    let oldest: HeadBlock | null = null;
    for (const block of head.blocks.values()) {
      // A block that nothing is appended to would keep all that was read at the start.
      block.tail.collect();
      const rows = block.rows - block.tail.from;
      if (rows === 0) continue;
      if (foldable(block, rows, this.#parts.foldRows)) {
        this.#foldBlock(block);
        return true;
      }
      if (oldest === null || block.firstSeq < oldest.firstSeq) oldest = block;
    }
    if (oldest === null || committer.journal.raw <= MAX_REPLAY) return false;
    this.#foldBlock(oldest);
    // Its journal goes with the next commit, which may have to wait for nothing else.
    committer.commit();
    return true;
  }

  #foldBlock(block: HeadBlock): void {
    const { head, pieces } = this.#parts;
    const newest = block.pieces.at(-1);
    const small = newest !== undefined && block.tail.from - newest < SMALL_PIECE;
    const before = small ? this.#loadPiece(block.id, newest) : null;
    const from = before?.from ?? block.tail.from;
    pieces.add(
      block.id,
      from,
      block.fold(before, (ref) => head.state.ids[ref]),
    );
    block.folded(from);
  }

  /** A piece to be joined with; null when it is damaged, and so stays as it is. */
  #loadPiece(block: number, from: number): Piece | null {
    try {
      return this.#parts.pieces.read(block, from);
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
      return null;
    }
  }

  #retain(): boolean {
    const { keeper, head, forget } = this.#parts;
    switch (keeper.step()) {
      case 'removed':
        forget();
        return true;
      case 'more':
        return true;
      case 'seal':
        head.close([...head.blocks.values().take(1)]);
        return true;
      case 'nothing':
        return false;
    }
  }
}

/** Whether a tail of so many rows is to become a piece. */
function foldable(block: HeadBlock, rows: number, foldRows: number): boolean {
  // The first one earlier by some: else all blocks that began together are folded together.
  const limit = block.pieces.length === 0 ? foldRows / 2 + (block.id % (foldRows / 2)) : foldRows;
  return rows >= limit || (rows >= FOLD_MIN_ROWS && block.tail.length > FOLD_BYTES * block.columns);
}
