import type { Histogram, Millis } from '#shared/model/index.ts';
import { ByteReader, DecodeError } from './bytes.ts';
import { decompress } from './compress.ts';
import type { Database } from './database.ts';
import type { Groups } from './groups.ts';
import type { HeadBlock, Pool } from './head-block.ts';
import { isRow } from './head-row.ts';
import type { Head } from './head.ts';
import { readJournal, type JournalSink } from './journal-codec.ts';
import type { JournalSize } from './journal-size.ts';
import type { Piece, PieceState } from './piece-codec.ts';
import { pieceId, pieceOf, type Pieces } from './pieces.ts';
import { decodeMembers, readSeries, unfoldSeries, type PackedSeries } from './series-codec.ts';

/** A blob that could not be read. */
export interface DamagedBlob {
  readonly table: 'series' | 'journal' | 'piece' | 'late';
  readonly id: number;
}

/** Numbers from here on are too far apart for an array. */
const SPARSE = 1 << 26;

/** References of series by their persistent numbers. */
export class RefOf {
  #dense = new Int32Array(1024);
  readonly #sparse = new Map<number, number>();

  get(id: number): number | undefined {
    if (id >= SPARSE) return this.#sparse.get(id);
    const ref = id < this.#dense.length ? this.#dense[id] - 1 : -1;
    return ref < 0 ? undefined : ref;
  }

  set(id: number, ref: number): void {
    if (id >= SPARSE) {
      this.#sparse.set(id, ref);
      return;
    }
    this.reserve(id);
    this.#dense[id] = ref + 1;
  }

  /** Makes room for numbers up to `id`. */
  reserve(id: number): void {
    if (id < this.#dense.length || id >= SPARSE) return;
    const grown = new Int32Array(Math.min(SPARSE, Math.max(id + 1, Math.ceil(this.#dense.length * 1.5))));
    grown.set(this.#dense);
    this.#dense = grown;
  }
}

/** What an empty head is filled from, and what is found out on the way. */
export interface Recovery {
  readonly database: Database;
  readonly head: Head;
  readonly groups: Groups;
  readonly pieces: Pieces;
  readonly journal: JournalSize;
  readonly damaged: DamagedBlob[];
  readonly refOf: RefOf;
}

/** Runs `read`; a blob that cannot be read is noted and left out. @returns whether it could be read */
export function tolerant(recovery: Recovery, blob: DamagedBlob, read: () => void): boolean {
  try {
    read();
    return true;
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    recovery.damaged.push(blob);
    return false;
  }
}

/** Fills an empty head from the database: counters, series and groups. */
export function recoverSeries(recovery: Recovery): void {
  const { database, head, groups, refOf } = recovery;
  const { sqlite } = database;
  const counter = (name: string): number =>
    (sqlite.prepare('SELECT value FROM counter WHERE name = ?').pluck().get(name) as number | undefined) ?? 1;
  head.nextBlock = counter('block');
  head.nextSeriesId = counter('series');
  head.nextSeq = counter('seq');
  groups.next = counter('group');
  const last = sqlite.prepare('SELECT max(id) FROM timeline').pluck().get() as number | null;
  if (last !== null && last >= head.nextBlock) head.nextBlock = last + 1;
  const packed: { readonly id: number; readonly series: PackedSeries }[] = [];
  for (const [id, data] of sqlite.prepare('SELECT id, data FROM series ORDER BY id').raw().iterate() as Iterable<
    [number, Buffer]
  >)
    tolerant(recovery, { table: 'series', id }, () => packed.push({ id, series: unfoldSeries(data) }));
  // As much room as they need, at once: growing by and by costs more than reading.
  const count = packed.reduce((sum, { series }) => sum + series.length, 0);
  head.reserve(count);
  refOf.reserve(Math.max(count, head.nextSeriesId));
  head.table.reservePairs(packed.reduce((sum, { series }) => sum + series.mostTexts, 0));
  for (const { id, series } of packed)
    tolerant(recovery, { table: 'series', id }, () =>
      readSeries(series, head.table, (ids, first) => {
        head.knowAll(ids);
        for (let i = 0; i < ids.length; i++) refOf.set(ids[i], first + i);
      }),
    );
  recoverGroups(recovery);
}

function recoverGroups({ database, head, groups, refOf }: Recovery): void {
  // The index ends with the newest frame of each group: one look a group, however many frames there are.
  const rows = database.sqlite
    .prepare('SELECT id, members, (SELECT max(maxt) FROM frame WHERE grp = grp.id) FROM grp')
    .raw();
  const inTiers = database.sqlite.prepare('SELECT max(day) FROM tier_frame WHERE grp = ?').pluck();
  for (const [id, blob, maxt] of rows.iterate() as Iterable<[number, Buffer, number | null]>) {
    // A series whose registration is lost keeps its place, so that the others keep theirs.
    const refs = decodeMembers(blob).map((series) => refOf.get(series) ?? -1);
    groups.members.set(id, refs);
    if (id >= groups.next) groups.next = id + 1;
    for (const ref of refs) if (ref >= 0) head.state.addGroup(ref, id);
    // Of what only tiers hold, it is enough to know that there is something.
    const end = maxt ?? (inTiers.get(id) as number | null);
    if (end === null) continue;
    for (const ref of refs) {
      if (ref < 0) continue;
      head.state.boundStored(ref, end);
      head.index.add(ref);
    }
    if (maxt !== null && maxt > head.maxTime) head.maxTime = maxt;
  }
}

/** Brings back the blocks: their newest pieces, and what the journal holds after those. */
export function recoverBlocks(recovery: Recovery): void {
  const { database, head, journal } = recovery;
  const { sqlite } = database;
  const replay = new Replay(recovery);
  replay.restorePieces();
  for (const [seq, data] of sqlite.prepare('SELECT seq, data FROM journal ORDER BY seq').raw().iterate() as Iterable<
    [number, Buffer]
  >) {
    head.nextSeq = Math.max(head.nextSeq, seq + 1);
    replay.seq = seq;
    const read = tolerant(recovery, { table: 'journal', id: seq }, () => {
      const bytes = decompress(data);
      journal.add(seq, data.length, bytes.length);
      readJournal(new ByteReader(bytes), replay);
    });
    if (!read) replay.lost();
  }
  replay.finish();
}

/** Brings back the samples that came after newer ones of their series and are not in frames yet. */
export function recoverLate(recovery: Recovery): void {
  const { database, head, refOf } = recovery;
  // Made when missing: a store that has never met one is no other format.
  for (const [id, data] of database.sqlite.prepare('SELECT id, data FROM late ORDER BY id').raw().iterate() as Iterable<
    [number, Buffer]
  >)
    tolerant(recovery, { table: 'late', id }, () => {
      for (const ref of head.late.restore(decompress(data), (series) => refOf.get(series))) head.index.add(ref);
    });
}

/** Puts aside what could not be read, so that it is reported once and not lost. */
export function quarantine({ database, damaged }: Recovery): void {
  if (damaged.length === 0) return;
  database.transaction((sqlite) => {
    for (const { table, id } of damaged) {
      const key = table === 'journal' ? 'seq' : 'id';
      sqlite
        .prepare(`INSERT INTO quarantine (what, data) SELECT ?, data FROM ${table} WHERE ${key} = ?`)
        .run(table, id);
      sqlite.prepare(`DELETE FROM ${table} WHERE ${key} = ?`).run(id);
    }
  });
}

/** Numbers of the blocks that are in frames already although the journal may still mention them. */
export function sealedBlocks({ sqlite }: Database): ReadonlySet<number> {
  return new Set(
    sqlite.prepare('SELECT id FROM timeline WHERE seq >= (SELECT min(seq) FROM journal)').pluck().all() as number[],
  );
}

/** Blocks that are brought back, by source. */
export class RecoveredBlocks {
  readonly #head: Head;
  readonly #pools = new Map<string, Pool>();
  /** Blocks of which something is lost: what they have ends there. */
  readonly broken = new Set<number>();

  constructor(head: Head) {
    this.#head = head;
  }

  open(id: number, source: string, ownTimes: boolean, maxRows: number): HeadBlock {
    let pool = this.#pools.get(source);
    if (pool === undefined) this.#pools.set(source, (pool = { source, blocks: [], ownBlocks: [] }));
    return this.#head.openBlock(id, pool, ownTimes, maxRows);
  }

  /** Lets sources go on with the blocks that can take more, and closes the others. */
  finish(): void {
    const head = this.#head;
    const { state } = head;
    head.settle();
    for (const block of head.blocks.values()) {
      if (block.rows === 0) {
        block.closed = true;
        head.blocks.delete(block.id);
        continue;
      }
      if (block.lastTime > head.maxTime) head.maxTime = block.lastTime;
      let current = false;
      for (let slot = 0; slot < block.columns; slot++) {
        const ref = block.refs[slot];
        if (ref < 0 || state.block[ref] !== block) continue;
        current = true;
        // Where stored samples may be as new, the next sample is looked at closely. Hardly ever is it more than a guess.
        if (state.storedTime[ref] >= block.times[0] && state.storedTime[ref] >= block.lastTimeOf(slot))
          head.detach(ref);
      }
      if (!current || block.full || this.broken.has(block.id)) block.closed = true;
    }
    for (const pool of this.#pools.values()) {
      head.close([...pool.blocks, ...pool.ownBlocks].filter((block) => block.closed));
      if (pool.blocks.length + pool.ownBlocks.length > 0) head.leave(pool);
    }
  }
}

class Replay implements JournalSink {
  readonly #recovery: Recovery;
  readonly #head: Head;
  readonly #sealed: ReadonlySet<number>;
  readonly #blocks: RecoveredBlocks;
  seq = 0;

  constructor(recovery: Recovery) {
    this.#recovery = recovery;
    this.#head = recovery.head;
    this.#sealed = sealedBlocks(recovery.database);
    this.#blocks = new RecoveredBlocks(recovery.head);
  }

  /** Each block as it was at the end of its newest piece that can be read. */
  restorePieces(): void {
    const byBlock = new Map<number, number[]>();
    const ids = this.#recovery.database.sqlite.prepare('SELECT id FROM piece ORDER BY id').pluck();
    for (const id of ids.iterate() as Iterable<number>) {
      const { block, from } = pieceOf(id);
      const froms = byBlock.get(block);
      if (froms === undefined) byBlock.set(block, [from]);
      else froms.push(from);
    }
    for (const [id, froms] of byBlock) {
      const count = froms.length;
      const newest = this.#newestPiece(id, froms);
      if (id >= this.#head.nextBlock) this.#head.nextBlock = id + 1;
      if (newest !== null) this.#restore(id, newest.piece, newest.state, froms, froms.length < count);
    }
  }

  /** The newest that can be read; those after it are taken out of `froms`. */
  #newestPiece(id: number, froms: number[]): { readonly piece: Piece; readonly state: PieceState } | null {
    const found: { readonly piece: Piece; readonly state: PieceState }[] = [];
    for (let from = froms.at(-1); from !== undefined; from = froms.at(-1)) {
      const first = from;
      const read = tolerant(this.#recovery, { table: 'piece', id: pieceId(id, first) }, () => {
        const piece = this.#recovery.pieces.glance(id, first);
        found.push({ piece, state: piece.state() });
      });
      if (read) break;
      froms.pop();
    }
    return found[0] ?? null;
  }

  #restore(id: number, piece: Piece, state: PieceState, froms: readonly number[], lost: boolean): void {
    const { refOf } = this.#recovery;
    const refs = new Int32Array(piece.columns);
    for (let slot = 0; slot < piece.columns; slot++) refs[slot] = refOf.get(state.ids[slot]) ?? -1;
    const block = this.#blocks.open(id, piece.source, piece.ownTimes, piece.maxRows);
    block.restore(piece, state, froms, refs);
    for (let slot = 0; slot < refs.length; slot++)
      if (refs[slot] >= 0) this.#head.attachColumn(block, refs[slot], slot);
    if (lost || refs.includes(-1)) this.#blocks.broken.add(id);
  }

  block(id: number, source: string, ownTimes: boolean, maxRows: number): void {
    if (id >= this.#head.nextBlock) this.#head.nextBlock = id + 1;
    if (this.#sealed.has(id) || this.#head.blocks.has(id)) return;
    this.#blocks.open(id, source, ownTimes, maxRows);
  }

  /** A block that takes what the journal says; null when it is sealed or broken. */
  #wanted(id: number): HeadBlock | null {
    const block = this.#head.blocks.get(id);
    if (block === undefined) return null;
    block.lastSeq = this.seq;
    return this.#blocks.broken.has(id) ? null : block;
  }

  columns(id: number, from: number, ids: readonly number[]): void {
    const block = this.#wanted(id);
    if (block === null) return;
    for (const [i, series] of ids.entries()) {
      if (from + i < block.columns) continue;
      const ref = this.#recovery.refOf.get(series);
      if (ref === undefined || from + i > block.columns) {
        this.#blocks.broken.add(id);
        return;
      }
      this.#head.attachColumn(block, ref, block.addColumn(ref));
    }
  }

  row(id: number, row: number, time: Millis, columns: number, bytes: Uint8Array): void {
    const block = this.#wanted(id);
    if (block === null || row < block.tail.from) return;
    if (row > block.rows || columns > block.columns) {
      this.#blocks.broken.add(id);
      return;
    }
    if (!isRow(bytes, columns)) throw new DecodeError('a row in the journal is damaged');
    block.replayRow(time, columns, bytes);
    block.firstSeq = Math.min(block.firstSeq, this.seq);
  }

  histogram(id: number, row: number, slot: number, histogram: Histogram): void {
    const block = this.#wanted(id);
    if (block !== null && row === block.rows - 1 && row >= block.tail.from) block.replayHistogram(slot, histogram);
  }

  startTime(id: number, row: number, slot: number, startTime: Millis): void {
    const block = this.#wanted(id);
    if (block !== null && row === block.rows - 1 && row >= block.tail.from) block.putStartTime(slot, startTime);
  }

  /** An entry is lost: what follows of the blocks known so far would build on it. */
  lost(): void {
    for (const id of this.#head.blocks.keys()) this.#blocks.broken.add(id);
  }

  finish(): void {
    this.#blocks.finish();
  }
}
