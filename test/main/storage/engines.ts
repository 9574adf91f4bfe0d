import { join } from 'node:path';
import { openMemoryStorage, openSqliteStorage, type Storage, type StorageOptions } from '#main/storage/index.ts';

/** A way to open a store, for the tests that every engine must pass. */
export interface Engine {
  readonly name: string;
  /** Whether samples outlive the process. */
  readonly durable: boolean;
  open(folder: string, options?: StorageOptions): Storage;
}

export const ENGINES: readonly Engine[] = [
  { name: 'memory', durable: false, open: (_folder, options) => openMemoryStorage(options) },
  {
    name: 'sqlite',
    durable: true,
    open: (folder, options) => openSqliteStorage({ ...options, path: join(folder, 'store.db') }),
  },
];
