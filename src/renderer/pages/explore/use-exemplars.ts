import { useEffect, useMemo, useState } from 'react';
import type { Exemplar } from '#shared/contract/index.ts';
import type { Labels } from '#shared/model/index.ts';
import type { PlotDot } from '#renderer/charts/index.ts';
import { useCore } from '#renderer/data/index.ts';
import type { RunRequest } from './use-runs.ts';

/** A dot of the chart with what is behind it. */
export interface ExemplarDot extends PlotDot {
  readonly series: Labels;
  readonly exemplar: Exemplar;
}

/** Dots drawn at most: the largest values are worth a look first. */
const MOST_DOTS = 400;
const NONE: readonly ExemplarDot[] = [];

/** The exemplars of all queries in the range shown. */
export function useExemplars(requests: readonly RunRequest[], enabled: boolean): readonly ExemplarDot[] {
  const core = useCore();
  const [dots, setDots] = useState(NONE);
  useEffect(() => {
    if (!enabled) return;
    const controller = new AbortController();
    const ask = async ({ expr, start, end }: RunRequest): Promise<readonly ExemplarDot[]> => {
      const params = { source: 'local', expr, start, end } as const;
      const { series } = await core.request('exemplars.list', params, { signal: controller.signal });
      return series.flatMap(({ labels, exemplars }) =>
        exemplars.map((exemplar, i) => ({
          key: `${labels.join()} ${exemplar.time} ${i}`,
          time: exemplar.time,
          value: exemplar.value,
          series: labels,
          exemplar,
        })),
      );
    };
    const askAll = async (): Promise<void> => {
      const found = (await Promise.all(requests.map(ask))).flat().sort((a, b) => b.value - a.value);
      if (!controller.signal.aborted) setDots(found.slice(0, MOST_DOTS));
    };
    // Without exemplars the chart is what it was.
    askAll().catch(() => undefined);
    return () => controller.abort();
  }, [core, requests, enabled]);
  return useMemo(() => (enabled ? dots : NONE), [enabled, dots]);
}
