import { existsSync, linkSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import type Sqlite from 'better-sqlite3';
import { Database } from '../database.ts';
import { syncFolder } from '../snapshot.ts';
import { structureFindings } from './check-store.ts';
import { closedStore } from './closed-store.ts';
import { pieceOf } from '../pieces.ts';
import { ContentReader, type Finding } from './content.ts';

export interface StoreRepair {
  readonly findings: readonly Finding[];
  /** Samples in frames that were kept. */
  readonly samples: number;
  /** Where the damaged file is now; null when nothing was wrong, and nothing was done. */
  readonly kept: string | null;
}

const COLUMNS: Readonly<Record<string, string>> = {
  series: 'id, data',
  grp: 'id, members',
  timeline: 'id, seq, mint, maxt, frame_from, frame_to, data',
  frame: 'id, grp, timeline, mint, maxt, data',
  tier_frame: 'id, grp, tier, aggregate, day, data',
  piece: 'id, data',
  journal: 'seq, data',
  late: 'id, data',
  tombstone: 'id, series, mint, maxt',
  exemplar: 'id, count, data',
  quarantine: 'id, what, data',
};

/** Rows written in one transaction. */
const BATCH = 2000;

/** Writes good rows to a new store, and keeps the blobs of the others beside them. */
class Copier {
  readonly #target: Sqlite.Database;
  readonly #insert = new Map<string, Sqlite.Statement>();
  readonly #quarantine: Sqlite.Statement;
  #rows = 0;

  constructor(target: Sqlite.Database) {
    this.#target = target;
    for (const [table, columns] of Object.entries(COLUMNS)) {
      const marks = columns.split(',').map(() => '?');
      this.#insert.set(
        table,
        target.prepare(`INSERT OR IGNORE INTO ${table} (${columns}) VALUES (${marks.join(', ')})`),
      );
    }
    this.#quarantine = target.prepare('INSERT INTO quarantine (what, data) VALUES (?, ?)');
    target.exec('BEGIN IMMEDIATE');
  }

  row(table: string, values: readonly unknown[]): void {
    this.#insert.get(table)?.run(...values);
    this.#count();
  }

  refused(table: string, blob: Uint8Array): void {
    this.#quarantine.run(table, blob);
    this.#count();
  }

  #count(): void {
    if (++this.#rows % BATCH !== 0) return;
    this.#target.exec('COMMIT');
    this.#target.exec('BEGIN IMMEDIATE');
  }

  /** Small tables whose keys are texts, as far as they can be read; and numbers that are certainly not taken. */
  finish(source: Sqlite.Database): void {
    this.#texts(source, 'counter', 'name, value');
    this.#texts(source, 'metadata', 'source, data');
    this.#texts(source, 'import_mark', 'key, offset');
    this.#texts(source, 'kept', 'name, maxt, id');
    this.#texts(source, 'tier_day', 'tier, day');
    // What the journal says depends on the format.
    this.#target.pragma(`user_version = ${String(source.pragma('user_version', { simple: true }))}`);
    const raise = this.#target.prepare(
      'INSERT INTO counter (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = max(value, excluded.value)',
    );
    const above = (table: string, key: string): number =>
      ((this.#target.prepare(`SELECT max(${key}) FROM ${table}`).pluck().get() as number | null) ?? 0) + 1;
    raise.run('block', Math.max(above('timeline', 'id'), pieceOf(above('piece', 'id')).block + 1));
    raise.run('group', above('grp', 'id'));
    raise.run('seq', Math.max(above('journal', 'seq'), above('timeline', 'seq')));
    this.#target.exec('COMMIT');
  }

  #texts(source: Sqlite.Database, table: string, columns: string): void {
    const insert = this.#target.prepare(
      `INSERT OR REPLACE INTO ${table} (${columns}) VALUES (${columns
        .split(',')
        .map(() => '?')
        .join(', ')})`,
    );
    try {
      const rows = source.prepare(`SELECT ${columns} FROM ${table}`).raw().iterate() as Iterable<unknown[]>;
      for (const values of rows) insert.run(...values);
    } catch {
      // What could be read of it is there; all of it can be had again from scrapes and from the other tables.
    }
  }
}

function freePath(path: string): string {
  for (let n = 1; ; n++) {
    const candidate = `${path}.damaged-${n}`;
    if (!existsSync(candidate)) return candidate;
  }
}

/**
 * Writes what can be read of a damaged store to a new file and puts that in its place; the old one is kept beside it.
 * A store in which nothing is wrong is left as it is.
 * @throws StorageError as `checkStore`, and 'full' when there is no room for a second file
 */
export function repairStore(path: string): StoreRepair {
  const fresh = `${path}.repaired`;
  for (const suffix of ['', '-wal', '-shm', '.lock']) rmSync(fresh + suffix, { force: true });
  const report = closedStore(path, (source) => {
    const target = new Database(fresh, null);
    try {
      return target.run((sqlite) => {
        const copier = new Copier(sqlite);
        const content = new ContentReader(source, copier);
        content.read();
        copier.finish(source);
        const findings = [...structureFindings(source), ...content.findings];
        target.checkpoint();
        return { findings, samples: content.samples };
      });
    } finally {
      target.close();
    }
  });
  rmSync(`${fresh}.lock`, { force: true });
  if (report.findings.length === 0) {
    rmSync(fresh, { force: true });
    return { ...report, kept: null };
  }
  const kept = freePath(path);
  // The log belongs to the old file: beside the new one it would be taken for that one's.
  if (existsSync(`${path}-wal`)) renameSync(`${path}-wal`, `${kept}-wal`);
  rmSync(`${path}-shm`, { force: true });
  linkSync(path, kept);
  renameSync(fresh, path);
  syncFolder(dirname(path));
  return { ...report, kept };
}
