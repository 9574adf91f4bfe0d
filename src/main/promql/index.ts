export {
  createEngine,
  parserOptionsOf,
  type Engine,
  type EngineOptions,
  type QueryOptions,
  type QueryRange,
} from './engine.ts';
