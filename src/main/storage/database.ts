import { mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import Sqlite from 'better-sqlite3';
import { StorageError, type StorageErrorKind } from './contract.ts';

/** "HRTH": tells a store from any other SQLite file. */
export const APPLICATION_ID = 0x48525448;

/** Name of a store's file in a data folder, and in a snapshot's. */
export const STORE_FILE = 'hearth.db';

/** Format of the tables; the page docs/formats/store.md describes it. */
export const SCHEMA_VERSION = 2;

/** Small pages: each commit writes whole ones, and a frame's end wastes half of one. */
const PAGE_SIZE = 1024;
/** Bytes from which on SQLite folds its write-ahead log into the file, where nobody says more. */
export const LOG_BYTES = 4 << 20;
/** SQLite's name for a file that is none: a store that lives as long as it is open, and needs no lock. */
export const IN_MEMORY = ':memory:';

const SCHEMA = `
  CREATE TABLE counter (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
  CREATE TABLE series (id INTEGER PRIMARY KEY, data BLOB NOT NULL);
  CREATE TABLE grp (id INTEGER PRIMARY KEY, members BLOB NOT NULL);
  CREATE TABLE timeline (
    id INTEGER PRIMARY KEY, seq INTEGER NOT NULL, mint INTEGER NOT NULL, maxt INTEGER NOT NULL,
    frame_from INTEGER NOT NULL, frame_to INTEGER NOT NULL, data BLOB NOT NULL);
  CREATE INDEX timeline_by_time ON timeline (maxt);
  CREATE TABLE frame (
    id INTEGER PRIMARY KEY, grp INTEGER NOT NULL, timeline INTEGER NOT NULL,
    mint INTEGER NOT NULL, maxt INTEGER NOT NULL, data BLOB NOT NULL);
  CREATE INDEX frame_by_group ON frame (grp, maxt, mint, timeline);
  CREATE TABLE journal (seq INTEGER PRIMARY KEY, data BLOB NOT NULL);
  CREATE TABLE piece (id INTEGER PRIMARY KEY, data BLOB NOT NULL);
  CREATE TABLE tombstone (id INTEGER PRIMARY KEY, series INTEGER NOT NULL, mint INTEGER NOT NULL, maxt INTEGER NOT NULL);
  CREATE TABLE exemplar (id INTEGER PRIMARY KEY, count INTEGER NOT NULL, data BLOB NOT NULL);
  CREATE TABLE metadata (source TEXT PRIMARY KEY, data BLOB NOT NULL);
  CREATE TABLE quarantine (id INTEGER PRIMARY KEY, what TEXT NOT NULL, data BLOB NOT NULL);
`;

/** Tables that came later without changing the others: a store that lacks them gets them, an older Hearth ignores them. */
const ADDED = `
  CREATE TABLE IF NOT EXISTS import_mark (key TEXT PRIMARY KEY, offset INTEGER NOT NULL);
  CREATE TABLE IF NOT EXISTS late (id INTEGER PRIMARY KEY, data BLOB NOT NULL);
  CREATE TABLE IF NOT EXISTS tier_frame (
    id INTEGER PRIMARY KEY, grp INTEGER NOT NULL, tier INTEGER NOT NULL, aggregate INTEGER NOT NULL,
    day INTEGER NOT NULL, data BLOB NOT NULL);
  CREATE INDEX IF NOT EXISTS tier_frame_by_group ON tier_frame (grp, tier, aggregate, day);
  CREATE INDEX IF NOT EXISTS tier_frame_by_day ON tier_frame (tier, day);
  CREATE TABLE IF NOT EXISTS tier_day (tier INTEGER NOT NULL, day INTEGER NOT NULL, PRIMARY KEY (tier, day)) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS kept (name TEXT PRIMARY KEY, maxt INTEGER NOT NULL, id INTEGER NOT NULL) WITHOUT ROWID;
`;

/** SQLite's result codes, by their beginning, and what they mean to us. */
const KINDS: readonly (readonly [code: string, kind: StorageErrorKind, says: string])[] = [
  ['SQLITE_FULL', 'full', 'the disk is full'],
  ['SQLITE_READONLY', 'readonly', 'the file or its folder cannot be written'],
  ['SQLITE_PERM', 'readonly', 'access to the file is not permitted'],
  ['SQLITE_CORRUPT', 'corrupt', 'the file is damaged'],
  ['SQLITE_NOTADB', 'corrupt', 'the file is not a Hearth store'],
  ['SQLITE_BUSY', 'locked', 'another process is using it'],
  ['SQLITE_LOCKED', 'locked', 'another process is using it'],
];

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}

/** A failure of the disk or of SQLite as a StorageError; anything else, being a bug, is returned as it is. */
export function storageError(path: string, error: unknown): unknown {
  const code = codeOf(error);
  if (code === 'ENOSPC' || code === 'EDQUOT')
    return new StorageError('full', path, `${path}: the disk is full`, { cause: error });
  if (code === 'EACCES' || code === 'EROFS' || code === 'EPERM')
    return new StorageError('readonly', path, `${path}: the file or its folder cannot be written`, { cause: error });
  if (/^E[A-Z0-9]+$/.test(code))
    return new StorageError('io', path, `${path}: ${(error as Error).message}`, { cause: error });
  if (!code.startsWith('SQLITE_')) return error;
  const [, kind, says] = KINDS.find(([prefix]) => code.startsWith(prefix)) ?? [
    '',
    'io',
    `input or output failed (${code})`,
  ];
  return new StorageError(kind, path, `${path}: ${says}`, { cause: error });
}

/** Locks a store against every other process, until the result is closed. */
export function lockFile(path: string): Sqlite.Database {
  const lockPath = `${path}.lock`;
  const lock = new Sqlite(lockPath, { timeout: 0 });
  try {
    lock.exec('BEGIN EXCLUSIVE');
    return lock;
  } catch (error) {
    lock.close();
    if (codeOf(error).startsWith('SQLITE_BUSY'))
      throw new StorageError(
        'locked',
        path,
        `${path} is in use by another Hearth. Close that one, or give this one another data folder.`,
        { cause: error },
      );
    throw error;
  }
}

/** The SQLite file of a store, locked against every other process while it is open. */
export class Database {
  readonly path: string;
  readonly sqlite: Sqlite.Database;
  /** Format in which the file was found; a new one has the newest. */
  readonly found: number;
  /** Grows with each frame that is added: what is known of the frames of a group holds until then. */
  framesAdded = 0;
  readonly #lock: Sqlite.Database;
  readonly #statements = new Map<string, Sqlite.Statement>();

  /** @throws StorageError when it cannot be opened, with the kind that says why */
  constructor(path: string, maxBytes: number | null) {
    this.path = path;
    let lock: Sqlite.Database | null = null;
    let sqlite: Sqlite.Database | null = null;
    let found: number;
    try {
      if (path === IN_MEMORY) lock = new Sqlite(IN_MEMORY);
      else {
        mkdirSync(dirname(path), { recursive: true });
        lock = lockFile(path);
      }
      sqlite = new Sqlite(path, { timeout: 1000 });
      found = prepare(path, sqlite);
      if (maxBytes !== null) sqlite.pragma(`max_page_count = ${Math.ceil(maxBytes / PAGE_SIZE)}`);
    } catch (error) {
      sqlite?.close();
      lock?.close();
      throw storageError(path, error);
    }
    this.#lock = lock;
    this.sqlite = sqlite;
    this.found = found;
  }

  /** The statement, prepared once: preparing costs more than most runs. Not for `pluck` or `raw`, which stick to it. */
  statement(sql: string): Sqlite.Statement {
    let statement = this.#statements.get(sql);
    if (statement === undefined) this.#statements.set(sql, (statement = this.sqlite.prepare(sql)));
    return statement;
  }

  /** Runs `work`; failures of the disk come out as StorageErrors. */
  run<T>(work: (sqlite: Sqlite.Database) => T): T {
    try {
      return work(this.sqlite);
    } catch (error) {
      throw storageError(this.path, error);
    }
  }

  /** As `run`, in one transaction: all of it happens, or nothing. */
  transaction<T>(work: (sqlite: Sqlite.Database) => T): T {
    return this.run((sqlite) => sqlite.transaction(() => work(sqlite)).immediate());
  }

  /** Bytes of the file and its write-ahead log. */
  get fileBytes(): number {
    let bytes = 0;
    for (const suffix of ['', '-wal']) {
      const stat = statSync(this.path + suffix, { throwIfNoEntry: false });
      bytes += stat?.size ?? 0;
    }
    return bytes;
  }

  /** Bytes of all pages, and of those without content. */
  pages(): { readonly all: number; readonly free: number } {
    return this.run((sqlite) => {
      const size = sqlite.pragma('page_size', { simple: true }) as number;
      const count = (name: string): number => (sqlite.pragma(name, { simple: true }) as number) * size;
      return { all: count('page_count'), free: count('freelist_count') };
    });
  }

  /** Bounds the write-ahead log: folded into the file from about so many bytes on, and cut to it then. */
  limitLog(bytes: number): void {
    this.run((sqlite) => {
      sqlite.pragma(`wal_autocheckpoint = ${Math.max(16, Math.floor(bytes / PAGE_SIZE))}`);
      sqlite.pragma(`journal_size_limit = ${bytes}`);
    });
  }

  /** Folds the write-ahead log into the file and empties it, as far as no other connection reads. */
  checkpoint(): void {
    this.run((sqlite) => sqlite.pragma('wal_checkpoint(TRUNCATE)'));
  }

  close(): void {
    try {
      this.sqlite.close();
    } finally {
      this.#lock.close();
    }
  }
}

/** @returns the format in which the file was found */
function prepare(path: string, sqlite: Sqlite.Database): number {
  // A file without tables was begun by a run that ended before they were made.
  const empty = sqlite.prepare('SELECT count(*) FROM sqlite_master').pluck().get() === 0;
  if (empty) {
    sqlite.pragma(`page_size = ${PAGE_SIZE}`);
    sqlite.pragma('auto_vacuum = INCREMENTAL');
  }
  const version = sqlite.pragma('user_version', { simple: true }) as number;
  const owner = sqlite.pragma('application_id', { simple: true }) as number;
  if (!empty && owner !== APPLICATION_ID)
    throw new StorageError(
      'corrupt',
      path,
      `${path} is not a Hearth store. Move it away, or give another data folder.`,
    );
  if (version > SCHEMA_VERSION)
    throw new StorageError(
      'newer-format',
      path,
      `${path} was written by a newer Hearth (format ${version}, this one knows ${SCHEMA_VERSION}). Use that one.`,
    );
  sqlite.pragma('journal_mode = WAL');
  sqlite.pragma('synchronous = FULL');
  sqlite.pragma(`wal_autocheckpoint = ${LOG_BYTES / PAGE_SIZE}`);
  sqlite.pragma(`journal_size_limit = ${LOG_BYTES}`);
  // Whole frames are cached unpacked: pages are little worth a second time.
  sqlite.pragma('cache_size = -4096');
  sqlite.pragma('temp_store = MEMORY');
  sqlite.transaction(() => {
    if (empty) {
      sqlite.exec(SCHEMA);
      sqlite.pragma(`application_id = ${APPLICATION_ID}`);
      sqlite.pragma(`user_version = ${SCHEMA_VERSION}`);
    }
    sqlite.exec(ADDED);
    // Readers of format 1 do not mind the table; the version is raised when what it takes over is written.
    if (version === 1) sqlite.exec('CREATE TABLE IF NOT EXISTS piece (id INTEGER PRIMARY KEY, data BLOB NOT NULL)');
  })();
  return empty ? SCHEMA_VERSION : version;
}
