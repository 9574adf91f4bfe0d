export { checkStore, type StoreCheck } from './check-store.ts';
export { type Finding } from './content.ts';
export { repairStore, type StoreRepair } from './repair-store.ts';
