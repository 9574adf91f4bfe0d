import { useCallback, useEffect, useState } from 'react';
import type { ErrorDetail } from '#shared/contract/index.ts';
import { errorDetail } from '#renderer/data/index.ts';
import type { MetricInfo, Vocabulary } from '../../editor/index.ts';

export interface MetricsState {
  readonly metrics: readonly MetricInfo[];
  readonly loading: boolean;
  readonly error: ErrorDetail | null;
  readonly retry: () => void;
}

/** New metrics appear by themselves after this long. */
const EVERY_MILLIS = 60_000;

/** The metrics of the store, asked for again each minute. */
export function useMetrics(vocabulary: Vocabulary): MetricsState {
  const [state, setState] = useState<Omit<MetricsState, 'retry'>>({ metrics: [], loading: true, error: null });
  const read = useCallback(
    () =>
      vocabulary.metrics().then(
        (metrics) => setState({ metrics, loading: false, error: null }),
        (error: unknown) => setState(({ metrics }) => ({ metrics, loading: false, error: errorDetail(error) })),
      ),
    [vocabulary],
  );
  useEffect(() => {
    void read();
    const timer = window.setInterval(() => void read(), EVERY_MILLIS);
    return () => window.clearInterval(timer);
  }, [read]);
  return { ...state, retry: () => void read() };
}
