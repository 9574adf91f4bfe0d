import { setImmediate as breathe } from 'node:timers/promises';
import type { Millis } from '#shared/model/index.ts';
import { storeBulk, type BulkColumn } from './bulk.ts';
import type { TombstoneCleaner } from './clean-tombstones.ts';
import type { Committer } from './committer.ts';
import type { ImportColumn, ImportMark, ImportResult } from './contract.ts';
import type { Database } from './database.ts';
import type { Groups } from './groups.ts';
import type { Head } from './head.ts';
import type { ImportMarks } from './import-marks.ts';
import type { RetentionKeeper } from './retention-keeper.ts';
import { lowerBound } from './search-times.ts';
import type { Tombstones } from './tombstones.ts';

/** Late samples from which they are brought into frames, and how long they wait otherwise. */
const MANY_LATE = 50_000;
const LATE_AGE: Millis = 30 * 60_000;

/** What frames are written with past the journal. */
export interface BulkParts {
  readonly database: Database;
  readonly head: Head;
  readonly groups: Groups;
  readonly committer: Committer;
  readonly marks: ImportMarks;
  readonly keeper: RetentionKeeper;
  readonly cleaner: TombstoneCleaner;
  readonly tombstones: Tombstones;
  /** Throws when the store is closed. */
  readonly check: () => void;
  /** Samples before this are not taken. */
  readonly horizon: () => Millis;
  /** Makes what was appended durable. */
  readonly commit: () => void;
  /** Does one step of housekeeping, or waits for a view; false when nothing is left to do. */
  readonly upkeep: () => Promise<boolean>;
}

/** Writes frames past the journal: imported samples, and the late ones that wait in memory. One thing after the other. */
export class BulkWriter {
  readonly #parts: BulkParts;
  /** The imports so far: each waits for the one before. */
  #importing: Promise<unknown> = Promise.resolve();
  /** Newest time when the late samples in memory began to come. */
  #lateSince: Millis = Infinity;

  constructor(parts: BulkParts) {
    this.#parts = parts;
  }

  /** After the imports before it. */
  import(columns: readonly ImportColumn[], mark: ImportMark | undefined): Promise<ImportResult> {
    const result = this.#importing.then(() => this.#import(columns, mark));
    this.#importing = result.catch(() => undefined);
    return result;
  }

  async #import(columns: readonly ImportColumn[], mark: ImportMark | undefined): Promise<ImportResult> {
    this.#parts.check();
    // What is imported now is to be shown before them.
    await this.#sealLate();
    const horizon = this.#parts.horizon();
    let stored = 0;
    let tooOld = 0;
    const young = columns.map(({ labels, times, ...rest }) => {
      const from = lowerBound(times, 0, times.length, horizon);
      tooOld += from;
      stored += times.length - from;
      return { ref: this.#parts.head.resolve(labels), times, from, to: times.length, ...rest };
    });
    await this.#endDeletions(young);
    await storeBulk(this.#parts.committer, this.#parts.head, this.#parts.groups, young, () => {
      if (mark !== undefined) this.#parts.marks.put(mark);
      const some = young.filter(({ from, to }) => from < to);
      const first = some.reduce((least, { times, from }) => Math.min(least, times[from]), Infinity);
      const last = some.reduce((most, { times, to }) => Math.max(most, times[to - 1]), -Infinity);
      if (some.length > 0) this.#parts.keeper.lookAgain(first, last);
    });
    this.#parts.keeper.wake();
    this.#parts.cleaner.wake();
    return { stored, tooOld };
  }

  /** Takes what is deleted of these series out for good, so that what is imported in its place is not deleted too. */
  async #endDeletions(columns: readonly BulkColumn[]): Promise<void> {
    const deleted = columns.filter(
      ({ ref, times, from, to }) =>
        from < to &&
        this.#parts.tombstones.of(ref)?.some(({ start, end }) => start <= times[to - 1] && end >= times[from]),
    );
    if (deleted.length === 0) return;
    this.#parts.head.close([
      ...new Set(deleted.flatMap(({ ref }) => this.#parts.head.columnsOf(ref).map(({ block }) => block))),
    ]);
    this.#parts.cleaner.wake();
    while (await this.#parts.upkeep()) await breathe();
  }

  /** Late samples that are to be brought into frames: many, or old. */
  #lateIsRipe(): boolean {
    const { late, maxTime } = this.#parts.head;
    if (late.count === 0) {
      this.#lateSince = Infinity;
      return false;
    }
    if (this.#lateSince > maxTime) this.#lateSince = maxTime;
    return late.count >= MANY_LATE || maxTime - this.#lateSince >= LATE_AGE;
  }

  /** Brings the late samples into frames; they are found either way all the time. */
  async #sealLate(): Promise<void> {
    const { late } = this.#parts.head;
    if (late.count === 0) return;
    this.#parts.commit();
    const upTo = this.#parts.database.run(
      (sqlite) => sqlite.prepare('SELECT ifnull(max(id), 0) FROM late').pluck().get() as number,
    );
    const columns = late.leave(upTo);
    await storeBulk(this.#parts.committer, this.#parts.head, this.#parts.groups, columns, () => {
      this.#parts.database.statement('DELETE FROM late WHERE id <= ?').run(late.leavingUpTo);
      const first = Math.min(...columns.map(({ times, from }) => times[from]));
      this.#parts.keeper.lookAgain(first, Math.max(...columns.map(({ times, to }) => times[to - 1])));
    });
    late.left();
    this.#lateSince = Infinity;
    this.#parts.keeper.wake();
    this.#parts.cleaner.wake();
  }

  /** Brings the late samples into frames if they are many, or old. @returns whether it did */
  async sealRipeLate(): Promise<boolean> {
    if (!this.#lateIsRipe()) return false;
    const sealing = this.#importing.then(() => this.#sealLate());
    this.#importing = sealing.catch(() => undefined);
    await sealing;
    return true;
  }

  /** Resolves when what was begun is done. */
  async idle(): Promise<void> {
    await this.#importing;
  }
}
