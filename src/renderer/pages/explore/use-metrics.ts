import { useCallback, useEffect, useRef, useState } from 'react';
import type { ErrorDetail } from '#shared/contract/index.ts';
import { errorDetail, useTopic } from '#renderer/data/index.ts';
import type { MetricInfo, Vocabulary } from '../../editor/index.ts';

export interface MetricsState {
  readonly metrics: readonly MetricInfo[];
  readonly loading: boolean;
  readonly error: ErrorDetail | null;
  readonly retry: () => void;
}

/** New metrics appear by themselves after this long. */
const EVERY_MILLIS = 60_000;

/**
 * The metrics of the store, asked for again each minute, when a target comes up, and with each scrape while there are
 * none. `onFirst` hears when the first ones are there.
 */
export function useMetrics(vocabulary: Vocabulary, onFirst: () => void): MetricsState {
  const { data: status } = useTopic('status', {});
  const reads = useRef(0);
  const none = useRef(false);
  const lastUp = useRef<number | null>(null);
  const [state, setState] = useState<Omit<MetricsState, 'retry'>>({ metrics: [], loading: true, error: null });
  const read = useCallback(
    (how?: 'again') => {
      const number = ++reads.current;
      const take = (metrics: readonly MetricInfo[]): void => {
        // An answer that comes after that to a later question is out of date.
        if (number !== reads.current) return;
        const first = none.current && metrics.length > 0;
        none.current = metrics.length === 0;
        setState({ metrics, loading: false, error: null });
        if (first) onFirst();
      };
      const fail = (error: unknown): void => {
        if (number !== reads.current) return;
        setState(({ metrics }) => ({ metrics, loading: false, error: errorDetail(error) }));
      };
      return vocabulary.metrics(how).then(take, fail);
    },
    [vocabulary, onFirst],
  );
  const empty = !state.loading && state.error === null && state.metrics.length === 0;
  useEffect(() => {
    if (status === null) return;
    const cameUp = lastUp.current !== null && status.targetsUp > lastUp.current;
    lastUp.current = status.targetsUp;
    if (empty || cameUp) void read('again');
  }, [status, empty, read]);
  useEffect(() => {
    void read();
    const timer = window.setInterval(() => void read(), EVERY_MILLIS);
    return () => window.clearInterval(timer);
  }, [read]);
  return { ...state, retry: () => void read('again') };
}
