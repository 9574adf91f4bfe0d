import type { NamedChart } from './named-chart.ts';

/** Charts that hold every word of the filter in title, metric or group, whatever the case. */
export function filterCharts(charts: readonly NamedChart[], filter: string): readonly NamedChart[] {
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return charts;
  return charts.filter((chart) => {
    const text = `${chart.title} ${chart.metric} ${chart.group} ${chart.groupName}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
}

/** A chart's place in a row. */
export interface GridCell {
  readonly spec: NamedChart;
  /** Named in the first chart of each group. */
  readonly group: string | null;
  /** Columns it takes. */
  readonly span: number;
}

/** A line of the grid: the head of a section, or up to so many charts as there are columns. */
export type GridRow =
  | { readonly kind: 'head'; readonly section: 'unusual' | 'rest'; readonly charts: number }
  | { readonly kind: 'charts'; readonly section: 'unusual' | 'rest'; readonly cells: readonly GridCell[] };

/**
 * The charts that are unusual first (in the order of `unusual`, histograms two columns wide), then all others group by
 * group: groups in the order in which they first come, their charts in the order given, one after the other without holes.
 * @param closed the head of what is unusual stands alone
 */
export function gridRows(
  charts: readonly NamedChart[],
  unusual: readonly string[],
  columns: number,
  closed = false,
): GridRow[] {
  const hot = unusual.flatMap((id) => charts.find((spec) => spec.id === id) ?? []);
  const rest = charts.filter(({ id }) => !unusual.includes(id));
  const restCells = [...Map.groupBy(rest, ({ group }) => group)].flatMap(([, members]) =>
    members.map((spec, i): GridCell => ({ spec, group: i === 0 ? spec.groupName : null, span: 1 })),
  );
  const hotCells = hot.map((spec): GridCell => ({
    spec,
    group: null,
    span: spec.kind === 'heatmap' ? Math.min(2, columns) : 1,
  }));
  const rows: GridRow[] = [];
  if (hot.length > 0) {
    rows.push({ kind: 'head', section: 'unusual', charts: hot.length });
    if (!closed) for (const cells of pack(hotCells, columns)) rows.push({ kind: 'charts', section: 'unusual', cells });
  }
  if (rest.length > 0) rows.push({ kind: 'head', section: 'rest', charts: rest.length });
  for (const cells of pack(restCells, columns)) rows.push({ kind: 'charts', section: 'rest', cells });
  return rows;
}

/** Fills line after line; what does not fit into the room left lets a later, smaller one go first. */
function pack(cells: readonly GridCell[], columns: number): GridCell[][] {
  const left = [...cells];
  const rows: GridCell[][] = [];
  while (left.length > 0) {
    const row: GridCell[] = [];
    let room = columns;
    for (;;) {
      const next = left.findIndex(({ span }) => span <= room);
      if (next < 0) break;
      const [cell] = left.splice(next, 1);
      row.push(cell);
      room -= cell.span;
    }
    rows.push(row);
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
