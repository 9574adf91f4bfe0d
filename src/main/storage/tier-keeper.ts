import { EMPTY_LABELS, type Millis } from '#shared/model/index.ts';
import { Assembler, KeptParts } from './assemble.ts';
import type { SeriesSamples, Tier, TierState } from './contract.ts';
import type { Database } from './database.ts';
import { encodeFrame, type FrameColumn } from './frame-codec.ts';
import { FrameReader, type GroupReading } from './frame-reader.ts';
import type { Groups } from './groups.ts';
import type { Head } from './head.ts';
import { dropEmptyGroups, forgetGroups } from './prune.ts';
import { AGGREGATES, bucketsOf, compacted, DAY, presenceOf, PREVIOUS, type Buckets } from './tier-buckets.ts';
import type { Visibility } from './visibility.ts';

/** Days without anything that are passed in one step. */
const EMPTY_DAYS = 100;
/** Rows removed in one step. */
const REMOVED_ROWS = 500;
/** How long days that got more samples wait to be made again, as more may come. */
const QUIET: Millis = 3_600_000;
/** Samples wait so long beyond their time for a tier that is not made; then they go all the same. */
const PATIENCE: Millis = 3 * DAY;

/** A day that is being made. */
interface Job {
  readonly day: Millis;
  readonly tiers: readonly Millis[];
  /** Groups that are still to be made; null: what an earlier attempt left is still to be removed. */
  groups: number[] | null;
  /** Series that are made: one that changed its group is made with the first of them, of all its samples. */
  readonly done: Set<number>;
}

/** Makes tiers of what is sealed, a group of a day at a step, and removes them when their time has come. */
export class TierKeeper {
  readonly #database: Database;
  readonly #head: Head;
  readonly #groups: Groups;
  readonly #visibility: Visibility;
  readonly #frames: FrameReader;
  readonly #forget: () => void;
  #tiers: readonly Tier[] = [];
  /** Days that are made, by resolution. */
  readonly #built = new Map<Millis, Set<Millis>>();
  #job: Job | null = null;
  #due = true;
  #quietUntil: Millis = -Infinity;
  /** Before this all days are made; -Infinity: not known. */
  #madeTo: Millis = -Infinity;
  /** Samples up to here were removed, in part. */
  #removedTo: Millis;

  /** @param forget is called when what was read of tiers is not so any more */
  constructor(database: Database, head: Head, groups: Groups, visibility: Visibility, forget: () => void) {
    this.#database = database;
    this.#head = head;
    this.#groups = groups;
    this.#visibility = visibility;
    this.#forget = forget;
    // Frames come and go between steps: none of what was known of them is kept.
    let reads = 0;
    const reading = { cacheBytes: 0, damaged: () => undefined, version: () => reads++ };
    this.#frames = new FrameReader(database.sqlite, reading);
    const rows = database.sqlite.prepare('SELECT tier, day FROM tier_day').raw();
    for (const [tier, day] of rows.iterate() as Iterable<[number, number]>) this.#days(tier).add(day);
    this.#removedTo = (database.sqlite.prepare("SELECT value FROM counter WHERE name = 'removed to'").pluck().get() ??
      -Infinity) as number;
  }

  #days(resolution: Millis): Set<Millis> {
    let days = this.#built.get(resolution);
    if (days === undefined) this.#built.set(resolution, (days = new Set()));
    return days;
  }

  set(tiers: readonly Tier[]): void {
    this.#tiers = [...tiers].sort((a, b) => a.resolution - b.resolution);
    this.#job = null;
    this.wake();
  }

  /** Blocks were sealed: days may be complete. */
  wake(): void {
    this.#due = true;
    this.#madeTo = -Infinity;
  }

  /** Days of a tier that can be read now: a copy. */
  built(resolution: Millis): ReadonlySet<Millis> {
    return new Set(this.#built.get(resolution));
  }

  isBuilt(resolution: Millis, day: Millis): boolean {
    return this.#built.get(resolution)?.has(day) === true;
  }

  /** Buckets that end before this are gone. */
  horizon({ keep }: Tier): Millis {
    return keep === null ? -Infinity : this.#visibility.newest - keep;
  }

  /** What of whatever tier is kept; Infinity without tiers. */
  get lastHorizon(): Millis {
    return this.#tiers.reduce((last, tier) => Math.min(last, this.horizon(tier)), Infinity);
  }

  tier(resolution: Millis): Tier | undefined {
    return this.#tiers.find((tier) => tier.resolution === resolution);
  }

  /** No day that is made, and no sample, is older: -Infinity where that is not known. */
  get firstTime(): Millis {
    let first = Infinity;
    for (const days of this.#built.values()) for (const day of days) if (day < first) first = day;
    const oldest = this.#database.run(
      (sqlite) => sqlite.prepare('SELECT min(mint) FROM timeline').pluck().get() as number | null,
    );
    for (const { times, rows } of this.#head.blocks.values()) if (rows > 0) first = Math.min(first, times[0]);
    return Math.min(first, oldest ?? Infinity, this.#head.late.firstTime);
  }

  /** End of the newest day of which a tier has something of a series; -Infinity: there is none. */
  lastTimeOf(ref: number): Millis {
    if (this.#built.size === 0) return -Infinity;
    let last = -Infinity;
    const find = this.#database.sqlite.prepare('SELECT max(day) FROM tier_frame WHERE grp = ?').pluck();
    for (const group of this.#head.state.groups(ref)) {
      const day = find.get(group) as number | null;
      if (day !== null) last = Math.max(last, day + DAY);
    }
    return last;
  }

  states(): TierState[] {
    return this.#tiers.map((tier) => {
      const days = [...(this.#built.get(tier.resolution) ?? [])].sort((a, b) => a - b);
      if (days.length === 0) return { ...tier, from: null, builtTo: null };
      let builtTo = days[0];
      for (const day of days) if (day === builtTo) builtTo += DAY;
      return { ...tier, from: Math.max(days[0], this.horizon(tier)), builtTo };
    });
  }

  /** Samples in [from, to] came to where days may be made already: those are to be made again. In the caller's transaction. */
  invalidate(from: Millis, to: Millis): void {
    // What was removed cannot be made again: such a day stays as it is.
    const first = Math.max(Math.floor(from / DAY) * DAY - DAY, Math.ceil(this.#removedTo / DAY) * DAY);
    // A sample counts as the one before the first of the next hour.
    const last = Math.floor((to + PREVIOUS) / DAY) * DAY;
    let made = false;
    for (const days of this.#built.values())
      for (const day of days) if (day >= first && day <= last) made = days.delete(day) || made;
    if (made) {
      this.#database.statement('DELETE FROM tier_day WHERE day BETWEEN ? AND ?').run(first, last);
      this.#quietUntil = this.#head.maxTime + QUIET;
    }
    if (this.#job !== null && this.#job.day >= first && this.#job.day <= last) this.#job = null;
    this.wake();
  }

  /** Samples up to here were removed, in part; -Infinity: none. */
  get removedTo(): Millis {
    return this.#removedTo;
  }

  /** Sealed samples up to here were removed. In the caller's transaction. */
  removed(to: Millis): void {
    if (to <= this.#removedTo) return;
    this.#removedTo = to;
    this.#database.statement("INSERT OR REPLACE INTO counter (name, value) VALUES ('removed to', ?)").run(to);
  }

  /** Up to where samples whose time was over at `horizon` may be removed: not before they are in the tiers. */
  removable(horizon: Millis): Millis {
    if (this.#tiers.length === 0) return horizon;
    return Math.min(horizon, Math.max(this.#firstMissing(), horizon - PATIENCE));
  }

  /** Start of the first day with samples that is not made. */
  #firstMissing(): Millis {
    if (this.#madeTo === -Infinity) this.#madeTo = this.#nextDay(false) ?? Infinity;
    return this.#madeTo;
  }

  /** Does a bounded step. @returns whether there is more to do now */
  step(): boolean {
    if (this.#expire()) return true;
    if (this.#tiers.length === 0) return false;
    if (this.#job !== null) {
      this.#work(this.#job);
      return true;
    }
    if (!this.#due || this.#head.maxTime < this.#quietUntil) return false;
    const day = this.#nextDay(true);
    if (day === null) {
      this.#due = false;
      return false;
    }
    const missing = this.#tiers.map(({ resolution }) => resolution).filter((one) => !this.isBuilt(one, day));
    this.#job = { day, tiers: missing, groups: null, done: new Set() };
    return true;
  }

  /** The first day from the oldest sample on that is not made. @param complete it must be over and sealed; else null */
  #nextDay(complete: boolean): Millis | null {
    const sqlite = this.#database.sqlite;
    const oldest = sqlite.prepare('SELECT min(mint) FROM timeline').pluck().get() as number | null;
    if (oldest === null) return null;
    let open = this.#head.late.firstTime;
    for (const { times, rows } of this.#head.blocks.values()) if (rows > 0) open = Math.min(open, times[0]);
    // The day that goes on is not made either.
    const until = complete ? Math.min(open - 1, this.#head.maxTime) : this.#head.maxTime + DAY;
    const later = sqlite.prepare('SELECT mint FROM timeline WHERE maxt > ? ORDER BY maxt LIMIT 1').pluck();
    let passed = 0;
    const horizon = this.lastHorizon;
    // A day is (start, start + DAY]; the sample at its start belongs to the one before.
    for (let day = (Math.ceil(oldest / DAY) - 1) * DAY; day + DAY <= until; day += DAY) {
      if (day + DAY <= horizon || this.#tiers.every(({ resolution }) => this.isBuilt(resolution, day))) continue;
      if (this.#hasSamples(day)) return day;
      // Over what nobody ever wrote one jump leads.
      const next = later.get(day + DAY) as number | undefined;
      if (next === undefined || ++passed > EMPTY_DAYS) return null;
      day = Math.max(day, (Math.ceil(next / DAY) - 2) * DAY);
    }
    return null;
  }

  #hasSamples(day: Millis): boolean {
    const find = 'SELECT 1 FROM timeline WHERE maxt > ? AND mint <= ? LIMIT 1';
    return this.#database.sqlite.prepare(find).get(day, day + DAY) !== undefined;
  }

  #groupsOf(day: Millis): number[] {
    const { sqlite } = this.#database;
    const groups = new Set<number>();
    const find = sqlite
      .prepare('SELECT DISTINCT grp FROM frame WHERE id BETWEEN ? AND ? AND maxt > ? AND mint <= ?')
      .pluck();
    const timelines = sqlite.prepare('SELECT frame_from, frame_to FROM timeline WHERE maxt > ? AND mint <= ?').raw();
    for (const [from, to] of timelines.all(day, day + DAY) as [number, number][])
      for (const group of find.all(from, to, day, day + DAY) as number[]) groups.add(group);
    return [...groups].sort((a, b) => b - a);
  }

  /** Makes the next group of the day, or ends it. */
  #work(job: Job): void {
    if (job.groups === null) {
      if (this.#clear(job)) job.groups = this.#groupsOf(job.day);
      return;
    }
    const group = job.groups.pop();
    if (group !== undefined) {
      this.#build(job, group);
      return;
    }
    this.#database.transaction(() => {
      const note = this.#database.statement('INSERT OR REPLACE INTO tier_day (tier, day) VALUES (?, ?)');
      for (const tier of job.tiers) note.run(tier, job.day);
    });
    for (const tier of job.tiers) this.#days(tier).add(job.day);
    this.#job = null;
    this.#madeTo = -Infinity;
    this.#forget();
  }

  /** Removes some rows of earlier attempts. @returns whether none are left */
  #clear({ day, tiers }: Job): boolean {
    return this.#database.transaction(() => {
      const drop = this.#database.statement(
        'DELETE FROM tier_frame WHERE id IN (SELECT id FROM tier_frame WHERE tier = ? AND day = ? LIMIT ?)',
      );
      return tiers.every((tier) => drop.run(tier, day, REMOVED_ROWS).changes < REMOVED_ROWS);
    });
  }

  #build({ day, tiers, done }: Job, group: number): void {
    const members = this.#groups.members.get(group) ?? [];
    const own = this.#visibility.horizonOfRule(0);
    // What a rule lets go earlier than the rest is not wanted for longer than that.
    const refs = members.filter((ref) => ref >= 0 && !done.has(ref) && this.#visibility.horizon(ref) <= own);
    const { bySeries: found, add } = new KeptParts((ref) => this.#visibility.deleted(ref));
    this.#frames.read(this.#readings(refs), day - PREVIOUS, day + DAY, add, () => undefined);
    const assembler = new Assembler();
    const series = [...found]
      .map(([ref, parts]) => ({ member: members.indexOf(ref), samples: assembler.series(EMPTY_LABELS, parts) }))
      .filter((one): one is { member: number; samples: SeriesSamples } => one.samples !== null)
      .sort((a, b) => a.member - b.member);
    const made = tiers.map((tier) => ({
      tier,
      buckets: series.flatMap(({ member, samples }) => {
        const buckets = bucketsOf(samples, tier, day, day + DAY);
        return buckets === null ? [] : [{ member, buckets }];
      }),
    }));
    this.#database.transaction(() => {
      const put = this.#database.statement(
        'INSERT INTO tier_frame (grp, tier, aggregate, day, data) VALUES (?, ?, ?, ?, ?)',
      );
      for (const { tier, buckets } of made) {
        for (const [number, name] of AGGREGATES.entries()) {
          const columns = buckets.flatMap((one) => columnOf(one.member, one.buckets, name));
          if (columns.length > 0) put.run(group, tier, number, day, encodeFrame(columns, DAY / tier));
        }
      }
    });
    for (const ref of refs) done.add(ref);
  }

  /** All groups that hold samples of the series. */
  #readings(refs: readonly number[]): Iterable<GroupReading> {
    const readings = new Map<number, { group: number; places: number[]; series: number[] }>();
    for (const ref of refs)
      for (const group of this.#head.state.groups(ref)) {
        let reading = readings.get(group);
        if (reading === undefined) readings.set(group, (reading = { group, places: [], series: [] }));
        reading.places.push((this.#groups.members.get(group) ?? []).indexOf(ref));
        reading.series.push(ref);
      }
    return readings.values();
  }

  /** Removes some of what is older than a tier's time. @returns whether there was any */
  #expire(): boolean {
    for (const tier of this.#tiers) {
      const horizon = this.horizon(tier);
      for (const day of this.#built.get(tier.resolution) ?? [])
        if (day + DAY <= horizon) return this.#remove(tier.resolution, day);
    }
    return false;
  }

  /** Removes some of the oldest day, whatever its time. @returns whether there was one */
  removeOldest(): boolean {
    let oldest: { readonly tier: Millis; readonly day: Millis } | null = null;
    for (const [tier, days] of this.#built)
      for (const day of days) if (oldest === null || day < oldest.day) oldest = { tier, day };
    return oldest !== null && this.#remove(oldest.tier, oldest.day);
  }

  #remove(tier: Millis, day: Millis): boolean {
    let finished = false;
    const emptied = this.#database.transaction((sqlite) => {
      const rows = sqlite
        .prepare('SELECT id, grp FROM tier_frame WHERE tier = ? AND day = ? LIMIT ?')
        .raw()
        .all(tier, day, REMOVED_ROWS) as [number, number][];
      const drop = this.#database.statement('DELETE FROM tier_frame WHERE id = ?');
      for (const [id] of rows) drop.run(id);
      finished = rows.length < REMOVED_ROWS;
      if (finished) this.#database.statement('DELETE FROM tier_day WHERE tier = ? AND day = ?').run(tier, day);
      return dropEmptyGroups(this.#database, [...new Set(rows.map(([, group]) => group))]);
    });
    if (finished) this.#days(tier).delete(day);
    forgetGroups(this.#head, this.#groups, emptied);
    this.#forget();
    return true;
  }
}

/** A series' column of one aggregate; none where it has nothing of it. */
function columnOf(member: number, buckets: Buckets, name: (typeof AGGREGATES)[number]): FrameColumn[] {
  if (name === 'histogram') {
    const { histograms } = buckets;
    if (histograms === null) return [];
    const present = Uint8Array.from(histograms, (one) => (one === null ? 0 : 1));
    const kept = histograms.filter((one) => one !== null);
    if (kept.length === 0) return [];
    const whole = kept.length === histograms.length;
    return [
      {
        member,
        present: whole ? null : present,
        values: new Float64Array(kept.length),
        startTimes: null,
        histograms: kept,
      },
    ];
  }
  const present = presenceOf(buckets, name);
  const values = compacted(buckets[name], present);
  if (values.length === 0) return [];
  return [{ member, present, values, startTimes: null, histograms: null }];
}
