import { useCallback, useEffect, useRef, useState } from 'react';
import type { ErrorDetail, QueryResult } from '#shared/contract/index.ts';
import type { Millis } from '#shared/model/index.ts';
import { errorDetail, useCore } from '#renderer/data/index.ts';

export interface RunRequest {
  readonly id: string;
  readonly expr: string;
  readonly start: Millis;
  readonly end: Millis;
  readonly step: Millis;
  readonly mode: 'range' | 'instant';
}

/** What is known of a query: the last good result stays while another runs or failed. */
export interface Run {
  readonly running: boolean;
  readonly result: QueryResult | null;
  /** The request that `result` answers. */
  readonly answered: RunRequest | null;
  readonly error: ErrorDetail | null;
}

export interface Runs {
  readonly byId: ReadonlyMap<string, Run>;
  readonly stop: () => void;
}

const IDLE: Run = { running: false, result: null, answered: null, error: null };

/** Runs queries whenever what they ask changes; one that nobody asks any more is cancelled. */
export function useRuns(requests: readonly RunRequest[], again: number): Runs {
  const core = useCore();
  const [byId, setById] = useState<ReadonlyMap<string, Run>>(new Map());
  const active = useRef(new Map<string, { readonly key: string; readonly controller: AbortController }>());
  const patch = useCallback((id: string, change: Partial<Run>) => {
    setById((runs) => new Map(runs).set(id, { ...(runs.get(id) ?? IDLE), ...change }));
  }, []);

  useEffect(() => {
    const wanted = new Set(requests.map((request) => request.id));
    for (const [id, { controller }] of active.current) {
      if (wanted.has(id)) continue;
      controller.abort();
      active.current.delete(id);
    }
    for (const request of requests) {
      const key = JSON.stringify([request, again]);
      const before = active.current.get(request.id);
      if (before?.key === key) continue;
      before?.controller.abort();
      const controller = new AbortController();
      active.current.set(request.id, { key, controller });
      // A letter that was given away and taken again starts with nothing.
      patch(request.id, before === undefined ? { ...IDLE, running: true } : { running: true });
      const show = (change: Partial<Run>): void => {
        if (!controller.signal.aborted) patch(request.id, { ...change, running: false });
      };
      ask(core, request, controller.signal).then(
        (result) => show({ result, answered: request, error: null }),
        (error: unknown) => show({ error: errorDetail(error) }),
      );
    }
  }, [core, requests, again, patch]);

  const stop = useCallback(() => {
    for (const [id, { controller }] of active.current) {
      controller.abort();
      setById((runs) => {
        const run = runs.get(id);
        if (run === undefined || !run.running) return runs;
        return new Map(runs).set(id, { ...run, running: false, error: { kind: 'canceled' } });
      });
    }
  }, []);
  useEffect(() => {
    const all = active.current;
    return () => {
      for (const { controller } of all.values()) controller.abort();
      all.clear();
    };
  }, []);
  return { byId, stop };
}

function ask(core: ReturnType<typeof useCore>, request: RunRequest, signal: AbortSignal): Promise<QueryResult> {
  const { expr, start, end, step } = request;
  if (request.mode === 'instant') {
    return core.request('query.instant', { source: 'local', expr, time: end }, { signal });
  }
  return core.request('query.range', { source: 'local', expr, start, end, step }, { signal });
}
