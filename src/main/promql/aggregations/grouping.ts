import { filterLabels, getLabel, labelsFromSortedFlat, METRIC_NAME, type Labels } from '#shared/model/index.ts';
import type { Column } from '../columns.ts';
import { keyOf } from '../context.ts';

/** Series that are aggregated into one. */
export interface Group {
  readonly labels: Labels;
  readonly members: Column[];
  /** The name of a member is to be dropped, so that of the group too. */
  dropName: boolean;
}

export interface Grouping {
  readonly without: boolean;
  readonly grouping: readonly string[];
}

function labelsOf(labels: Labels, { without, grouping }: Grouping): Labels {
  if (without) return filterLabels(labels, (name) => name !== METRIC_NAME && !grouping.includes(name));
  const kept: string[] = [];
  for (let i = 0; i < labels.length; i += 2) if (grouping.includes(labels[i])) kept.push(labels[i], labels[i + 1]);
  return labelsFromSortedFlat(kept);
}

/** Text that is the same for series of one group; cheaper than making the group's labels for each. */
function groupKey(labels: Labels, { without, grouping }: Grouping): string {
  if (without) return keyOf(labelsOf(labels, { without, grouping }));
  let key = '';
  for (const name of grouping) {
    const value = getLabel(labels, name);
    key += `${value.length}:${value}`;
  }
  return key;
}

/** Splits series into groups, in the order in which their first members come. */
export function groupColumns(columns: readonly Column[], grouping: Grouping): Group[] {
  const groups = new Map<string, Group>();
  for (const column of columns) {
    const key = groupKey(column.labels, grouping);
    let group = groups.get(key);
    if (group === undefined) {
      group = { labels: labelsOf(column.labels, grouping), members: [], dropName: false };
      groups.set(key, group);
    }
    group.members.push(column);
    if (column.dropName) group.dropName = true;
  }
  return [...groups.values()];
}
