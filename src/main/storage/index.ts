export * from './contract.ts';
export { openMemoryStorage } from './memory.ts';
