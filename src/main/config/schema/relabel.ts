import { RELABEL_ACTIONS, type RelabelAction } from '#shared/contract/index.ts';
import { compileAnchored, isLegacyLabelName, quoteGo } from '#shared/model/index.ts';
import { list, optional, type Decoder } from '../decode/decoder.ts';
import { checkedText, labelName, regex, string, uint64 } from '../decode/scalars.ts';
import { field, struct, type Decoded } from '../decode/struct.ts';
import type { NameValidation, RelabelConfig } from '../model.ts';

const ANY = compileAnchored('(.*)');
const NOTHING = compileAnchored('');

/** Actions are accepted in any case. */
const action = checkedText(
  (text) =>
    (RELABEL_ACTIONS as readonly string[]).includes(text.toLowerCase())
      ? null
      : `unknown relabel action ${quoteGo(text)}`,
  (text) => text.toLowerCase(),
) as Decoder<RelabelAction | ''>;

const fields = {
  source_labels: field(optional(list(labelName)), null),
  separator: field(string, ';'),
  // This very object stands for a key that is not written: some actions refuse any other, even an equal one.
  regex: field(regex, ANY),
  modulus: field(uint64),
  target_label: field(string),
  replacement: field(string, '$1'),
  action: field(action, 'replace'),
};

type Rule = Decoded<typeof fields>;

/** One relabelling rule with its key-by-key checks done; what depends on the name validation is left to `relabelProblem`. */
export const relabelRule = struct({
  type: 'relabel.plain',
  fields,
  check(rule, refuse) {
    const problem = actionProblem(rule);
    if (problem !== null) refuse(problem.message, problem.key);
  },
  build: (rule): RelabelConfig => ({
    sourceLabels: rule.sourceLabels ?? [],
    separator: rule.separator,
    regex: rule.regex ?? NOTHING,
    modulus: rule.modulus,
    targetLabel: rule.targetLabel,
    replacement: rule.replacement,
    // An empty action is refused above.
    action: rule.action === '' ? 'replace' : rule.action,
  }),
});

const NEEDS_TARGET: ReadonlySet<string> = new Set([
  'replace',
  'hashmod',
  'lowercase',
  'uppercase',
  'keepequal',
  'dropequal',
]);

function actionProblem(rule: Rule): { readonly message: string; readonly key?: string } | null {
  const { action } = rule;
  if (action === '') return { message: 'relabel action cannot be empty', key: 'action' };
  if (action === 'hashmod' && rule.modulus === 0n)
    return { message: 'relabel configuration for hashmod requires non-zero modulus', key: 'modulus' };
  if (NEEDS_TARGET.has(action) && rule.targetLabel === '')
    return { message: `relabel configuration for ${action} action requires 'target_label' value` };
  const equality = action === 'keepequal' || action === 'dropequal';
  const plainReplacement = rule.replacement === '$1';
  if ((equality || action === 'lowercase' || action === 'uppercase') && !plainReplacement)
    return { message: `'replacement' can not be set for ${action} action`, key: 'replacement' };
  const others = rule.modulus !== 0n || rule.separator !== ';' || !plainReplacement;
  if (equality && (others || rule.regex !== ANY))
    return {
      message: `${action} action requires only 'source_labels' and \`target_label\`, and no other fields`,
    };
  if ((action === 'labeldrop' || action === 'labelkeep') && (others || rule.sourceLabels !== null || rule.targetLabel))
    return { message: `${action} action requires only 'regex', and no other fields` };
  return null;
}

const LEGACY_TEMPLATE = /^(?:(?:[a-zA-Z_]|\$(?:\{\w+\}|\w+))+\w*)+$/;

/** What is wrong with a rule under the job's way of checking names, or null. */
export function relabelProblem(rule: RelabelConfig, validation: NameValidation): string | null {
  const { action, targetLabel, replacement } = rule;
  const valid = (name: string): boolean =>
    validation === 'utf8' ? name !== '' && name.isWellFormed() : isLegacyLabelName(name);
  const validTemplate = (text: string): boolean => (validation === 'utf8' ? valid(text) : LEGACY_TEMPLATE.test(text));
  const target = `${quoteGo(targetLabel)} is invalid 'target_label' for ${action} action`;
  switch (action) {
    case 'replace':
      return (targetLabel.includes('$') ? validTemplate(targetLabel) : valid(targetLabel)) ? null : target;
    case 'lowercase':
    case 'uppercase':
    case 'keepequal':
    case 'dropequal':
    case 'hashmod':
      return valid(targetLabel) ? null : target;
    case 'labelmap':
      return validTemplate(replacement)
        ? null
        : `${quoteGo(replacement)} is invalid 'replacement' for ${action} action`;
    case 'keep':
    case 'drop':
    case 'labeldrop':
    case 'labelkeep':
      return null;
  }
}
