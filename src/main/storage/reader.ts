import { wordsOf, type Histogram, type Millis } from '#shared/model/index.ts';
import { withoutDeleted, type Part } from './assemble.ts';
import { DecodeError } from './bytes.ts';
import type { Estimate } from './contract.ts';
import type { Database } from './database.ts';
import { decodeTimeline, Frame } from './frame-codec.ts';
import type { Groups } from './groups.ts';
import type { Head, HeadColumn } from './head.ts';
import { BLOCK_ROWS } from './head-block.ts';
import { Lru } from './lru.ts';
import { lowerBound } from './search-times.ts';
import type { Tombstones } from './tombstones.ts';

/** Unfolded frames and timelines kept for the next query, in bytes. */
const FRAME_CACHE = 16 << 20;
const TIMELINE_CACHE = 4 << 20;

/** Finds the samples of series: in frames by their groups, and in the head. */
export class Reader {
  readonly #database: Database;
  readonly #head: Head;
  readonly #groups: Groups;
  readonly #tombstones: Tombstones;
  readonly #frames = new Lru<Frame>(FRAME_CACHE);
  readonly #timelines = new Lru<Float64Array>(TIMELINE_CACHE);
  readonly #find;
  readonly #share;
  readonly #frame;
  readonly #timeline;
  /** Told of frames that cannot be read; the query goes on without them. */
  readonly #damaged: (frame: number) => void;

  constructor(
    database: Database,
    head: Head,
    groups: Groups,
    tombstones: Tombstones,
    damaged: (frame: number) => void,
  ) {
    this.#database = database;
    this.#head = head;
    this.#groups = groups;
    this.#tombstones = tombstones;
    this.#damaged = damaged;
    this.#find = database.sqlite
      .prepare('SELECT id, timeline FROM frame WHERE grp = ? AND maxt >= ? AND mint <= ?')
      .raw();
    this.#share = database.sqlite
      .prepare(
        `SELECT sum((min(maxt, ?) - max(mint, ?) + 1.0) / (maxt - mint + 1)) FROM frame
         WHERE grp = ? AND maxt >= ? AND mint <= ?`,
      )
      .pluck();
    this.#frame = database.sqlite.prepare('SELECT data FROM frame WHERE id = ?').pluck();
    this.#timeline = database.sqlite.prepare('SELECT data FROM timeline WHERE id = ?').pluck();
  }

  /** Samples of each series in [start, end], part by part; series without any are left out. */
  read(refs: readonly number[], start: Millis, end: Millis): Map<number, Part[]> {
    const found = new Map<number, Part[]>();
    const add = (ref: number, part: Part): void => {
      const intervals = this.#tombstones.of(ref);
      const kept = intervals === null ? part : withoutDeleted(part, intervals);
      if (kept === null) return;
      const parts = found.get(ref);
      if (parts === undefined) found.set(ref, [kept]);
      else parts.push(kept);
    };
    this.#database.run(() => this.#readFrames(refs, start, end, add));
    for (const ref of refs)
      for (const column of this.#head.columnsOf(ref)) {
        const part = headPart(column, start, end);
        if (part !== null) add(ref, part);
      }
    return found;
  }

  #readFrames(refs: readonly number[], start: Millis, end: Millis, add: (ref: number, part: Part) => void): void {
    const byGroup = new Map<number, number[]>();
    for (const ref of refs)
      for (const group of this.#head.state.groups(ref)) {
        const own = byGroup.get(group);
        if (own === undefined) byGroup.set(group, [ref]);
        else own.push(ref);
      }
    for (const [group, own] of byGroup) {
      const members = this.#groups.members.get(group) as readonly number[];
      const places = own.map((ref) => members.indexOf(ref));
      for (const [id, timeline] of this.#find.all(group, start, end) as [number, number][]) {
        try {
          const frame = this.#loadFrame(id);
          const times = this.#loadTimeline(timeline);
          for (const [k, ref] of own.entries()) {
            const part = frame.has(places[k]) ? framePart(frame, places[k], times, start, end) : null;
            if (part !== null) add(ref, part);
          }
        } catch (error) {
          if (!(error instanceof DecodeError)) throw error;
          this.#damaged(id);
        }
      }
    }
  }

  #loadFrame(id: number): Frame {
    let frame = this.#frames.get(id);
    if (frame === undefined) {
      frame = new Frame(this.#frame.get(id) as Uint8Array);
      this.#frames.set(id, frame, frame.size);
    }
    return frame;
  }

  #loadTimeline(id: number): Float64Array {
    let times = this.#timelines.get(id);
    if (times === undefined) {
      const blob = this.#timeline.get(id) as Uint8Array | undefined;
      if (blob === undefined) throw new DecodeError('a timeline is missing');
      times = decodeTimeline(blob);
      this.#timelines.set(id, times, times.byteLength + 100);
    }
    return times;
  }

  /** Finds out the newest stored sample of a series, deleted or not, where only a bound of its time is known. */
  loadStored(ref: number): void {
    let newest: Part | null = null;
    this.#database.run((sqlite) => {
      const find = sqlite.prepare('SELECT id, timeline FROM frame WHERE grp = ? ORDER BY maxt DESC').raw();
      for (const group of this.#head.state.groups(ref)) {
        const member = (this.#groups.members.get(group) as readonly number[]).indexOf(ref);
        for (const [id, timeline] of find.iterate(group) as Iterable<[number, number]>) {
          let part: Part | null = null;
          try {
            const frame = this.#loadFrame(id);
            if (frame.has(member)) part = framePart(frame, member, this.#loadTimeline(timeline), -Infinity, Infinity);
          } catch (error) {
            if (!(error instanceof DecodeError)) throw error;
            this.#damaged(id);
          }
          if (part === null) continue;
          if (newest === null || part.times[part.to - 1] > newest.times[newest.to - 1]) newest = part;
          break;
        }
      }
    });
    const { state } = this.#head;
    if (newest === null) state.clearStored(ref);
    else {
      const { times, values, to, histograms } = newest as Part;
      state.setStored(ref, times[to - 1], wordsOf(values), to - 1, histograms?.[to - 1] ?? null);
    }
  }

  /** Of the series, those that have samples in [start, end], or near it in the same frame. */
  withSamples(refs: readonly number[], start: Millis, end: Millis): number[] {
    const groups = new Map<number, boolean>();
    const inFrames = (group: number): boolean => {
      let has = groups.get(group);
      if (has === undefined) {
        has = this.#database.run(() => this.#find.get(group, start, end)) !== undefined;
        groups.set(group, has);
      }
      return has;
    };
    return refs.filter(
      (ref) =>
        this.#head.columnsOf(ref).some((column) => this.#headHas(column, start, end)) ||
        this.#head.state.groups(ref).some(inFrames),
    );
  }

  /** How much `read` would find, by the bounds of frames: as if all of them were full and even. */
  estimate(refs: readonly number[], start: Millis, end: Millis): Estimate {
    const shares = new Map<number, number>();
    const framesOf = (group: number): number => {
      let share = shares.get(group);
      if (share === undefined) {
        share = this.#database.run(() => (this.#share.get(end, start, group, start, end) as number | null) ?? 0);
        shares.set(group, share);
      }
      return share;
    };
    let series = 0;
    let samples = 0;
    for (const ref of refs) {
      let own = 0;
      for (const group of this.#head.state.groups(ref)) own += framesOf(group) * BLOCK_ROWS;
      for (const { block } of this.#head.columnsOf(ref)) {
        const [from, to] = block.rowRange(start, end);
        own += to - from;
      }
      if (own === 0) continue;
      series++;
      samples += own;
    }
    return { series, samples: Math.ceil(samples) };
  }

  #headHas({ block, slot }: HeadColumn, start: Millis, end: Millis): boolean {
    const [from, to] = block.rowRange(start, end);
    for (let row = from; row < to; row++) if (block.isPresent(slot, row)) return true;
    return false;
  }

  /** Forgets what was read: after frames were removed. */
  clearCache(): void {
    this.#frames.clear();
    this.#timelines.clear();
  }

  get cacheBytes(): number {
    return this.#frames.size + this.#timelines.size;
  }
}

function within(times: Float64Array, length: number, start: Millis, end: Millis): readonly [number, number] {
  const from = lowerBound(times, 0, length, start);
  let to = lowerBound(times, from, length, end);
  if (to < length && times[to] === end) to++;
  return [from, to];
}

function framePart(frame: Frame, member: number, timeline: Float64Array, start: Millis, end: Millis): Part | null {
  const { present, values, startTimes, histograms } = frame.column(member);
  let times = timeline;
  if (present !== null) {
    times = new Float64Array(values.length);
    let at = 0;
    for (let row = 0; row < present.length; row++) if (present[row] === 1) times[at++] = timeline[row];
  }
  if (values.length > times.length) throw new DecodeError('a frame is longer than its timeline');
  const [from, to] = within(times, values.length, start, end);
  return from === to ? null : { times, values, from, to, startTimes, histograms };
}

function headPart({ block, slot }: HeadColumn, start: Millis, end: Millis): Part | null {
  const [from, to] = block.rowRange(start, end);
  if (from === to) return null;
  const values = new Float64Array(block.rows);
  block.readValues(slot, values);
  const startTimes = block.startTimes.get(slot) ?? null;
  const known = block.histograms.get(slot);
  const present = block.presence(slot);
  const histograms: (Histogram | null)[] | null =
    known === undefined ? null : Array.from({ length: block.rows }, (_, row) => known[row] ?? null);
  // A copy of the start times, as those of a block go on changing; times only grow, which no reader sees.
  const part: Part = { times: block.times, values, from, to, startTimes: startTimes?.slice() ?? null, histograms };
  if (present === null) return part;
  const rows: number[] = [];
  for (let row = from; row < to; row++) if (present[row] === 1) rows.push(row);
  if (rows.length === 0) return null;
  const times = Float64Array.from(rows, (row) => block.times[row]);
  const words = new Uint32Array(values.buffer);
  const kept = new Float64Array(rows.length);
  const keptWords = new Uint32Array(kept.buffer);
  for (const [i, row] of rows.entries()) {
    keptWords[2 * i] = words[2 * row];
    keptWords[2 * i + 1] = words[2 * row + 1];
  }
  return {
    times,
    values: kept,
    from: 0,
    to: rows.length,
    startTimes: startTimes === null ? null : Float64Array.from(rows, (row) => startTimes[row]),
    histograms: histograms === null ? null : rows.map((row) => histograms[row]),
  };
}
