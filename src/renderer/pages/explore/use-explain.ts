import { useEffect, useState } from 'react';
import type { ErrorDetail, ExplainedResult } from '#shared/contract/index.ts';
import { errorDetail, useCore } from '#renderer/data/index.ts';
import type { RunRequest } from './use-runs.ts';

export interface Explained {
  readonly id: string;
  readonly expr: string;
  /** Null while it runs, and where it failed. */
  readonly answer: ExplainedResult | null;
  readonly error: ErrorDetail | null;
}

/** Measures queries once for each run of them; the ticks of a live range do not run it again. */
export function useExplain(requests: readonly RunRequest[], again: number, enabled: boolean): readonly Explained[] {
  const core = useCore();
  const [known, setKnown] = useState<{ readonly key: string; readonly all: readonly Explained[] }>({
    key: '',
    all: [],
  });
  const key = JSON.stringify([requests.map(({ id, expr, tiers }) => [id, expr, tiers]), again]);
  const [latest, setLatest] = useState(requests);
  // The range as it was when the queries or the run changed.
  const [latestKey, setLatestKey] = useState('');
  if (latestKey !== key) {
    setLatestKey(key);
    setLatest(requests);
  }
  useEffect(() => {
    if (!enabled || latest.length === 0) return;
    const controller = new AbortController();
    const ask = async ({ id, expr, start, end, step, tiers }: RunRequest): Promise<Explained> => {
      try {
        const params = { source: 'local', expr, start, end, step, ...(tiers !== undefined && { tiers }) } as const;
        const answer = await core.request('query.explain', params, { signal: controller.signal });
        return { id, expr, answer, error: null };
      } catch (error) {
        return { id, expr, answer: null, error: errorDetail(error) };
      }
    };
    const askAll = async (): Promise<void> => {
      const all = await Promise.all(latest.map(ask));
      if (!controller.signal.aborted) setKnown({ key, all });
    };
    void askAll();
    return () => controller.abort();
  }, [core, enabled, latest, key]);
  return known.key === key ? known.all : [];
}
