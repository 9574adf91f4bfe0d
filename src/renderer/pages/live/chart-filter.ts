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

/** Up to `columns` charts beside each other; the group is named in the first chart of each. */
export interface GridRow {
  readonly cells: readonly { readonly spec: ChartSpec; readonly group: string | null }[];
}

/** Groups in the order in which they first come, their charts in the order given, one after the other without holes. */
export function gridRows(charts: readonly ChartSpec[], columns: number): GridRow[] {
  const cells = [...Map.groupBy(charts, ({ group }) => group)].flatMap(([group, members]) =>
    members.map((spec, i) => ({ spec, group: i === 0 ? group : null })),
  );
  const rows: GridRow[] = [];
  for (let i = 0; i < cells.length; i += columns) rows.push({ cells: cells.slice(i, i + columns) });
  return rows;
}

/** Columns of the grid in a main area of this width. */
export function columnsFor(width: number): number {
  if (width >= 1240) return 4;
  // The reference window of 1440 px leaves 896 px, and three columns.
  if (width >= 880) return 3;
  return width >= 600 ? 2 : 1;
}
