import { HearthError, type QueryResult, type Steps } from '#shared/contract/index.ts';
import type { Millis } from '#shared/model/index.ts';

/** Evaluates an expression over steps; results are read only. */
export type Evaluate = (expr: string, steps: Steps, signal: AbortSignal) => Promise<QueryResult>;

/** How long a result stands in for further evaluations of the same: windows ask within moments of each other. */
const KEPT: Millis = 1000;

interface Shared {
  readonly result: Promise<QueryResult>;
  readonly abort: AbortController;
  /** Who waits for it. */
  waiting: number;
}

/**
 * Evaluates once what several ask: windows and charts with the same expression step at the same absolute times. Whoever
 * goes away is let go at once; the evaluation ends when nobody waits for it any more.
 */
export function shareEvaluations(
  evaluate: Evaluate,
  schedule: (millis: Millis, action: () => void) => () => void,
): Evaluate {
  const shared = new Map<string, Shared>();

  const begin = (key: string, expr: string, steps: Steps): Shared => {
    const abort = new AbortController();
    const entry: Shared = { result: evaluate(expr, steps, abort.signal), abort, waiting: 0 };
    shared.set(key, entry);
    const forget = (): void => {
      if (shared.get(key) === entry) shared.delete(key);
    };
    // A failure is everybody's who waits, and the next one tries again.
    entry.result.then(() => schedule(KEPT, forget), forget);
    return entry;
  };

  return async (expr, steps, signal) => {
    if (signal.aborted) throw new HearthError({ kind: 'canceled' });
    const key = `${steps.start} ${steps.step} ${steps.count} ${expr}`;
    const entry = shared.get(key) ?? begin(key, expr, steps);
    const left = Promise.withResolvers<never>();
    const leave = (): void => left.reject(new HearthError({ kind: 'canceled' }));
    signal.addEventListener('abort', leave, { once: true });
    entry.waiting++;
    try {
      return await Promise.race([entry.result, left.promise]);
    } finally {
      signal.removeEventListener('abort', leave);
      entry.waiting--;
      // One that was given up is nobody's any more: who comes next begins anew.
      if (entry.waiting === 0 && signal.aborted) {
        entry.abort.abort();
        if (shared.get(key) === entry) shared.delete(key);
      }
    }
  };
}
