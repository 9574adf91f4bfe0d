import { queryBody } from '#main/json/index.ts';
import type { Engine, QueryOptions, QueryPlan } from '#main/promql/index.ts';
import type { Querier } from '#main/storage/index.ts';
import type { QueryOutcome, QueryTask } from './protocol.ts';

/**
 * Evaluates a task on this thread, whichever it is.
 * @param plan of this task, where it was made already
 */
export async function evaluateTask(
  engine: Engine,
  querier: Querier,
  task: QueryTask,
  signal: QueryOptions['signal'],
  plan?: QueryPlan,
): Promise<QueryOutcome> {
  const { kind, expr, start, end, step, lookback, timeout, tiers, form } = task;
  const countSteps = form !== null && form.stats !== 'none';
  const options: QueryOptions = { signal, lookback, timeout, tiers, countSteps, plan };
  if (kind === 'explain')
    return { kind: 'explained', explained: await engine.explain(querier, expr, { start, end, step }, options) };
  const result =
    kind === 'instant'
      ? await engine.instant(querier, expr, start, options)
      : await engine.range(querier, expr, { start, end, step }, options);
  return form === null ? { kind: 'columns', result } : { kind: 'body', body: queryBody(result, form) };
}
