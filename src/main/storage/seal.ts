import { copyBits, wordsOf, type Histogram } from '#shared/model/index.ts';
import type { Database } from './database.ts';
import { encodeFrame, encodeTimeline, type FrameColumn } from './frame-codec.ts';
import type { Groups } from './groups.ts';
import { BLOCK_ROWS, type HeadBlock } from './head-block.ts';
import type { Head } from './head.ts';
import { encodeMembers, encodeSeries } from './series-codec.ts';

const scratch = new Float64Array(BLOCK_ROWS);
const scratchWords = wordsOf(scratch);

/** One column of a block, as a frame takes it. */
export function frameColumn(block: HeadBlock, slot: number, member: number): FrameColumn {
  block.readValues(slot, scratch);
  const present = block.presence(slot);
  const rows: number[] = [];
  for (let row = 0; row < block.rows; row++) if (present === null || present[row] === 1) rows.push(row);
  const values = new Float64Array(rows.length);
  const words = wordsOf(values);
  for (const [i, row] of rows.entries()) copyBits(scratchWords, row, words, i);
  const starts = block.startTimes.get(slot);
  const startTimes = starts === undefined ? null : Float64Array.from(rows, (row) => starts[row]);
  const known = block.histograms.get(slot);
  const histograms: (Histogram | null)[] | null = known === undefined ? null : rows.map((row) => known[row] ?? null);
  return { member, present, values, startTimes, histograms };
}

interface SealedFrame {
  readonly group: number;
  readonly mint: number;
  readonly maxt: number;
  readonly data: Uint8Array;
}

function frameOf(block: HeadBlock, group: number, slots: readonly number[], members: readonly number[]): SealedFrame {
  const columns = slots
    .map((slot) => frameColumn(block, slot, members.indexOf(block.refs[slot])))
    .sort((a, b) => a.member - b.member);
  let first = block.rows - 1;
  let last = 0;
  for (const { present } of columns) {
    first = Math.min(first, present === null ? 0 : present.indexOf(1));
    last = Math.max(last, present === null ? block.rows - 1 : present.lastIndexOf(1));
  }
  return { group, mint: block.times[first], maxt: block.times[last], data: encodeFrame(columns, block.rows) };
}

/** Writes the series that the database does not know yet; to be called within a transaction. */
export function register(database: Database, head: Head): void {
  if (head.unregistered.length === 0) return;
  const batch = head.unregistered.map((ref) => ({ id: head.state.ids[ref], labels: head.table.labels(ref) }));
  database.statement('INSERT INTO series (data) VALUES (?)').run(encodeSeries(batch));
}

/** Removes the journal's entries that no block in memory needs but `leaving`. */
export function trimJournal(database: Database, head: Head, leaving: HeadBlock | null): void {
  let needed = head.nextSeq;
  for (const block of head.blocks.values()) if (block !== leaving) needed = Math.min(needed, block.firstSeq);
  database.statement('DELETE FROM journal WHERE seq < ?').run(needed);
}

/**
 * Turns a closed block into frames: these, their timeline, the registration of new series and the end of what the
 * journal had of it are one transaction. Afterwards the block is gone from the head.
 */
export function sealBlock(database: Database, head: Head, groups: Groups, block: HeadBlock): void {
  const { byGroup, made } = groups.assign(block.refs, block.columns, head.state);
  const frames = [...byGroup].map(([group, slots]) =>
    frameOf(block, group, slots, made.get(group) ?? (groups.members.get(group) as readonly number[])),
  );
  const timeline = encodeTimeline(block.times.slice(0, block.rows));
  database.transaction(() => {
    register(database, head);
    const addGroup = database.statement('INSERT INTO grp (id, members) VALUES (?, ?)');
    for (const [group, refs] of made) addGroup.run(group, encodeMembers(refs.map((ref) => head.state.ids[ref])));
    const addFrame = database.statement('INSERT INTO frame (grp, timeline, mint, maxt, data) VALUES (?, ?, ?, ?, ?)');
    let from = 0;
    let to = 0;
    for (const { group, mint, maxt, data } of frames) {
      to = Number(addFrame.run(group, block.id, mint, maxt, data).lastInsertRowid);
      if (from === 0) from = to;
    }
    database
      .statement('INSERT INTO timeline (id, seq, mint, maxt, frame_from, frame_to, data) VALUES (?, ?, ?, ?, ?, ?, ?)')
      .run(block.id, block.lastSeq, block.times[0], block.lastTime, from, to, timeline);
    saveCounters(database, head, groups);
    trimJournal(database, head, block);
  });
  // Nothing in memory changes before the transaction has succeeded.
  head.unregistered = [];
  for (const [group, refs] of made) {
    groups.members.set(group, refs);
    for (const ref of refs) head.state.addGroup(ref, group);
  }
  head.drop(block);
}

export function saveCounters(database: Database, head: Head, groups: Groups): void {
  const save = database.statement('INSERT OR REPLACE INTO counter (name, value) VALUES (?, ?)');
  save.run('block', head.nextBlock);
  save.run('series', head.nextSeriesId);
  save.run('group', groups.next);
  save.run('seq', head.nextSeq);
}
