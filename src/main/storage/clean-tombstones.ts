import type { Millis } from '#shared/model/index.ts';
import { DecodeError } from './bytes.ts';
import type { Database } from './database.ts';
import { decodeExemplars, encodeExemplars } from './exemplar-codec.ts';
import type { Groups } from './groups.ts';
import type { Head } from './head.ts';
import { forgetGroups, pruneFrames, pruneTierFrames } from './prune.ts';
import { DAY } from './tier-buckets.ts';
import type { Sidelines } from './sidelines.ts';
import { isDeleted, type Tombstones } from './tombstones.ts';
import type { Visibility } from './visibility.ts';

/** Frames looked at in one step. */
const FRAMES = 16;

interface Bounds {
  readonly mint: number;
  readonly maxt: number;
}

interface Pass {
  /** Rows of the tombstone table that this pass deals with: up to this one. */
  readonly lastRow: number;
  /** Persistent numbers of the series that are left, with the bounds of what is deleted of them. */
  readonly left: (readonly [series: number, bounds: Bounds])[];
  /** Series whose deleted samples are, in part, not in frames yet, with the time of the first such: from there their tombstones stay. */
  readonly blocked: Map<number, Millis>;
  /** Frames that need not be looked at again: pruning one serves all series in it. */
  readonly seen: Set<number>;
  readonly seenTiers: Set<number>;
  readonly refOf: ReadonlyMap<number, number>;
}

/** Takes deleted samples out of the frames, step by step, and then forgets the tombstones. */
export class TombstoneCleaner {
  readonly #database: Database;
  readonly #head: Head;
  readonly #groups: Groups;
  readonly #sidelines: Sidelines;
  readonly #tombstones: Tombstones;
  readonly #visibility: Visibility;
  #pass: Pass | null = null;
  #due = true;

  constructor(database: Database, head: Head, groups: Groups, sidelines: Sidelines, visibility: Visibility) {
    this.#database = database;
    this.#head = head;
    this.#groups = groups;
    this.#sidelines = sidelines;
    this.#tombstones = sidelines.tombstones;
    this.#visibility = visibility;
  }

  /** There may be something to do: samples were deleted, or got into frames after that. */
  wake(): void {
    this.#due = true;
  }

  /** Whether it is in the midst of it. */
  get busy(): boolean {
    return this.#pass !== null;
  }

  /** @returns whether there may be more */
  step(): boolean {
    if (this.#pass === null) {
      if (!this.#due) return false;
      this.#due = false;
      this.#pass = this.#begin();
      return this.#pass !== null;
    }
    const next = this.#pass.left.at(-1);
    if (next === undefined) {
      this.#finish(this.#pass);
      this.#pass = null;
      return true;
    }
    if (!this.#prune(this.#pass, next)) this.#pass.left.pop();
    return true;
  }

  #begin(): Pass | null {
    return this.#database.run((sqlite) => {
      const rows = sqlite
        .prepare('SELECT series, min(mint), max(maxt), max(id) FROM tombstone GROUP BY series')
        .raw()
        .all() as [number, number, number, number][];
      if (rows.length === 0) return null;
      const refOf = new Map<number, number>();
      for (let ref = 0; ref < this.#head.state.length; ref++) refOf.set(this.#head.state.ids[ref], ref);
      return {
        lastRow: rows.reduce((last, [, , , id]) => Math.max(last, id), 0),
        left: rows.map(([series, mint, maxt]) => [series, { mint, maxt }] as const),
        blocked: new Map<number, Millis>(),
        seen: new Set<number>(),
        seenTiers: new Set<number>(),
        refOf,
      };
    });
  }

  /** @returns whether there may be more frames of the series */
  #prune(pass: Pass, [series, { mint, maxt }]: readonly [number, Bounds]): boolean {
    const ref = pass.refOf.get(series);
    if (ref === undefined) return false;
    for (const { block } of this.#head.columnsOf(ref)) {
      const [from, to] = block.rowRange(mint, maxt);
      if (from < to) pass.blocked.set(series, Math.min(block.times[from], pass.blocked.get(series) ?? Infinity));
    }
    if (this.#head.late.has(ref, mint, maxt)) pass.blocked.set(series, mint);
    let looked = 0;
    const emptied = this.#database.transaction((sqlite) => {
      const find = sqlite.prepare('SELECT id, timeline FROM frame WHERE grp = ? AND maxt >= ? AND mint <= ?').raw();
      const byTimeline = new Map<number, number[]>();
      for (const group of this.#head.state.groups(ref))
        for (const [id, timeline] of find.iterate(group, mint, maxt) as Iterable<[number, number]>) {
          if (pass.seen.has(id)) continue;
          if (looked === FRAMES) break;
          looked++;
          pass.seen.add(id);
          const ids = byTimeline.get(timeline);
          if (ids === undefined) byTimeline.set(timeline, [id]);
          else ids.push(id);
        }
      return [...byTimeline].flatMap(
        ([timeline, ids]) => pruneFrames(this.#database, this.#groups, timeline, ids, this.#visibility).emptied,
      );
    });
    forgetGroups(this.#head, this.#groups, emptied);
    return looked === FRAMES || this.#pruneTiers(pass, ref, mint, maxt);
  }

  /** As `#prune`, of what tiers have of the series. */
  #pruneTiers(pass: Pass, ref: number, mint: Millis, maxt: Millis): boolean {
    const find = this.#database.sqlite
      .prepare('SELECT id FROM tier_frame WHERE grp = ? AND day BETWEEN ? AND ?')
      .pluck();
    const ids = this.#head.state
      .groups(ref)
      .flatMap((group) => find.all(group, mint - DAY, maxt) as number[])
      .filter((id) => !pass.seenTiers.has(id))
      .slice(0, FRAMES);
    if (ids.length === 0) return false;
    const deleted = { of: (one: number) => this.#visibility.deleted(one) };
    const { emptied } = this.#database.transaction(() => pruneTierFrames(this.#database, this.#groups, ids, deleted));
    for (const id of ids) pass.seenTiers.add(id);
    forgetGroups(this.#head, this.#groups, emptied);
    return true;
  }

  /** All frames are clean: the tombstones go, and with them the exemplars that they hid. */
  #finish({ lastRow, blocked, refOf }: Pass): void {
    const kept = this.#database.transaction((sqlite) => {
      const exemplars = sqlite.prepare('SELECT id, data FROM exemplar').raw().all() as [number, Buffer][];
      for (const [id, data] of exemplars) this.#pruneExemplars(id, data, refOf);
      const rows = sqlite.prepare('SELECT id, series, mint, maxt FROM tombstone').raw().all() as [
        number,
        number,
        number,
        number,
      ][];
      const drop = sqlite.prepare('DELETE FROM tombstone WHERE id = ?');
      const shorten = sqlite.prepare('UPDATE tombstone SET mint = ? WHERE id = ?');
      return rows.flatMap(([id, series, mint, maxt]) => {
        if (id > lastRow) return [[id, series, mint, maxt] as const];
        const from = Math.max(mint, blocked.get(series) ?? Infinity);
        if (from > maxt) drop.run(id);
        else if (from > mint) shorten.run(from, id);
        return from > maxt ? [] : [[id, series, from, maxt] as const];
      });
    });
    this.#tombstones.clear();
    for (const { series, start, end } of this.#sidelines.unwrittenTombstones) {
      const ref = refOf.get(series);
      if (ref !== undefined) this.#tombstones.add(ref, start, end);
    }
    for (const [, series, start, end] of kept) {
      const ref = refOf.get(series);
      if (ref !== undefined) this.#tombstones.add(ref, start, end);
    }
  }

  #pruneExemplars(id: number, data: Buffer, refOf: ReadonlyMap<number, number>): void {
    let decoded;
    try {
      decoded = decodeExemplars(data);
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
      return;
    }
    const kept = decoded.filter(({ series, time }) => {
      const ref = refOf.get(series);
      return ref === undefined || !isDeleted(this.#tombstones.of(ref) ?? [], time);
    });
    if (kept.length === decoded.length) return;
    if (kept.length === 0) this.#database.statement('DELETE FROM exemplar WHERE id = ?').run(id);
    else this.#database.statement('UPDATE exemplar SET data = ? WHERE id = ?').run(encodeExemplars(kept), id);
  }
}
