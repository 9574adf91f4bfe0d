import { labelsFromPairs, type Histogram, type Labels, type Millis } from '#shared/model/index.ts';
import { createReader, type BodyFormat, type BodyReader, type ParsedBody } from '#main/exposition/index.ts';
import type { AppendResult, BatchExemplar, SeriesRef, Storage, Writer } from '#main/storage/index.ts';
import { BatchBuilder } from './batch-builder.ts';
import { readerOptions } from './fetch-body.ts';
import type { ScrapeJob } from './job.ts';
import { limitHistogram } from './native-limits.ts';
import { reportLabels, sampleLabels } from './sample-labels.ts';
import { ScrapeError, withCounts, type FailureCounts } from './scrape-error.ts';
import { Staleness } from './staleness.ts';

/** Samples with times of their own may be this far ahead of the scrape. */
const MAX_AHEAD: Millis = 10 * 60_000;

/** What is being appended, by whichever target: a scrape is appended without a pause, and the store copies. */
const batch = new BatchBuilder();
/** Native histograms by their place in the batch. */
const histograms = new Map<number, Histogram>();

const UNRESOLVED = -1;
const DROPPED = -2;

export interface AppendCounts {
  /** Samples in the body. */
  readonly scraped: number;
  /** Samples left after metric relabelling. */
  readonly kept: number;
  /** Series that the scrapes before did not have. */
  readonly added: number;
  /** Samples left out, by reason. */
  readonly duplicates: number;
  readonly outOfOrder: number;
  readonly outOfBounds: number;
}

/** What is stored of a scrape besides its samples. */
export interface ScrapeReport {
  readonly up: boolean;
  readonly durationSeconds: number;
  /** -1 where the body was over the limit. */
  readonly bodyBytes: number;
}

type ReportCounts = Pick<AppendCounts, 'scraped' | 'kept' | 'added'>;

/**
 * The series of one target: resolves them once, appends scrape after scrape, and writes the stale marker for those that
 * vanish. While the body's layout stays the same, a scrape costs the copying of its values.
 */
export class TargetSeries {
  readonly #storage: Pick<Storage, 'writer' | 'putMetadata'>;
  readonly #source: string;
  readonly #writer: Writer;
  readonly #target: Labels;
  #config: ScrapeJob;
  #timeout: Millis;
  #reader: BodyReader | null = null;
  #format: BodyFormat = 'text';
  /** Reference of each handle of the reader, or UNRESOLVED or DROPPED. */
  #refOf = new Int32Array(0);
  /** Layout of the body that `#resolved` and `#from` are made of; -1: of none. */
  #layout = -1;
  #resolved = new Int32Array(0);
  /** Sample of the body that each kept one is made of; null: each of its own number. */
  #from: Int32Array | null = null;
  #kept = 0;
  #duplicates = 0;
  readonly #staleness = new Staleness();
  #reportRefs = new Map<string, SeriesRef>();

  /** @param source names the target to the store */
  constructor(
    storage: Pick<Storage, 'writer' | 'putMetadata'>,
    source: string,
    target: Labels,
    config: ScrapeJob,
    timeout: Millis,
  ) {
    this.#storage = storage;
    this.#source = source;
    this.#writer = storage.writer(source);
    this.#target = target;
    this.#config = config;
    this.#timeout = timeout;
  }

  /** Takes other rules from the next scrape on; series that they no longer give vanish then. */
  reconfigure(config: ScrapeJob, timeout: Millis): void {
    this.#config = config;
    this.#timeout = timeout;
    this.#refOf.fill(UNRESOLVED);
    this.#layout = -1;
    this.#reader = null;
  }

  /**
   * Reads a body and appends its samples and the report at `time`. `report` is asked when the samples are ready.
   * @throws ExpositionError, ScrapeError: nothing of the body is stored then; call `appendFailure`
   */
  append(body: Uint8Array, format: BodyFormat, time: Millis, report: () => ScrapeReport): AppendCounts {
    const reader = this.#readerFor(format);
    const parsed = reader.read(body);
    const own = this.#config.honorTimestamps ? parsed.times : null;
    // Times come and go without the layout changing, so with them nothing is taken over from the last scrape.
    const same = own === null && parsed.layout === this.#layout;
    if (!same) this.#resolve(reader, parsed, own);
    const { sampleLimit } = this.#config;
    if (sampleLimit > 0 && this.#kept > sampleLimit) {
      this.#layout = -1;
      throw new ScrapeError('limit', 'sample limit exceeded', {
        counts: { scraped: parsed.count, kept: this.#kept },
      });
    }
    const kept = this.#kept;
    histograms.clear();
    let outOfBounds = 0;
    let added = 0;
    let vanished: readonly number[] = [];
    if (same) {
      batch.fill(this.#resolved, parsed.values, this.#from, kept);
      if (parsed.histograms !== null) this.#placeHistograms(parsed, parsed.histograms);
      this.#staleness.unchanged();
    } else {
      outOfBounds = this.#fill(parsed, own, time + MAX_AHEAD);
      ({ added, vanished } = this.#staleness.seen(...this.#tracked(own)));
    }
    for (const ref of vanished) batch.pushStale(ref);
    this.#pushReport(report(), { scraped: parsed.count, kept, added });
    const result = this.#write(time, own !== null, parsed);
    if (parsed.metadata.length > 0) this.#storage.putMetadata(this.#source, parsed.metadata);
    if (reader.handles > 4 * parsed.count + 10_000) this.#reader = null;
    return {
      scraped: parsed.count,
      kept,
      added,
      duplicates: this.#duplicates + result.duplicate,
      outOfOrder: result.outOfOrder,
      outOfBounds: outOfBounds + result.tooOld,
    };
  }

  /** Appends what a failed scrape leaves: the report, and the stale marker for every series of the one before. */
  appendFailure(time: Millis, report: ScrapeReport, counts: FailureCounts): void {
    this.#layout = -1;
    histograms.clear();
    batch.length = 0;
    for (const ref of this.#staleness.endAll()) batch.pushStale(ref);
    this.#pushReport(report, { ...counts, added: 0 });
    this.#write(time, false, null);
  }

  /** Ends all series, those of the report too: the target is gone since `time`. */
  appendEnd(time: Millis): void {
    this.#layout = -1;
    histograms.clear();
    batch.length = 0;
    for (const ref of this.#staleness.endAll()) batch.pushStale(ref);
    for (const ref of this.#reportRefs.values()) batch.pushStale(ref);
    this.#write(time, false, null);
  }

  release(): void {
    this.#writer.release();
  }

  #readerFor(format: BodyFormat): BodyReader {
    if (this.#reader === null || format !== this.#format) {
      this.#reader = createReader(format, readerOptions(this.#config));
      this.#format = format;
      this.#refOf = new Int32Array(0);
      this.#layout = -1;
    }
    return this.#reader;
  }

  #resolve(reader: BodyReader, parsed: ParsedBody, own: Float64Array | null): void {
    this.#layout = -1;
    if (this.#refOf.length < reader.handles) {
      const larger = new Int32Array(roomFor(reader.handles)).fill(UNRESOLVED);
      larger.set(this.#refOf);
      this.#refOf = larger;
    }
    if (this.#resolved.length < parsed.count) this.#resolved = new Int32Array(roomFor(parsed.count));
    const seen = new Set<number>();
    let from: Int32Array | null = null;
    let kept = 0;
    let duplicates = 0;
    for (let i = 0; i < parsed.count; i++) {
      const handle = parsed.series[i];
      let ref = this.#refOf[handle];
      if (ref === UNRESOLVED) {
        const stored = withCounts({ scraped: i + 1, kept }, () =>
          sampleLabels(reader.labelsOf(i), this.#target, this.#config),
        );
        ref = stored === null ? DROPPED : this.#writer.resolve(stored);
        this.#refOf[handle] = ref;
      }
      // The same series twice without times: the first counts.
      const untimed = own === null || Number.isNaN(own[i]);
      const again = ref !== DROPPED && untimed && seen.has(ref);
      if (again) duplicates++;
      if (again || ref === DROPPED) {
        from ??= firstNumbers(kept, parsed.count);
        continue;
      }
      if (untimed) seen.add(ref);
      this.#resolved[kept] = ref;
      if (from !== null) from[kept] = i;
      kept++;
    }
    this.#from = from;
    this.#kept = kept;
    this.#duplicates = duplicates;
    if (own === null) this.#layout = parsed.layout;
  }

  /** Puts the samples into the batch, those too far ahead left out. @returns how many those are */
  #fill(parsed: ParsedBody, own: Float64Array | null, latest: Millis): number {
    batch.length = 0;
    let outOfBounds = 0;
    for (let k = 0; k < this.#kept; k++) {
      const i = this.#from === null ? k : this.#from[k];
      const time = own === null ? NaN : own[i];
      if (time > latest) {
        outOfBounds++;
        continue;
      }
      const histogram = parsed.histograms?.get(i);
      if (histogram !== undefined) histograms.set(batch.length, this.#limited(histogram, parsed));
      batch.push(this.#resolved[k], parsed.values[i], time);
    }
    return outOfBounds;
  }

  /** Start timestamps of the batch, as far as the job takes them and the body tells. */
  #startTimes(parsed: ParsedBody, own: Float64Array | null, latest: Millis): Float64Array | null {
    const { startTimes } = parsed;
    if (startTimes === null || !this.#config.features.startTimes) return null;
    const column = new Float64Array(batch.length).fill(NaN);
    let at = 0;
    for (let k = 0; k < this.#kept; k++) {
      const i = this.#from === null ? k : this.#from[k];
      if (own === null || !(own[i] > latest)) column[at++] = startTimes[i];
    }
    return column;
  }

  #placeHistograms(parsed: ParsedBody, given: ReadonlyMap<number, Histogram>): void {
    for (let k = 0; k < this.#kept; k++) {
      const histogram = given.get(this.#from === null ? k : this.#from[k]);
      if (histogram !== undefined) histograms.set(k, this.#limited(histogram, parsed));
    }
  }

  #limited(histogram: Histogram, parsed: ParsedBody): Histogram {
    return withCounts({ scraped: parsed.count, kept: this.#kept }, () => limitHistogram(histogram, this.#config));
  }

  /** The series whose vanishing is marked: those without times of their own, unless the job asks for all. */
  #tracked(own: Float64Array | null): [refs: Int32Array, count: number] {
    if (own === null || this.#config.trackTimestampsStaleness) return [this.#resolved, this.#kept];
    const tracked = new Int32Array(this.#kept);
    let count = 0;
    for (let k = 0; k < this.#kept; k++) {
      const i = this.#from === null ? k : this.#from[k];
      if (Number.isNaN(own[i])) tracked[count++] = this.#resolved[k];
    }
    return [tracked, count];
  }

  #pushReport(report: ScrapeReport, counts: ReportCounts): void {
    this.#pushOwn('up', report.up ? 1 : 0);
    this.#pushOwn('scrape_duration_seconds', report.durationSeconds);
    this.#pushOwn('scrape_samples_scraped', counts.scraped);
    this.#pushOwn('scrape_samples_post_metric_relabeling', counts.kept);
    this.#pushOwn('scrape_series_added', counts.added);
    if (!this.#config.extraScrapeMetrics) return;
    this.#pushOwn('scrape_timeout_seconds', this.#timeout / 1000);
    this.#pushOwn('scrape_sample_limit', this.#config.sampleLimit);
    this.#pushOwn('scrape_body_size_bytes', report.bodyBytes);
  }

  #pushOwn(name: string, value: number): void {
    let ref = this.#reportRefs.get(name);
    if (ref === undefined) {
      ref = this.#writer.resolve(reportLabels(name, this.#target));
      this.#reportRefs.set(name, ref);
    }
    batch.push(ref, value, NaN);
  }

  #write(time: Millis, withTimes: boolean, parsed: ParsedBody | null): AppendResult {
    const { refs, values, times, length } = batch;
    return this.#writer.append({
      time,
      length,
      refs,
      values,
      times: withTimes ? times : null,
      startTimes: parsed === null ? null : this.#startTimes(parsed, withTimes ? parsed.times : null, time + MAX_AHEAD),
      histograms: histograms.size > 0 ? histograms : null,
      exemplars: parsed === null ? null : this.#exemplars(parsed, time),
    });
  }

  #exemplars(parsed: ParsedBody, time: Millis): readonly BatchExemplar[] | null {
    if (parsed.exemplars === null) return null;
    const found: BatchExemplar[] = [];
    for (const exemplar of parsed.exemplars) {
      const ref = this.#refOf[parsed.series[exemplar.sample]];
      if (ref < 0) continue;
      found.push({
        ref: ref as SeriesRef,
        labels: labelsFromPairs(exemplar.labels),
        value: exemplar.value,
        time: Number.isNaN(exemplar.time) ? time : exemplar.time,
      });
    }
    return found;
  }
}

/** 0, 1, 2... up to `count`, with room for `size` numbers. */
function firstNumbers(count: number, size: number): Int32Array {
  const numbers = new Int32Array(size);
  for (let i = 0; i < count; i++) numbers[i] = i;
  return numbers;
}

/** A little more than needed, so that a few new series do not copy everything. */
function roomFor(size: number): number {
  return size + (size >> 4) + 8;
}
