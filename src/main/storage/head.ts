import { isStaleAt, type Histogram, type Labels, type Millis } from '#shared/model/index.ts';
import { ByteWriter } from './bytes.ts';
import type { Batch, SeriesRef } from './contract.ts';
import { equalHistograms } from './histogram-equal.ts';
import { BLOCK_COLUMNS, BLOCK_ROWS, HeadBlock, type Pool } from './head-block.ts';
import { Stage } from './head-row.ts';
import { writeBlock, writeColumns, writeHistogramOf, writeRow, writeStartTime } from './journal-codec.ts';
import type { LabelIndex } from './label-index.ts';
import { LateSamples } from './late-samples.ts';
import type { SeriesState } from './series-state.ts';
import type { SeriesTable } from './series-table.ts';

/** Counters of one append; the same object is reused. */
export interface Tally {
  appended: number;
  outOfOrder: number;
  duplicate: number;
  tooOld: number;
}

/** One series' place in one block. */
export interface HeadColumn {
  readonly block: HeadBlock;
  readonly slot: number;
}

/** Value that stands where a histogram is. */
const ZERO = new Uint32Array(2);

/** The newest samples of all series in memory, and the journal entry that will make them durable. */
export class Head {
  readonly table: SeriesTable;
  readonly index: LabelIndex;
  readonly state: SeriesState;
  /** All blocks, full ones included, until they are sealed; by number, ascending. */
  readonly blocks = new Map<number, HeadBlock>();
  /** Records of what was appended since the last commit. */
  pending = new ByteWriter(1 << 16);
  /** Number of the journal entry that `pending` will become. */
  nextSeq = 1;
  nextBlock = 1;
  nextSeriesId = 1;
  /** References of series with samples that the database does not know yet. */
  unregistered: number[] = [];
  maxTime: Millis = -Infinity;
  /** Samples that came after newer ones of their series. */
  readonly late = new LateSamples();
  /** Elements of the batch appended last that are older than the newest of their series, and were not taken. */
  readonly behind: number[] = [];
  /** Finds out the newest stored sample of a series of which only a bound is known. */
  readonly #loadStored: (ref: number) => void;
  /** Columns of series that went on in another block: those are few, and only until they are sealed. */
  readonly #older = new Map<number, HeadColumn[]>();
  readonly #adoptable = new Map<string, Pool[]>();
  readonly #staggered = new Set<string>();
  readonly #touched: HeadBlock[] = [];
  /** Stages of the blocks touched, used again by the next batch. */
  readonly #stages: Stage[] = [];
  readonly #journaled: number[] = [];
  readonly #histograms: { readonly block: HeadBlock; readonly slot: number; readonly histogram: Histogram }[] = [];
  readonly #startTimes: { readonly block: HeadBlock; readonly slot: number; readonly startTime: Millis }[] = [];

  constructor(table: SeriesTable, index: LabelIndex, state: SeriesState, loadStored: (ref: number) => void) {
    this.table = table;
    this.index = index;
    this.state = state;
    this.#loadStored = loadStored;
  }

  resolve(labels: Labels): SeriesRef {
    const ref = this.table.resolve(labels);
    if (ref === this.state.length) this.state.add(0);
    return ref as SeriesRef;
  }

  /** Makes room for so many series. */
  reserve(series: number): void {
    this.table.reserve(series);
    this.state.reserve(series);
  }

  /** Gives a series that an earlier run registered its persistent number. */
  know(ref: number, id: number): void {
    while (this.state.length <= ref) this.state.add(0);
    this.state.ids[ref] = id;
    if (id >= this.nextSeriesId) this.nextSeriesId = id + 1;
  }

  /** As `know`, of series that follow all known ones. */
  knowAll(ids: Float64Array): void {
    this.state.addAll(ids);
    // Not by the array's iterator, which would make an object of each number.
    for (let i = 0; i < ids.length; i++) if (ids[i] >= this.nextSeriesId) this.nextSeriesId = ids[i] + 1;
  }

  /** Blocks left by an earlier run of the source go on being filled. */
  pool(source: string): Pool {
    return this.#adoptable.get(source)?.pop() ?? { source, blocks: [], ownBlocks: [] };
  }

  /** Keeps the blocks of a released writer, or of a recovered source, for the next writer of that source. */
  leave(pool: Pool): void {
    const pools = this.#adoptable.get(pool.source);
    if (pools === undefined) this.#adoptable.set(pool.source, [pool]);
    else pools.push(pool);
  }

  append(pool: Pool, batch: Batch, words: Uint32Array, horizon: Millis, tally: Tally): void {
    const { times, time } = batch;
    this.behind.length = 0;
    if (times === null) this.#appendAt(pool, batch, words, time, null, time >= horizon, tally);
    else {
      const byTime = new Map<number, number[]>();
      const plain: number[] = [];
      for (let i = 0; i < batch.length; i++) {
        const own = times[i];
        if (Number.isNaN(own) || own === time) plain.push(i);
        else {
          const members = byTime.get(own);
          if (members === undefined) byTime.set(own, [i]);
          else members.push(i);
        }
      }
      this.#appendAt(pool, batch, words, time, plain, time >= horizon, tally);
      for (const own of [...byTime.keys()].sort((a, b) => a - b))
        this.#appendOwn(pool, batch, words, own, byTime.get(own) as number[], own >= horizon, tally);
    }
  }

  /** The samples (all, or those listed) that have the batch's time. */
  #appendAt(
    pool: Pool,
    batch: Batch,
    words: Uint32Array,
    time: Millis,
    members: readonly number[] | null,
    young: boolean,
    tally: Tally,
  ): void {
    const count = members === null ? batch.length : members.length;
    if (!young) {
      tally.tooOld += count;
      return;
    }
    if (count === 0) return;
    const { refs, histograms, startTimes } = batch;
    const before = tally.appended;
    if (pool.blocks.some((block) => block.full && time > block.lastTime)) this.close(pool.blocks);
    const { blocks } = pool;
    const extras = histograms !== null || startTimes !== null;
    let at = 0;
    let i = 0;
    let slot = 0;
    while (i < count) {
      const block = blocks[at];
      // As long as the batch lists the series in the order of the columns, nothing has to be looked up.
      if (block !== undefined && members === null && !extras && block.takes(time)) {
        const from = i;
        i = this.#run(block, slot, refs, words, i, count, time);
        slot += i - from;
        tally.appended += i - from;
        if (slot >= block.columns) {
          at++;
          slot = 0;
          if (i > from) continue;
        }
        if (i >= count) break;
      }
      const index = members === null ? i : members[i];
      const placed = this.#appendOne(pool, false, batch, words, index, time, tally);
      i++;
      if (placed === null) continue;
      at = blocks.indexOf(placed, at >= blocks.length || blocks[at].id > placed.id ? 0 : at);
      if (at < 0) at = blocks.length;
      slot = this.state.slot[refs[index]] + 1;
      if (at < blocks.length && slot >= blocks[at].columns && at + 1 < blocks.length) {
        at++;
        slot = 0;
      }
    }
    this.#endBatch();
    if (time > this.maxTime && tally.appended > before) this.maxTime = time;
  }

  /** Puts samples as long as they are those of the next columns; returns where it stopped. */
  #run(
    block: HeadBlock,
    slot: number,
    refs: Uint32Array | Int32Array,
    words: Uint32Array,
    from: number,
    to: number,
    time: Millis,
  ): number {
    const columns = block.refs;
    if (slot >= block.columns || columns[slot] !== refs[from]) return from;
    const newest = this.state.block;
    block.beginRow(time);
    const stage = this.#touch(block);
    const row = block.rows - 1;
    const { lastRow, newestHistograms } = block;
    const { fresh, words: staged } = stage;
    const end = Math.min(to, from + block.columns - slot);
    let s = slot;
    let i = from;
    for (; i < end; i++, s++) {
      const ref = refs[i];
      // A column is left alone where the series has gone on elsewhere, or has this row's sample already.
      if (columns[s] !== ref || lastRow[s] === row || newest[ref] !== block) break;
      staged[2 * s] = words[2 * i];
      staged[2 * s + 1] = words[2 * i + 1];
      lastRow[s] = row;
      fresh[s] = 1;
    }
    if (newestHistograms.size > 0) for (let k = slot; k < s; k++) newestHistograms.delete(k);
    return i;
  }

  /** The samples listed, which share a time of their own. */
  #appendOwn(
    pool: Pool,
    batch: Batch,
    words: Uint32Array,
    time: Millis,
    members: readonly number[],
    young: boolean,
    tally: Tally,
  ): void {
    if (!young) {
      tally.tooOld += members.length;
      return;
    }
    const before = tally.appended;
    const full = pool.ownBlocks.filter((block) => block.full && time > block.lastTime);
    if (full.length > 0) this.close(full);
    for (const i of members) this.#appendOne(pool, true, batch, words, i, time, tally);
    this.#endBatch();
    if (time > this.maxTime && tally.appended > before) this.maxTime = time;
  }

  /** One sample, looked up by its series. @returns the block that has it, null when it was not taken */
  #appendOne(
    pool: Pool,
    own: boolean,
    batch: Batch,
    words: Uint32Array,
    i: number,
    time: Millis,
    tally: Tally,
  ): HeadBlock | null {
    const ref = batch.refs[i];
    if (ref >= this.state.length) throw new Error(`no series has the reference ${ref}`);
    const stale = isStaleAt(words, i);
    const histogram = stale ? null : (batch.histograms?.get(i) ?? null);
    if (!this.#order(ref, time, words, i, histogram, tally)) return null;
    const usable = (block: HeadBlock): boolean => block.pool === pool && block.ownTimes === own && block.takes(time);
    const newest = this.state.block[ref];
    let target: HeadBlock;
    if (newest !== null && usable(newest)) target = newest;
    else {
      const known = this.#older.get(ref)?.find(({ block }) => usable(block));
      target = known?.block ?? this.#blockFor(pool, own, time);
      if (known !== undefined) this.#goOnIn(ref, known);
    }
    target.beginRow(time);
    this.#touch(target);
    if (this.state.block[ref] !== target) this.newColumn(target, ref);
    const slot = this.state.slot[ref];
    this.index.add(ref);
    if (histogram === null) target.put(slot, words, i);
    else {
      target.put(slot, ZERO, 0);
      target.putHistogram(slot, histogram);
      this.#histograms.push({ block: target, slot, histogram });
    }
    const startTime = batch.startTimes === null ? 0 : batch.startTimes[i] || 0;
    if (startTime !== 0) {
      target.putStartTime(slot, startTime);
      this.#startTimes.push({ block: target, slot, startTime });
    }
    tally.appended++;
    return target;
  }

  /** Whether the sample may follow what the series has; counts it when it may not. */
  #order(ref: number, time: Millis, words: Uint32Array, i: number, histogram: Histogram | null, tally: Tally): boolean {
    const { state } = this;
    let column = this.#newestColumn(ref);
    let newest = column === null ? -Infinity : column.block.lastTimeOf(column.slot);
    if (state.block[ref] === null && state.storedTime[ref] >= newest) {
      if (time <= state.storedTime[ref] && !state.isExact(ref)) this.#loadStored(ref);
      if (state.storedTime[ref] > newest) {
        newest = state.storedTime[ref];
        column = null;
      }
    }
    if (time > newest) return true;
    if (time < newest) {
      tally.outOfOrder++;
      this.behind.push(i);
      return false;
    }
    const known = column === null ? state.storedHistogram(ref) : column.block.lastHistogram(column.slot);
    let same: boolean;
    if (histogram !== null) same = known !== null && equalHistograms(histogram, known);
    else if (known !== null) same = false;
    else same = column === null ? state.isStoredValue(ref, words, i) : column.block.isLast(column.slot, words, i);
    if (!same) tally.duplicate++;
    return false;
  }

  /** A block of the pool that can take a new column at this time. */
  #blockFor(pool: Pool, own: boolean, time: Millis): HeadBlock {
    const blocks = own ? pool.ownBlocks : pool.blocks;
    // Samples of an own time form blocks by the batch that brought them: only a block begun by it takes more.
    for (let at = blocks.length - 1; at >= 0 && at >= blocks.length - 4; at--) {
      const block = blocks[at];
      if (block.closed || block.columns >= BLOCK_COLUMNS) continue;
      if (own ? block.rows === 1 && block.lastTime === time && block.takes(time) : block.takes(time)) return block;
    }
    const rows = this.#rowsOfNext(pool, own);
    const block = this.openBlock(this.nextBlock, pool, own, rows);
    writeBlock(this.pending, block);
    return block;
  }

  /** The first block of a source is shorter by some: else all sources that began together are sealed together. */
  #rowsOfNext(pool: Pool, own: boolean): number {
    if (own || this.#staggered.has(pool.source)) return BLOCK_ROWS;
    this.#staggered.add(pool.source);
    return BLOCK_ROWS - ((this.nextBlock * 37) % (BLOCK_ROWS / 2));
  }

  /** An empty block, the newest of its pool. */
  openBlock(id: number, pool: Pool, own: boolean, maxRows: number): HeadBlock {
    const block = new HeadBlock(id, pool, own, maxRows);
    this.blocks.set(id, block);
    if (id >= this.nextBlock) this.nextBlock = id + 1;
    (own ? pool.ownBlocks : pool.blocks).push(block);
    return block;
  }

  /** A column in the newest row, of a series that goes on there; registers the series if need be. */
  newColumn(block: HeadBlock, ref: number): void {
    const { state } = this;
    if (state.ids[ref] === 0) {
      state.ids[ref] = this.nextSeriesId++;
      this.unregistered.push(ref);
    }
    this.attachColumn(block, ref, block.addColumn(ref));
  }

  /** Makes a column of a block the one in which a series goes on. */
  attachColumn(block: HeadBlock, ref: number, slot: number): void {
    const { state } = this;
    if (state.block[ref] === null && this.#older.size === 0) {
      state.block[ref] = block;
      state.slot[ref] = slot;
    } else this.#goOnIn(ref, { block, slot });
    this.index.add(ref);
  }

  /** Makes a column the one in which a series goes on. */
  #goOnIn(ref: number, column: HeadColumn): void {
    this.detach(ref);
    const others = this.#older.get(ref)?.filter(({ block }) => block !== column.block) ?? [];
    if (others.length > 0) this.#older.set(ref, others);
    else this.#older.delete(ref);
    this.state.block[ref] = column.block;
    this.state.slot[ref] = column.slot;
  }

  /** Lets each series go on where its newest sample is: after a replay, which does not follow every change of place. */
  settle(): void {
    for (const [ref, others] of this.#older) {
      const block = this.state.block[ref];
      const newest = [...others, ...(block === null ? [] : [{ block, slot: this.state.slot[ref] }])].reduce((a, b) =>
        b.block.lastTimeOf(b.slot) > a.block.lastTimeOf(a.slot) ? b : a,
      );
      this.#goOnIn(ref, newest);
    }
  }

  /** Leaves open where a series goes on: its next sample is looked at closely. */
  detach(ref: number): void {
    const block = this.state.block[ref];
    if (block === null) return;
    const column = { block, slot: this.state.slot[ref] };
    const others = this.#older.get(ref);
    if (others === undefined) this.#older.set(ref, [column]);
    else others.push(column);
    this.state.block[ref] = null;
  }

  /** The stage of a block, whose newest row has been begun by the batch being appended. */
  #touch(block: HeadBlock): Stage {
    if (block.stage !== null) return block.stage;
    const stage = (this.#stages[this.#touched.length] ??= new Stage(BLOCK_COLUMNS));
    block.stage = stage;
    this.#touched.push(block);
    this.#journaled.push(block.columns);
    block.firstSeq = Math.min(block.firstSeq, this.nextSeq);
    block.lastSeq = this.nextSeq;
    return stage;
  }

  #endBatch(): void {
    for (const [at, block] of this.#touched.entries()) {
      const journaled = this.#journaled[at];
      if (block.columns > journaled) writeColumns(this.pending, block, journaled, (ref) => this.state.ids[ref]);
      writeRow(this.pending, block, block.endRow());
    }
    for (const { block, slot, histogram } of this.#histograms) writeHistogramOf(this.pending, block, slot, histogram);
    for (const { block, slot, startTime } of this.#startTimes) writeStartTime(this.pending, block, slot, startTime);
    this.#touched.length = 0;
    this.#journaled.length = 0;
    this.#histograms.length = 0;
    this.#startTimes.length = 0;
  }

  /** Closes blocks and takes them out of their pool: its next batch begins new ones, in its own order. */
  close(blocks: readonly HeadBlock[]): void {
    for (const block of blocks) block.closed = true;
    for (const pool of new Set(blocks.map((block) => block.pool))) {
      pool.blocks = pool.blocks.filter((block) => !block.closed);
      pool.ownBlocks = pool.ownBlocks.filter((block) => !block.closed);
    }
  }

  /** Forgets a block whose samples are in frames now. */
  drop(block: HeadBlock): void {
    block.wake();
    this.blocks.delete(block.id);
    const { state } = this;
    for (let slot = 0; slot < block.columns; slot++) {
      const ref = block.refs[slot];
      if (ref < 0) continue;
      if (block.lastTimeOf(slot) >= state.storedTime[ref])
        state.setStored(ref, block.lastTimeOf(slot), block.lastWords, slot, block.lastHistogram(slot));
      if (state.block[ref] === block) state.block[ref] = null;
      else {
        const others = this.#older.get(ref)?.filter((column) => column.block !== block) ?? [];
        if (others.length > 0) this.#older.set(ref, others);
        else this.#older.delete(ref);
      }
    }
  }

  /** Columns with samples of a series. */
  columnsOf(ref: number): readonly HeadColumn[] {
    const block = this.state.block[ref];
    const others = this.#older.size === 0 ? undefined : this.#older.get(ref);
    if (block === null) return others ?? [];
    const newest = { block, slot: this.state.slot[ref] };
    return others === undefined ? [newest] : [...others, newest];
  }

  #newestColumn(ref: number): HeadColumn | null {
    const block = this.state.block[ref];
    if (block !== null) return { block, slot: this.state.slot[ref] };
    let newest: HeadColumn | null = null;
    for (const column of this.#older.get(ref) ?? [])
      if (newest === null || column.block.lastTimeOf(column.slot) > newest.block.lastTimeOf(newest.slot))
        newest = column;
    return newest;
  }

  /** Time of the newest sample of a series, an upper bound where only that is known. */
  lastTimeOf(ref: number): Millis {
    const column = this.#newestColumn(ref);
    const stored = this.state.storedTime[ref];
    return column === null ? stored : Math.max(stored, column.block.lastTimeOf(column.slot));
  }

  /** Estimated. */
  get bytes(): number {
    let bytes = this.pending.bytes.length + this.late.bytes;
    for (const block of this.blocks.values()) bytes += block.bytes;
    return bytes;
  }
}
