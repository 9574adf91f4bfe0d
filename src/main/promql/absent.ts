import { EMPTY_LABELS, labelsFromPairs, METRIC_NAME, type Labels, type Matcher } from '#shared/model/index.ts';

/**
 * Labels that an absent series would have: of each label the value that its first matcher asks for, if that is an
 * equality and no other matcher follows. Null: the argument was no bare selector.
 */
export function absentLabels(matchers: readonly Matcher[] | null): Labels {
  if (matchers === null) return EMPTY_LABELS;
  const seen = new Set<string>();
  const values = new Map<string, string>();
  for (const { name, type, value } of matchers) {
    if (name === METRIC_NAME) continue;
    if (type === '=' && !seen.has(name)) {
      values.set(name, value);
      seen.add(name);
    } else values.delete(name);
  }
  return labelsFromPairs(values);
}
