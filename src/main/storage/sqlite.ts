import { wordsOf, type Matcher, type MetricMetadata, type Millis } from '#shared/model/index.ts';
import { Assembler } from './assemble.ts';
import { storeBulk } from './bulk.ts';
import { ByteWriter } from './bytes.ts';
import { compress } from './compress.ts';
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
  type Storage,
  type StorageOptions,
  type StorageStats,
  type Writer,
} from './contract.ts';
import { Database } from './database.ts';
import { DEFAULT_MAX_EXEMPLARS } from './exemplar-ring.ts';
import { Groups } from './groups.ts';
import type { HeadBlock } from './head-block.ts';
import { Head, type Tally } from './head.ts';
import { ImportMarks } from './import-marks.ts';
import { LabelIndex } from './label-index.ts';
import { Reader } from './reader.ts';
import { recover } from './recover.ts';
import { giveBack, removeOldest } from './retain.ts';
import { sealBlock } from './seal.ts';
import { lowerBound } from './search-times.ts';
import { SeriesState } from './series-state.ts';
import { SeriesTable } from './series-table.ts';
import { Sidelines } from './sidelines.ts';

export interface SqliteOptions extends StorageOptions {
  /** The database file; its folder is made when missing. Beside it lie SQLite's own files and `<path>.lock`. */
  readonly path: string;
  /** Bytes of the journal from which the oldest blocks are sealed before they are full: bounds recovery. */
  readonly journalBytes?: number;
  /** The file never grows beyond this: commits are refused instead, as on a full disk. Unbounded by default. */
  readonly maxFileBytes?: number;
}

const JOURNAL_LEVEL = 1;
const DEFAULT_JOURNAL_BYTES = 64 << 20;
/** Not yet written records beyond which appending is refused: the disk has been refusing for long. */
const MAX_PENDING_BYTES = 256 << 20;
/** A block without a sample for so long is sealed as it is. */
const IDLE: Millis = 30 * 60_000;
/** Series looked at in one step of hiding those that retention has left nothing of. */
const SWEEP = 20_000;
/** Before the oldest time that may occur. */
const FIRST_TIME = -8.64e15;

class SqliteStorage implements Storage {
  readonly #database: Database;
  readonly #head: Head;
  readonly #index: LabelIndex;
  readonly #table = new SeriesTable();
  readonly #state = new SeriesState();
  readonly #groups = new Groups();
  readonly #reader: Reader;
  readonly #sidelines: Sidelines;
  readonly #marks: ImportMarks;
  readonly #clock: (() => Millis) | null;
  readonly #journalLimit: number;
  #retention: Retention;
  #closed = false;
  #committing: Promise<void> | null = null;
  /** The imports so far: each waits for the one before. */
  #importing: Promise<unknown> = Promise.resolve();
  #journalBytes: number;
  #lastCommitSeconds = 0;
  #lastError: StorageError | null = null;
  readonly #totals: Tally = { appended: 0, outOfOrder: 0, duplicate: 0, tooOld: 0 };
  readonly #tally: Tally = { appended: 0, outOfOrder: 0, duplicate: 0, tooOld: 0 };
  #mayHaveSpace = true;
  #sweptTo = 0;
  #sweptHorizon = -Infinity;

  constructor(options: SqliteOptions) {
    this.#clock = options.clock ?? null;
    this.#retention = options.retention ?? { time: null, bytes: null };
    this.#journalLimit = options.journalBytes ?? DEFAULT_JOURNAL_BYTES;
    this.#database = new Database(options.path, options.maxFileBytes ?? null);
    this.#index = new LabelIndex(this.#table);
    this.#head = new Head(this.#table, this.#index, this.#state, (ref) => this.#reader.loadStored(ref));
    this.#sidelines = new Sidelines(this.#head, options.maxExemplars ?? DEFAULT_MAX_EXEMPLARS);
    try {
      const { quarantined } = this.#database.run(() => recover(this.#database, this.#head, this.#groups));
      this.#database.run(() => this.#sidelines.load(this.#database));
      if (quarantined > 0) this.#note(this.#damage(`${quarantined} damaged blobs were put aside when opening`));
      this.#marks = this.#database.run(() => new ImportMarks(this.#database));
      this.#journalBytes = this.#measureJournal();
      this.#reader = new Reader(this.#database, this.#head, this.#groups, this.#sidelines.tombstones, (frame) =>
        this.#note(this.#damage(`frame ${frame} is damaged; its samples are left out`)),
      );
    } catch (error) {
      this.#database.close();
      throw error;
    }
  }

  #damage(what: string): StorageError {
    return new StorageError('corrupt', this.#database.path, `${this.#database.path}: ${what}`);
  }

  #note(error: unknown): void {
    if (error instanceof StorageError) this.#lastError = error;
  }

  #open(): void {
    if (this.#closed) throw new StorageError('closed', this.#database.path, 'The store is closed.');
  }

  #measureJournal(): number {
    return this.#database.run(
      (sqlite) => sqlite.prepare('SELECT ifnull(sum(length(data)), 0) FROM journal').pluck().get() as number,
    );
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
    if (this.#retention.time === null) return -Infinity;
    return Math.min(this.#head.maxTime, this.#clock?.() ?? Infinity) - this.#retention.time;
  }

  #append(pool: ReturnType<Head['pool']>, batch: Batch): AppendResult {
    if (this.#head.pending.length > MAX_PENDING_BYTES)
      throw (
        this.#lastError ??
        new StorageError('full', this.#database.path, 'Too much waits to be written. Commit before appending more.')
      );
    const tally = this.#tally;
    tally.appended = tally.outOfOrder = tally.duplicate = tally.tooOld = 0;
    this.#head.append(pool, batch, wordsOf(batch.values), this.#horizon(), tally);
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
    const { pending } = this.#head;
    if (pending.length === 0 && !this.#sidelines.dirty) return;
    const started = performance.now();
    try {
      const blob = pending.length === 0 ? null : compress(pending.written(), JOURNAL_LEVEL);
      this.#database.transaction(() => {
        if (blob !== null)
          this.#database.statement('INSERT INTO journal (seq, data) VALUES (?, ?)').run(this.#head.nextSeq, blob);
        this.#sidelines.write(this.#database);
      });
      if (blob !== null) {
        this.#head.nextSeq++;
        this.#journalBytes += blob.length;
        if (pending.bytes.length > 1 << 22 && pending.length < pending.bytes.length / 8)
          this.#head.pending = new ByteWriter(1 << 16);
        else pending.length = 0;
      }
      this.#sidelines.written();
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
    const horizon = this.#horizon();
    let stored = 0;
    let tooOld = 0;
    const young = columns.map(({ labels, times, ...rest }) => {
      const from = lowerBound(times, 0, times.length, horizon);
      tooOld += from;
      stored += times.length - from;
      return { ref: this.#head.resolve(labels), times, from, to: times.length, ...rest };
    });
    await storeBulk(this.#database, this.#head, this.#groups, young, () => {
      if (mark !== undefined) this.#marks.put(mark);
    });
    this.#totals.appended += stored;
    this.#totals.tooOld += tooOld;
    return { stored, tooOld };
  }

  importedUpTo(key: string): number {
    this.#open();
    return this.#database.run(() => this.#marks.get(key));
  }

  querier(): Querier {
    this.#open();
    const refs = (matchers: readonly Matcher[], start: Millis, end: Millis): number[] => {
      this.#open();
      const all = this.#index.select(matchers);
      return start === -Infinity && end === Infinity ? all : this.#reader.withSamples(all, start, end);
    };
    const from = (start: Millis): Millis => Math.max(start, this.#horizon());
    return {
      select: (matchers, start, end) => {
        this.#open();
        return this.#select(matchers, from(start), end);
      },
      series: (matchers, start, end) => refs(matchers, from(start), end).map((ref) => this.#table.labels(ref)),
      labelNames: (matchers, start, end) => this.#index.names(refs(matchers, from(start), end)),
      labelValues: (name, matchers, start, end) => this.#index.values(name, refs(matchers, from(start), end)),
      estimate: (matchers, start, end) => {
        this.#open();
        return this.#reader.estimate(this.#index.select(matchers), from(start), end);
      },
      exemplars: (matchers, start, end) => this.#exemplars(matchers, from(start), end),
      release: () => undefined,
    };
  }

  #select(matchers: readonly Matcher[], start: Millis, end: Millis): SeriesSamples[] {
    const assembler = new Assembler();
    const result: SeriesSamples[] = [];
    for (const [ref, parts] of this.#reader.read(this.#index.select(matchers), start, end)) {
      const series = assembler.series(this.#table.labels(ref), parts);
      if (series !== null) result.push(series);
    }
    return result;
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

  metadata(family?: string): ReadonlyMap<string, readonly MetricMetadata[]> {
    this.#open();
    return this.#sidelines.metadata.byFamily(family);
  }

  deleteSeries(matchers: readonly Matcher[], start: Millis, end: Millis): Promise<void> {
    this.#open();
    for (const ref of this.#index.select(matchers)) {
      if (!this.#state.isExact(ref)) this.#reader.loadStored(ref);
      const last = this.#head.lastTimeOf(ref);
      const from = Math.max(start, FIRST_TIME);
      // Not beyond the newest sample: what comes later is not deleted.
      const to = Math.min(end, last);
      if (from > to) continue;
      this.#sidelines.delete(ref, from, to);
      if (start > FIRST_TIME || to < last) continue;
      this.#head.detach(ref);
      this.#index.remove(ref);
    }
    return this.commit();
  }

  dropUnusedCache(): void {
    this.#reader.dropUnusedCache();
  }

  setRetention(retention: Retention): void {
    this.#retention = retention;
    this.#sweptHorizon = -Infinity;
  }

  housekeep(): Promise<boolean> {
    try {
      this.#open();
      return Promise.resolve(this.#step());
    } catch (error) {
      this.#note(error);
      return Promise.reject(error);
    }
  }

  #step(): boolean {
    const head = this.#head;
    for (const block of head.blocks.values())
      if (block.closed) {
        sealBlock(this.#database, head, this.#groups, block);
        this.#journalBytes = this.#measureJournal();
        this.#mayHaveSpace = true;
        return true;
      }
    const ripe = this.#ripeBlocks();
    if (ripe.length > 0) {
      head.close(ripe);
      return true;
    }
    if (this.#retain()) return true;
    // Only sealing and retention leave free pages worth a look.
    if (this.#mayHaveSpace) this.#mayHaveSpace = giveBack(this.#database);
    return this.#mayHaveSpace;
  }

  /** Open blocks to be sealed before they are full. */
  #ripeBlocks(): HeadBlock[] {
    const head = this.#head;
    const blocks = [...head.blocks.values()];
    const idle = blocks.filter((block) => head.maxTime - block.lastTime > IDLE);
    if (idle.length > 0) return idle;
    if (this.#journalBytes <= this.#journalLimit || blocks.length === 0) return [];
    const oldest = Math.min(...blocks.map((block) => block.firstSeq));
    return blocks.filter((block) => block.firstSeq === oldest);
  }

  #retain(): boolean {
    const horizon = this.#horizon();
    if (horizon > -Infinity && removeOldest(this.#database, this.#head, this.#groups, horizon)) {
      this.#reader.clearCache();
      this.#mayHaveSpace = true;
      return true;
    }
    const { bytes } = this.#retention;
    if (
      bytes !== null &&
      this.#database.usedBytes > bytes &&
      removeOldest(this.#database, this.#head, this.#groups, null)
    ) {
      this.#reader.clearCache();
      this.#mayHaveSpace = true;
      return true;
    }
    return this.#sweep(horizon);
  }

  /** Hides series that have nothing left, some at a time; once in each hundredth of the retention. */
  #sweep(horizon: Millis): boolean {
    const every = (this.#retention.time ?? 0) / 100;
    if (horizon === -Infinity || (this.#sweptTo === 0 && horizon < this.#sweptHorizon + every)) return false;
    const end = Math.min(this.#sweptTo + SWEEP, this.#state.length);
    for (let ref = this.#sweptTo; ref < end; ref++) {
      if (!this.#index.isAlive(ref) || this.#head.lastTimeOf(ref) >= horizon) continue;
      this.#head.detach(ref);
      this.#index.remove(ref);
    }
    this.#sweptTo = end < this.#state.length ? end : 0;
    if (this.#sweptTo > 0) return true;
    this.#sweptHorizon = horizon;
    this.#sidelines.forgetBefore(this.#database, horizon);
    return false;
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
      headBytes: head.bytes + this.#table.bytes + this.#index.bytes + this.#state.bytes + this.#reader.cacheBytes,
      minTime: minTime === Infinity ? null : minTime,
      maxTime: head.maxTime === -Infinity ? null : head.maxTime,
      lastCommitSeconds: this.#lastCommitSeconds,
      lastError: this.#lastError?.message ?? null,
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
export function openSqliteStorage(options: SqliteOptions): Storage {
  return new SqliteStorage(options);
}
