import { Button, NativeSelect } from '@mantine/core';
import { IconArrowDown, IconArrowUp, IconPlus, IconX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { RELABEL_ACTIONS, type RelabelRule } from '#shared/contract/index.ts';
import { IconButton } from '#renderer/ui/index.ts';
import { FormRow } from './form-row.tsx';
import styles from './form.module.css';
import { TextField } from './text-field.tsx';

type TextKey = 'separator' | 'regex' | 'modulus' | 'targetLabel' | 'replacement';

/** What each action reads, with what holds where it says nothing. */
const FIELDS: Readonly<Record<RelabelRule['action'], readonly (TextKey | 'sourceLabels')[]>> = {
  replace: ['sourceLabels', 'separator', 'regex', 'targetLabel', 'replacement'],
  keep: ['sourceLabels', 'separator', 'regex'],
  drop: ['sourceLabels', 'separator', 'regex'],
  keepequal: ['sourceLabels', 'targetLabel'],
  dropequal: ['sourceLabels', 'targetLabel'],
  hashmod: ['sourceLabels', 'separator', 'modulus', 'targetLabel'],
  labelmap: ['regex', 'replacement'],
  labeldrop: ['regex'],
  labelkeep: ['regex'],
  lowercase: ['sourceLabels', 'separator', 'targetLabel'],
  uppercase: ['sourceLabels', 'separator', 'targetLabel'],
};
const DEFAULTS: Readonly<Partial<Record<TextKey, string>>> = { separator: ';', regex: '(.*)', replacement: '$1' };
const NEW_RULE: RelabelRule = {
  action: 'replace',
  sourceLabels: [],
  separator: null,
  regex: null,
  modulus: null,
  targetLabel: null,
  replacement: null,
};

interface RelabelFieldsProps {
  readonly label: string;
  readonly rules: readonly RelabelRule[];
  readonly changed: boolean;
  readonly disabled: boolean;
  /** What each rule did at the last test scrape, in words; null where that is not known. */
  readonly effects: readonly (string | null)[];
  readonly onChange: (rules: readonly RelabelRule[]) => void;
}

/** Relabelling rules in their order, each with what it does to the real target. */
export function RelabelFields({ label, rules, changed, disabled, effects, onChange }: RelabelFieldsProps) {
  const { t } = useTranslation('settings');
  const swap = (a: number, b: number): void => onChange(rules.with(a, rules[b]).with(b, rules[a]));
  return (
    <FormRow label={label} group hint={rules.length === 0 ? undefined : t('relabel.hint')}>
      {() => (
        <div className={styles.rows}>
          {rules.map((rule, i) => (
            // A rule has no identity but its place.
            // oxlint-disable-next-line react/no-array-index-key
            <fieldset key={i} className={styles.rule} aria-label={t('relabel.rule', { number: i + 1 })}>
              <div className={styles.ruleBar}>
                <NativeSelect
                  aria-label={t('relabel.action')}
                  size="xs"
                  w={124}
                  data={[...RELABEL_ACTIONS]}
                  value={rule.action}
                  disabled={disabled}
                  className={changed ? styles.changed : undefined}
                  onChange={(event) =>
                    onChange(rules.with(i, { ...rule, action: event.currentTarget.value as RelabelRule['action'] }))
                  }
                />
                <span className={styles.space} />
                <IconButton
                  label={t('relabel.up', { number: i + 1 })}
                  disabled={disabled || i === 0}
                  onClick={() => swap(i, i - 1)}
                >
                  <IconArrowUp size={14} stroke={1.6} />
                </IconButton>
                <IconButton
                  label={t('relabel.down', { number: i + 1 })}
                  disabled={disabled || i === rules.length - 1}
                  onClick={() => swap(i, i + 1)}
                >
                  <IconArrowDown size={14} stroke={1.6} />
                </IconButton>
                <IconButton
                  label={t('relabel.remove', { number: i + 1 })}
                  disabled={disabled}
                  onClick={() => onChange(rules.filter((_, at) => at !== i))}
                >
                  <IconX size={14} stroke={1.6} />
                </IconButton>
              </div>
              <p className={styles.quiet}>{t(`relabel.does.${rule.action}`)}</p>
              <div className={styles.line}>
                {FIELDS[rule.action].map((name) => (
                  <label key={name} className={styles.ruleField}>
                    <span className={styles.quiet}>{t(`relabel.field.${name}`)}</span>
                    <TextField
                      value={name === 'sourceLabels' ? rule.sourceLabels.join(', ') : (rule[name] ?? '')}
                      placeholder={name === 'sourceLabels' ? '__address__' : DEFAULTS[name]}
                      onChange={(text) => onChange(rules.with(i, withText(rule, name, text)))}
                      changed={changed}
                      invalid={false}
                      disabled={disabled}
                    />
                  </label>
                ))}
              </div>
              {typeof effects[i] === 'string' && (
                <p className={styles.effect} role="status">
                  {effects[i]}
                </p>
              )}
            </fieldset>
          ))}
          <div>
            <Button
              variant="subtle"
              color="gray"
              leftSection={<IconPlus size={14} stroke={1.6} />}
              disabled={disabled}
              className={changed && rules.length === 0 ? styles.changed : undefined}
              onClick={() => onChange([...rules, NEW_RULE])}
            >
              {t('relabel.add')}
            </Button>
          </div>
        </div>
      )}
    </FormRow>
  );
}

/** An emptied field means its default again, but an empty replacement or separator can only be written in the YAML. */
function withText(rule: RelabelRule, name: TextKey | 'sourceLabels', text: string): RelabelRule {
  if (name === 'sourceLabels') return { ...rule, sourceLabels: text === '' ? [] : text.split(/,\s*/) };
  return { ...rule, [name]: text === '' ? null : text };
}
