export * from './log.ts';
export * from './registry.ts';
export { registerProcessMetrics } from './process.ts';
