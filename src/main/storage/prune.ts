import { copyBits, wordsOf } from '#shared/model/index.ts';
import { DecodeError } from './bytes.ts';
import type { Database } from './database.ts';
import { decodeTimeline, encodeFrame, Frame, type FrameColumn } from './frame-codec.ts';
import type { Groups } from './groups.ts';
import type { Head } from './head.ts';
import { bucketsWithin, endsOfDay } from './tier-buckets.ts';
import { isDeleted, type Interval } from './tombstones.ts';
import type { Hidden } from './visibility.ts';

/** A frame without its hidden samples. */
type Pruned =
  | { readonly kind: 'as-it-was' }
  | { readonly kind: 'empty' }
  | { readonly kind: 'smaller'; readonly mint: number; readonly maxt: number; readonly data: Uint8Array };

/** A column without the samples in the intervals: itself when there are none, null when nothing is left. */
function prunedColumn(column: FrameColumn, times: Float64Array, intervals: readonly Interval[]): FrameColumn | null {
  const present = new Uint8Array(times.length);
  const kept: number[] = [];
  let element = 0;
  for (let row = 0; row < times.length; row++) {
    if (column.present !== null && column.present[row] === 0) continue;
    if (!isDeleted(intervals, times[row])) {
      present[row] = 1;
      kept.push(element);
    }
    element++;
  }
  if (kept.length === element) return column;
  if (kept.length === 0) return null;
  const values = new Float64Array(kept.length);
  const words = wordsOf(values);
  const source = wordsOf(column.values);
  for (const [at, i] of kept.entries()) copyBits(source, i, words, at);
  const { startTimes, histograms } = column;
  return {
    member: column.member,
    present,
    values,
    startTimes: startTimes === null ? null : Float64Array.from(kept, (i) => startTimes[i]),
    histograms: histograms === null ? null : kept.map((i) => histograms[i]),
  };
}

/** @throws DecodeError when the frame is damaged */
export function prunedFrame(frame: Frame, times: Float64Array, members: readonly number[], hidden: Hidden): Pruned {
  const columns: FrameColumn[] = [];
  let changed = false;
  for (const [member, ref] of members.entries()) {
    if (!frame.has(member)) continue;
    const intervals = ref < 0 ? null : hidden.of(ref);
    const column = frame.column(member);
    const kept = intervals === null ? column : prunedColumn(column, times, intervals);
    if (kept !== null) columns.push(kept);
    if (kept !== column) changed = true;
  }
  if (!changed) return { kind: 'as-it-was' };
  if (columns.length === 0) return { kind: 'empty' };
  let first = times.length - 1;
  let last = 0;
  for (const { present } of columns) {
    first = Math.min(first, present === null ? 0 : present.indexOf(1));
    last = Math.max(last, present === null ? times.length - 1 : present.lastIndexOf(1));
  }
  return { kind: 'smaller', mint: times[first], maxt: times[last], data: encodeFrame(columns, times.length) };
}

/**
 * Rewrites frames of one timeline without their hidden samples, in the transaction of the caller. Damaged frames stay
 * as they are. What is hidden is never asked for again, so the frame keeps its number.
 * @param ids frames of that timeline
 * @returns groups that have no frame any more
 */
export function pruneFrames(
  database: Database,
  groups: Groups,
  timeline: number,
  ids: readonly number[],
  hidden: Hidden,
): { readonly emptied: readonly number[] } {
  const { sqlite } = database;
  const blob = sqlite.prepare('SELECT data FROM timeline WHERE id = ?').pluck().get(timeline) as Buffer | undefined;
  if (blob === undefined) return { emptied: [] };
  const read = sqlite.prepare('SELECT grp, data FROM frame WHERE id = ?').raw();
  const touched = new Set<number>();
  try {
    const times = decodeTimeline(blob);
    for (const id of ids) {
      const row = read.get(id) as [number, Buffer] | undefined;
      if (row === undefined) continue;
      const [group, data] = row;
      const pruned = tolerant(() => prunedFrame(new Frame(data), times, groups.members.get(group) ?? [], hidden));
      switch (pruned.kind) {
        case 'as-it-was':
          continue;
        case 'empty':
          database.statement('DELETE FROM frame WHERE id = ?').run(id);
          touched.add(group);
          break;
        case 'smaller':
          database
            .statement('UPDATE frame SET mint = ?, maxt = ?, data = ? WHERE id = ?')
            .run(pruned.mint, pruned.maxt, pruned.data, id);
          break;
      }
    }
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
  }
  return { emptied: dropEmptyGroups(database, [...touched]) };
}

function tolerant(work: () => Pruned): Pruned {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    return { kind: 'as-it-was' };
  }
}

/**
 * Rewrites frames of tiers without the buckets of which samples were deleted, in the transaction of the caller.
 * @returns groups that have no frame any more
 */
export function pruneTierFrames(
  database: Database,
  groups: Groups,
  ids: readonly number[],
  deleted: Hidden,
): { readonly emptied: readonly number[] } {
  const read = database.sqlite.prepare('SELECT grp, tier, day, data FROM tier_frame WHERE id = ?').raw();
  const touched = new Set<number>();
  for (const id of ids) {
    const [group, tier, day, data] = read.get(id) as [number, number, number, Buffer];
    const hidden: Hidden = { of: (ref) => bucketsWithin(deleted.of(ref), tier) };
    const members = groups.members.get(group) ?? [];
    const pruned = tolerant(() => prunedFrame(new Frame(data), endsOfDay(tier, day), members, hidden));
    switch (pruned.kind) {
      case 'as-it-was':
        continue;
      case 'empty':
        database.statement('DELETE FROM tier_frame WHERE id = ?').run(id);
        touched.add(group);
        break;
      case 'smaller':
        database.statement('UPDATE tier_frame SET data = ? WHERE id = ?').run(pruned.data, id);
        break;
    }
  }
  return { emptied: dropEmptyGroups(database, [...touched]) };
}

/** Of the groups, removes those without frames, in the transaction of the caller. @returns them */
export function dropEmptyGroups({ sqlite }: Database, touched: readonly number[]): number[] {
  // What tiers hold of a group is read by its members too.
  const left = sqlite
    .prepare(
      'SELECT 1 WHERE EXISTS (SELECT 1 FROM frame WHERE grp = ?) OR EXISTS (SELECT 1 FROM tier_frame WHERE grp = ?)',
    )
    .pluck();
  const empty = touched.filter((group) => left.get(group, group) === undefined);
  const drop = sqlite.prepare('DELETE FROM grp WHERE id = ?');
  for (const group of empty) drop.run(group);
  return empty;
}

/** After the transaction: series that were in emptied groups only, and are not in memory, are gone. */
export function forgetGroups(head: Head, groups: Groups, emptied: readonly number[]): void {
  for (const group of emptied) {
    for (const ref of groups.members.get(group) ?? []) {
      if (ref < 0) continue;
      head.state.dropGroup(ref, group);
      if (
        head.state.groups(ref).length > 0 ||
        head.columnsOf(ref).length > 0 ||
        head.late.has(ref, -Infinity, Infinity)
      )
        continue;
      head.index.remove(ref);
      head.state.clearStored(ref);
    }
    groups.members.delete(group);
  }
}
