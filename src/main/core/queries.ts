import type { ExplainedResult, QueryCost, QueryResult, Steps } from '#shared/contract/index.ts';
import type { Millis } from '#shared/model/index.ts';
import type { Engine, QueryOptions, QueryRange } from '#main/promql/index.ts';
import type { Querier, Storage } from '#main/storage/index.ts';
import type { Gate } from './gate.ts';

/** Runs expressions on the local store: so many at a time, each with a querier of its own. */
export interface Queries {
  instant(expr: string, time: Millis, options: QueryOptions): Promise<QueryResult>;
  range(expr: string, start: Millis, end: Millis, step: Millis, options: QueryOptions): Promise<QueryResult>;
  explain(expr: string, range: QueryRange, options: QueryOptions): Promise<ExplainedResult>;
  cost(expr: string, range: QueryRange, lookback: Millis | undefined): Promise<QueryCost>;
  /** For live charts: does not wait behind other queries, since each is small. */
  live(expr: string, steps: Steps, signal: AbortSignal): Promise<QueryResult>;
}

const NEVER = new AbortController().signal;

export function createQueries(storage: Storage, engine: Engine, gate: Gate): Queries {
  const using = async <T>(work: (querier: Querier) => Promise<T> | T): Promise<T> => {
    const querier = storage.querier();
    try {
      return await work(querier);
    } finally {
      querier.release();
    }
  };
  return {
    instant: (expr, time, options) =>
      gate.run(options.signal ?? NEVER, () => using((querier) => engine.instant(querier, expr, time, options))),
    range: (expr, start, end, step, options) =>
      gate.run(options.signal ?? NEVER, () =>
        using((querier) => engine.range(querier, expr, { start, end, step }, options)),
      ),
    explain: (expr, range, options) =>
      gate.run(options.signal ?? NEVER, () => using((querier) => engine.explain(querier, expr, range, options))),
    cost: (expr, range, lookback) => using((querier) => engine.cost(querier, expr, range, { lookback })),
    live: (expr, { start, step, count }, signal) =>
      using((querier) => engine.range(querier, expr, { start, end: start + (count - 1) * step, step }, { signal })),
  };
}
