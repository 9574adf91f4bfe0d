import { createHash } from 'node:crypto';
import { assertNever, isLegacyLabelName, labelPairs, labelsFromPairs, type Labels } from '#shared/model/index.ts';
import type { RelabelConfig } from '#main/config/index.ts';

/** Which names a `replace` rule may make: any UTF-8 text, or `[a-zA-Z_][a-zA-Z0-9_]*`. */
export type NameValidation = 'utf8' | 'legacy';

/** What one rule made of a label set; `after` is null where the rule dropped it (later rules are then not run). */
export interface RelabelStep {
  readonly rule: RelabelConfig;
  readonly before: Labels;
  readonly after: Labels | null;
}

/** Runs the rules in order. @returns the resulting label set, or null when a rule drops it */
export function relabel(
  labels: Labels,
  rules: readonly RelabelConfig[],
  validation: NameValidation = 'utf8',
): Labels | null {
  if (rules.length === 0) return labels;
  const working = new Map(labelPairs(labels));
  for (const rule of rules) if (!applyRule(working, rule, validation)) return null;
  return labelsFromPairs(working);
}

/** As `relabel`, telling what each rule did. */
export function explainRelabel(
  labels: Labels,
  rules: readonly RelabelConfig[],
  validation: NameValidation = 'utf8',
): readonly RelabelStep[] {
  const steps: RelabelStep[] = [];
  let before = labels;
  for (const rule of rules) {
    const after = relabel(before, [rule], validation);
    steps.push({ rule, before, after });
    if (after === null) break;
    before = after;
  }
  return steps;
}

/** Changes the labels as one rule says; false when it drops them. */
function applyRule(labels: Map<string, string>, rule: RelabelConfig, validation: NameValidation): boolean {
  const { action, regex, targetLabel } = rule;
  const source = rule.sourceLabels.map((name) => labels.get(name) ?? '').join(rule.separator);
  switch (action) {
    case 'drop':
      return !regex.test(source);
    case 'keep':
      return regex.test(source);
    case 'dropequal':
      return (labels.get(targetLabel) ?? '') !== source;
    case 'keepequal':
      return (labels.get(targetLabel) ?? '') === source;
    case 'replace': {
      const target = expand(rule, source, targetLabel);
      if (target === null || !isValidName(target, validation)) return true;
      set(labels, target, expand(rule, source, rule.replacement) ?? '');
      return true;
    }
    case 'lowercase':
      set(labels, targetLabel, source.toLowerCase());
      return true;
    case 'uppercase':
      set(labels, targetLabel, source.toUpperCase());
      return true;
    case 'hashmod':
      set(labels, targetLabel, String(hashOf(source) % rule.modulus));
      return true;
    case 'labelmap':
      for (const [name, value] of new Map(labels)) {
        const mapped = regex.expand(name, rule.replacement);
        if (mapped !== null && mapped !== '') set(labels, mapped, value);
      }
      return true;
    case 'labeldrop':
      for (const name of labels.keys()) if (regex.test(name)) labels.delete(name);
      return true;
    case 'labelkeep':
      for (const name of labels.keys()) if (!regex.test(name)) labels.delete(name);
      return true;
    default:
      return assertNever(action);
  }
}

function set(labels: Map<string, string>, name: string, value: string): void {
  if (value === '') labels.delete(name);
  else labels.set(name, value);
}

/** The template with the groups of the match put in; null when the rule's expression does not match. */
function expand(rule: RelabelConfig, source: string, template: string): string | null {
  // The default expression matches everything: most rules need no matching to be carried out.
  if (rule.regex.pattern === '(.*)') {
    if (template === '$1') return source;
    if (!template.includes('$')) return template;
  }
  return rule.regex.expand(source, template);
}

function isValidName(name: string, validation: NameValidation): boolean {
  return validation === 'legacy' ? isLegacyLabelName(name) : name !== '' && name.isWellFormed();
}

/** The last eight bytes of the MD5 sum, big-endian: what shards agree on. */
function hashOf(text: string): bigint {
  return createHash('md5').update(text).digest().readBigUInt64BE(8);
}
