import { copyBits, wordsOf, type Millis } from '#shared/model/index.ts';
import { BlockReader } from './block-reader.ts';
import { DecodeError } from './bytes.ts';
import type { Committer } from './committer.ts';
import type { Database } from './database.ts';
import { encodeFrame, encodeTimeline, type FrameColumn } from './frame-codec.ts';
import type { Groups } from './groups.ts';
import { BLOCK_ROWS, type HeadBlock } from './head-block.ts';
import type { Head } from './head.ts';
import type { Pieces } from './pieces.ts';
import { encodeMembers } from './series-codec.ts';

const rowsOf = (rows: number) => {
  const values = new Float64Array(rows);
  return { values, words: wordsOf(values), present: new Uint8Array(rows) };
};

let scratch = rowsOf(BLOCK_ROWS);

/** One column of a block, as a frame takes it. @throws DecodeError when a piece is damaged */
function frameColumn(reader: BlockReader, slot: number, member: number): FrameColumn {
  const { rows } = reader.block;
  if (scratch.values.length < rows) scratch = rowsOf(rows);
  reader.read(slot, 0, rows, scratch);
  const { words, present } = scratch;
  let count = 0;
  for (let row = 0; row < rows; row++) count += present[row];
  const values = new Float64Array(count);
  const own = wordsOf(values);
  for (let row = 0, i = 0; row < rows; row++) if (present[row] === 1) copyBits(words, row, own, i++);
  const histograms = reader.histograms(slot, 0, rows);
  const startTimes = reader.startTimes(slot, 0, rows);
  const isPresent = (_: unknown, row: number): boolean => present[row] === 1;
  return {
    member,
    present: count === rows ? null : present.slice(0, rows),
    values,
    startTimes: startTimes?.filter(isPresent) ?? null,
    histograms: histograms?.filter(isPresent) ?? null,
  };
}

interface SealedFrame {
  readonly group: number;
  readonly mint: number;
  readonly maxt: number;
  readonly data: Uint8Array;
}

/**
 * Turns a closed block into frames, one at a step. Nothing changes by it, in memory or on disk, before `writeSealed` has
 * written them.
 */
export class SealJob {
  readonly block: HeadBlock;
  readonly made: ReadonlyMap<number, readonly number[]>;
  readonly #groups: Groups;
  /** Null once all frames are made: it holds what it has read. */
  #reader: BlockReader | null;
  readonly #damaged: (what: string) => void;
  readonly #waiting: [group: number, slots: readonly number[]][];
  readonly #frames: SealedFrame[] = [];

  /** @param damaged is told of what cannot be read: it is left out */
  constructor(block: HeadBlock, head: Head, groups: Groups, pieces: Pieces, damaged: (what: string) => void) {
    this.block = block;
    this.#groups = groups;
    this.#damaged = damaged;
    this.#reader = new BlockReader(block, (id, from) => pieces.read(id, from));
    const { byGroup, made } = groups.assign(block.refs, block.columns, head.state);
    this.#waiting = [...byGroup];
    this.made = made;
  }

  /** Encodes the next frame. @returns whether there are more */
  step(): boolean {
    const next = this.#waiting.pop();
    const reader = this.#reader;
    if (next === undefined || reader === null) return false;
    const [group, slots] = next;
    const members = this.made.get(group) ?? this.#groups.members.get(group) ?? [];
    const columns: FrameColumn[] = [];
    for (const slot of slots)
      try {
        columns.push(frameColumn(reader, slot, members.indexOf(this.block.refs[slot])));
      } catch (error) {
        if (!(error instanceof DecodeError)) throw error;
        this.#damaged(`a piece of block ${this.block.id} is damaged; its samples are left out`);
      }
    const kept = columns.filter(({ values }) => values.length > 0).sort((a, b) => a.member - b.member);
    if (kept.length > 0) this.#frames.push(frameOf(this.block, group, kept));
    if (this.#waiting.length > 0) return true;
    this.#reader = null;
    return false;
  }

  /** The frames, in the order of their groups, so that frames of neighbouring series are neighbours. */
  get frames(): readonly SealedFrame[] {
    return this.#frames.sort((a, b) => a.group - b.group);
  }
}

/**
 * Writes blocks whose frames are made. Frames, their timelines, and the end of what journal and pieces had of the blocks
 * are one transaction; memory follows once that has succeeded.
 */
export function writeSealed(
  jobs: readonly SealJob[],
  head: Head,
  groups: Groups,
  pieces: Pieces,
  committer: Committer,
): void {
  committer.withState(new Set(jobs.map(({ block }) => block)), (database) => {
    for (const job of jobs) writeBlock(job, head, database, pieces);
    saveCounters(database, head, groups);
  });
  for (const { block, made } of jobs) {
    for (const [group, refs] of made) {
      groups.members.set(group, refs);
      for (const ref of refs) head.state.addGroup(ref, group);
    }
    pieces.removed(block.id, block.pieces);
    head.drop(block);
  }
}

function writeBlock({ block, made, frames }: SealJob, head: Head, database: Database, pieces: Pieces): void {
  const addGroup = database.statement('INSERT INTO grp (id, members) VALUES (?, ?)');
  for (const [group, refs] of made) addGroup.run(group, encodeMembers(refs.map((ref) => head.state.ids[ref])));
  const addFrame = database.statement('INSERT INTO frame (grp, timeline, mint, maxt, data) VALUES (?, ?, ?, ?, ?)');
  let from = 0;
  let to = -1;
  for (const { group, mint, maxt, data } of frames) {
    database.framesAdded++;
    to = Number(addFrame.run(group, block.id, mint, maxt, data).lastInsertRowid);
    if (from === 0) from = to;
  }
  database
    .statement('INSERT INTO timeline (id, seq, mint, maxt, frame_from, frame_to, data) VALUES (?, ?, ?, ?, ?, ?, ?)')
    .run(
      block.id,
      block.lastSeq,
      block.times[0],
      block.lastTime,
      from,
      to,
      encodeTimeline(block.times.slice(0, block.rows)),
    );
  pieces.remove(database, block.id);
}

function frameOf(block: HeadBlock, group: number, columns: readonly FrameColumn[]): SealedFrame {
  let first = block.rows - 1;
  let last = 0;
  for (const { present } of columns) {
    first = Math.min(first, present === null ? 0 : present.indexOf(1));
    last = Math.max(last, present === null ? block.rows - 1 : present.lastIndexOf(1));
  }
  const mint: Millis = block.times[first];
  return { group, mint, maxt: block.times[last], data: encodeFrame(columns, block.rows) };
}

/** The next numbers, by name. */
export function countersOf(head: Head, groups: Groups): Readonly<Record<string, number>> {
  return { block: head.nextBlock, series: head.nextSeriesId, group: groups.next, seq: head.nextSeq };
}

export function saveCounters(database: Database, head: Head, groups: Groups): void {
  const save = database.statement('INSERT OR REPLACE INTO counter (name, value) VALUES (?, ?)');
  for (const [name, value] of Object.entries(countersOf(head, groups))) save.run(name, value);
}
