import type { ChartSpec } from '#shared/contract/index.ts';

/** Charts that hold every word of the filter in title, metric or group, whatever the case. */
export function filterCharts(charts: readonly ChartSpec[], filter: string): readonly ChartSpec[] {
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return charts;
  return charts.filter((chart) => {
    const text = `${chart.title} ${chart.metric} ${chart.group}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
}

/** A row of the grid: the bar of a group, or up to `columns` charts of one. */
export type GridRow =
  | { readonly type: 'group'; readonly group: string; readonly count: number; readonly folded: boolean }
  | { readonly type: 'charts'; readonly group: string; readonly charts: readonly ChartSpec[] };

/** The rows of a page: groups in the order in which they first come, their charts in the order given. */
export function gridRows(charts: readonly ChartSpec[], columns: number, folded: ReadonlySet<string>): GridRow[] {
  const groups = Map.groupBy(charts, ({ group }) => group);
  const rows: GridRow[] = [];
  for (const [group, members] of groups) {
    const closed = folded.has(group);
    rows.push({ type: 'group', group, count: members.length, folded: closed });
    if (closed) continue;
    for (let i = 0; i < members.length; i += columns) {
      rows.push({ type: 'charts', group, charts: members.slice(i, i + columns) });
    }
  }
  return rows;
}

/** Columns of the grid in a main area of this width. */
export function columnsFor(width: number): number {
  if (width >= 1240) return 4;
  // The reference window of 1440 px leaves 896 px, and three columns.
  if (width >= 880) return 3;
  return width >= 600 ? 2 : 1;
}
