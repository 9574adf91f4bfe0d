import type { MetricMetadata, Millis } from '#shared/model/index.ts';
import { DecodeError } from './bytes.ts';
import { compress, decompress } from './compress.ts';
import type { BatchExemplar } from './contract.ts';
import type { Database } from './database.ts';
import { decodeExemplars, encodeExemplars } from './exemplar-codec.ts';
import { ExemplarRing } from './exemplar-ring.ts';
import type { Head } from './head.ts';
import { MetadataTable } from './metadata-table.ts';
import { isDeleted, Tombstones } from './tombstones.ts';

const METADATA_LEVEL = 9;

/** What is stored beside the samples: exemplars, metadata and deletions. Changes wait for the next commit. */
export class Sidelines {
  readonly metadata = new MetadataTable();
  readonly exemplars: ExemplarRing;
  readonly tombstones = new Tombstones();
  readonly #head: Head;
  readonly #maxExemplars: number;
  #newExemplars: BatchExemplar[] = [];
  #newTombstones: { readonly series: number; readonly start: Millis; readonly end: Millis }[] = [];
  readonly #changedSources = new Set<string>();
  /** Exemplars in the database. */
  #stored = 0;
  #pendingStored = 0;

  constructor(head: Head, maxExemplars: number) {
    this.#head = head;
    this.#maxExemplars = maxExemplars;
    this.exemplars = new ExemplarRing(maxExemplars);
  }

  /** Deletions that wait for the next commit, series by their persistent numbers. */
  get unwrittenTombstones(): readonly { readonly series: number; readonly start: Millis; readonly end: Millis }[] {
    return this.#newTombstones;
  }

  get dirty(): boolean {
    return this.#newExemplars.length > 0 || this.#newTombstones.length > 0 || this.#changedSources.size > 0;
  }

  /** Reads what is stored. @param refOf references of series by their persistent numbers */
  load({ sqlite }: Database, refOf: Pick<Map<number, number>, 'get'>): void {
    const deleted = sqlite.prepare('SELECT series, mint, maxt FROM tombstone').raw();
    for (const [series, start, end] of deleted.iterate() as Iterable<[number, number, number]>) {
      const ref = refOf.get(series);
      if (ref !== undefined) this.tombstones.add(ref, start, end);
    }
    const sources = sqlite.prepare('SELECT source, data FROM metadata').raw();
    for (const [source, data] of sources.iterate() as Iterable<[string, Buffer]>)
      tolerant(() => {
        this.metadata.put(source, JSON.parse(Buffer.from(decompress(data)).toString()) as MetricMetadata[]);
      });
    const exemplars = sqlite.prepare('SELECT count, data FROM exemplar ORDER BY id').raw();
    for (const [count, data] of exemplars.iterate() as Iterable<[number, Buffer]>) {
      this.#stored += count;
      tolerant(() => {
        for (const { series, labels, value, time } of decodeExemplars(data)) {
          const ref = refOf.get(series);
          if (ref === undefined || isDeleted(this.tombstones.of(ref) ?? [], time)) continue;
          this.exemplars.add({ ref, labels, value, time });
        }
      });
    }
  }

  addExemplar(exemplar: BatchExemplar): void {
    if (this.exemplars.add(exemplar)) this.#newExemplars.push(exemplar);
  }

  putMetadata(source: string, entries: readonly MetricMetadata[]): void {
    if (this.metadata.put(source, entries)) this.#changedSources.add(source);
  }

  /** Hides the samples of a series in [start, end], which must not reach beyond its newest. */
  delete(ref: number, start: Millis, end: Millis): void {
    this.tombstones.add(ref, start, end);
    this.exemplars.remove(ref, start, end);
    this.#newTombstones.push({ series: this.#head.state.ids[ref], start, end });
  }

  /** Writes what is new; to be called within a transaction, and `written` after its success. */
  write(database: Database): void {
    const known = this.#newExemplars.filter(({ ref }) => this.#head.state.ids[ref] > 0);
    if (known.length > 0) {
      const data = encodeExemplars(
        known.map((exemplar) => ({ ...exemplar, series: this.#head.state.ids[exemplar.ref] })),
      );
      database.statement('INSERT INTO exemplar (count, data) VALUES (?, ?)').run(known.length, data);
    }
    let stored = this.#stored + known.length;
    if (stored > this.#maxExemplars) {
      const rows = database.sqlite.prepare('SELECT id, count FROM exemplar ORDER BY id').raw().all() as [
        number,
        number,
      ][];
      const drop = database.statement('DELETE FROM exemplar WHERE id = ?');
      for (const [id, count] of rows) {
        if (stored - count < this.#maxExemplars) break;
        drop.run(id);
        stored -= count;
      }
    }
    const bury = database.statement('INSERT INTO tombstone (series, mint, maxt) VALUES (?, ?, ?)');
    for (const { series, start, end } of this.#newTombstones) bury.run(series, start, end);
    const keep = database.statement('INSERT OR REPLACE INTO metadata (source, data) VALUES (?, ?)');
    for (const source of this.#changedSources) {
      const text = JSON.stringify(this.metadata.entriesOf(source));
      keep.run(source, compress(Buffer.from(text), METADATA_LEVEL));
    }
    this.#pendingStored = stored;
  }

  written(): void {
    this.#stored = this.#pendingStored;
    this.#newExemplars = [];
    this.#newTombstones = [];
    this.#changedSources.clear();
  }

  /** Forgets deletions of what retention has removed. */
  forgetBefore(database: Database, time: Millis): void {
    database.run((sqlite) => sqlite.prepare('DELETE FROM tombstone WHERE maxt < ?').run(time));
    this.tombstones.dropBefore(time);
  }
}

/** Damage here costs what is in the blob, nothing else. */
function tolerant(read: () => void): void {
  try {
    read();
  } catch (error) {
    if (!(error instanceof DecodeError || error instanceof SyntaxError)) throw error;
  }
}
