import type { ExploreChart, LegendEntry } from './line-chart.ts';

export interface TooltipRow {
  readonly entry: LegendEntry;
  readonly value: number;
  /** Its line is the one nearest to the pointer. */
  readonly nearest: boolean;
}

/** Rows of a tooltip at most; the others are counted. */
const MOST_ROWS = 12;

/** The series at a step, largest first, those around the pointer when there are too many. `y` is the pointer's value. */
export function tooltipRows(
  { legend, model }: ExploreChart,
  keys: ReadonlySet<string>,
  step: number,
  y: number,
): { readonly rows: readonly TooltipRow[]; readonly more: number } {
  const shown = legend.flatMap((entry) => {
    const value = entry.values[step] ?? null;
    return value === null || (keys.size > 0 && !keys.has(entry.key)) ? [] : [{ entry, value }];
  });
  shown.sort((a, b) => b.value - a.value);
  let nearest = -1;
  // In a stack and over a heatmap the pointer's height is no value of a series.
  if (model.kind === 'lines' || model.kind === 'points')
    for (const [i, { value }] of shown.entries())
      if (nearest < 0 || Math.abs(value - y) < Math.abs(shown[nearest].value - y)) nearest = i;
  const from = Math.max(0, Math.min(shown.length - MOST_ROWS, nearest - Math.floor(MOST_ROWS / 2)));
  const rows = shown.map((row, i) => ({ ...row, nearest: i === nearest })).slice(from, from + MOST_ROWS);
  return { rows, more: shown.length - rows.length };
}
