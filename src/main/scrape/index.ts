export type { BuiltinTarget } from './builtin.ts';
export type { ScrapeClock, ScrapeDeps, ScrapeTimers } from './deps.ts';
export { familyOf } from './family.ts';
export { createScrapeManager, type ApplyExtras, type ScrapeManager } from './manager.ts';
export { explainRelabel, relabel, type RelabelStep } from './relabel.ts';
export type { ScrapeStats } from './stats.ts';
export { registerScrapeMetrics } from './metrics.ts';
