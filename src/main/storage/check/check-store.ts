import type Sqlite from 'better-sqlite3';
import { closedStore } from './closed-store.ts';
import { ContentReader, type Finding } from './content.ts';

/** What a check found. */
export interface StoreCheck {
  readonly findings: readonly Finding[];
  /** Samples in frames that are good. */
  readonly samples: number;
  readonly bytes: number;
}

/** Complaints of SQLite that are listed one by one. */
const MAX_COMPLAINTS = 100;

/** What SQLite itself finds wrong with the structure of the file. */
export function structureFindings(sqlite: Sqlite.Database): Finding[] {
  const finding = (detail: string): Finding => ({ kind: 'structure', table: '', place: '', detail, samples: null });
  try {
    const lines = sqlite.pragma(`integrity_check(${MAX_COMPLAINTS})`, { simple: false }) as {
      integrity_check: string;
    }[];
    return lines
      .map(({ integrity_check: text }) => text)
      .filter((text) => text !== 'ok')
      .map(finding);
  } catch (error) {
    return [finding(error instanceof Error ? error.message : String(error))];
  }
}

/**
 * Reads all of a store that no process has open. Nothing is changed.
 * @throws StorageError 'locked' when it is open, 'io' when there is none, 'corrupt' when it is no store at all
 */
export function checkStore(path: string): StoreCheck {
  return closedStore(path, (sqlite, bytes) => {
    const content = new ContentReader(sqlite, { row: () => undefined, refused: () => undefined });
    content.read();
    return { findings: [...structureFindings(sqlite), ...content.findings], samples: content.samples, bytes };
  });
}
