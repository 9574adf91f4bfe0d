import { filterLabels, getLabel, METRIC_NAME, withLabel, type Labels } from '#shared/model/index.ts';
import type { VectorMatching } from '#shared/promql/index.ts';
import type { Column } from '../columns.ts';
import { isMetadataLabel, keyOf } from '../context.ts';

/** Series of both operands with the same matching labels. */
export interface MatchGroup {
  readonly left: Column[];
  readonly right: Column[];
}

/** Labels by which series are matched; also those of a stand-in for a missing series. */
export function matchLabels(labels: Labels, { on, labels: names }: VectorMatching): Labels {
  return filterLabels(
    labels,
    on ? (name) => names.includes(name) : (name) => name !== METRIC_NAME && !names.includes(name),
  );
}

function signature(labels: Labels, matching: VectorMatching): string {
  if (!matching.on) return keyOf(matchLabels(labels, matching));
  let key = '';
  for (const name of matching.labels) {
    const value = getLabel(labels, name);
    key += `${value.length}:${value}`;
  }
  return key;
}

/** Groups series of both sides by their matching labels, once for all steps. */
export function matchColumns(
  left: readonly Column[],
  right: readonly Column[],
  matching: VectorMatching,
): readonly MatchGroup[] {
  const groups = new Map<string, MatchGroup>();
  const add = (column: Column, side: keyof MatchGroup): void => {
    const key = signature(column.labels, matching);
    let group = groups.get(key);
    if (group === undefined) {
      group = { left: [], right: [] };
      groups.set(key, group);
    }
    group[side].push(column);
  };
  for (const column of left) add(column, 'left');
  for (const column of right) add(column, 'right');
  return [...groups.values()];
}

interface KnownResult {
  readonly one: Labels;
  readonly matching: VectorMatching;
  readonly dropMetadata: boolean;
  readonly labels: Labels;
}

/** Of each label set of the "many" side the result made last: boards ask the same again and again. */
const knownResults = new WeakMap<Labels, KnownResult>();

/** Labels of the result of a pair: those of the "many" side, reduced and extended as the matching says. */
export function resultLabels(many: Labels, one: Labels, matching: VectorMatching, dropMetadata: boolean): Labels {
  const known = knownResults.get(many);
  if (known?.one === one && known.matching === matching && known.dropMetadata === dropMetadata) return known.labels;
  const labels = makeResultLabels(many, one, matching, dropMetadata);
  knownResults.set(many, { one, matching, dropMetadata, labels });
  return labels;
}

function makeResultLabels(many: Labels, one: Labels, matching: VectorMatching, dropMetadata: boolean): Labels {
  let labels = dropMetadata ? filterLabels(many, (name) => !isMetadataLabel(name)) : many;
  if (matching.card === 'one-to-one') {
    const { on, labels: names } = matching;
    labels = filterLabels(labels, (name) => names.includes(name) === on);
  }
  for (const name of matching.include) labels = withLabel(labels, name, getLabel(one, name));
  return labels;
}
