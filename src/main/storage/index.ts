export {
  checkStore,
  repairStore,
  type Finding as StoreFinding,
  type StoreCheck,
  type StoreRepair,
} from './check/index.ts';
export * from './contract.ts';
export { openMemoryStorage } from './memory.ts';
export { STORE_FILE } from './database.ts';
export { openSqliteStorage, type SqliteOptions } from './sqlite.ts';
export type { FileStorage, ReadView, ReadViewData, SelectRequest } from './read-view.ts';
export { ViewReader, type ViewReaderOptions } from './view-reader.ts';
