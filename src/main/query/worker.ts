import { parentPort, workerData } from 'node:worker_threads';
import { createEngine } from '#main/promql/index.ts';
import { ViewReader, StorageError, type Querier } from '#main/storage/index.ts';
import { HearthError } from '#shared/contract/index.ts';
import { evaluateTask } from './evaluate-task.ts';
import type { QueryOrder, QueryReport, QueryWorkerData } from './protocol.ts';

/** A thread that evaluates one query at a time over a reading connection of its own. */
function run(): void {
  if (parentPort === null) throw new Error('a thread of queries is started by the core');
  const port = parentPort;
  const { path, cacheBytes, settings } = workerData as QueryWorkerData;
  const report = (message: QueryReport, transfer: ArrayBuffer[] = []): void => port.postMessage(message, transfer);
  const reader = new ViewReader({
    path,
    cacheBytes,
    damaged: (frame) => report({ kind: 'damaged', frame }),
  });
  let subqueryStep = 0;
  const engine = createEngine({
    ...settings,
    noStepSubqueryInterval: () => subqueryStep,
    clock: () => performance.now(),
  });
  const nothing = (): never => {
    throw new Error('a thread of queries only selects');
  };
  const querier: Querier = {
    select: (matchers, start, end, _newestOnly, tier) => reader.select(matchers, start, end, tier),
    series: nothing,
    labelNames: nothing,
    labelValues: nothing,
    exemplars: nothing,
    estimate: nothing,
    release: () => undefined,
  };

  const answer = async (order: QueryOrder): Promise<void> => {
    const { task, view, canceled } = order;
    subqueryStep = order.subqueryStep;
    const signal = {
      get aborted(): boolean {
        return Atomics.load(canceled, 0) !== 0;
      },
    };
    try {
      reader.begin(view, () => {
        if (signal.aborted) throw new HearthError({ kind: 'canceled' });
      });
      report({ kind: 'begun' });
      const outcome = await evaluateTask(engine, querier, task, signal);
      const transfer = outcome.kind === 'body' ? outcome.body.map(({ buffer }) => buffer) : [];
      report({ kind: 'done', outcome }, transfer);
    } catch (error) {
      if (error instanceof HearthError) report({ kind: 'failed', error: error.detail });
      else if (error instanceof StorageError)
        report({ kind: 'failed', error: { kind: 'storage', reason: error.kind, message: error.message } });
      else report({ kind: 'broken', message: error instanceof Error ? (error.stack ?? error.message) : String(error) });
    } finally {
      reader.end();
    }
  };
  port.on('message', (order: QueryOrder | 'end') => {
    if (order === 'end') {
      reader.close();
      port.close();
    } else void answer(order);
  });
}

run();
