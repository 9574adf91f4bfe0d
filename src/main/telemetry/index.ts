export * from './log.ts';
export * from './registry.ts';
