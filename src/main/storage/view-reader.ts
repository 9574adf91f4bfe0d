import Sqlite from 'better-sqlite3';
import {
  compileMatcher,
  EMPTY_LABELS,
  matchesAll,
  type Labels,
  type Matcher,
  type Millis,
} from '#shared/model/index.ts';
import { Assembler, KeptParts, type Part } from './assemble.ts';
import type { SeriesSamples, TierRequest } from './contract.ts';
import { storageError } from './database.ts';
import { FrameReader, within } from './frame-reader.ts';
import type { SelectionData, ReadViewData } from './read-view.ts';
import { selectTier, TierReader } from './tier-reader.ts';

export interface ViewReaderOptions {
  /** The store's database file; another thread of this process has it open for writing. */
  readonly path: string;
  /** Bytes of frames kept for the next query. */
  readonly cacheBytes: number;
  readonly damaged: (frame: number) => void;
}

/** Reads selections out of the store's file from a thread of its own, one view after the other. */
export class ViewReader {
  readonly #path: string;
  readonly #sqlite: Sqlite.Database;
  readonly #tiers: TierReader;
  readonly #frames: FrameReader;
  readonly #labels = new Map<number, Labels>();
  #generation = 0;
  /** Views so far: each may see frames that the one before did not. */
  #views = 0;
  #selections: readonly SelectionData[] = [];
  #check: () => void = () => undefined;

  constructor({ path, cacheBytes, damaged }: ViewReaderOptions) {
    this.#path = path;
    this.#sqlite = new Sqlite(path, { readonly: true, fileMustExist: true, timeout: 5000 });
    this.#tiers = new TierReader(this.#sqlite, damaged);
    this.#sqlite.pragma('cache_size = -2048');
    this.#frames = new FrameReader(this.#sqlite, { cacheBytes, damaged, version: () => this.#views });
  }

  /**
   * Begins to read: from now on what the file holds stands still for this reader.
   * @param check called often while reading; what it throws ends it
   */
  begin({ generation, selections, labels }: ReadViewData, check: () => void): void {
    if (generation !== this.#generation) this.#frames.clear();
    this.#generation = generation;
    this.#views++;
    for (const [ref, own] of labels) this.#labels.set(ref, own);
    this.#selections = selections;
    this.#check = check;
    this.#tiers.of(generation);
    this.#run(() => {
      this.#sqlite.exec('BEGIN');
      // A transaction sees the file as of its first reading.
      this.#sqlite.prepare('SELECT count(*) FROM counter').get();
    });
  }

  end(): void {
    this.#selections = [];
    if (this.#sqlite.inTransaction) this.#sqlite.exec('COMMIT');
  }

  /** As a querier's `select`, of something that one of the view's requests covers. */
  select(matchers: readonly Matcher[], start: Millis, end: Millis, tier?: TierRequest): SeriesSamples[] {
    const keys = new Set(matchers.map(matcherKey));
    const covering = this.#selections.find(
      ({ request }) =>
        request.start <= start &&
        request.end >= end &&
        sameTier(request.tier, tier) &&
        request.matchers.every((matcher) => keys.has(matcherKey(matcher))),
    );
    if (covering === undefined) throw new Error('a query selects what it was not planned to');
    const asked = new Set(covering.request.matchers.map(matcherKey));
    const more = matchers.filter((matcher) => !asked.has(matcherKey(matcher))).map(compileMatcher);
    const wanted =
      more.length === 0
        ? null
        : new Set(covering.refs.filter((ref) => matchesAll(more, this.#labels.get(ref) ?? EMPTY_LABELS)));
    const from = Math.max(start, covering.start);
    if (tier !== undefined) return this.#readTier(covering, tier, from, end, wanted);
    const assembler = new Assembler();
    const result: SeriesSamples[] = [];
    for (const [ref, parts] of this.#read(covering, from, end, wanted)) {
      const series = assembler.series(this.#labels.get(ref) ?? EMPTY_LABELS, parts);
      if (series !== null) result.push(series);
    }
    return result;
  }

  #readTier(
    selection: SelectionData,
    tier: TierRequest,
    start: Millis,
    end: Millis,
    wanted: ReadonlySet<number> | null,
  ): SeriesSamples[] {
    const { groups, deleted, built } = selection;
    const readings = groups.map(({ group, places, series }) => {
      const kept = [...series.keys()].filter((k) => wanted?.has(series[k]) !== false);
      return { group, places: kept.map((k) => places[k]), series: kept.map((k) => series[k]) };
    });
    const from = {
      tier,
      built: (day: Millis) => built?.has(day) === true,
      readings,
      labels: (ref: number) => this.#labels.get(ref) ?? EMPTY_LABELS,
      deleted: (ref: number) => deleted.get(ref) ?? null,
      raw: (first: Millis, last: Millis) => this.#read(selection, first, last, wanted),
    };
    try {
      return selectTier(this.#tiers, from, start, end);
    } catch (error) {
      throw storageError(this.#path, error);
    }
  }

  #read(selection: SelectionData, start: Millis, end: Millis, wanted: ReadonlySet<number> | null): Map<number, Part[]> {
    const kept = new KeptParts((ref) => selection.deleted.get(ref) ?? null);
    const found = kept.bySeries;
    const add = (ref: number, part: Part): void => {
      if (wanted?.has(ref) !== false) kept.add(ref, part);
    };
    // First what comes last: a large read of frames leaves room for it.
    for (const { ref, part } of selection.head.others) {
      const cut = within(part, start, end);
      if (cut !== null) add(ref, cut);
    }
    for (const { times, refs, values, rank } of selection.head.even)
      for (const [k, ref] of refs.entries()) {
        const own = values.subarray(k * times.length, (k + 1) * times.length);
        const whole = { times, values: own, from: 0, to: times.length, startTimes: null, histograms: null, rank };
        const cut = within(whole, start, end);
        if (cut !== null) add(ref, cut);
      }
    this.#run(() => this.#frames.read(selection.groups, start, end, add, this.#check, kept.count));
    return found;
  }

  #run(work: () => void): void {
    try {
      work();
    } catch (error) {
      throw storageError(this.#path, error);
    }
  }

  close(): void {
    this.#sqlite.close();
  }
}

function sameTier(a: TierRequest | undefined, b: TierRequest | undefined): boolean {
  return a?.resolution === b?.resolution && a?.aggregate === b?.aggregate && a?.weighted === b?.weighted;
}

function matcherKey({ name, type, value }: Matcher): string {
  return JSON.stringify([name, type, value]);
}
