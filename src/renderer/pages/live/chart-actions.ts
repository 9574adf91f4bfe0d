import { navigate, routeTo } from '#renderer/frame/index.ts';
import { copyText } from '#renderer/ui/index.ts';
import { useLivePage } from './live-page-store.ts';
import type { NamedChart } from './named-chart.ts';

/** What can be done with the chart in the inspector. */
export interface ChartActions {
  readonly explore: () => void;
  /** Resolves with whether the clipboard took it. */
  readonly copyQuery: () => Promise<boolean>;
  readonly toggleTable: () => void;
  readonly fullWindow: () => void;
}

export function chartActions(
  spec: NamedChart,
  { toggleTable, fullWindow }: Pick<ChartActions, 'toggleTable' | 'fullWindow'>,
): ChartActions {
  const expr = spec.queries.at(-1)?.expr ?? '';
  return {
    explore: () => {
      const { until, window } = useLivePage.getState();
      // What is of now in both pages needs no range; a moment that was gone to is looked at there too.
      const past: Record<string, string> =
        until === null || window === null ? {} : { from: String(until - window), to: String(until) };
      navigate(routeTo(['explore'], { expr, ...past }));
    },
    copyQuery: () => copyText(expr),
    toggleTable,
    fullWindow,
  };
}
