export * from './contract.ts';
export { openMemoryStorage } from './memory.ts';
export { openSqliteStorage, type SqliteOptions } from './sqlite.ts';
export type { FileStorage, ReadView, ReadViewData, SelectRequest } from './read-view.ts';
export { ViewReader, type ViewReaderOptions } from './view-reader.ts';
