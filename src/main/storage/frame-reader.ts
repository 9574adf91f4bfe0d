import type { Millis } from '#shared/model/index.ts';
import Sqlite from 'better-sqlite3';
import type { Part } from './assemble.ts';
import { DecodeError } from './bytes.ts';
import { decodeTimeline, Frame, GROUP_SIZE, type FrameColumn, type Room } from './frame-codec.ts';
import { FrameList, FrameLists } from './frame-list.ts';
import { BLOCK_ROWS } from './head-block.ts';
import { Lru } from './lru.ts';
import { lowerBound } from './search-times.ts';

/** Timelines of even steps take some thirty bytes; only those are likely to come again. */
const TOLD_LENGTH = 256;
const MOST_TOLD = 4096;

/** Members of one group that are to be read. */
export interface GroupReading {
  readonly group: number;
  /** Place of each in the group. */
  readonly places: readonly number[];
  /** What `add` is told of each: a reference, or a place in a list. */
  readonly series: readonly number[];
}

export interface FrameReaderOptions {
  /** Bytes of frames, decoded columns included, and of timelines kept for the next query. */
  readonly cacheBytes: number;
  /** Told of frames that cannot be read; reading goes on without them. */
  readonly damaged: (frame: number) => void;
  /** Changes with each frame that is added to the file as this reader sees it. */
  readonly version: () => number;
}

/** A frame's number, its timeline's, and the blobs of both; the last is null where the timeline is missing. */
type Row = [id: number, timeline: number, data: Uint8Array, told: Uint8Array | null];

/** Nothing will be put behind. */
const NO_SPARE = (): number => 0;

/** Frames from which on one statement for all costs less than one for each. */
const WORTH_ONE_STATEMENT = 3;

/** A frame of which no column has been decoded, with its timeline (milliseconds). */
interface Unfolded {
  readonly frame: Frame;
  readonly times: Float64Array;
  /** Number of the timeline: what its samples rank. */
  readonly rank: number;
}

/** A frame with the columns that have been asked for. */
interface Opened extends Unfolded {
  /** By member: all its samples in the frame. */
  readonly parts: (Part | undefined)[];
  /** Bytes of columns of times that are not the timeline. */
  ownTimes: number;
}

function bytesOf({ frame, ownTimes }: Opened): number {
  return frame.size + ownTimes;
}

/** Reads samples out of the frames of a store, over any connection to its file: that of the writer or a reading one. */
export class FrameReader {
  readonly #frames: Lru<Opened>;
  readonly #timelines: Lru<Float64Array>;
  /** Times by the bytes that tell them: equal ones are one array, so that what is made of them is made once. */
  readonly #told = new Map<string, WeakRef<Float64Array>>();
  /** Bytes of columns up to which a read is kept for the next query. */
  readonly #keepsUpTo: number;
  readonly #damaged: (frame: number) => void;
  readonly #lists: FrameLists;
  readonly #newest;
  readonly #range;
  readonly #frame;
  readonly #timeline;
  /** Counts readings, so that a cache that nobody uses any more can be told. */
  readings = 0;

  constructor(sqlite: Sqlite.Database, { cacheBytes, damaged, version }: FrameReaderOptions) {
    this.#damaged = damaged;
    this.#keepsUpTo = cacheBytes / 2;
    this.#frames = new Lru(Math.floor(cacheBytes * 0.9));
    this.#timelines = new Lru(Math.ceil(cacheBytes * 0.1));
    const list = sqlite.prepare('SELECT id, timeline, mint, maxt FROM frame WHERE grp = ? ORDER BY maxt').raw();
    this.#lists = new FrameLists(
      (group) => new FrameList(list.all(group) as [number, number, number, number][]),
      version,
    );
    this.#newest = sqlite.prepare('SELECT id, timeline FROM frame WHERE grp = ? ORDER BY maxt DESC').raw();
    this.#range = sqlite
      .prepare(
        `SELECT frame.id, frame.timeline, frame.data, timeline.data
           FROM frame LEFT JOIN timeline ON timeline.id = frame.timeline
          WHERE grp = ? AND frame.maxt >= ? AND frame.mint <= ? ORDER BY frame.maxt`,
      )
      .raw();
    this.#frame = sqlite.prepare('SELECT data FROM frame WHERE id = ?').pluck();
    this.#timeline = sqlite.prepare('SELECT data FROM timeline WHERE id = ?').pluck();
  }

  /**
   * Hands all samples in [start, end] to `add`, part by part.
   * @param check called before each frame; what it throws ends the reading
   * @param spare how many samples of a series will be put behind these: a large read leaves room for them
   */
  read(
    readings: Iterable<GroupReading>,
    start: Millis,
    end: Millis,
    add: (series: number, part: Part) => void,
    check: () => void,
    spare: (series: number) => number = NO_SPARE,
  ): void {
    this.readings++;
    const all = [...readings];
    const large = this.#isLarge(all, start, end);
    for (const reading of all) {
      const { group, places, series } = reading;
      if (large) {
        this.#readLarge(reading, start, end, add, check, spare);
        continue;
      }
      const fetched = this.#fetch(group, start, end, check);
      this.#lists.of(group).each(start, end, (id, timeline) => {
        check();
        this.#unlessDamaged(id, () => {
          const opened = this.#open(id, timeline, fetched?.get(id));
          const before = bytesOf(opened);
          for (let k = 0; k < places.length; k++) {
            const part = opened.frame.has(places[k])
              ? within(this.#part(opened, places[k], places.length - k), start, end)
              : null;
            if (part !== null) add(series[k], part);
          }
          const bytes = bytesOf(opened);
          if (bytes !== before) this.#frames.set(id, opened, bytes);
        });
      });
    }
  }

  /** Whether the columns read would push out most of what is kept for the next query, and soon each other. */
  #isLarge(readings: readonly GroupReading[], start: Millis, end: Millis): boolean {
    let bytes = 0;
    for (const { group, places } of readings)
      this.#lists.of(group).each(start, end, () => {
        bytes += places.length * BLOCK_ROWS * 8;
      });
    return bytes > this.#keepsUpTo;
  }

  /**
   * As `read` of one group, past what is kept for the next query: the values of each series are decoded one frame behind
   * the other into one array, so that nobody has to join them, and memory is touched once. Half of the time of such a
   * read would go to that.
   */
  #readLarge(
    { group, places, series }: GroupReading,
    start: Millis,
    end: Millis,
    add: (series: number, part: Part) => void,
    check: () => void,
    spare: (series: number) => number,
  ): void {
    const fetched = this.#fetch(group, start, end, check);
    const frames: (Unfolded & { readonly id: number })[] = [];
    this.#lists.of(group).each(start, end, (id, timeline) => {
      check();
      this.#unlessDamaged(id, () => frames.push({ id, ...this.#unfold(id, timeline, fetched?.get(id)) }));
    });
    // By place in the group: where the next values of that series go, and what has to stay free behind the last.
    const next = new Int32Array(GROUP_SIZE).fill(-1);
    const behind = new Int32Array(GROUP_SIZE);
    let length = 0;
    for (const [k, place] of places.entries()) {
      next[place] = length;
      behind[place] = spare(series[k]);
      for (const { frame } of frames) if (frame.has(place)) length += frame.rows;
      length += behind[place];
    }
    const slab = new Float64Array(length);
    const room: Room = (member, count) => {
      const from = next[member];
      // Only what another is relative to.
      if (from < 0) return new Float64Array(count);
      next[member] += count;
      return slab.subarray(from, next[member]);
    };
    for (const [i, { id, ...unfolded }] of frames.entries()) {
      check();
      this.#unlessDamaged(id, () => {
        for (const [k, place] of places.entries()) {
          if (!unfolded.frame.has(place)) continue;
          const whole = partOf(unfolded, unfolded.frame.columnIn(place, room));
          const part = within(i === frames.length - 1 ? { ...whole, spare: behind[place] } : whole, start, end);
          if (part !== null) add(series[k], part);
        }
      });
    }
  }

  /** Runs `read` of a frame; that one is told of and left out where it is damaged. */
  #unlessDamaged(frame: number, read: () => void): void {
    try {
      read();
    } catch (error) {
      if (!isDamage(error)) throw error;
      this.#damaged(frame);
    }
  }

  /**
   * The blobs of a group's frames, and of their timelines, with one statement, where several of them are not in memory:
   * asking for each costs more than reading it. Null where that is not worth it, or a page of them cannot be read: then each
   * is asked for, so that only what is damaged is missing.
   */
  #fetch(group: number, start: Millis, end: Millis, check: () => void): Map<number, Uint8Array> | null {
    let missing = 0;
    this.#lists.of(group).each(start, end, (id) => {
      if (!this.#frames.has(id)) missing++;
    });
    if (missing < WORTH_ONE_STATEMENT) return null;
    const fetched = new Map<number, Uint8Array>();
    try {
      for (const [id, timeline, data, told] of this.#range.iterate(group, start, end) as Iterable<Row>) {
        check();
        fetched.set(id, data);
        if (told !== null && !this.#timelines.has(timeline)) this.#keepTimes(timeline, told);
      }
    } catch (error) {
      if (!isDamage(error)) throw error;
      return null;
    }
    return fetched;
  }

  /** The newest frame's samples of a member, or null. */
  newest(group: number, member: number): Part | null {
    for (const [id, timeline] of this.#newest.iterate(group) as Iterable<[number, number]>)
      try {
        const opened = this.#open(id, timeline);
        if (opened.frame.has(member)) return this.#part(opened, member);
      } catch (error) {
        if (!isDamage(error)) throw error;
        this.#damaged(id);
      }
    return null;
  }

  /** Whether any frame of the group reaches into [start, end]. */
  has(group: number, start: Millis, end: Millis): boolean {
    let has = false;
    this.#lists.of(group).each(start, end, () => {
      has = true;
    });
    return has;
  }

  /** Samples of one member in [start, end], if all frames of the group were full and even. */
  estimate(group: number, start: Millis, end: Millis): number {
    let share = 0;
    this.#lists.of(group).each(start, end, (_id, _timeline, mint, maxt) => {
      share += (Math.min(maxt, end) - Math.max(mint, start) + 1) / (maxt - mint + 1);
    });
    return share * BLOCK_ROWS;
  }

  #open(id: number, timeline: number, blob?: Uint8Array): Opened {
    let opened = this.#frames.get(id);
    if (opened === undefined) {
      opened = { ...this.#unfold(id, timeline, blob), parts: [], ownTimes: 0 };
      this.#frames.set(id, opened, bytesOf(opened));
    }
    return opened;
  }

  #unfold(id: number, timeline: number, blob?: Uint8Array): Unfolded {
    return {
      frame: new Frame(blob ?? (this.#frame.get(id) as Uint8Array)),
      times: this.#times(timeline),
      rank: timeline,
    };
  }

  #times(id: number): Float64Array {
    let times = this.#timelines.get(id);
    if (times === undefined) {
      const blob = this.#timeline.get(id) as Uint8Array | undefined;
      if (blob === undefined) throw new DecodeError('a timeline is missing');
      times = this.#keepTimes(id, blob);
    }
    return times;
  }

  #keepTimes(id: number, blob: Uint8Array): Float64Array {
    const times = this.#decode(blob);
    this.#timelines.set(id, times, times.byteLength + 100);
    return times;
  }

  /** Series that were imported or written group by group have timelines of their own that say the same. */
  #decode(blob: Uint8Array): Float64Array {
    if (blob.length > TOLD_LENGTH) return decodeTimeline(blob);
    const key = Buffer.from(blob.buffer, blob.byteOffset, blob.length).toString('latin1');
    let times = this.#told.get(key)?.deref();
    if (times === undefined) {
      times = decodeTimeline(blob);
      if (this.#told.size >= MOST_TOLD) this.#told.clear();
      this.#told.set(key, new WeakRef(times));
    }
    return times;
  }

  /** @param expected about how many members of the frame are asked for, this one included */
  #part(opened: Opened, member: number, expected = 1): Part {
    let part = opened.parts[member];
    if (part === undefined) {
      part = partOf(opened, opened.frame.column(member, expected));
      opened.parts[member] = part;
      if (part.times !== opened.times) opened.ownTimes += part.times.byteLength;
    }
    return part;
  }

  /** Forgets what was read. */
  clear(): void {
    this.#frames.clear();
    this.#timelines.clear();
    this.#told.clear();
    this.#lists.clear();
  }

  get cacheBytes(): number {
    return this.#frames.size + this.#timelines.size;
  }
}

/** What costs one frame, and not the whole answer: a blob that is not what was written, or pages of it that SQLite cannot read. */
function isDamage(error: unknown): boolean {
  return (
    error instanceof DecodeError || (error instanceof Sqlite.SqliteError && error.code.startsWith('SQLITE_CORRUPT'))
  );
}

/** All samples of a column. */
function partOf({ times: timeline, rank }: Unfolded, { present, values, startTimes, histograms }: FrameColumn): Part {
  let times = timeline;
  if (present !== null) {
    times = new Float64Array(values.length);
    let at = 0;
    for (let row = 0; row < present.length; row++) if (present[row] === 1) times[at++] = timeline[row];
  }
  if (values.length > times.length) throw new DecodeError('a frame is longer than its timeline');
  return { times, values, from: 0, to: values.length, startTimes, histograms, rank };
}

/** The samples in [start, end], null where there are none: the part itself where that is all of it. */
export function within(part: Part, start: Millis, end: Millis): Part | null {
  const { times, to: length } = part;
  if (length > 0 && times[0] >= start && times[length - 1] <= end) return part;
  const from = lowerBound(times, 0, length, start);
  let to = lowerBound(times, from, length, end);
  if (to < length && times[to] === end) to++;
  return from === to ? null : { ...part, from, to };
}
