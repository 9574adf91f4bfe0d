import type { QueryResult, Steps } from '#shared/contract/index.ts';
import type { Millis } from '#shared/model/index.ts';
import type { Engine, QueryOptions } from '#main/promql/index.ts';
import type { Querier, Storage } from '#main/storage/index.ts';
import type { Gate } from './gate.ts';

/** Runs expressions on the local store: so many at a time, each with a querier of its own. */
export interface Queries {
  instant(expr: string, time: Millis, options: QueryOptions): Promise<QueryResult>;
  range(expr: string, start: Millis, end: Millis, step: Millis, options: QueryOptions): Promise<QueryResult>;
  /** For live charts: does not wait behind other queries, since each is small. */
  live(expr: string, steps: Steps, signal: AbortSignal): Promise<QueryResult>;
}

const NEVER = new AbortController().signal;

export function createQueries(storage: Storage, engine: Engine, gate: Gate): Queries {
  const using = async (work: (querier: Querier) => Promise<QueryResult>): Promise<QueryResult> => {
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
    live: (expr, { start, step, count }, signal) =>
      using((querier) => engine.range(querier, expr, { start, end: start + (count - 1) * step, step }, { signal })),
  };
}
