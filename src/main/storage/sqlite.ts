import { wordsOf, type Matcher, type MetricMetadata, type Millis } from '#shared/model/index.ts';
import { BulkWriter } from './bulk-writer.ts';
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
  type StorageHealth,
  type StorageOptions,
  type StorageStats,
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
import type { FileStorage, ReadView, SelectRequest } from './read-view.ts';
import { Reader } from './reader.ts';
import { quarantine, recoverBlocks, recoverLate, recoverSeries, RefOf, type Recovery } from './recover.ts';
import { RetentionKeeper } from './retention-keeper.ts';
import { countersOf } from './seal.ts';
import { Scrubber } from './scrub.ts';
import { SeriesState } from './series-state.ts';
import { SeriesTable } from './series-table.ts';
import { Sidelines } from './sidelines.ts';
import { writeSnapshot } from './snapshot.ts';
import { StoreQueries } from './store-queries.ts';
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
/** Before the oldest time that may occur. */
const FIRST_TIME = -8.64e15;

class SqliteStorage implements FileStorage {
  readonly path: string;
  readonly #database: Database;
  readonly #head: Head;
  readonly #index: LabelIndex;
  readonly #table = new SeriesTable();
  readonly #state = new SeriesState();
  readonly #groups = new Groups();
  readonly #reader: Reader;
  readonly #queries: StoreQueries;
  readonly #sidelines: Sidelines;
  readonly #marks: ImportMarks;
  readonly #visibility: Visibility;
  readonly #keeper: RetentionKeeper;
  readonly #tiers: TierKeeper;
  readonly #pieces: Pieces;
  readonly #committer: Committer;
  readonly #cleaner: TombstoneCleaner;
  readonly #housekeeper: Housekeeper;
  readonly #bulk: BulkWriter;
  readonly #maxPending: number;
  #closed = false;
  #committing: Promise<void> | null = null;
  #lastCommitSeconds = 0;
  #lastError: StorageError | null = null;
  /** Changes whenever frames that are there are removed or written anew: what was read of them is to be forgotten. */
  #generation = 0;
  /** Out-of-order window. */
  #window: Millis;
  #lateSamples = 0;
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
      this.#queries = new StoreQueries({
        head,
        index: this.#index,
        table: this.#table,
        reader: this.#reader,
        visibility: this.#visibility,
        tiers,
        exemplars: this.#sidelines.exemplars,
        check: () => this.#open(),
        generation: () => this.#generation,
      });
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
      this.#bulk = new BulkWriter({
        database,
        head,
        groups: this.#groups,
        committer: this.#committer,
        marks: this.#marks,
        keeper: this.#keeper,
        cleaner: this.#cleaner,
        tombstones,
        check: () => this.#open(),
        horizon: () => this.#horizon(),
        commit: () => this.#commitNow(),
        upkeep: () => this.#upkeep(() => this.#queries.views > 0 || this.#housekeeper.step()),
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

  async importSamples(columns: readonly ImportColumn[], mark?: ImportMark): Promise<ImportResult> {
    this.#open();
    const result = await this.#bulk.import(columns, mark);
    this.#totals.appended += result.stored;
    this.#totals.tooOld += result.tooOld;
    return result;
  }

  setOutOfOrderWindow(window: Millis): void {
    this.#open();
    this.#window = window;
  }

  importedUpTo(key: string): number {
    this.#open();
    return this.#database.run(() => this.#marks.get(key));
  }

  querier(): Querier {
    return this.#queries.querier();
  }

  view(requests: readonly SelectRequest[]): ReadView {
    return this.#queries.view(requests);
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
    this.#queries.dropUnused();
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
    await this.#queries.released();
    return this.#upkeep(() => this.#housekeeper.clean());
  }

  async snapshot(path: string, { skipHead }: { readonly skipHead: boolean }): Promise<void> {
    await this.commit();
    const numbers = skipHead ? countersOf(this.#head, this.#groups) : null;
    await writeSnapshot(this.#database, path, { skipHead: numbers, closed: () => this.#closed });
  }

  async housekeep(): Promise<boolean> {
    // Somebody is about to read what the file holds: that is a matter of milliseconds.
    if (await this.#upkeep(() => this.#queries.views === 0 && this.#housekeeper.step())) return true;
    return this.#queries.views === 0 && (await this.#bulk.sealRipeLate());
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
    await this.#bulk.idle();
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
