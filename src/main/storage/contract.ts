import type { Brand, Histogram, Labels, Matcher, MetricMetadata, Millis } from '#shared/model/index.ts';

/** Names a series for as long as this store is open; small and dense, so it can index arrays. Not persistent. */
export type SeriesRef = Brand<number, 'SeriesRef'>;

/** What every engine understands. */
export interface StorageOptions {
  /** The time of day; retention never counts from a sample that is ahead of it. Without it the newest sample counts. */
  readonly clock?: () => Millis;
  /** Nothing is removed by default. */
  readonly retention?: Retention;
  /** As `setOutOfOrderWindow`; 0 by default. */
  readonly outOfOrderWindow?: Millis;
  /** Exemplars kept over all series, the newest win; 100,000 by default, 0 for none. */
  readonly maxExemplars?: number;
}

/** A time-series store: one process writes it, any number of queriers read it. */
export interface Storage {
  /**
   * A writer for one source of samples (a scrape target, a rule group, a remote-write connection). Samples that one
   * writer hands over in one batch with one time share a timeline; that is what makes them small and fast.
   */
  writer(source: string): Writer;
  /**
   * Reads samples. Each call sees one consistent state: every sample appended before the call, committed or not.
   * What it returned stays valid while it is not released. Release it when done.
   */
  querier(): Querier;
  /**
   * Makes every sample appended so far durable.
   * Resolves after the journal is synced; rejects with a StorageError when the disk refuses, and the samples stay in
   * memory to be written by the next commit. Concurrent calls share one commit.
   */
  commit(): Promise<void>;
  /** What the next commit will write, in bytes as they are in memory, and how long the last one took. */
  waiting(): { readonly bytes: number; readonly lastCommitSeconds: number };
  /** Stores what targets say of their metrics, keyed by family name; a later entry of the same source replaces. */
  putMetadata(source: string, entries: readonly MetricMetadata[]): void;
  /** What one source says, in no order. */
  metadataOf(source: string): readonly MetricMetadata[];
  /** All known metadata by family; several entries where sources disagree. */
  metadata(family?: string): ReadonlyMap<string, readonly MetricMetadata[]>;
  /**
   * Stores samples in bulk, in whatever order calls bring them: past the out-of-order rules, and seen and durable when
   * this resolves. Where a series has a sample at the same time already, the imported one is shown.
   * @param mark kept with the samples, to go on from after an interruption
   */
  importSamples(columns: readonly ImportColumn[], mark?: ImportMark): Promise<ImportResult>;
  /** Bytes of the input with this key that are stored; 0 for one that is unknown or was finished. */
  importedUpTo(key: string): number;
  /** Removes the samples in [start, end] of the series that match; resolves when that is durable. */
  deleteSeries(matchers: readonly Matcher[], start: Millis, end: Millis): Promise<void>;
  /** Does one bounded step of sealing, retention and reclaiming; returns false when nothing is left to do now. */
  housekeep(): Promise<boolean>;
  /** Gives back the memory of what was read for queries, where none has read since the last call. */
  dropUnusedCache(): void;
  setRetention(retention: Retention): void;
  /** Time of the newest sample that is not ahead of the clock: ages are counted from it. -Infinity: there is none. */
  newestTime(): Millis;
  /** Samples from before are gone, however long they are to be kept; -Infinity: none are. */
  samplesFrom(): Millis;
  /** The tiers that queries may ask for, finest first. */
  tiers(): readonly TierState[];
  /**
   * How much older than the newest sample of the store one may be that is older than the newest of its series: such
   * ones are stored all the same, as if they had come in order. 0: they are refused.
   */
  setOutOfOrderWindow(window: Millis): void;
  /** Does one bounded step of taking deleted samples out of the files; returns false when none are left in frames. */
  cleanTombstones(): Promise<boolean>;
  /**
   * Writes a store of its own to `path`, which must not exist, while this one goes on being written: everything
   * appended before the call is in it. `skipHead` leaves out what is not sealed into frames yet.
   * @throws StorageError; nothing is left behind then
   */
  snapshot(path: string, options: { readonly skipHead: boolean }): Promise<void>;
  /** Counts and sizes; asks the database and goes through all series. */
  stats(): StorageStats;
  /** What of `stats` costs nothing. */
  health(): StorageHealth;
  /** Commits, seals what it must, releases the lock. The store cannot be used afterwards. */
  close(): Promise<void>;
}

export interface Retention {
  /** Samples older than the newest time minus this may be removed; null keeps them for ever. */
  readonly time: Millis | null;
  /** Upper bound of the files' size in bytes, database and write-ahead log together, or null. */
  readonly bytes: number | null;
  /** Series that are kept for another time than `time`: the first rule that a series matches decides. */
  readonly rules?: readonly RetentionRule[];
  /** Downsampled tiers; of a store in memory none are made. */
  readonly tiers?: readonly Tier[];
}

/** Aggregates over buckets of one length, which outlive the samples that they were made of. */
export interface Tier {
  /** Length of a bucket: a divisor of a day. */
  readonly resolution: Millis;
  /** Null: for ever. */
  readonly keep: Millis | null;
}

/**
 * What a tier has of each bucket (end - resolution, end]: floats counted without stale markers, their sum, least and
 * greatest, the newest (or the stale marker after it), and by how much a counter rose: from each sample to the next,
 * the one before the bucket's first included if it is not more than an hour older, a fall being a reset to 0.
 */
export type TierAggregate = 'count' | 'sum' | 'min' | 'max' | 'last' | 'increase';

/** What a query reads in place of samples: one at each bucket's end that it has something of. */
export interface TierRequest {
  readonly resolution: Millis;
  readonly aggregate: TierAggregate;
  /** Whether `weights` are wanted. */
  readonly weighted: boolean;
}

export interface TierState extends Tier {
  /** The oldest time that may be asked for; null when nothing was made yet. */
  readonly from: Millis | null;
  /** All of it up to here is made; what is younger is put into buckets when it is asked for. Null: nothing was made. */
  readonly builtTo: Millis | null;
}

export interface RetentionRule {
  readonly matchers: readonly Matcher[];
  /** Null: for ever. */
  readonly keep: Millis | null;
}

/** How the store fares with its disk. */
export interface StorageHealth {
  /** Seconds that the last commit took. */
  readonly lastCommitSeconds: number;
  /** Message of the last failed commit, null after a good one. */
  readonly lastError: string | null;
  readonly lastErrorKind: StorageErrorKind | null;
  /** What was found damaged last since the store was opened: samples are missing from answers. Null: nothing. */
  readonly damage: string | null;
}

export interface StorageStats extends StorageHealth {
  /** Series with samples in the head. */
  readonly activeSeries: number;
  /** Series known in all, head and stored. */
  readonly series: number;
  /** Samples appended since the store was opened. */
  readonly samplesAppended: number;
  readonly outOfOrderSamples: number;
  /** Of those appended: older than the newest of their series, in the out-of-order window. */
  readonly lateSamples: number;
  readonly duplicateSamples: number;
  readonly tooOldSamples: number;
  /** Bytes of all files of the store. */
  readonly fileBytes: number;
  /** Bytes held in memory for the head and the index, estimated. */
  readonly headBytes: number;
  /** Time of the oldest and newest sample, or null when empty. */
  readonly minTime: Millis | null;
  readonly maxTime: Millis | null;
}

export interface Writer {
  /** The reference of a series; registers the label set when it is new (it becomes durable with its first sample). */
  resolve(labels: Labels): SeriesRef;
  /**
   * Appends a batch; all of it is visible to queriers when this returns. The store copies what it keeps: the caller
   * may reuse the arrays. Samples that break an ordering rule are left out and counted; the rest is taken.
   */
  append(batch: Batch): AppendResult;
  /** Ends the source: its references must not be used any more. */
  release(): void;
}

/** Columns of equal length; element i is one sample. */
export interface Batch {
  /** Time of all samples that have no time of their own. */
  readonly time: Millis;
  readonly length: number;
  /** Series of each sample, from `resolve` of the same writer. */
  readonly refs: Uint32Array | Int32Array;
  /** Values with their exact bits (stale markers included, see shared/model/value.ts). */
  readonly values: Float64Array;
  /** Own times of samples; NaN means `time`. Null: none has one. */
  readonly times: Float64Array | null;
  /** Start timestamps (ms); NaN or 0 means unknown. Null: none has one. */
  readonly startTimes: Float64Array | null;
  /** Native histograms by sample index; `values[i]` is then ignored, unless the stale marker. Null: none. */
  readonly histograms: ReadonlyMap<number, Histogram> | null;
  /** Exemplars of samples. Null: none. */
  readonly exemplars: readonly BatchExemplar[] | null;
}

export interface BatchExemplar {
  /** Series it belongs to. */
  readonly ref: SeriesRef;
  readonly labels: Labels;
  readonly value: number;
  /** Own time, or the sample's time. */
  readonly time: Millis;
}

export interface AppendResult {
  /** Samples stored; one that repeats the newest (same series, time and value) is neither stored nor refused. */
  readonly appended: number;
  /** Older than the newest of their series, and no window takes them. */
  readonly outOfOrder: number;
  /** Same series and time as one that is there, other value. */
  readonly duplicate: number;
  /** Older than what retention keeps, or than the out-of-order window. */
  readonly tooOld: number;
}

/** Samples of one series, to be stored in bulk. The arrays are the store's from then on. */
export interface ImportColumn {
  readonly labels: Labels;
  /** Milliseconds, strictly ascending. */
  readonly times: Float64Array;
  /** Exact bits. */
  readonly values: Float64Array;
  /** Start timestamps in ms, 0 where unknown; null: none is known. */
  readonly startTimes: Float64Array | null;
  /** By element, null where it is a float; null: there is none. */
  readonly histograms: readonly (Histogram | null)[] | null;
}

/** How far the input of an import is stored. */
export interface ImportMark {
  /** Names the input. */
  readonly key: string;
  /** Bytes of it that are stored with this call and those before; null: all of it, and the mark is forgotten. */
  readonly offset: number | null;
}

export interface ImportResult {
  readonly stored: number;
  /** Left out: older than what retention keeps, so that they would be removed at once. */
  readonly tooOld: number;
}

export interface Querier {
  /**
   * Series that match all matchers and have samples in [start, end] (ms, both inclusive), in no particular order.
   * @param newestOnly only the newest sample of each series in [start, end] is looked at: others may be left out
   * @param tier one of `Storage.tiers`: buckets that end in [start, end] in place of samples. Of native histograms the
   * newest of each bucket stands for whatever aggregate.
   */
  select(
    matchers: readonly Matcher[],
    start: Millis,
    end: Millis,
    newestOnly?: boolean,
    tier?: TierRequest,
  ): SeriesSamples[];
  /**
   * Label sets only; as `select`, but cheaper: a series may be named that has samples only near [start, end], in the
   * same stored frame. The same holds for names and values of labels.
   */
  series(matchers: readonly Matcher[], start: Millis, end: Millis): Labels[];
  /** Sorted names of the labels of matching series (no matchers: of all). */
  labelNames(matchers: readonly Matcher[], start: Millis, end: Millis): string[];
  /** Sorted values of one label over matching series. */
  labelValues(name: string, matchers: readonly Matcher[], start: Millis, end: Millis): string[];
  exemplars(matchers: readonly Matcher[], start: Millis, end: Millis): SeriesExemplars[];
  /** What `select` would find, from the index alone: nothing is decoded. */
  estimate(matchers: readonly Matcher[], start: Millis, end: Millis, tier?: TierRequest): Estimate;
  release(): void;
}

/** Sizes of a selection: those of `series`, and about how many samples they have, rather too many than too few. */
export interface Estimate {
  readonly series: number;
  readonly samples: number;
}

/**
 * One series' samples, in time order: elements `from` (inclusive) to `to` (exclusive) of its columns.
 * Columns are read-only and may be shared between series; two series with the *same* `times` array (by identity) and
 * bounds are on the same timeline, so windows into it need to be computed only once.
 */
export interface SeriesSamples {
  readonly labels: Labels;
  readonly from: number;
  readonly to: number;
  /** Milliseconds, strictly ascending. */
  readonly times: Float64Array;
  /** Exact bits; a stale marker where the series ended. */
  readonly values: Float64Array;
  /** Histogram of each element, null where the element is a float; null when the series has no histograms. */
  readonly histograms: readonly (Histogram | null)[] | null;
  /** Start timestamp of each element in ms, 0 where unknown; null when none is known. */
  readonly startTimes: Float64Array | null;
  /** Of buckets: how many samples each element stands for, where that was asked for. */
  readonly weights?: Float64Array;
}

export interface SeriesExemplars {
  readonly labels: Labels;
  readonly exemplars: readonly { readonly labels: Labels; readonly value: number; readonly time: Millis }[];
}

export type StorageErrorKind = 'locked' | 'readonly' | 'full' | 'io' | 'corrupt' | 'newer-format' | 'closed';

/** What the store cannot do, by kind; `path` names the file concerned. */
export class StorageError extends Error {
  override readonly name = 'StorageError';
  readonly kind: StorageErrorKind;
  readonly path: string;
  constructor(kind: StorageErrorKind, path: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.kind = kind;
    this.path = path;
  }
}
