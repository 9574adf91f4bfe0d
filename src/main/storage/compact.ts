import { EMPTY_LABELS, type Millis } from '#shared/model/index.ts';
import { Assembler, KeptParts } from './assemble.ts';
import { encodeBulk, writeBulk, type BulkColumn } from './bulk.ts';
import type { Committer } from './committer.ts';
import type { Database } from './database.ts';
import { decodeTimeline } from './frame-codec.ts';
import { DecodeError } from './bytes.ts';
import { FrameReader } from './frame-reader.ts';
import type { Groups } from './groups.ts';
import { BLOCK_ROWS } from './head-block.ts';
import type { Head } from './head.ts';
import type { Visibility } from './visibility.ts';

/** A timeline of fewer rows is worth joining with others. */
const SMALL_ROWS = BLOCK_ROWS / 2;
/** So many small frames of a group are joined: each sample is written anew about as often as that divides what there is. */
const WORTH = 4;
/** Timelines looked at in one step. */
const SCANNED = 64;
/** Frames joined at once: some 50 ms. */
const MOST_FRAMES = 48;
/** Frames of one group are joined within days: none may span more than it is kept. */
const DAY: Millis = 86_400_000;

interface Small {
  readonly id: number;
  readonly mint: Millis;
  readonly maxt: Millis;
}

interface FrameRow {
  readonly id: number;
  readonly timeline: number;
  readonly mint: Millis;
  readonly maxt: Millis;
}

/**
 * Joins the small frames that imports, late samples and blocks sealed early leave behind into whole ones, a group at a
 * step and in one transaction. Of two samples with one time the one that was shown is kept.
 */
export class Compactor {
  readonly #database: Database;
  readonly #head: Head;
  readonly #groups: Groups;
  readonly #visibility: Visibility;
  readonly #committer: Committer;
  readonly #frames: FrameReader;
  readonly #forget: () => void;
  /** Small timelines, by number. */
  readonly #small = new Map<number, Small>();
  /** Timelines up to this number have been looked at. */
  #scannedTo = 0;
  #waiting: { readonly groups: number[]; readonly small: ReadonlySet<number> } | null = null;
  /** Small timelines of a day when it was looked at last without result. */
  readonly #tried = new Map<Millis, number>();
  #damaged = false;

  /** @param forget is called when frames were replaced */
  constructor(
    database: Database,
    head: Head,
    groups: Groups,
    visibility: Visibility,
    committer: Committer,
    forget: () => void,
  ) {
    this.#database = database;
    this.#head = head;
    this.#groups = groups;
    this.#visibility = visibility;
    this.#committer = committer;
    this.#forget = forget;
    // Frames come and go between steps: none of what was known of them is kept.
    let reads = 0;
    const damaged = (): void => {
      this.#damaged = true;
    };
    const reading = { cacheBytes: 0, damaged, version: () => reads++ };
    this.#frames = new FrameReader(database.sqlite, reading);
  }

  /** A timeline was written that is not looked at by itself any more. */
  note(id: number, rows: number, mint: Millis, maxt: Millis): void {
    if (rows < SMALL_ROWS) this.#small.set(id, { id, mint, maxt });
  }

  /** @returns whether there may be more to do now */
  step(): boolean {
    if (this.#waiting !== null) {
      const group = this.#waiting.groups.pop();
      if (group === undefined) this.#finish();
      else this.#join(group, this.#waiting.small);
      return true;
    }
    return this.#scan() || this.#choose();
  }

  #scan(): boolean {
    const rows = this.#database.sqlite
      .prepare('SELECT id, mint, maxt, data FROM timeline WHERE id > ? ORDER BY id LIMIT ?')
      .raw()
      .all(this.#scannedTo, SCANNED) as [number, number, number, Buffer][];
    for (const [id, mint, maxt, data] of rows) {
      this.#scannedTo = id;
      try {
        this.note(id, decodeTimeline(data).length, mint, maxt);
      } catch (error) {
        if (!(error instanceof DecodeError)) throw error;
      }
    }
    return rows.length > 0;
  }

  /** Looks for a day with enough small timelines. @returns whether there is one to be worked on */
  #choose(): boolean {
    let open = Infinity;
    for (const { times, rows } of this.#head.blocks.values()) if (rows > 0) open = Math.min(open, times[0]);
    const days = new Map<Millis, Small[]>();
    for (const one of this.#small.values()) {
      // What reaches into the blocks in memory waits until they are sealed: they rank by their numbers.
      if (one.maxt >= open) continue;
      const day = Math.floor(one.mint / DAY) * DAY;
      const others = days.get(day);
      if (others === undefined) days.set(day, [one]);
      else others.push(one);
    }
    const bounds = this.#database.sqlite.prepare('SELECT frame_from, frame_to FROM timeline WHERE id = ?').raw();
    const groupsOf = this.#database.sqlite.prepare('SELECT grp FROM frame WHERE id BETWEEN ? AND ?').pluck();
    for (const [day, all] of days) {
      if (all.length < WORTH || this.#tried.get(day) === all.length) continue;
      const counts = new Map<number, number>();
      for (const { id } of all) {
        const found = bounds.get(id) as [number, number] | undefined;
        if (found === undefined) {
          this.#small.delete(id);
          continue;
        }
        for (const group of groupsOf.all(...found) as number[]) counts.set(group, (counts.get(group) ?? 0) + 1);
      }
      const groups = [...counts].filter(([, count]) => count >= WORTH).map(([group]) => group);
      this.#tried.set(day, all.length);
      if (groups.length === 0) continue;
      this.#waiting = { groups, small: new Set(all.map(({ id }) => id)) };
      return true;
    }
    return false;
  }

  #finish(): void {
    const { small } = this.#waiting ?? { small: new Set<number>() };
    this.#waiting = null;
    const there = this.#database.sqlite.prepare('SELECT 1 FROM timeline WHERE id = ?').pluck();
    for (const id of small) if (there.get(id) === undefined) this.#small.delete(id);
  }

  /**
   * The frames of a group that are to be joined: the oldest small ones, and all that reach into their span; null: too
   * few, too many, or others rank among them.
   */
  #span(group: number, small: ReadonlySet<number>): readonly FrameRow[] | null {
    const { sqlite } = this.#database;
    const all = sqlite
      .prepare('SELECT id, timeline, mint, maxt FROM frame WHERE grp = ? ORDER BY mint')
      .all(group) as FrameRow[];
    const found = closed(
      all,
      all.filter(({ timeline }) => small.has(timeline)),
    );
    if (found === null) return null;
    const [from, to] = spanOf(found);
    for (const { times, rows } of this.#head.blocks.values()) if (rows > 0 && times[0] <= to) return null;
    const others = sqlite.prepare('SELECT 1 FROM frame WHERE grp = ? AND maxt >= ? AND mint <= ? LIMIT 1').pluck();
    for (const ref of this.#groups.members.get(group) ?? [])
      for (const other of ref < 0 ? [] : this.#head.state.groups(ref))
        if (other !== group && others.get(other, from, to) !== undefined) return null;
    return found;
  }

  #join(group: number, small: ReadonlySet<number>): void {
    const frames = this.#span(group, small);
    const members = this.#groups.members.get(group);
    // A member whose registration is lost has samples that nobody could ask for again.
    if (frames === null || members === undefined || members.includes(-1)) return;
    const [from, to] = spanOf(frames);
    const { bySeries: found, add } = new KeptParts((ref) => this.#visibility.deleted(ref));
    this.#damaged = false;
    this.#frames.read([{ group, places: [...members.keys()], series: members }], from, to, add, () => undefined);
    if (this.#damaged) return;
    const assembler = new Assembler();
    const columns: BulkColumn[] = [];
    for (const [ref, parts] of found) {
      const samples = assembler.series(EMPTY_LABELS, parts);
      if (samples !== null) columns.push({ ...samples, ref });
    }
    const places = (refs: Int32Array) => ({
      byGroup: new Map([[group, [...refs.keys()]]]),
      made: new Map<number, readonly number[]>(),
    });
    const encoding = encodeBulk(this.#groups, columns, places);
    let step = encoding.next();
    while (step.done !== true) step = encoding.next();
    const bulk = step.value;
    // Nothing gained: the rows have little in common.
    if (bulk.slices.length >= frames.length) return;
    const made = writeBulk(this.#committer, this.#head, this.#groups, bulk, () => this.#remove(frames));
    for (const { id, rows, mint, maxt } of made) this.note(id, rows, mint, maxt);
    // Looked at already.
    this.#scannedTo = Math.max(this.#scannedTo, ...made.map(({ id }) => id));
    this.#forget();
    this.#waiting?.groups.push(group);
  }

  /** Removes frames that were joined, and timelines that have none any more. In the caller's transaction. */
  #remove(frames: readonly FrameRow[]): void {
    const drop = this.#database.statement('DELETE FROM frame WHERE id = ?');
    for (const { id } of frames) drop.run(id);
    // As long as the journal may mention a block its timeline tells that it is in frames.
    const end = this.#database.statement(
      `DELETE FROM timeline WHERE id = ? AND seq < (SELECT ifnull(min(seq), 9007199254740991) FROM journal)
       AND NOT EXISTS (SELECT 1 FROM frame WHERE id BETWEEN timeline.frame_from AND timeline.frame_to)`,
    );
    for (const timeline of new Set(frames.map(({ timeline }) => timeline))) end.run(timeline);
  }
}

function spanOf(frames: readonly FrameRow[]): readonly [from: Millis, to: Millis] {
  return [Math.min(...frames.map(({ mint }) => mint)), Math.max(...frames.map(({ maxt }) => maxt))];
}

/** As many of the first as can be joined at once, with all frames that reach into their span; null: not enough. */
function closed(all: readonly FrameRow[], first: readonly FrameRow[]): readonly FrameRow[] | null {
  for (let count = Math.min(first.length, MOST_FRAMES); count >= WORTH; count >>= 1) {
    let found: readonly FrameRow[] = first.slice(0, count);
    for (let before = 0; found.length !== before && found.length <= MOST_FRAMES;) {
      before = found.length;
      const [from, to] = spanOf(found);
      found = all.filter(({ mint, maxt }) => maxt >= from && mint <= to);
    }
    if (found.length <= MOST_FRAMES) return found;
  }
  return null;
}
