import { navigate, routeTo } from '#renderer/frame/index.ts';
import { copyText } from '#renderer/ui/index.ts';
import type { NamedChart } from './named-chart.ts';

/** What can be done with the chart in the inspector. */
export interface ChartActions {
  readonly explore: () => void;
  readonly copyQuery: () => void;
  readonly toggleTable: () => void;
}

export function chartActions(spec: NamedChart, toggleTable: () => void): ChartActions {
  const expr = spec.queries.at(-1)?.expr ?? '';
  return {
    explore: () => navigate(routeTo(['explore'], { expr })),
    copyQuery: () => void copyText(expr),
    toggleTable,
  };
}
