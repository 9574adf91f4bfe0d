import { useCallback, useEffect, useRef, useState } from 'react';
import type { ErrorDetail, QueryCost, QueryResult } from '#shared/contract/index.ts';
import type { Millis } from '#shared/model/index.ts';
import { errorDetail, useCore } from '#renderer/data/index.ts';

export interface RunRequest {
  readonly id: string;
  readonly expr: string;
  readonly start: Millis;
  readonly end: Millis;
  readonly step: Millis;
  readonly mode: 'range' | 'instant';
  /** The same is asked for so much earlier too; null: nothing is compared. */
  readonly before: Millis | null;
  /** Whether downsampled tiers may answer; left out: as hearth.yml says. */
  readonly tiers?: boolean;
}

/** What is known of a query: the last good result stays while another runs, failed or waits for a yes. */
export interface Run {
  readonly running: boolean;
  readonly result: QueryResult | null;
  /** The result of the time before; null where none was asked for or there is none. */
  readonly before: QueryResult | null;
  /** The request that `result` answers. */
  readonly answered: RunRequest | null;
  readonly error: ErrorDetail | null;
  /** It would read very much: it runs when a person says so. */
  readonly held: QueryCost | null;
}

export interface Runs {
  readonly byId: ReadonlyMap<string, Run>;
  readonly stop: () => void;
  /** Runs what is held. */
  readonly runAnyway: (id: string) => void;
}

const IDLE: Run = { running: false, result: null, before: null, answered: null, error: null, held: null };

/** From so many samples or series on a query's cost is told before it is run. */
const LARGE_SAMPLES = 20_000_000;
const LARGE_SERIES = 50_000;

export function isLarge({ samples, series, maxSamples }: QueryCost): boolean {
  return samples >= Math.min(LARGE_SAMPLES, maxSamples) || series >= LARGE_SERIES;
}

/** What a cost was judged for: the same query over as long a time costs about the same a moment later. */
function costKey({ expr, start, end, step, mode, tiers }: RunRequest): string {
  return JSON.stringify([expr, mode === 'range' ? Math.round((end - start) / step) * step : 0, tiers]);
}

/** Runs queries whenever what they ask changes; one that nobody asks any more is cancelled. */
export function useRuns(requests: readonly RunRequest[], again: number): Runs {
  const core = useCore();
  const [byId, setById] = useState<ReadonlyMap<string, Run>>(new Map());
  /** Cost keys that a person said yes to. */
  const [allowed, setAllowed] = useState<ReadonlySet<string>>(new Set());
  const active = useRef(new Map<string, { readonly key: string; readonly controller: AbortController }>());
  /** Cost keys that turned out small. */
  const small = useRef(new Set<string>());
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
      const mayRun = allowed.has(costKey(request));
      const key = JSON.stringify([request, again, mayRun]);
      const last = active.current.get(request.id);
      if (last?.key === key) continue;
      last?.controller.abort();
      const controller = new AbortController();
      active.current.set(request.id, { key, controller });
      // A letter that was given away and taken again starts with nothing.
      patch(request.id, last === undefined ? { ...IDLE, running: true } : { running: true });
      const show = (change: Partial<Run>): void => {
        if (!controller.signal.aborted) patch(request.id, { ...change, running: false });
      };
      const run = async (): Promise<void> => {
        const held = mayRun ? null : await costOf(core, request, small.current, controller.signal);
        if (controller.signal.aborted) return;
        if (held !== null) {
          show({ held });
          return;
        }
        const [result, before] = await Promise.all([
          ask(core, request, controller.signal),
          askBefore(core, request, controller.signal),
        ]);
        show({ result, before, answered: request, error: null, held: null });
      };
      run().catch((error: unknown) => show({ error: errorDetail(error), held: null }));
    }
  }, [core, requests, again, allowed, patch]);

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
  const latest = useRef(requests);
  useEffect(() => {
    latest.current = requests;
  });
  const runAnyway = useCallback((id: string) => {
    const request = latest.current.find((candidate) => candidate.id === id);
    if (request === undefined) return;
    setAllowed((keys) => new Set(keys).add(costKey(request)));
  }, []);
  useEffect(() => {
    const all = active.current;
    return () => {
      for (const { controller } of all.values()) controller.abort();
      all.clear();
    };
  }, []);
  return { byId, stop, runAnyway };
}

type Core = ReturnType<typeof useCore>;

/** The cost of a query that is too large to run unasked; null when it may run. */
async function costOf(
  core: Core,
  request: RunRequest,
  small: Set<string>,
  signal: AbortSignal,
): Promise<QueryCost | null> {
  const key = costKey(request);
  if (small.has(key)) return null;
  const { expr, start, end, step, mode, tiers } = request;
  const range = mode === 'range' ? { start, end, step } : { start: end, end, step: 1 };
  const cost = await core
    .request('query.cost', { source: 'local', expr, ...range, ...(tiers !== undefined && { tiers }) }, { signal })
    // What is wrong with the query, running it says better.
    .catch(() => null);
  if (cost !== null && isLarge(cost)) return cost;
  small.add(key);
  return null;
}

function ask(core: Core, request: RunRequest, signal: AbortSignal): Promise<QueryResult> {
  const { expr, start, end, step, mode, tiers } = request;
  const how = { source: 'local', expr, ...(tiers !== undefined && { tiers }) } as const;
  if (mode === 'instant') return core.request('query.instant', { ...how, time: end }, { signal });
  return core.request('query.range', { ...how, start, end, step }, { signal });
}

/** What there was before is worth less than what there is: its failure costs nothing else. */
async function askBefore(core: Core, request: RunRequest, signal: AbortSignal): Promise<QueryResult | null> {
  const { before, start, end } = request;
  if (before === null || request.mode === 'instant') return null;
  return ask(core, { ...request, start: start - before, end: end - before }, signal).catch(() => null);
}
