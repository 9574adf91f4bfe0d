import type { Millis } from '#shared/model/index.ts';
import type { Retention } from './contract.ts';
import { LOG_BYTES, type Database } from './database.ts';
import type { Groups } from './groups.ts';
import type { Head } from './head.ts';
import { giveBack, removeByRule, removeOldest, spare } from './retain.ts';
import type { Sidelines } from './sidelines.ts';
import type { TierKeeper } from './tier-keeper.ts';
import type { Visibility } from './visibility.ts';

/** Series looked at in one step of hiding those that retention has left nothing of. */
const SWEEP = 20_000;

/** The write-ahead log is never meant to grow beyond this: a start reads all of it. */
const MOST_LOG_BYTES = 16 << 20;

/** What a step did. */
export type Kept =
  | 'nothing'
  /** Samples were removed from frames. */
  | 'removed'
  /** Something else; there may be more. */
  | 'more'
  /** The files are too large for what is not in frames yet: blocks have to be sealed before anything can go. */
  | 'seal';

/**
 * Bytes of the write-ahead log: as many as are not sealed. Journal and pieces are written and removed within it then, and
 * few of their pages are copied to the file. In powers of two, for each change is a statement.
 * @param bound of all files together; null for none
 * @param unsealed bytes of journal and pieces
 */
export function logSize(bound: number | null, unsealed: number): number {
  const wanted = 2 ** Math.round(Math.log2(Math.min(MOST_LOG_BYTES, Math.max(LOG_BYTES, unsealed))));
  return bound === null ? wanted : Math.min(wanted, Math.max(1 << 15, Math.floor(bound / 8)));
}

/** Keeps a store within its retention, in steps that are short each. */
export class RetentionKeeper {
  readonly #database: Database;
  readonly #head: Head;
  readonly #groups: Groups;
  readonly #visibility: Visibility;
  readonly #sidelines: Sidelines;
  readonly #tiers: TierKeeper;
  readonly #unsealed: () => number;
  #retention: Retention = { time: null, bytes: null };
  #rules: { readonly number: number; readonly name: string }[] = [];
  #logBytes = LOG_BYTES;
  #mayHaveSpace = true;
  #sweptTo = 0;
  #sweptHorizon = -Infinity;

  /** @param unsealed bytes of journal and pieces: what a sealed block leaves free, the next ones take again */
  constructor(
    database: Database,
    head: Head,
    groups: Groups,
    visibility: Visibility,
    sidelines: Sidelines,
    tiers: TierKeeper,
    unsealed: () => number,
  ) {
    this.#database = database;
    this.#head = head;
    this.#groups = groups;
    this.#visibility = visibility;
    this.#sidelines = sidelines;
    this.#tiers = tiers;
    this.#unsealed = unsealed;
  }

  set(retention: Retention): void {
    this.#retention = retention;
    this.#visibility.setRetention(retention);
    this.#tiers.set(retention.tiers ?? []);
    this.#sweptHorizon = -Infinity;
    // What a series falls under depends on all rules before its own; the name says which those were.
    const texts = (retention.rules ?? []).map(({ matchers }) =>
      JSON.stringify(matchers.map(({ name, type, value }) => [name, type, value])),
    );
    this.#rules = [0, ...texts.keys().map((i) => i + 1)].map((number) => ({
      number,
      name: `${number === 0 ? 'other than' : 'last of'} ${texts.slice(0, number === 0 ? undefined : number).join(' ')}`,
    }));
    this.#sizeLog();
  }

  #sizeLog(): void {
    const logBytes = logSize(this.#retention.bytes, this.#unsealed());
    if (logBytes !== this.#logBytes) this.#database.limitLog(logBytes);
    this.#logBytes = logBytes;
  }

  /** Frames were written or deleted: there may be free pages. */
  wake(): void {
    this.#mayHaveSpace = true;
    this.#tiers.wake();
  }

  /** Frames with samples from `time` to `last` were added behind the newest: rules begin there again. In the caller's transaction. */
  lookAgain(time: Millis, last: Millis): void {
    this.#database.statement('UPDATE kept SET maxt = ?, id = 0 WHERE maxt > ?').run(time - 1, time - 1);
    this.#tiers.invalidate(time, last);
  }

  step(): Kept {
    this.#sizeLog();
    const horizon = this.#visibility.lastHorizon;
    if (
      horizon > -Infinity &&
      removeOldest(this.#database, this.#head, this.#groups, this.#tiers, this.#tiers.removable(horizon))
    )
      return this.#removed();
    for (const number of this.#visibility.earlyRules())
      if (removeByRule(this.#database, this.#head, this.#groups, this.#visibility, this.#tiers, this.#rules[number]))
        return this.#removed();
    const size = this.#keepSize();
    if (size !== 'nothing') return size;
    if (this.#sweep()) return 'more';
    // Only sealing and retention leave free pages worth a look.
    if (this.#mayHaveSpace) this.#mayHaveSpace = giveBack(this.#database, spare(this.#database) + this.#unsealed());
    return this.#mayHaveSpace ? 'more' : 'nothing';
  }

  #removed(): Kept {
    this.#mayHaveSpace = true;
    return 'removed';
  }

  /** The file and its log together stay below the bound: the file has what the log leaves, and some room to write. */
  #keepSize(): Kept {
    const { bytes } = this.#retention;
    if (bytes === null) return 'nothing';
    const room = bytes - this.#logBytes;
    const { all, free } = this.#database.pages();
    if (all - free > room - bytes / 32) {
      if (removeOldest(this.#database, this.#head, this.#groups, this.#tiers, null)) return this.#removed();
      if (this.#database.fileBytes > bytes && this.#head.blocks.size > 0) return 'seal';
      // Last of all: tiers tell much in little room.
      if (this.#tiers.removeOldest()) return this.#removed();
    }
    const before = this.#database.fileBytes;
    if (before <= bytes) return 'nothing';
    if (all > room && free > 0 && giveBack(this.#database, 0)) return 'more';
    // The file is cut, and the log emptied, by folding the log into it.
    this.#database.checkpoint();
    return this.#database.fileBytes < before ? 'more' : 'nothing';
  }

  /** Hides series that have nothing left, some at a time; once in each hundredth of the shortest retention. */
  #sweep(): boolean {
    const { shortest, lastHorizon } = this.#visibility;
    if (shortest === null) return false;
    const newest = this.#visibility.newest;
    if (newest === -Infinity || (this.#sweptTo === 0 && newest < this.#sweptHorizon + shortest / 100)) return false;
    const { state, index } = this.#head;
    const end = Math.min(this.#sweptTo + SWEEP, state.length);
    for (let ref = this.#sweptTo; ref < end; ref++) {
      const kept = Math.min(this.#visibility.horizon(ref), this.#tiers.lastHorizon);
      if (!index.isAlive(ref) || this.#head.lastTimeOf(ref) >= kept) continue;
      this.#head.detach(ref);
      index.remove(ref);
    }
    this.#sweptTo = end < state.length ? end : 0;
    if (this.#sweptTo > 0) return true;
    this.#sweptHorizon = newest;
    if (lastHorizon > -Infinity) this.#sidelines.forgetBefore(this.#database, lastHorizon);
    return false;
  }
}
