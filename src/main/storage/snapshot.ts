import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import Sqlite from 'better-sqlite3';
import { StorageError } from './contract.ts';
import { storageError, type Database } from './database.ts';

/** Pages copied in one step, between which others get their turn. */
const PAGES = 1024;

/** Makes what happened in a folder durable, where the system can. */
export function syncFolder(folder: string): void {
  if (process.platform === 'win32') return;
  const handle = openSync(folder, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

/**
 * Copies an open database to a file of its own, a few pages at a time; what is committed meanwhile is in the copy too.
 * The file appears under its name when it is whole and durable.
 * @param closed whether the store was closed since: then the copy is given up
 * @throws StorageError; nothing is left behind then
 */
export async function writeSnapshot(
  database: Database,
  path: string,
  options: {
    /** Leaves out journal, pieces, late samples and exemplars; these are then the next numbers, so that none is given twice. */
    readonly skipHead: Readonly<Record<string, number>> | null;
    readonly closed: () => boolean;
  },
): Promise<void> {
  const part = `${path}.part`;
  try {
    if (existsSync(path)) throw new StorageError('io', path, `${path} is there already`);
    mkdirSync(dirname(path), { recursive: true });
    rmSync(part, { force: true });
    await database.sqlite.backup(part, {
      progress: () => {
        if (options.closed()) throw new StorageError('closed', path, 'The store is closed.');
        return PAGES;
      },
    });
    const copy = new Sqlite(part);
    try {
      // One file, without a log beside it.
      copy.pragma('journal_mode = DELETE');
      copy.pragma('synchronous = FULL');
      if (options.skipHead !== null) withoutHead(copy, options.skipHead);
    } finally {
      copy.close();
    }
    renameSync(part, path);
    syncFolder(dirname(path));
  } catch (error) {
    rmSync(part, { force: true });
    throw storageError(path, error);
  }
}

function withoutHead(copy: Sqlite.Database, numbers: Readonly<Record<string, number>>): void {
  copy.transaction(() => {
    copy.exec('DELETE FROM journal; DELETE FROM piece; DELETE FROM late; DELETE FROM exemplar');
    const save = copy.prepare('INSERT OR REPLACE INTO counter (name, value) VALUES (?, ?)');
    for (const [name, value] of Object.entries(numbers)) save.run(name, value);
  })();
  copy.pragma('incremental_vacuum');
}
