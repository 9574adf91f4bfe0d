import { formatHistogram, formatPlain, isPresent, withLabel } from '#shared/model/index.ts';
import { ColumnBuilder, histogramAt, type Column, type Grid } from '../columns.ts';
import { keyOf } from '../context.ts';
import { groupColumns, type Grouping } from './grouping.ts';

/** How often each value occurs in a group: one series a value, which its label names. */
export function countValues(
  columns: readonly Column[],
  label: string,
  { without, grouping }: Grouping,
  grid: Grid,
): readonly Column[] {
  const by: Grouping = { without, grouping: without ? grouping : [...grouping, label] };
  const texts = new Map<number, string>();
  const textOf = (value: number): string => {
    let text = texts.get(value);
    if (text === undefined) {
      text = formatPlain(value);
      // -0 and 0 are one key of a map but two texts.
      if (value !== 0) texts.set(value, text);
    }
    return text;
  };
  const results = new Map<string, { column: Column; counts: ColumnBuilder }>();
  for (const column of columns) {
    const perText = new Map<string, ColumnBuilder>();
    for (let step = 0; step < grid.count; step++) {
      if (!isPresent(column.present, step)) continue;
      const h = histogramAt(column, step);
      const text = h === null ? textOf(column.values[step]) : formatHistogram(h);
      let counts = perText.get(text);
      if (counts === undefined) {
        const [group] = groupColumns([{ ...column, labels: withLabel(column.labels, label, text) }], by);
        const key = keyOf(group.labels);
        let known = results.get(key);
        if (known === undefined) {
          known = { column: { ...column, labels: group.labels }, counts: new ColumnBuilder(grid.count) };
          results.set(key, known);
        }
        counts = known.counts;
        perText.set(text, counts);
      }
      counts.setFloat(step, counts.values[step] + 1);
    }
  }
  return [...results.values()].map(({ column, counts }) => counts.finish(column.labels, false));
}
