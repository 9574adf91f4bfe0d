import { navigate, routeTo } from '#renderer/frame/index.ts';
import { copyText } from '#renderer/ui/index.ts';
import type { NamedChart } from './named-chart.ts';

/** What can be done with the chart in the inspector. */
export interface ChartActions {
  readonly explore: () => void;
  /** Resolves with whether the clipboard took it. */
  readonly copyQuery: () => Promise<boolean>;
  readonly toggleTable: () => void;
}

export function chartActions(spec: NamedChart, toggleTable: () => void): ChartActions {
  const expr = spec.queries.at(-1)?.expr ?? '';
  return {
    explore: () => navigate(routeTo(['explore'], { expr })),
    copyQuery: () => copyText(expr),
    toggleTable,
  };
}
