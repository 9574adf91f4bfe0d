export {
  createEngine,
  parserOptionsOf,
  type Engine,
  type EngineOptions,
  type ExplainedResult,
  type QueryOptions,
  type QueryRange,
} from './engine.ts';
export type { ExplainNode } from './profile.ts';
