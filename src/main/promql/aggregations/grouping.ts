import {
  filterLabels,
  getLabel,
  isPresent,
  labelsFromSortedFlat,
  METRIC_NAME,
  type Labels,
} from '#shared/model/index.ts';
import type { Column } from '../columns.ts';
import { keyOf } from '../context.ts';

/** Series that are aggregated into one. */
export interface Group {
  readonly labels: Labels;
  readonly members: Column[];
  /** The name of a member that has a sample at the last step of the group is to be dropped, so that of the group too. */
  readonly dropName: boolean;
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
  const groups = new Map<string, Omit<Group, 'dropName'>>();
  for (const column of columns) {
    const key = groupKey(column.labels, grouping);
    let group = groups.get(key);
    if (group === undefined) {
      group = { labels: labelsOf(column.labels, grouping), members: [] };
      groups.set(key, group);
    }
    group.members.push(column);
  }
  return Array.from(groups.values(), (group) => ({ ...group, dropName: dropsName(group.members) }));
}

function dropsName(members: readonly Column[]): boolean {
  const dropping = members.filter((member) => member.dropName);
  if (dropping.length === 0 || dropping.length === members.length) return dropping.length > 0;
  const last = Math.max(...members.map(lastStep));
  return dropping.some(({ present }) => last >= 0 && isPresent(present, last));
}

/** The last step that is present, or -1. */
function lastStep({ present, values }: Column): number {
  for (let step = values.length - 1; step >= 0; step--) if (isPresent(present, step)) return step;
  return -1;
}
