import { labelsFromSortedFlat } from '#shared/model/index.ts';
import { ByteReader, DecodeError } from './bytes.ts';
import { decompress } from './compress.ts';
import type { Database } from './database.ts';
import type { Groups } from './groups.ts';
import type { HeadBlock, Pool } from './head-block.ts';
import type { Head } from './head.ts';
import { readJournal, type JournalSink } from './journal-codec.ts';
import { decodeMembers, decodeSeries } from './series-codec.ts';

/** What an open found that was not as it should be. */
export interface RecoveryReport {
  /** Blobs that could not be read and were put aside. */
  readonly quarantined: number;
}

/** Fills an empty head from the database: series, groups, and what the journal holds. */
export function recover(database: Database, head: Head, groups: Groups): RecoveryReport {
  const { sqlite } = database;
  const counter = (name: string): number =>
    (sqlite.prepare('SELECT value FROM counter WHERE name = ?').pluck().get(name) as number | undefined) ?? 1;
  head.nextBlock = counter('block');
  head.nextSeriesId = counter('series');
  head.nextSeq = counter('seq');
  groups.next = counter('group');
  const damaged: { readonly table: 'series' | 'journal'; readonly id: number }[] = [];
  const refOf = new Map<number, number>();
  const note = (id: number, flat: readonly string[]): number => {
    const ref = head.resolve(labelsFromSortedFlat(flat));
    head.state.ids[ref] = id;
    refOf.set(id, ref);
    if (id >= head.nextSeriesId) head.nextSeriesId = id + 1;
    return ref;
  };
  for (const [id, data] of sqlite.prepare('SELECT id, data FROM series ORDER BY id').raw().iterate() as Iterable<
    [number, Buffer]
  >) {
    try {
      for (const { id: series, flat } of decodeSeries(data)) note(series, flat);
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
      damaged.push({ table: 'series', id });
    }
  }
  loadGroups(database, head, groups, refOf);
  const sealed = new Set(
    sqlite.prepare('SELECT id FROM timeline WHERE seq >= (SELECT min(seq) FROM journal)').pluck().all() as number[],
  );
  const replay = new Replay(head, sealed, refOf, note);
  for (const [seq, data] of sqlite.prepare('SELECT seq, data FROM journal ORDER BY seq').raw().iterate() as Iterable<
    [number, Buffer]
  >) {
    head.nextSeq = seq + 1;
    replay.seq = seq;
    try {
      readJournal(new ByteReader(decompress(data)), replay);
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
      damaged.push({ table: 'journal', id: seq });
      replay.lost();
    }
  }
  replay.finish();
  if (damaged.length > 0)
    database.transaction(() => {
      for (const { table, id } of damaged) {
        const key = table === 'journal' ? 'seq' : 'id';
        sqlite
          .prepare(`INSERT INTO quarantine (what, data) SELECT ?, data FROM ${table} WHERE ${key} = ?`)
          .run(table, id);
        sqlite.prepare(`DELETE FROM ${table} WHERE ${key} = ?`).run(id);
      }
    });
  return { quarantined: damaged.length };
}

function loadGroups(database: Database, head: Head, groups: Groups, refOf: ReadonlyMap<number, number>): void {
  const { sqlite } = database;
  for (const [id, blob] of sqlite.prepare('SELECT id, members FROM grp').raw().iterate() as Iterable<
    [number, Buffer]
  >) {
    // A series whose registration is lost keeps its place, so that the others keep theirs.
    const refs = decodeMembers(blob).map((series) => refOf.get(series) ?? -1);
    groups.members.set(id, refs);
    if (id >= groups.next) groups.next = id + 1;
    for (const ref of refs) if (ref >= 0) head.state.addGroup(ref, id);
  }
  const bounds = sqlite.prepare('SELECT grp, max(maxt) FROM frame GROUP BY grp').raw();
  for (const [id, maxt] of bounds.iterate() as Iterable<[number, number]>) {
    for (const ref of groups.members.get(id) ?? []) {
      if (ref < 0) continue;
      head.state.boundStored(ref, maxt);
      head.index.add(ref);
    }
    if (maxt > head.maxTime) head.maxTime = maxt;
  }
}

class Replay implements JournalSink {
  readonly #head: Head;
  readonly #sealed: ReadonlySet<number>;
  readonly #refOf: Map<number, number>;
  readonly #note: (id: number, flat: readonly string[]) => number;
  readonly #pools = new Map<string, Pool>();
  /** References of announced columns that have no sample yet, by block. */
  readonly #announced = new Map<number, number[]>();
  readonly #broken = new Set<number>();
  seq = 0;

  constructor(
    head: Head,
    sealed: ReadonlySet<number>,
    refOf: Map<number, number>,
    note: (id: number, flat: readonly string[]) => number,
  ) {
    this.#head = head;
    this.#sealed = sealed;
    this.#refOf = refOf;
    this.#note = note;
  }

  series(id: number, flat: readonly string[]): void {
    if (!this.#refOf.has(id)) this.#head.unregistered.push(this.#note(id, flat));
  }

  block(id: number, source: string, ownTimes: boolean, maxRows: number): void {
    if (id >= this.#head.nextBlock) this.#head.nextBlock = id + 1;
    if (this.#sealed.has(id)) return;
    let pool = this.#pools.get(source);
    if (pool === undefined) this.#pools.set(source, (pool = { source, blocks: [], ownBlocks: [] }));
    this.#head.openBlock(id, pool, ownTimes, maxRows);
  }

  columns(block: number, ids: readonly number[]): void {
    if (this.wanted(block) === null) return;
    const refs = ids.map((id) => this.#refOf.get(id) ?? -1);
    if (refs.includes(-1)) {
      this.#broken.add(block);
      return;
    }
    const waiting = this.#announced.get(block);
    if (waiting === undefined) this.#announced.set(block, refs);
    else waiting.push(...refs);
  }

  wanted(id: number): HeadBlock | null {
    const block = this.#head.blocks.get(id);
    return block === undefined || this.#broken.has(id) ? null : block;
  }

  addColumn(block: HeadBlock, words: Uint32Array, i: number): void {
    const ref = this.#announced.get(block.id)?.shift();
    if (ref === undefined) throw new DecodeError('a column has no series');
    this.#head.attachColumn(block, ref, words, i);
  }

  rowEnd(block: HeadBlock): void {
    block.endRow();
    block.firstSeq = Math.min(block.firstSeq, this.seq);
    block.lastSeq = this.seq;
    if (block.lastTime > this.#head.maxTime) this.#head.maxTime = block.lastTime;
  }

  /** An entry is lost: what follows of the blocks known so far would build on it. */
  lost(): void {
    for (const id of this.#head.blocks.keys()) this.#broken.add(id);
  }

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
      let current = false;
      for (let slot = 0; slot < block.columns; slot++) {
        const ref = block.refs[slot];
        if (state.block[ref] !== block) continue;
        current = true;
        // Where stored samples may be as new, the next sample is looked at closely.
        if (state.storedTime[ref] >= block.lastTimeOf(slot)) head.detach(ref);
      }
      if (!current || block.full || this.#broken.has(block.id)) block.closed = true;
    }
    for (const pool of this.#pools.values()) {
      head.close([...pool.blocks, ...pool.ownBlocks].filter((block) => block.closed));
      if (pool.blocks.length + pool.ownBlocks.length > 0) head.leave(pool);
    }
  }
}
