import type Sqlite from 'better-sqlite3';
import { DecodeError } from '../bytes.ts';
import { decompress } from '../compress.ts';
import { decodeExemplars } from '../exemplar-codec.ts';
import { decodeTimeline, Frame, GROUP_SIZE } from '../frame-codec.ts';
import { BLOCK_ROWS } from '../head-block.ts';
import { Piece } from '../piece-codec.ts';
import { decodeMembers, readSeries, unfoldSeries } from '../series-codec.ts';
import { SeriesTable } from '../series-table.ts';
import { DAY } from '../tier-buckets.ts';
import { readableRows, type Gap } from './readable-rows.ts';

/** Something in a store's file that is not as it should be. */
export interface Finding {
  readonly kind:
    /** What SQLite says of the structure of the file. */
    | 'structure'
    /** Rows of a table that cannot be read. */
    | 'rows'
    /** A blob that cannot be read. */
    | 'damaged'
    /** Something that refers to what is not there. */
    | 'orphan';
  /** Table, or '' where the file as a whole is meant. */
  readonly table: string;
  /** Which row, rows or page. */
  readonly place: string;
  /** What is wrong, where the kind does not say it. */
  readonly detail: string;
  /** Samples that it costs at most; null where that cannot be told. */
  readonly samples: number | null;
}

/** Takes what was found to be good. */
export interface ContentSink {
  row(table: string, values: readonly unknown[]): void;
  /** A row whose blob is of no use, or refers to nothing. */
  refused(table: string, blob: Uint8Array): void;
}

/** Tables in the order in which they are to be read: what others refer to comes first. */
const SOURCES = [
  { table: 'series', key: 'id', columns: 'data' },
  { table: 'grp', key: 'id', columns: 'members' },
  { table: 'timeline', key: 'id', columns: 'seq, mint, maxt, frame_from, frame_to, data' },
  { table: 'frame', key: 'id', columns: 'grp, timeline, mint, maxt, data' },
  { table: 'tier_frame', key: 'id', columns: 'grp, tier, aggregate, day, data' },
  { table: 'piece', key: 'id', columns: 'data' },
  { table: 'journal', key: 'seq', columns: 'data' },
  { table: 'late', key: 'id', columns: 'data' },
  { table: 'tombstone', key: 'id', columns: 'series, mint, maxt' },
  { table: 'exemplar', key: 'id', columns: 'count, data' },
  { table: 'quarantine', key: 'id', columns: 'what, data' },
] as const;

type TableName = (typeof SOURCES)[number]['table'];

/** Goes through all rows of a store, reads every blob, and tells what is wrong with it. */
export class ContentReader {
  readonly findings: Finding[] = [];
  samples = 0;
  readonly #sqlite: Sqlite.Database;
  readonly #sink: ContentSink;
  /** Members of each group. */
  readonly #members = new Map<number, number>();
  /** Rows of each timeline. */
  readonly #rows = new Map<number, number>();

  constructor(sqlite: Sqlite.Database, sink: ContentSink) {
    this.#sqlite = sqlite;
    this.#sink = sink;
  }

  read(): void {
    for (const source of SOURCES) {
      // Some tables came later: a store that was not opened since lacks them.
      if ((source.table === 'late' || source.table === 'tier_frame') && !this.#has(source.table)) continue;
      const gaps = readableRows(this.#sqlite, source, (values) => this.#row(source.table, values));
      for (const gap of gaps) this.#gap(source.table, gap);
    }
  }

  #has(table: string): boolean {
    return (
      this.#sqlite.prepare("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?").get(table) !== undefined
    );
  }

  #gap(table: TableName, { after, before }: Gap): void {
    const place =
      before === null ? `after ${after}` : before === after + 1 ? `${after}` : `${after + 1}..${before - 1}`;
    const samples =
      table === 'frame' && before !== null
        ? (before - after - 1) * GROUP_SIZE * BLOCK_ROWS
        : table === 'tombstone'
          ? 0
          : null;
    this.findings.push({ kind: 'rows', table, place, detail: '', samples });
  }

  #row(table: TableName, values: readonly unknown[]): void {
    const blob = values.at(-1);
    const id = values[0] as number;
    let samples: number | null = 0;
    try {
      switch (table) {
        case 'series':
          samples = null;
          readSeries(unfoldSeries(blob as Uint8Array), new SeriesTable(), () => undefined);
          break;
        case 'grp':
          samples = null;
          this.#members.set(id, decodeMembers(blob as Uint8Array).length);
          break;
        case 'timeline':
          samples = null;
          this.#rows.set(id, decodeTimeline(blob as Uint8Array).length);
          break;
        case 'frame': {
          const [, group, timeline] = values as [number, number, number];
          const members = this.#members.get(group);
          const rows = this.#rows.get(timeline);
          samples = (members ?? GROUP_SIZE) * (rows ?? BLOCK_ROWS);
          if (members === undefined || rows === undefined) {
            const missing = members === undefined ? `group ${group}` : `timeline ${timeline}`;
            this.findings.push({ kind: 'orphan', table, place: String(id), detail: missing, samples });
            this.#sink.refused(table, blob as Uint8Array);
            return;
          }
          this.samples += samplesOf(new Frame(blob as Uint8Array), rows);
          break;
        }
        case 'tier_frame': {
          const [, group, tier] = values as [number, number, number];
          if (!this.#members.has(group)) {
            this.findings.push({ kind: 'orphan', table, place: String(id), detail: `group ${group}`, samples });
            this.#sink.refused(table, blob as Uint8Array);
            return;
          }
          samplesOf(new Frame(blob as Uint8Array), DAY / tier);
          break;
        }
        case 'piece':
          samples = null;
          if (new Piece(decompress(blob as Uint8Array)).times.length === 0)
            throw new DecodeError('a piece has no rows');
          break;
        case 'journal':
        case 'late':
          samples = null;
          decompress(blob as Uint8Array);
          break;
        case 'exemplar':
          decodeExemplars(blob as Uint8Array);
          break;
        case 'tombstone':
        case 'quarantine':
          break;
      }
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
      this.findings.push({ kind: 'damaged', table, place: String(id), detail: error.message, samples });
      this.#sink.refused(table, blob as Uint8Array);
      return;
    }
    this.#sink.row(table, values);
  }
}

/** Reads every column. @throws DecodeError when one is damaged, or longer than the timeline */
function samplesOf(frame: Frame, rows: number): number {
  if (frame.rows !== rows) throw new DecodeError('a frame does not fit its timeline');
  let samples = 0;
  for (let member = 0; member < GROUP_SIZE; member++)
    if (frame.has(member)) samples += frame.column(member).values.length;
  return samples;
}
