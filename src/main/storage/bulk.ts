import { setImmediate } from 'node:timers/promises';
import type { Histogram, Millis } from '#shared/model/index.ts';
import { arrange, partOf, sliceStarts, type BulkPart, type BulkSeries } from './bulk-shape.ts';
import { NONE, type Committer } from './committer.ts';
import { encodeFrame, encodeTimeline, type FrameColumn } from './frame-codec.ts';
import type { Groups } from './groups.ts';
import type { Head } from './head.ts';
import { saveCounters } from './seal.ts';
import { encodeMembers } from './series-codec.ts';

/** One series of a bulk. */
export interface BulkColumn extends BulkSeries {
  readonly values: Float64Array;
  readonly startTimes: Float64Array | null;
  readonly histograms: readonly (Histogram | null)[] | null;
}

/** Frames encoded before others get their turn: some 10 ms. */
const FRAMES_AT_ONCE = 4;

interface EncodedFrame {
  readonly group: number;
  readonly mint: Millis;
  readonly maxt: Millis;
  readonly data: Uint8Array;
}

interface EncodedSlice {
  readonly rows: number;
  readonly mint: Millis;
  readonly maxt: Millis;
  readonly timeline: Uint8Array;
  readonly frames: readonly EncodedFrame[];
}

/** A bulk in its stored form, not yet written. */
export interface EncodedBulk {
  readonly slices: readonly EncodedSlice[];
  /** Members of every group that the slices use. */
  readonly groups: ReadonlyMap<number, readonly number[]>;
  readonly columns: readonly BulkColumn[];
}

function frameColumn({ series, from, to, present }: BulkPart<BulkColumn>, member: number): FrameColumn {
  const { values, startTimes, histograms } = series;
  const starts = startTimes?.subarray(from, to) ?? null;
  const own = histograms?.slice(from, to) ?? null;
  return {
    member,
    present,
    // A copy: the codec reads the words of the whole array behind a view.
    values: values.slice(from, to),
    startTimes: starts === null || starts.every((time) => time === 0) ? null : starts.slice(),
    histograms: own === null || own.every((histogram) => histogram === null) ? null : own,
  };
}

/** Puts series into groups, as `Groups.assign` does. */
type Assign = (refs: Int32Array) => ReturnType<Groups['assign']>;

/** Brings the samples into frames, a few at a step. Changes nothing but the number of the next group. */
export function* encodeBulk(
  groups: Groups,
  columns: readonly BulkColumn[],
  assign: Assign,
): Generator<void, EncodedBulk> {
  const slices: EncodedSlice[] = [];
  const used = new Map<number, readonly number[]>();
  let encoded = 0;
  for (const set of arrange(columns)) {
    const refs = Int32Array.from(set.members, ({ ref }) => ref);
    const { byGroup, made } = assign(refs);
    for (const group of byGroup.keys())
      used.set(group, made.get(group) ?? (groups.members.get(group) as readonly number[]));
    const starts = sliceStarts(set.times.length);
    for (const [k, first] of starts.entries()) {
      const end = starts[k + 1] ?? set.times.length;
      const frames: EncodedFrame[] = [];
      for (const [group, places] of byGroup) {
        const members = used.get(group) as readonly number[];
        const parts = places
          .map((place) => partOf(set, set.members[place], first, end))
          .filter((part) => part !== null);
        if (parts.length === 0) continue;
        const data = encodeFrame(
          parts.map((part) => frameColumn(part, members.indexOf(part.series.ref))).sort((a, b) => a.member - b.member),
          end - first,
        );
        const mint = Math.min(...parts.map(({ series, from }) => series.times[from]));
        const maxt = Math.max(...parts.map(({ series, to }) => series.times[to - 1]));
        frames.push({ group, mint, maxt, data });
        if (++encoded % FRAMES_AT_ONCE === 0) yield;
      }
      const times = set.times.slice(first, end);
      slices.push({
        rows: times.length,
        mint: times[0],
        maxt: times[times.length - 1],
        timeline: encodeTimeline(times),
        frames,
      });
    }
  }
  return { slices, groups: used, columns };
}

/** A timeline that was written. */
export interface WrittenTimeline {
  readonly id: number;
  readonly rows: number;
  readonly mint: Millis;
  readonly maxt: Millis;
}

/** Writes what was encoded, and whatever `also` writes, in one transaction; then the head knows of it. */
export function writeBulk(
  committer: Committer,
  head: Head,
  groups: Groups,
  bulk: EncodedBulk,
  also: () => void,
): readonly WrittenTimeline[] {
  const written: WrittenTimeline[] = [];
  const { state } = head;
  const fresh: number[] = [];
  for (const { ref } of bulk.columns) {
    if (state.ids[ref] !== 0) continue;
    state.ids[ref] = head.nextSeriesId++;
    fresh.push(ref);
  }
  const known = head.unregistered;
  head.unregistered = [...known, ...fresh];
  try {
    committer.withState(NONE, (database) => {
      const addGroup = database.statement('INSERT INTO grp (id, members) VALUES (?, ?)');
      // Also those that retention has ended in the meantime.
      for (const [group, refs] of bulk.groups)
        if (!groups.members.has(group))
          addGroup.run(group, encodeMembers(refs.map((ref) => (ref < 0 ? 0 : state.ids[ref]))));
      const addFrame = database.statement('INSERT INTO frame (grp, timeline, mint, maxt, data) VALUES (?, ?, ?, ?, ?)');
      const addTimeline = database.statement(
        'INSERT INTO timeline (id, seq, mint, maxt, frame_from, frame_to, data) VALUES (?, 0, ?, ?, ?, ?, ?)',
      );
      for (const { rows, mint, maxt, timeline, frames } of bulk.slices) {
        const id = head.nextBlock++;
        let from = 0;
        let to = 0;
        for (const frame of frames) {
          database.framesAdded++;
          to = Number(addFrame.run(frame.group, id, frame.mint, frame.maxt, frame.data).lastInsertRowid);
          if (from === 0) from = to;
        }
        addTimeline.run(id, mint, maxt, from, to, timeline);
        written.push({ id, rows, mint, maxt });
      }
      saveCounters(database, head, groups);
      also();
    });
  } catch (error) {
    head.unregistered = known;
    for (const ref of fresh) state.ids[ref] = 0;
    throw error;
  }
  for (const [group, refs] of bulk.groups) {
    groups.members.set(group, refs);
    for (const ref of refs) if (ref >= 0) state.addGroup(ref, group);
  }
  for (const { ref, times, to } of bulk.columns) {
    const block = state.block[ref];
    // A series is written in the order of time, whoever writes it: its next sample is looked at closely.
    if (block !== null && block.lastTimeOf(state.slot[ref]) <= times[to - 1]) head.detach(ref);
    state.boundStored(ref, times[to - 1]);
    head.index.add(ref);
    if (times[to - 1] > head.maxTime) head.maxTime = times[to - 1];
  }
  return written;
}

/**
 * Stores samples as frames, past head and journal; they are durable when this resolves. Calls must not overlap.
 * @param also writes more in the same transaction
 */
export async function storeBulk(
  committer: Committer,
  head: Head,
  groups: Groups,
  columns: readonly BulkColumn[],
  also: () => void = () => undefined,
): Promise<void> {
  const some = columns.filter(({ from, to }) => to > from);
  const encoding = encodeBulk(groups, some, (refs) => groups.assign(refs, refs.length, head.state, 1));
  let step = encoding.next();
  for (; step.done !== true; step = encoding.next()) await setImmediate();
  writeBulk(committer, head, groups, step.value, also);
}
