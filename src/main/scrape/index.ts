export type { BuiltinTarget } from './builtin.ts';
export type { ScrapeDeps } from './deps.ts';
export { createScrapeManager, type ScrapeManager } from './manager.ts';
export { previewTargets } from './preview-targets.ts';
export { explainRelabel, relabel } from './relabel.ts';
export { registerScrapeMetrics } from './metrics.ts';
