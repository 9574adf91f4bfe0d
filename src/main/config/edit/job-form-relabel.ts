import { RELABEL_ACTIONS, type RelabelRule } from '#shared/contract/index.ts';
import { asList, asMap, plainNumber, text } from './plain-map.ts';
import type { Desired, Plain } from './plain-value.ts';

const KEYS = [
  ['separator', 'separator'],
  ['regex', 'regex'],
  ['modulus', 'modulus'],
  ['target_label', 'targetLabel'],
  ['replacement', 'replacement'],
] as const;

/** The rules of a list as the form shows them. An action that there is not is shown as `replace`, and left alone until it is changed. */
export function rulesOfList(list: Plain | undefined): readonly RelabelRule[] {
  return asList(list).map((item) => {
    const rule = asMap(item);
    const action = text(rule.get('action'), 'replace').toLowerCase();
    const written = (key: string): string | null => (rule.has(key) ? text(rule.get(key)) : null);
    return {
      action: RELABEL_ACTIONS.find((known) => known === action) ?? 'replace',
      sourceLabels: asList(rule.get('source_labels')).map((label) => text(label)),
      separator: written('separator'),
      regex: written('regex'),
      modulus: written('modulus'),
      targetLabel: written('target_label'),
      replacement: written('replacement'),
    };
  });
}

/** The list that says these rules; those that the form did not change stay as they are written. */
export function listOfRules(list: Desired | undefined, rules: readonly RelabelRule[]): Desired | undefined {
  if (rules.length === 0) return undefined;
  const written = Array.isArray(list) ? (list as readonly Desired[]) : [];
  const before = rulesOfList(written as readonly Plain[]).map((rule) => JSON.stringify(rule));
  const used = new Set<number>();
  return rules.map((rule) => {
    const same = before.findIndex((each, i) => !used.has(i) && each === JSON.stringify(rule));
    if (same < 0) return itemOf(rule);
    used.add(same);
    return written[same];
  });
}

function itemOf(rule: RelabelRule): Desired {
  const item = new Map<string, Desired>();
  if (rule.sourceLabels.length > 0) item.set('source_labels', [...rule.sourceLabels]);
  for (const [key, field] of KEYS) {
    const value = rule[field];
    if (value !== null) item.set(key, field === 'modulus' ? plainNumber(value) : value);
  }
  if (rule.action !== 'replace' || item.size === 0) item.set('action', rule.action);
  return item;
}
