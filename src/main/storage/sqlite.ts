import { setImmediate as breathe } from 'node:timers/promises';
import { wordsOf, type Labels, type Matcher, type MetricMetadata, type Millis } from '#shared/model/index.ts';
import { Assembler } from './assemble.ts';
import { storeBulk, type BulkColumn } from './bulk.ts';
import { TombstoneCleaner } from './clean-tombstones.ts';
import { Committer, NONE } from './committer.ts';
import { Compactor } from './compact.ts';
import {
  StorageError,
  type AppendResult,
  type Batch,
  type ImportColumn,
  type ImportMark,
  type ImportResult,
  type Querier,
  type Retention,
  type SeriesExemplars,
  type SeriesSamples,
  type StorageHealth,
  type StorageOptions,
  type StorageStats,
  type TierRequest,
  type TierState,
  type Writer,
} from './contract.ts';
import { Database, SCHEMA_VERSION } from './database.ts';
import { DEFAULT_MAX_EXEMPLARS } from './exemplar-ring.ts';
import { Groups } from './groups.ts';
import { Head, type Tally } from './head.ts';
import { FOLD_ROWS, Housekeeper } from './housekeeper.ts';
import { ImportMarks } from './import-marks.ts';
import { appendLate } from './late-append.ts';
import { LabelIndex } from './label-index.ts';
import { recoverFirstFormat } from './migrate-v1.ts';
import { Pieces } from './pieces.ts';
import type { FileStorage, ReadView, SelectionData, SelectRequest } from './read-view.ts';
import { Reader } from './reader.ts';
import { quarantine, recoverBlocks, recoverLate, recoverSeries, RefOf, type Recovery } from './recover.ts';
import { RetentionKeeper } from './retention-keeper.ts';
import { countersOf } from './seal.ts';
import { Scrubber } from './scrub.ts';
import { lowerBound } from './search-times.ts';
import { SeriesState } from './series-state.ts';
import { SeriesTable } from './series-table.ts';
import { Sidelines } from './sidelines.ts';
import { writeSnapshot } from './snapshot.ts';
import { TierKeeper } from './tier-keeper.ts';
import { Visibility } from './visibility.ts';

export interface SqliteOptions extends StorageOptions {
  /** The database file; its folder is made when missing. Beside it lie SQLite's own files and `<path>.lock`. */
  readonly path: string;
  /** Bytes of journal and pieces from which the oldest blocks are sealed before they are full; 256 MiB by default. */
  readonly unsealedBytes?: number;
  /** Rows that are kept as changes, and in the journal, before they become a piece; 32 by default. */
  readonly foldRows?: number;
  /** Bytes that may wait to be written, when the disk has been refusing for long, before appending is refused; 256 MiB by default. */
  readonly maxPendingBytes?: number;
  /** The file never grows beyond this: commits are refused instead, as on a full disk. Unbounded by default. */
  readonly maxFileBytes?: number;
}

const DEFAULT_UNSEALED_BYTES = 256 << 20;
const DEFAULT_PENDING_BYTES = 256 << 20;
/** Late samples from which they are brought into frames, and how long they wait otherwise. */
const MANY_LATE = 50_000;
const LATE_AGE: Millis = 30 * 60_000;
/** Before the oldest time that may occur. */
const FIRST_TIME = -8.64e15;

/** Label sets kept for the next query: a few megabytes. */
const MOST_LABELS = 20_000;

class SqliteStorage implements FileStorage {
  readonly path: string;
  readonly #database: Database;
  readonly #head: Head;
  readonly #index: LabelIndex;
  readonly #table = new SeriesTable();
  readonly #state = new SeriesState();
  readonly #groups = new Groups();
  readonly #reader: Reader;
  readonly #sidelines: Sidelines;
  readonly #marks: ImportMarks;
  readonly #visibility: Visibility;
  readonly #keeper: RetentionKeeper;
  readonly #tiers: TierKeeper;
  readonly #pieces: Pieces;
  readonly #committer: Committer;
  readonly #cleaner: TombstoneCleaner;
  readonly #housekeeper: Housekeeper;
  readonly #maxPending: number;
  #closed = false;
  #committing: Promise<void> | null = null;
  /** The imports so far: each waits for the one before. */
  #importing: Promise<unknown> = Promise.resolve();
  #lastCommitSeconds = 0;
  #lastError: StorageError | null = null;
  /** Changes whenever frames that are there are removed or written anew: what was read of them is to be forgotten. */
  #generation = 0;
  readonly #labels = new Map<number, Labels>();
  /** Views that have not been released, and who waits for that. */
  #views = 0;
  #viewsWaiting: (() => void)[] = [];
  /** Out-of-order window. */
  #window: Millis;
  #lateSamples = 0;
  /** Newest time when the late samples in memory began to come, and a row of them that is in the file. */
  #lateSince: Millis = Infinity;
  #damage: string | null = null;
  readonly #totals: Tally = { appended: 0, outOfOrder: 0, duplicate: 0, tooOld: 0 };
  readonly #tally: Tally = { appended: 0, outOfOrder: 0, duplicate: 0, tooOld: 0 };

  constructor(options: SqliteOptions) {
    this.#maxPending = options.maxPendingBytes ?? DEFAULT_PENDING_BYTES;
    this.path = options.path;
    this.#window = options.outOfOrderWindow ?? 0;
    this.#database = new Database(options.path, options.maxFileBytes ?? null);
    const database = this.#database;
    try {
      this.#index = new LabelIndex(this.#table);
      const head = new Head(this.#table, this.#index, this.#state, (ref) => this.#reader.loadStored(ref));
      this.#head = head;
      this.#sidelines = new Sidelines(head, options.maxExemplars ?? DEFAULT_MAX_EXEMPLARS);
      const pieces = database.run(() => new Pieces(database));
      this.#pieces = pieces;
      this.#committer = new Committer(database, head, pieces, this.#sidelines);
      const damaged = (what: string): void => {
        this.#damage = `${options.path}: ${what}`;
      };
      this.#recover(damaged);
      this.#marks = database.run(() => new ImportMarks(database));
      const { tombstones } = this.#sidelines;
      const newest = (): Millis => Math.min(head.maxTime, options.clock?.() ?? Infinity);
      this.#visibility = new Visibility((ref) => this.#table.labels(ref), newest, tombstones);
      const forget = (): void => {
        this.#reader.clearCache();
        this.#generation++;
      };
      const tiers = database.run(() => new TierKeeper(database, head, this.#groups, this.#visibility, forget));
      this.#tiers = tiers;
      const { journal } = this.#committer;
      const unsealed = (): number => journal.stored + pieces.stored;
      this.#keeper = new RetentionKeeper(
        database,
        head,
        this.#groups,
        this.#visibility,
        this.#sidelines,
        tiers,
        unsealed,
      );
      this.#keeper.set(options.retention ?? { time: null, bytes: null });
      this.#reader = new Reader(database, head, this.#groups, pieces, this.#visibility, damaged);
      this.#cleaner = new TombstoneCleaner(database, head, this.#groups, this.#sidelines, this.#visibility);
      this.#housekeeper = new Housekeeper({
        head,
        groups: this.#groups,
        pieces,
        keeper: this.#keeper,
        cleaner: this.#cleaner,
        committer: this.#committer,
        unsealedBytes: options.unsealedBytes ?? DEFAULT_UNSEALED_BYTES,
        foldRows: options.foldRows ?? FOLD_ROWS,
        forget,
        tiers,
        compactor: new Compactor(database, head, this.#groups, this.#visibility, this.#committer, forget),
        scrubber: new Scrubber(database, damaged),
        damaged,
      });
    } catch (error) {
      database.close();
      throw error;
    }
  }

  #recover(damaged: (what: string) => void): void {
    const database = this.#database;
    const recovery: Recovery = {
      database,
      head: this.#head,
      groups: this.#groups,
      pieces: this.#pieces,
      journal: this.#committer.journal,
      damaged: [],
      refOf: new RefOf(),
    };
    database.run(() => {
      recoverSeries(recovery);
      if (database.found === 1) recoverFirstFormat(recovery);
      else recoverBlocks(recovery);
      recoverLate(recovery);
      quarantine(recovery);
      this.#pieces.measure();
      this.#sidelines.load(database, recovery.refOf);
    });
    if (database.found === 1)
      this.#committer.withState(NONE, () => {
        database.statement('DELETE FROM journal').run();
        database.sqlite.pragma(`user_version = ${SCHEMA_VERSION}`);
      });
    if (recovery.damaged.length > 0) damaged(`${recovery.damaged.length} damaged blobs were put aside when opening`);
  }

  #note(error: unknown): void {
    if (error instanceof StorageError) this.#lastError = error;
  }

  #open(): void {
    if (this.#closed) throw new StorageError('closed', this.#database.path, 'The store is closed.');
  }

  writer(source: string): Writer {
    this.#open();
    const pool = this.#head.pool(source);
    let released = false;
    const check = (): void => {
      this.#open();
      if (released) throw new Error('the writer was released');
    };
    return {
      resolve: (labels) => {
        check();
        return this.#head.resolve(labels);
      },
      append: (batch) => {
        check();
        return this.#append(pool, batch);
      },
      release: () => {
        if (!released) this.#head.leave(pool);
        released = true;
      },
    };
  }

  /** Samples before this may be removed, are not taken and not shown any more. */
  #horizon(): Millis {
    return this.#visibility.lastHorizon;
  }

  #append(pool: ReturnType<Head['pool']>, batch: Batch): AppendResult {
    if (this.#head.pending.length + this.#pieces.pendingBytes > this.#maxPending)
      throw (
        this.#lastError ??
        new StorageError('full', this.#database.path, 'Too much waits to be written. Commit before appending more.')
      );
    const tally = this.#tally;
    tally.appended = tally.outOfOrder = tally.duplicate = tally.tooOld = 0;
    this.#head.append(pool, batch, wordsOf(batch.values), this.#horizon(), tally);
    if (this.#window > 0 && this.#head.behind.length > 0) {
      const before = tally.appended;
      const find = this.#reader.read.bind(this.#reader);
      appendLate(this.#head, find, batch, wordsOf(batch.values), this.#window, tally);
      this.#lateSamples += tally.appended - before;
    }
    for (const exemplar of batch.exemplars ?? []) this.#sidelines.addExemplar(exemplar);
    this.#totals.appended += tally.appended;
    this.#totals.outOfOrder += tally.outOfOrder;
    this.#totals.duplicate += tally.duplicate;
    this.#totals.tooOld += tally.tooOld;
    return { ...tally };
  }

  commit(): Promise<void> {
    this.#open();
    this.#committing ??= new Promise((resolve, reject) => {
      // A little later, so that all who ask in the meantime share the one sync.
      setImmediate(() => {
        this.#committing = null;
        try {
          this.#commitNow();
          resolve();
        } catch (error) {
          reject(error);
        }
      });
    });
    return this.#committing;
  }

  #commitNow(): void {
    // The store may have been closed since; that has committed everything.
    if (this.#closed) return;
    const started = performance.now();
    try {
      this.#committer.commit();
      this.#lastError = null;
    } catch (error) {
      this.#note(error);
      throw error;
    } finally {
      this.#lastCommitSeconds = (performance.now() - started) / 1000;
    }
  }

  importSamples(columns: readonly ImportColumn[], mark?: ImportMark): Promise<ImportResult> {
    this.#open();
    const result = this.#importing.then(() => this.#import(columns, mark));
    this.#importing = result.catch(() => undefined);
    return result;
  }

  async #import(columns: readonly ImportColumn[], mark: ImportMark | undefined): Promise<ImportResult> {
    this.#open();
    // What is imported now is to be shown before them.
    await this.#sealLate();
    const horizon = this.#horizon();
    let stored = 0;
    let tooOld = 0;
    const young = columns.map(({ labels, times, ...rest }) => {
      const from = lowerBound(times, 0, times.length, horizon);
      tooOld += from;
      stored += times.length - from;
      return { ref: this.#head.resolve(labels), times, from, to: times.length, ...rest };
    });
    await this.#endDeletions(young);
    await storeBulk(this.#committer, this.#head, this.#groups, young, () => {
      if (mark !== undefined) this.#marks.put(mark);
      const some = young.filter(({ from, to }) => from < to);
      const first = some.reduce((least, { times, from }) => Math.min(least, times[from]), Infinity);
      const last = some.reduce((most, { times, to }) => Math.max(most, times[to - 1]), -Infinity);
      if (some.length > 0) this.#keeper.lookAgain(first, last);
    });
    this.#keeper.wake();
    this.#cleaner.wake();
    this.#totals.appended += stored;
    this.#totals.tooOld += tooOld;
    return { stored, tooOld };
  }

  /** Takes what is deleted of these series out for good, so that what is imported in its place is not deleted too. */
  async #endDeletions(columns: readonly BulkColumn[]): Promise<void> {
    const { tombstones } = this.#sidelines;
    const deleted = columns.filter(
      ({ ref, times, from, to }) =>
        from < to && tombstones.of(ref)?.some(({ start, end }) => start <= times[to - 1] && end >= times[from]),
    );
    if (deleted.length === 0) return;
    this.#head.close([...new Set(deleted.flatMap(({ ref }) => this.#head.columnsOf(ref).map(({ block }) => block)))]);
    this.#cleaner.wake();
    while (await this.#upkeep(() => this.#views > 0 || this.#housekeeper.step())) await breathe();
  }

  setOutOfOrderWindow(window: Millis): void {
    this.#open();
    this.#window = window;
  }

  /** Late samples that are to be brought into frames: many, or old. */
  #lateIsRipe(): boolean {
    const { late, maxTime } = this.#head;
    if (late.count === 0) {
      this.#lateSince = Infinity;
      return false;
    }
    if (this.#lateSince > maxTime) this.#lateSince = maxTime;
    return late.count >= MANY_LATE || maxTime - this.#lateSince >= LATE_AGE;
  }

  /** Brings the late samples into frames; they are found either way all the time. */
  async #sealLate(): Promise<void> {
    const { late } = this.#head;
    if (late.count === 0) return;
    this.#commitNow();
    const upTo = this.#database.run(
      (sqlite) => sqlite.prepare('SELECT ifnull(max(id), 0) FROM late').pluck().get() as number,
    );
    const columns = late.leave(upTo);
    await storeBulk(this.#committer, this.#head, this.#groups, columns, () => {
      this.#database.statement('DELETE FROM late WHERE id <= ?').run(late.leavingUpTo);
      const first = Math.min(...columns.map(({ times, from }) => times[from]));
      this.#keeper.lookAgain(first, Math.max(...columns.map(({ times, to }) => times[to - 1])));
    });
    late.left();
    this.#lateSince = Infinity;
    this.#keeper.wake();
    this.#cleaner.wake();
  }

  importedUpTo(key: string): number {
    this.#open();
    return this.#database.run(() => this.#marks.get(key));
  }

  querier(): Querier {
    this.#open();
    const shown = (start: Millis, end: Millis): ((ref: number) => boolean) => {
      this.#open();
      const mayShow = (ref: number): boolean => this.#visibility.mayShow(ref, this.#head.lastTimeOf(ref), end);
      if (start === -Infinity && end === Infinity) return mayShow;
      const sampled = this.#reader.sampled(start, end);
      return (ref) => mayShow(ref) && sampled(ref);
    };
    const refs = (matchers: readonly Matcher[], start: Millis, end: Millis): number[] =>
      this.#index.select(matchers).filter(shown(start, end));
    const from = (start: Millis): Millis => Math.max(start, this.#horizon());
    return {
      select: (matchers, start, end, newestOnly, tier) => {
        this.#open();
        if (tier !== undefined) return this.#selectTier(matchers, start, end, tier);
        return this.#select(matchers, from(start), end, newestOnly ?? false);
      },
      series: (matchers, start, end) => refs(matchers, from(start), end).map((ref) => this.#table.labels(ref)),
      labelNames: (matchers, start, end) => this.#index.names(refs(matchers, from(start), end)),
      labelValues: (name, matchers, start, end) =>
        // Of all series one of each value will do.
        matchers.length === 0
          ? this.#index.allValues(name, shown(from(start), end))
          : this.#index.values(name, refs(matchers, from(start), end)),
      estimate: (matchers, start, end, tier) => {
        this.#open();
        if (tier !== undefined) {
          const series = this.#index.select(matchers).length;
          const buckets = Math.max(0, end - this.#tierStart(start, tier)) / tier.resolution + 1;
          return { series, samples: Math.ceil(series * buckets) };
        }
        return this.#reader.estimate(this.#index.select(matchers), from(start), end);
      },
      exemplars: (matchers, start, end) => this.#exemplars(matchers, from(start), end),
      release: () => undefined,
    };
  }

  view(requests: readonly SelectRequest[]): ReadView {
    this.#open();
    const newest = this.#head.maxTime;
    const horizon = this.#horizon();
    const fixed = requests.map((request) => {
      const refs = this.#index.select(request.matchers);
      const { tier } = request;
      const start = tier === undefined ? Math.max(request.start, horizon) : this.#tierStart(request.start, tier);
      const built = tier === undefined ? null : this.#tiers.built(tier.resolution);
      return { refs, selection: this.#reader.fix(request, refs, start, newest, built) };
    });
    this.#views++;
    let released = false;
    return {
      collect: async (isKnown, pause) => {
        const transfer: ArrayBuffer[] = [];
        const labels = new Map<number, Labels>();
        const selections: SelectionData[] = [];
        for (const { refs, selection } of fixed) {
          for (const ref of refs) if (!isKnown(ref)) labels.set(ref, this.#table.labels(ref));
          selections.push(await selection.collect(transfer, pause));
        }
        return { data: { generation: this.#generation, selections, labels }, transfer };
      },
      release: () => {
        if (released) return;
        released = true;
        this.#views--;
        if (this.#views > 0) return;
        for (const go of this.#viewsWaiting.splice(0)) go();
      },
    };
  }

  #select(matchers: readonly Matcher[], start: Millis, end: Millis, newestOnly: boolean): SeriesSamples[] {
    const assembler = new Assembler();
    const result: SeriesSamples[] = [];
    for (const [ref, parts] of this.#reader.read(this.#index.select(matchers), start, end, newestOnly)) {
      const series = assembler.series(this.#labelsOf(ref), parts);
      if (series !== null) result.push(series);
    }
    return result;
  }

  #selectTier(matchers: readonly Matcher[], start: Millis, end: Millis, tier: TierRequest): SeriesSamples[] {
    const refs = this.#index.select(matchers);
    const labels = (ref: number): Labels => this.#labelsOf(ref);
    const to = Math.min(end, this.#head.maxTime);
    return this.#reader.selectTier(refs, labels, this.#tiers, tier, this.#tierStart(start, tier), to);
  }

  /** From where a tier has anything: what retention takes of it is not shown any more. */
  #tierStart(start: Millis, { resolution }: TierRequest): Millis {
    const tier = this.#tiers.tier(resolution);
    if (tier === undefined) throw new Error(`there is no tier of ${resolution} ms`);
    return Math.max(start, this.#tiers.horizon(tier), this.#tiers.firstTime);
  }

  /** The labels of a series that queries ask for again and again: what is computed of a label set is kept with it. */
  #labelsOf(ref: number): Labels {
    let labels = this.#labels.get(ref);
    if (labels === undefined) {
      if (this.#labels.size >= MOST_LABELS) this.#labels.clear();
      labels = this.#table.labels(ref);
      this.#labels.set(ref, labels);
    }
    return labels;
  }

  #exemplars(matchers: readonly Matcher[], start: Millis, end: Millis): SeriesExemplars[] {
    this.#open();
    const result: SeriesExemplars[] = [];
    for (const ref of this.#index.select(matchers)) {
      const exemplars = this.#sidelines.exemplars.of(ref, start, end);
      if (exemplars.length > 0) result.push({ labels: this.#table.labels(ref), exemplars });
    }
    return result;
  }

  putMetadata(source: string, entries: readonly MetricMetadata[]): void {
    this.#open();
    this.#sidelines.putMetadata(source, entries);
  }

  metadataOf(source: string): readonly MetricMetadata[] {
    this.#open();
    return this.#sidelines.metadata.entriesOf(source);
  }

  metadata(family?: string): ReadonlyMap<string, readonly MetricMetadata[]> {
    this.#open();
    return this.#sidelines.metadata.byFamily(family);
  }

  deleteSeries(matchers: readonly Matcher[], start: Millis, end: Millis): Promise<void> {
    this.#open();
    const before = this.#sidelines.unwrittenTombstones.length;
    for (const ref of this.#index.select(matchers)) {
      if (!this.#state.isExact(ref)) this.#reader.loadStored(ref);
      const last = Math.max(this.#head.lastTimeOf(ref), this.#tiers.lastTimeOf(ref));
      const from = Math.max(start, FIRST_TIME);
      // Not beyond the newest sample: what comes later is not deleted.
      const to = Math.min(end, last);
      if (from > to) continue;
      this.#sidelines.delete(ref, from, to);
      if (start > FIRST_TIME || to < last) continue;
      this.#head.detach(ref);
      this.#index.remove(ref);
    }
    this.#cleaner.wake();
    try {
      if (this.#sidelines.unwrittenTombstones.length > before)
        this.#database.transaction(() => this.#tiers.invalidate(start, Math.min(end, this.#head.maxTime)));
    } catch (error) {
      this.#note(error);
      return Promise.reject(error);
    }
    return this.commit();
  }

  dropUnusedCache(): void {
    if (this.#reader.dropUnusedCache()) this.#labels.clear();
  }

  waiting(): { readonly bytes: number; readonly lastCommitSeconds: number } {
    this.#open();
    return { bytes: this.#head.pending.length, lastCommitSeconds: this.#lastCommitSeconds };
  }

  newestTime(): Millis {
    this.#open();
    return this.#visibility.newest;
  }

  samplesFrom(): Millis {
    this.#open();
    return Math.max(this.#visibility.horizonOfRule(0), this.#tiers.removedTo);
  }

  tiers(): readonly TierState[] {
    this.#open();
    return this.#tiers.states();
  }

  setRetention(retention: Retention): void {
    this.#open();
    this.#keeper.set(retention);
  }

  async cleanTombstones(): Promise<boolean> {
    if (this.#views > 0) await new Promise<void>((resolve) => this.#viewsWaiting.push(resolve));
    return this.#upkeep(() => this.#housekeeper.clean());
  }

  async snapshot(path: string, { skipHead }: { readonly skipHead: boolean }): Promise<void> {
    await this.commit();
    const numbers = skipHead ? countersOf(this.#head, this.#groups) : null;
    await writeSnapshot(this.#database, path, { skipHead: numbers, closed: () => this.#closed });
  }

  async housekeep(): Promise<boolean> {
    // Somebody is about to read what the file holds: that is a matter of milliseconds.
    if (await this.#upkeep(() => this.#views === 0 && this.#housekeeper.step())) return true;
    if (this.#views > 0 || !this.#lateIsRipe()) return false;
    const sealing = this.#importing.then(() => this.#sealLate());
    this.#importing = sealing.catch(() => undefined);
    await sealing;
    return true;
  }

  #upkeep(step: () => boolean): Promise<boolean> {
    try {
      this.#open();
      return Promise.resolve(step());
    } catch (error) {
      this.#note(error);
      return Promise.reject(error);
    }
  }

  stats(): StorageStats {
    this.#open();
    const horizon = this.#horizon();
    const head = this.#head;
    let minTime = Infinity;
    const stored = this.#database.run(
      (sqlite) =>
        sqlite.prepare('SELECT min(mint) FROM timeline WHERE maxt >= ?').pluck().get(horizon) as number | null,
    );
    if (stored !== null) minTime = Math.max(stored, horizon);
    for (const block of head.blocks.values()) {
      const [first, end] = block.rowRange(horizon, Infinity);
      if (first < end) minTime = Math.min(minTime, block.times[first]);
    }
    let activeSeries = 0;
    for (let ref = 0; ref < this.#state.length; ref++)
      if (this.#index.isAlive(ref) && head.columnsOf(ref).length > 0) activeSeries++;
    return {
      activeSeries,
      series: this.#index.living,
      samplesAppended: this.#totals.appended,
      outOfOrderSamples: this.#totals.outOfOrder,
      duplicateSamples: this.#totals.duplicate,
      tooOldSamples: this.#totals.tooOld,
      fileBytes: this.#database.fileBytes,
      headBytes:
        head.bytes +
        this.#table.bytes +
        this.#index.bytes +
        this.#state.bytes +
        this.#pieces.cacheBytes +
        this.#reader.cacheBytes,
      minTime: minTime === Infinity ? null : minTime,
      maxTime: head.maxTime === -Infinity ? null : head.maxTime,
      lateSamples: this.#lateSamples,
      ...this.health(),
    };
  }

  health(): StorageHealth {
    return {
      lastCommitSeconds: this.#lastCommitSeconds,
      lastError: this.#lastError?.message ?? null,
      lastErrorKind: this.#lastError?.kind ?? null,
      damage: this.#damage,
    };
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    await this.#importing;
    try {
      this.#commitNow();
    } finally {
      this.#closed = true;
      this.#database.close();
    }
  }
}

/**
 * Opens (or makes) the store in an SQLite file, and brings back what an earlier run had committed.
 * @throws StorageError 'locked' when another process has it, 'newer-format', 'corrupt', 'readonly', 'full' or 'io'
 */
export function openSqliteStorage(options: SqliteOptions): FileStorage {
  return new SqliteStorage(options);
}
