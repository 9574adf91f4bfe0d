import {
  closeSync,
  constants,
  copyFileSync,
  existsSync,
  openSync,
  readSync,
  rmSync,
  statSync,
  truncateSync,
} from 'node:fs';
import Sqlite from 'better-sqlite3';
import { StorageError } from '../contract.ts';
import { APPLICATION_ID, lockFile, storageError } from '../database.ts';

/** Length that a database says to have in its header, in bytes; 0 where it does not say. */
function lengthInHeader(path: string): number {
  const header = Buffer.alloc(100);
  const file = openSync(path, 'r');
  try {
    if (readSync(file, header, 0, 100, 0) < 100 || header.toString('latin1', 0, 16) !== 'SQLite format 3\0') return 0;
  } finally {
    closeSync(file);
  }
  // 1 stands for 65,536, as in SQLite's file format.
  const pageSize = header.readUInt16BE(16) === 1 ? 1 << 16 : header.readUInt16BE(16);
  return header.readUInt32BE(28) * pageSize;
}

/**
 * SQLite reads nothing of a file that was cut short. A copy that is filled up with empty pages it reads, but for those.
 * @returns the copy, or null when the file is as long as it should be
 */
function filledUp(path: string, bytes: number): string | null {
  const length = lengthInHeader(path);
  if (length <= bytes || length > 2 ** 45) return null;
  const copy = `${path}.reading`;
  copyFileSync(path, copy, constants.COPYFILE_FICLONE);
  if (existsSync(`${path}-wal`)) copyFileSync(`${path}-wal`, `${copy}-wal`, constants.COPYFILE_FICLONE);
  truncateSync(copy, length);
  return copy;
}

/**
 * Opens the file of a store for reading, locked against every Hearth meanwhile.
 * @throws StorageError 'locked' when one has it open, 'io' when there is no file, 'corrupt' when it is no store
 */
export function closedStore<T>(path: string, work: (sqlite: Sqlite.Database, bytes: number) => T): T {
  let lock: Sqlite.Database | null = null;
  let sqlite: Sqlite.Database | null = null;
  let copy: string | null = null;
  try {
    const stat = statSync(path, { throwIfNoEntry: false });
    if (stat === undefined) throw new StorageError('io', path, `${path}: there is no such file`);
    lock = lockFile(path);
    copy = filledUp(path, stat.size);
    sqlite = new Sqlite(copy ?? path, { readonly: true, fileMustExist: true, timeout: 0 });
    if (sqlite.pragma('application_id', { simple: true }) !== APPLICATION_ID)
      throw new StorageError('corrupt', path, `${path} is not a Hearth store`);
    return work(sqlite, stat.size);
  } catch (error) {
    throw storageError(path, error);
  } finally {
    sqlite?.close();
    if (copy !== null) for (const suffix of ['', '-wal', '-shm']) rmSync(copy + suffix, { force: true });
    lock?.close();
  }
}
