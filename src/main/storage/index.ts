export * from './contract.ts';
export { openMemoryStorage } from './memory.ts';
export { openSqliteStorage, type SqliteOptions } from './sqlite.ts';
