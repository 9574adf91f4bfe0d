export {
  createEngine,
  parserOptionsOf,
  type Engine,
  type EngineOptions,
  type EngineSettings,
  type QueryPlan,
  type QueryOptions,
  type QueryRange,
} from './engine.ts';
export type { TierPolicy } from './tiers.ts';
