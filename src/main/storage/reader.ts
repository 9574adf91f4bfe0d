import { wordsOf, type Labels, type Millis } from '#shared/model/index.ts';
import { KeptParts, type Part } from './assemble.ts';
import type { Estimate, SeriesSamples, TierRequest } from './contract.ts';
import type { Database } from './database.ts';
import { FrameReader, type GroupReading } from './frame-reader.ts';
import type { Groups } from './groups.ts';
import type { HeadBlock } from './head-block.ts';
import { HeadReader } from './head-reader.ts';
import type { Head } from './head.ts';
import type { Pieces } from './pieces.ts';
import { HeadPacker, type SelectionData, type SelectRequest } from './read-view.ts';
import type { Interval } from './tombstones.ts';
import { PREVIOUS } from './tier-buckets.ts';
import { selectTier, TierReader } from './tier-reader.ts';
import type { TierKeeper } from './tier-keeper.ts';
import type { Visibility } from './visibility.ts';

/** Frames and timelines kept for the next query, in bytes. */
const CACHE = 32 << 20;

/** Series of the head, and samples of these, that are copied before others get their turn. */
const COPY_SERIES = 256;
const COPY_SAMPLES = 200_000;

/** A selection of a view: all but the head's samples is fixed, and these only grow. */
interface FixedSelection {
  collect(transfer: ArrayBuffer[], pause: () => Promise<void>): Promise<SelectionData>;
}

/** Finds the samples of series: in frames by their groups, and in the head. */
export class Reader {
  readonly #database: Database;
  readonly #head: Head;
  readonly #groups: Groups;
  readonly #hidden: Visibility;
  readonly #tiers: TierReader;
  readonly #frames: FrameReader;
  readonly #blocks: HeadReader;
  /** Readings when upkeep looked last: a cache that nobody has used since is dropped. */
  #readingsSeen = 0;

  /** @param damaged told of frames and pieces that cannot be read; the query goes on without them */
  constructor(
    database: Database,
    head: Head,
    groups: Groups,
    pieces: Pieces,
    hidden: Visibility,
    damaged: (what: string) => void,
  ) {
    this.#database = database;
    this.#head = head;
    this.#groups = groups;
    this.#hidden = hidden;
    this.#frames = new FrameReader(database.sqlite, {
      cacheBytes: CACHE,
      version: () => database.framesAdded,
      damaged: (frame) => {
        damaged(`frame ${frame} is damaged; its samples are left out`);
      },
    });
    this.#tiers = new TierReader(database.sqlite, (frame) => {
      damaged(`frame ${frame} of a tier is damaged; its buckets are left out`);
    });
    this.#blocks = new HeadReader(head, pieces, damaged);
  }

  /**
   * Samples of each series in [start, end], part by part; series without any are left out.
   * @param newestOnly only the newest sample of each is needed
   */
  read(refs: readonly number[], start: Millis, end: Millis, newestOnly = false): Map<number, Part[]> {
    const { bySeries: found, add, count } = new KeptParts((ref) => this.#hidden.of(ref));
    let rest = refs;
    if (newestOnly)
      rest = refs.filter((ref) => {
        const part = this.#blocks.newest(ref, start, end);
        if (part !== null) add(ref, part);
        return !found.has(ref);
      });
    // First what comes last: a large read of frames leaves room for it.
    this.#blocks.read(rest, start, end, add);
    this.#database.run(() => this.#frames.read(this.#readings(rest), start, end, add, () => undefined, count));
    return found;
  }

  /** As `read`, whatever retention says: for tiers, which outlive it. */
  readKept(refs: readonly number[], start: Millis, end: Millis): Map<number, Part[]> {
    const { bySeries: found, add } = new KeptParts((ref) => this.#hidden.deleted(ref));
    this.#database.run(() => this.#frames.read(this.#readings(refs), start, end, add, () => undefined));
    this.#blocks.read(refs, start, end, add);
    return found;
  }

  /** Buckets that end in [start, end]. */
  selectTier(
    refs: readonly number[],
    labels: (ref: number) => Labels,
    keeper: TierKeeper,
    tier: TierRequest,
    start: Millis,
    end: Millis,
  ): SeriesSamples[] {
    const selection = {
      tier,
      built: (day: Millis) => keeper.isBuilt(tier.resolution, day),
      readings: [...this.#readings(refs)],
      labels,
      deleted: (ref: number) => this.#hidden.deleted(ref),
      raw: (from: Millis, to: Millis) => this.readKept(refs, from, to),
    };
    return this.#database.run(() => selectTier(this.#tiers, selection, start, end));
  }

  /** The groups of series, with the places of these in them. */
  #readings(refs: readonly number[]): Iterable<GroupReading> {
    const byGroup = new Map<number, { group: number; places: number[]; series: number[] }>();
    for (const ref of refs)
      for (const group of this.#head.state.groups(ref)) {
        let reading = byGroup.get(group);
        if (reading === undefined) byGroup.set(group, (reading = { group, places: [], series: [] }));
        reading.places.push(this.#placeOf(ref, group));
        reading.series.push(ref);
      }
    return byGroup.values();
  }

  #placeOf(ref: number, group: number): number {
    return (this.#groups.members.get(group) as readonly number[]).indexOf(ref);
  }

  /** Finds out the newest stored sample of a series, deleted or not, where only a bound of its time is known. */
  loadStored(ref: number): void {
    let newest: Part | null = null;
    for (const group of this.#head.state.groups(ref)) {
      const part = this.#database.run(() => this.#frames.newest(group, this.#placeOf(ref, group)));
      if (part !== null && (newest === null || part.times[part.to - 1] > newest.times[newest.to - 1])) newest = part;
    }
    const { state } = this.#head;
    if (newest === null) state.clearStored(ref);
    else {
      const { times, values, to, histograms } = newest;
      state.setStored(ref, times[to - 1], wordsOf(values), to - 1, histograms?.[to - 1] ?? null);
    }
  }

  /** Tells of series whether they have samples in [start, end], or near it in the same frame. */
  sampled(start: Millis, end: Millis): (ref: number) => boolean {
    const groups = new Map<number, boolean>();
    const inFrames = (group: number): boolean => {
      let has = groups.get(group);
      if (has === undefined) {
        has = this.#database.run(() => this.#frames.has(group, start, end));
        groups.set(group, has);
      }
      return has;
    };
    return (ref) => this.#blocks.has(ref, start, end) || this.#head.state.groups(ref).some(inFrames);
  }

  /**
   * Fixes what `read` would find, for a reader elsewhere. Nothing may be sealed or removed until that has begun.
   * @param newest of all samples: what is appended later does not count
   * @param built days of the tier that is asked for
   */
  fix(
    request: SelectRequest,
    refs: readonly number[],
    start: Millis,
    newest: Millis,
    built: ReadonlySet<Millis> | null,
  ): FixedSelection {
    const deleted = new Map<number, readonly Interval[]>();
    for (const ref of refs) {
      const intervals = request.tier === undefined ? this.#hidden.of(ref) : this.#hidden.deleted(ref);
      if (intervals !== null) deleted.set(ref, [...intervals]);
    }
    const groups = [...this.#readings(refs)];
    const end = Math.min(request.end, newest);
    const blocks = this.#blocks;
    const from = request.tier === undefined ? start : start - request.tier.resolution - PREVIOUS;
    return {
      async collect(transfer, pause) {
        const packer = new HeadPacker();
        let copied = 0;
        for (let at = 0; at < refs.length; at += COPY_SERIES) {
          blocks.read(refs.slice(at, at + COPY_SERIES), from, end, (ref, part) => {
            packer.add(ref, part);
            copied += part.to - part.from;
          });
          if (copied < COPY_SAMPLES) continue;
          await pause();
          copied = 0;
        }
        return { request, start, refs, groups, deleted, built, head: packer.finish(transfer) };
      },
    };
  }

  /** How much `read` would find, by the bounds of frames: as if all of them were full and even. */
  estimate(refs: readonly number[], start: Millis, end: Millis): Estimate {
    const known = new Map<number, number>();
    const inFrames = (group: number): number => {
      let count = known.get(group);
      if (count === undefined) {
        count = this.#database.run(() => this.#frames.estimate(group, start, end));
        known.set(group, count);
      }
      return count;
    };
    const rows = new Map<HeadBlock, number>();
    const inBlock = (block: HeadBlock): number => {
      let count = rows.get(block);
      if (count === undefined) {
        const [from, to] = block.rowRange(start, end);
        rows.set(block, (count = to - from));
      }
      return count;
    };
    let series = 0;
    let samples = 0;
    for (const ref of refs) {
      let own = 0;
      for (const group of this.#head.state.groups(ref)) own += inFrames(group);
      for (const { block } of this.#head.columnsOf(ref)) own += inBlock(block);
      if (own === 0) continue;
      series++;
      samples += own;
    }
    return { series, samples: Math.ceil(samples) };
  }

  /** Forgets what was read: after frames were removed. */
  clearCache(): void {
    this.#frames.clear();
    this.#tiers.clear();
  }

  /** Forgets what was read when nothing was since the last call. @returns whether it did */
  dropUnusedCache(): boolean {
    const unused = this.#frames.readings === this.#readingsSeen;
    if (unused) this.clearCache();
    this.#readingsSeen = this.#frames.readings;
    return unused;
  }

  get cacheBytes(): number {
    return this.#frames.cacheBytes + this.#tiers.cacheBytes;
  }
}
