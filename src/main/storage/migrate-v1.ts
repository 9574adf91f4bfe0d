import { labelsFromSortedFlat } from '#shared/model/index.ts';
import { ByteReader } from './bytes.ts';
import { decompress } from './compress.ts';
import { BLOCK_COLUMNS, type HeadBlock } from './head-block.ts';
import { Stage } from './head-row.ts';
import { readFirstJournal, type FirstJournalSink } from './journal-v1.ts';
import { RecoveredBlocks, sealedBlocks, tolerant, type Recovery } from './recover.ts';

/**
 * Brings back the blocks of a store of format 1 from its journal, and turns them into pieces. What format 2 needs is
 * to be written in one transaction afterwards.
 */
export function recoverFirstFormat(recovery: Recovery): void {
  const { database, head, pieces } = recovery;
  const replay = new FirstReplay(recovery);
  const rows = database.sqlite.prepare('SELECT seq, data FROM journal ORDER BY seq').raw();
  for (const [seq, data] of rows.iterate() as Iterable<[number, Buffer]>) {
    head.nextSeq = seq + 1;
    const read = tolerant(recovery, { table: 'journal', id: seq }, () => {
      readFirstJournal(new ByteReader(decompress(data)), replay);
    });
    if (!read) replay.lost();
  }
  replay.finish();
  for (const block of head.blocks.values()) {
    const { from } = block.tail;
    pieces.add(
      block.id,
      from,
      block.fold(null, (ref) => head.state.ids[ref]),
    );
    block.folded(from);
  }
}

class FirstReplay implements FirstJournalSink {
  readonly #recovery: Recovery;
  readonly #sealed: ReadonlySet<number>;
  readonly #blocks: RecoveredBlocks;
  /** References of announced columns that have no sample yet, by block. */
  readonly #announced = new Map<number, number[]>();
  readonly #stage = new Stage(BLOCK_COLUMNS);

  constructor(recovery: Recovery) {
    this.#recovery = recovery;
    this.#sealed = sealedBlocks(recovery.database);
    this.#blocks = new RecoveredBlocks(recovery.head);
  }

  series(id: number, flat: readonly string[]): void {
    const { head, refOf } = this.#recovery;
    if (refOf.get(id) !== undefined) return;
    const ref = head.resolve(labelsFromSortedFlat(flat));
    head.know(ref, id);
    refOf.set(id, ref);
    head.unregistered.push(ref);
  }

  block(id: number, source: string, ownTimes: boolean, maxRows: number): void {
    const { head } = this.#recovery;
    if (id >= head.nextBlock) head.nextBlock = id + 1;
    if (!this.#sealed.has(id)) this.#blocks.open(id, source, ownTimes, maxRows);
  }

  columns(block: number, ids: readonly number[]): void {
    if (this.wanted(block) === null) return;
    const refs = ids.map((id) => this.#recovery.refOf.get(id) ?? -1);
    if (refs.includes(-1)) {
      this.#blocks.broken.add(block);
      return;
    }
    const waiting = this.#announced.get(block);
    if (waiting === undefined) this.#announced.set(block, refs);
    else waiting.push(...refs);
  }

  wanted(id: number): HeadBlock | null {
    const block = this.#recovery.head.blocks.get(id);
    return block === undefined || this.#blocks.broken.has(id) ? null : block;
  }

  addColumn(block: HeadBlock): void {
    const ref = this.#announced.get(block.id)?.shift();
    if (ref === undefined) this.#blocks.broken.add(block.id);
    else this.#recovery.head.attachColumn(block, ref, block.addColumn(ref));
  }

  rowBegin(block: HeadBlock, time: number): void {
    block.beginRow(time);
    block.stage = this.#stage;
  }

  rowEnd(block: HeadBlock): void {
    block.endRow();
  }

  lost(): void {
    for (const [id, block] of this.#recovery.head.blocks) {
      block.stage = null;
      this.#blocks.broken.add(id);
    }
    this.#stage.fresh.fill(0);
  }

  finish(): void {
    this.#blocks.finish();
  }
}
