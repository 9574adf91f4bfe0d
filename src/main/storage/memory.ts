import {
  compareUtf8,
  compileMatcher,
  getLabel,
  isStaleAt,
  labelsKey,
  matchesAll,
  wordsOf,
  type Labels,
  type Matcher,
  type MetricMetadata,
  type Millis,
} from '#shared/model/index.ts';
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
  type SeriesRef,
  type SeriesSamples,
  type Storage,
  type StorageHealth,
  type StorageOptions,
  type StorageStats,
  type TierState,
  type Writer,
} from './contract.ts';
import { DEFAULT_MAX_EXEMPLARS, ExemplarRing } from './exemplar-ring.ts';
import { MemorySeries } from './memory-series.ts';
import { MetadataTable } from './metadata-table.ts';
import { lowerBound } from './search-times.ts';
import { Tombstones } from './tombstones.ts';
import { Visibility } from './visibility.ts';

/** Name that stands for a file in this engine's errors. */
const PLACE = ':memory:';

/** Part of the time that goes when samples take too much memory. */
const SHARE = 1 / 16;

/** Series that one housekeeping step looks at. */
const STEP = 1000;

class MemoryStorage implements Storage {
  readonly #visibility: Visibility;
  #closed = false;
  /** By reference. */
  readonly #series: MemorySeries[] = [];
  readonly #refs = new Map<string, SeriesRef>();
  readonly #metadata = new MetadataTable();
  readonly #exemplars: ExemplarRing;
  readonly #marks = new Map<string, number>();
  #maxTime = -Infinity;
  #appended = 0;
  #outOfOrder = 0;
  #lateSamples = 0;
  #window: Millis;
  #duplicate = 0;
  #tooOld = 0;
  #sweep = 0;
  /** Bytes that the samples may take, or null. */
  #maxBytes: number | null;

  constructor(options: StorageOptions) {
    this.#window = options.outOfOrderWindow ?? 0;
    this.#maxBytes = options.retention?.bytes ?? null;
    const newest = (): Millis => Math.min(this.#maxTime, options.clock?.() ?? Infinity);
    this.#visibility = new Visibility((ref) => this.#series[ref].labels, newest, new Tombstones());
    this.#visibility.setRetention(options.retention ?? { time: null, bytes: null });
    this.#exemplars = new ExemplarRing(options.maxExemplars ?? DEFAULT_MAX_EXEMPLARS);
  }

  #open(): void {
    if (this.#closed) throw new StorageError('closed', PLACE, 'The store is closed.');
  }

  writer(_source: string): Writer {
    this.#open();
    let released = false;
    const check = (): void => {
      this.#open();
      if (released) throw new Error('the writer was released');
    };
    return {
      resolve: (labels) => {
        check();
        return this.#resolve(labels);
      },
      append: (batch) => {
        check();
        return this.#append(batch);
      },
      release: () => {
        released = true;
      },
    };
  }

  #resolve(labels: Labels): SeriesRef {
    const key = labelsKey(labels);
    let ref = this.#refs.get(key);
    if (ref === undefined) {
      ref = (this.#series.push(new MemorySeries(labels)) - 1) as SeriesRef;
      this.#refs.set(key, ref);
    }
    return ref;
  }

  #append(batch: Batch): AppendResult {
    const words = wordsOf(batch.values);
    const horizon = this.#visibility.lastHorizon;
    let appended = 0;
    let outOfOrder = 0;
    let duplicate = 0;
    let tooOld = 0;
    for (let i = 0; i < batch.length; i++) {
      const series = this.#series.at(batch.refs[i]);
      if (series === undefined) throw new Error(`no series has the reference ${batch.refs[i]}`);
      const own = batch.times === null ? NaN : batch.times[i];
      const time = Number.isNaN(own) ? batch.time : own;
      const histogram = isStaleAt(words, i) ? null : (batch.histograms?.get(i) ?? null);
      const startTime = batch.startTimes === null ? 0 : batch.startTimes[i] || 0;
      if (time < horizon) {
        tooOld++;
        continue;
      }
      switch (series.append(time, words, i, histogram, startTime)) {
        case 'appended':
          appended++;
          if (time > this.#maxTime) this.#maxTime = time;
          break;
        case 'out-of-order':
          if (this.#window === 0) outOfOrder++;
          else if (time < this.#maxTime - this.#window) tooOld++;
          else {
            const verdict = series.insert(time, words, i, histogram, startTime);
            if (verdict === 'duplicate') duplicate++;
            if (verdict !== 'appended') break;
            appended++;
            this.#lateSamples++;
          }
          break;
        case 'duplicate':
          duplicate++;
          break;
        case 'same':
          break;
      }
    }
    for (const exemplar of batch.exemplars ?? []) this.#exemplars.add(exemplar);
    this.#appended += appended;
    this.#outOfOrder += outOfOrder;
    this.#duplicate += duplicate;
    this.#tooOld += tooOld;
    return { appended, outOfOrder, duplicate, tooOld };
  }

  #matching(matchers: readonly Matcher[]): MemorySeries[] {
    const compiled = matchers.map(compileMatcher);
    return this.#series.filter((series) => series.length > 0 && matchesAll(compiled, series.labels));
  }

  #view(series: MemorySeries, start: Millis, end: Millis): SeriesSamples | null {
    const horizon = this.#visibility.horizon(this.#refs.get(labelsKey(series.labels)) as SeriesRef);
    return series.view(Math.max(start, horizon), end);
  }

  querier(): Querier {
    this.#open();
    const series = (matchers: readonly Matcher[], start: Millis, end: Millis): Labels[] =>
      this.#matching(matchers)
        .filter((one) => this.#view(one, start, end) !== null)
        .map((one) => one.labels);
    const select = (matchers: readonly Matcher[], start: Millis, end: Millis): SeriesSamples[] =>
      this.#matching(matchers)
        .map((one) => this.#view(one, start, end))
        .filter((view) => view !== null);
    return {
      select,
      series,
      labelNames: (matchers, start, end) => {
        const names = new Set<string>();
        for (const labels of series(matchers, start, end))
          for (let i = 0; i < labels.length; i += 2) names.add(labels[i]);
        return [...names].sort(compareUtf8);
      },
      labelValues: (name, matchers, start, end) => {
        const values = new Set(series(matchers, start, end).map((labels) => getLabel(labels, name)));
        values.delete('');
        return [...values].sort(compareUtf8);
      },
      estimate: (matchers, start, end) => {
        const found = select(matchers, start, end);
        return { series: found.length, samples: found.reduce((sum, { from, to }) => sum + to - from, 0) };
      },
      exemplars: (matchers, start, end) => this.#exemplarsOf(matchers, start, end),
      release: () => undefined,
    };
  }

  #exemplarsOf(matchers: readonly Matcher[], start: Millis, end: Millis): SeriesExemplars[] {
    const result: SeriesExemplars[] = [];
    for (const { labels } of this.#matching(matchers)) {
      const exemplars = this.#exemplars.of(this.#refs.get(labelsKey(labels)) as SeriesRef, start, end);
      if (exemplars.length > 0) result.push({ labels, exemplars });
    }
    return result;
  }

  commit(): Promise<void> {
    this.#open();
    return Promise.resolve();
  }

  importSamples(columns: readonly ImportColumn[], mark?: ImportMark): Promise<ImportResult> {
    this.#open();
    const horizon = this.#visibility.lastHorizon;
    let stored = 0;
    let tooOld = 0;
    for (const column of columns) {
      const { labels, times } = column;
      const from = lowerBound(times, 0, times.length, horizon);
      tooOld += from;
      stored += times.length - from;
      if (from === times.length) continue;
      this.#series[this.#resolve(labels)].merge(column, from);
      this.#maxTime = Math.max(this.#maxTime, times[times.length - 1]);
    }
    if (mark !== undefined) {
      if (mark.offset === null) this.#marks.delete(mark.key);
      else this.#marks.set(mark.key, mark.offset);
    }
    this.#appended += stored;
    this.#tooOld += tooOld;
    return Promise.resolve({ stored, tooOld });
  }

  setOutOfOrderWindow(window: Millis): void {
    this.#open();
    this.#window = window;
  }

  importedUpTo(key: string): number {
    this.#open();
    return this.#marks.get(key) ?? 0;
  }

  putMetadata(source: string, entries: readonly MetricMetadata[]): void {
    this.#open();
    this.#metadata.put(source, entries);
  }

  metadataOf(source: string): readonly MetricMetadata[] {
    this.#open();
    return this.#metadata.entriesOf(source);
  }

  metadata(family?: string): ReadonlyMap<string, readonly MetricMetadata[]> {
    this.#open();
    return this.#metadata.byFamily(family);
  }

  deleteSeries(matchers: readonly Matcher[], start: Millis, end: Millis): Promise<void> {
    this.#open();
    for (const series of this.#matching(matchers)) {
      series.remove(start, end);
      this.#exemplars.remove(this.#refs.get(labelsKey(series.labels)) as SeriesRef, start, end);
    }
    return Promise.resolve();
  }

  housekeep(): Promise<boolean> {
    this.#open();
    const end = Math.min(this.#sweep + STEP, this.#series.length);
    for (let i = this.#sweep; i < end; i++) {
      const series = this.#series[i];
      const horizon = this.#visibility.horizon(i);
      if (series.length > 0 && series.firstTime < horizon) series.remove(-Infinity, horizon - 1);
    }
    const more = end < this.#series.length;
    this.#sweep = more ? end : 0;
    return Promise.resolve(more || this.#makeRoom());
  }

  /** Removes the oldest part of all series when they take more than they may. @returns whether it did */
  #makeRoom(): boolean {
    if (this.#maxBytes === null) return false;
    let bytes = 0;
    let oldest = Infinity;
    for (const series of this.#series) {
      if (series.length === 0) continue;
      bytes += series.bytes;
      oldest = Math.min(oldest, series.firstTime);
    }
    if (bytes <= this.#maxBytes || oldest >= this.#maxTime) return false;
    const end = Math.min(oldest + (this.#maxTime - oldest) * SHARE, this.#maxTime - 1);
    for (const series of this.#series) if (series.length > 0 && series.firstTime <= end) series.remove(-Infinity, end);
    return true;
  }

  dropUnusedCache(): void {
    // Everything is in memory: there is no cache.
  }

  waiting(): { readonly bytes: number; readonly lastCommitSeconds: number } {
    return { bytes: 0, lastCommitSeconds: 0 };
  }

  newestTime(): Millis {
    return this.#visibility.newest;
  }

  samplesFrom(): Millis {
    return this.#visibility.horizonOfRule(0);
  }

  /** What is in memory is never kept longer as less. */
  tiers(): readonly TierState[] {
    return [];
  }

  setRetention(retention: Retention): void {
    this.#maxBytes = retention.bytes;
    this.#visibility.setRetention(retention);
  }

  cleanTombstones(): Promise<boolean> {
    return Promise.resolve(false);
  }

  snapshot(path: string): Promise<void> {
    return Promise.reject(new StorageError('io', path, 'A store in memory has no files to copy.'));
  }

  stats(): StorageStats {
    let minTime = Infinity;
    let maxTime = -Infinity;
    let headBytes = 0;
    let activeSeries = 0;
    for (const series of this.#series) {
      if (series.length === 0) continue;
      activeSeries++;
      headBytes += series.bytes;
      if (series.firstTime < minTime) minTime = series.firstTime;
      if (series.lastTime > maxTime) maxTime = series.lastTime;
    }
    return {
      activeSeries,
      series: activeSeries,
      samplesAppended: this.#appended,
      lateSamples: this.#lateSamples,
      outOfOrderSamples: this.#outOfOrder,
      duplicateSamples: this.#duplicate,
      tooOldSamples: this.#tooOld,
      fileBytes: 0,
      headBytes,
      minTime: minTime === Infinity ? null : minTime,
      maxTime: maxTime === -Infinity ? null : maxTime,
      ...this.health(),
    };
  }

  health(): StorageHealth {
    return { lastCommitSeconds: 0, lastError: null, lastErrorKind: null, damage: null };
  }

  close(): Promise<void> {
    this.#closed = true;
    return Promise.resolve();
  }
}

/** A store that forgets everything when it is closed: for tests and for displays that need no history. */
export function openMemoryStorage(options: StorageOptions = {}): Storage {
  return new MemoryStorage(options);
}
