import type Sqlite from 'better-sqlite3';
import type { Labels, Millis } from '#shared/model/index.ts';
import { Assembler, withoutDeleted, type Part } from './assemble.ts';
import { DecodeError } from './bytes.ts';
import type { SeriesSamples, TierRequest } from './contract.ts';
import { Frame } from './frame-codec.ts';
import { within, type GroupReading } from './frame-reader.ts';
import { Lru } from './lru.ts';
import {
  aggregateNumber,
  bucketsOf,
  bucketsWithin,
  compacted,
  DAY,
  endsOfDay,
  presenceOf,
  PREVIOUS,
  type Buckets,
} from './tier-buckets.ts';
import type { Interval } from './tombstones.ts';

/** Frames of tiers kept for the next query, in bytes. */
const CACHE = 8 << 20;
/** Of an aggregate and a histogram of one bucket the aggregate is shown: the stale marker that came after it, for one. */
const HISTOGRAM_RANK = 0;
const AGGREGATE_RANK = 1;

/** Reads tiers out of a store, over any connection to its file. */
export class TierReader {
  readonly #frames = new Lru<Frame>(CACHE);
  readonly #times = new Map<string, Float64Array>();
  #generation = 0;
  readonly #damaged: (frame: number) => void;
  readonly #find;
  readonly #blob;

  constructor(sqlite: Sqlite.Database, damaged: (frame: number) => void) {
    this.#damaged = damaged;
    this.#find = sqlite
      .prepare('SELECT id, day FROM tier_frame WHERE grp = ? AND tier = ? AND aggregate = ? AND day BETWEEN ? AND ?')
      .raw();
    this.#blob = sqlite.prepare('SELECT data FROM tier_frame WHERE id = ?').pluck();
  }

  /** Hands the buckets of one aggregate that end in [start, end], of days that are `built`, to `add`. */
  read(
    readings: readonly GroupReading[],
    resolution: Millis,
    aggregate: number,
    built: (day: Millis) => boolean,
    start: Millis,
    end: Millis,
    add: (series: number, part: Part) => void,
  ): void {
    const [first, last] = [dayOf(start), dayOf(end)];
    for (const { group, places, series } of readings)
      for (const [id, day] of this.#find.all(group, resolution, aggregate, first, last) as [number, number][]) {
        if (!built(day)) continue;
        try {
          const frame = this.#frame(id);
          const times = this.#timesOf(resolution, day);
          for (const [k, place] of places.entries()) {
            if (!frame.has(place)) continue;
            const { present, values, histograms } = frame.column(place);
            const own = present === null ? times : compacted(times, present);
            const rank = histograms === null ? AGGREGATE_RANK : HISTOGRAM_RANK;
            const whole = { times: own, values, from: 0, to: values.length, startTimes: null, histograms, rank };
            const part = within(whole, start, end);
            if (part !== null) add(series[k], part);
          }
        } catch (error) {
          if (!(error instanceof DecodeError)) throw error;
          this.#damaged(id);
        }
      }
  }

  #frame(id: number): Frame {
    let frame = this.#frames.get(id);
    if (frame === undefined) {
      frame = new Frame(this.#blob.get(id) as Uint8Array);
      this.#frames.set(id, frame, frame.size);
    }
    return frame;
  }

  #timesOf(resolution: Millis, day: Millis): Float64Array {
    const key = `${resolution} ${day}`;
    let times = this.#times.get(key);
    if (times === undefined) {
      if (this.#times.size > 4000) this.#times.clear();
      this.#times.set(key, (times = endsOfDay(resolution, day)));
    }
    return times;
  }

  /** Forgets what was read of another generation of the file. */
  of(generation: number): void {
    if (generation !== this.#generation) this.clear();
    this.#generation = generation;
  }

  /** Forgets what was read: after frames were removed or written anew. */
  clear(): void {
    this.#frames.clear();
  }

  get cacheBytes(): number {
    return this.#frames.size;
  }
}

/** The day in which a bucket ends: buckets that end at midnight belong to the day before. */
export function dayOf(end: Millis): Millis {
  return (Math.ceil(end / DAY) - 1) * DAY;
}

/** What answering from a tier takes. */
export interface TierSelection {
  readonly tier: TierRequest;
  /** Whether a day is in the tier. */
  readonly built: (day: Millis) => boolean;
  readonly readings: readonly GroupReading[];
  readonly labels: (ref: number) => Labels;
  /** Deleted times of a series. */
  readonly deleted: (ref: number) => readonly Interval[] | null;
  /** All samples in [start, end], whatever retention says. */
  readonly raw: (start: Millis, end: Millis) => ReadonlyMap<number, readonly Part[]>;
}

/** Buckets that end in [start, end]: from the tier where it is built, else made of the samples. */
export function selectTier(reader: TierReader, selection: TierSelection, start: Millis, end: Millis): SeriesSamples[] {
  if (start > end) return [];
  const { tier } = selection;
  const wanted = collect(reader, selection, tier.aggregate, start, end);
  const counted = tier.weighted ? collect(reader, selection, 'count', start, end) : null;
  const assembler = new Assembler();
  const result: SeriesSamples[] = [];
  for (const [ref, parts] of wanted) {
    const series = assembler.series(selection.labels(ref), parts);
    if (series === null) continue;
    const counts = counted === null ? null : assembler.series(series.labels, counted.get(ref) ?? []);
    result.push(counts === null ? series : { ...series, weights: counts.values });
  }
  return result;
}

function collect(
  reader: TierReader,
  selection: TierSelection,
  aggregate: TierRequest['aggregate'],
  start: Millis,
  end: Millis,
): Map<number, Part[]> {
  const { tier, built, readings, raw, deleted } = selection;
  const { resolution } = tier;
  const found = new Map<number, Part[]>();
  const put = (ref: number, part: Part): void => {
    const parts = found.get(ref);
    if (parts === undefined) found.set(ref, [part]);
    else parts.push(part);
  };
  const number = aggregateNumber(aggregate);
  // A bucket of which any sample was deleted is hidden as a whole: what it says of the others cannot be told apart.
  const shown = (ref: number, part: Part): void => {
    const intervals = bucketsWithin(deleted(ref), resolution);
    const kept = intervals === null ? part : withoutDeleted(part, intervals);
    if (kept !== null) put(ref, kept);
  };
  for (const one of [number, aggregateNumber('histogram')])
    reader.read(readings, resolution, one, built, start, end, shown);
  for (const { from, to } of gaps(resolution, built, start, end)) {
    const times = Float64Array.from({ length: (to - from) / resolution }, (_, row) => from + (row + 1) * resolution);
    const assembler = new Assembler();
    for (const [ref, parts] of raw(from - PREVIOUS, to)) {
      const series = assembler.series(selection.labels(ref), parts);
      const buckets = series === null ? null : bucketsOf(series, resolution, from, to);
      if (buckets === null) continue;
      for (const part of partsOf(buckets, aggregate, times)) {
        const cut = within(part, start, end);
        if (cut !== null) put(ref, cut);
      }
    }
  }
  return found;
}

function partsOf(buckets: Buckets, aggregate: TierRequest['aggregate'], times: Float64Array): Part[] {
  const present = presenceOf(buckets, aggregate);
  const values = compacted(buckets[aggregate], present);
  const own = present === null ? times : compacted(times, present);
  const parts: Part[] = [];
  const plain = { from: 0, startTimes: null };
  if (values.length > 0)
    parts.push({ ...plain, times: own, values, to: values.length, histograms: null, rank: AGGREGATE_RANK });
  const { histograms } = buckets;
  if (histograms === null) return parts;
  const rows = [...histograms.keys()].filter((row) => histograms[row] !== null);
  if (rows.length > 0)
    parts.push({
      ...plain,
      times: Float64Array.from(rows, (row) => times[row]),
      values: new Float64Array(rows.length),
      to: rows.length,
      histograms: rows.map((row) => histograms[row]),
      rank: HISTOGRAM_RANK,
    });
  return parts;
}

/** Stretches (from, to] of whole buckets that end in [start, end] and lie in days that are not built. */
function gaps(
  resolution: Millis,
  built: (day: Millis) => boolean,
  start: Millis,
  end: Millis,
): { readonly from: Millis; readonly to: Millis }[] {
  const first = Math.ceil(start / resolution) * resolution;
  const last = Math.floor(end / resolution) * resolution;
  const found: { from: Millis; to: Millis }[] = [];
  for (let day = dayOf(first); day < last; day += DAY) {
    if (built(day)) continue;
    const from = Math.max(day, first - resolution);
    const to = Math.min(day + DAY, last);
    const before = found.at(-1);
    if (before?.to === from) before.to = to;
    else if (from < to) found.push({ from, to });
  }
  return found;
}
