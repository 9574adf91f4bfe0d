import { Button, SegmentedControl } from '@mantine/core';
import { IconPlus, IconX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { JsonRule } from '#shared/contract/index.ts';
import { IconButton } from '#renderer/ui/index.ts';
import type { ChangedField } from './draft-changes.ts';
import { FormRow } from './form-row.tsx';
import styles from './form.module.css';
import type { JobDraft } from './job-draft.ts';
import { TextField } from './text-field.tsx';

interface FormatFieldsProps {
  readonly draft: JobDraft;
  readonly disabled: boolean;
  readonly changed: (field: ChangedField) => boolean;
  readonly set: (change: Partial<JobDraft>) => void;
}

const EMPTY_RULE: JsonRule = { each: '', name: '', value: '', time: '', labels: [], type: '', help: '' };
const TEXTS = ['each', 'name', 'value', 'time', 'help'] as const;
const EXAMPLES: Readonly<Partial<Record<(typeof TEXTS)[number], string>>> = {
  each: '$.stations[*]',
  name: 'temperature_celsius',
  value: '$.temp',
  time: '$.measured',
};

/** What the targets answer, and how JSON maps to samples. Test scrape shows what the rules find. */
export function FormatFields({ draft, disabled, changed, set }: FormatFieldsProps) {
  const { t } = useTranslation('settings');
  const { format, jsonRules } = draft;
  const setRule = (i: number, change: Partial<JsonRule>): void =>
    set({ jsonRules: jsonRules.with(i, { ...jsonRules[i], ...change }) });
  return (
    <>
      <FormRow group label={t('format.kind')} hint={t(`format.hint.${format}`)}>
        {({ description }) => (
          <SegmentedControl
            aria-label={t('format.kind')}
            aria-describedby={description}
            data={(['auto', 'json', 'influx'] as const).map((value) => ({ value, label: t(`format.${value}`) }))}
            value={format}
            disabled={disabled}
            className={changed('format') ? styles.changed : undefined}
            onChange={(next) => set({ format: next })}
          />
        )}
      </FormRow>
      {format === 'json' &&
        jsonRules.map((rule, i) => (
          // A rule has no identity but its place.
          // oxlint-disable-next-line react/no-array-index-key
          <fieldset key={i} className={styles.rule} aria-label={t('format.rule', { number: i + 1 })}>
            <div className={styles.ruleBar}>
              <span className={styles.quiet}>{t('format.rule', { number: i + 1 })}</span>
              <IconButton
                label={t('format.removeRule', { number: i + 1 })}
                disabled={disabled}
                onClick={() => set({ jsonRules: jsonRules.filter((_, at) => at !== i) })}
              >
                <IconX size={14} stroke={1.6} />
              </IconButton>
            </div>
            {TEXTS.map((name) => (
              <FormRow key={name} label={t(`format.field.${name}`)}>
                {({ input, description }) => (
                  <TextField
                    id={input}
                    describedBy={description}
                    placeholder={EXAMPLES[name]}
                    value={rule[name]}
                    onChange={(text) => setRule(i, { [name]: text })}
                    changed={changed('jsonRules')}
                    invalid={false}
                    disabled={disabled}
                  />
                )}
              </FormRow>
            ))}
            <FormRow label={t('format.field.labels')} group>
              {() => (
                <RuleLabels labels={rule.labels} disabled={disabled} onChange={(labels) => setRule(i, { labels })} />
              )}
            </FormRow>
          </fieldset>
        ))}
      {format === 'json' && (
        <FormRow label="" group>
          {() => (
            <Button
              variant="subtle"
              color="gray"
              leftSection={<IconPlus size={14} stroke={1.6} />}
              disabled={disabled}
              onClick={() => set({ jsonRules: [...jsonRules, EMPTY_RULE] })}
            >
              {t('format.addRule')}
            </Button>
          )}
        </FormRow>
      )}
    </>
  );
}

interface RuleLabelsProps {
  readonly labels: JsonRule['labels'];
  readonly disabled: boolean;
  readonly onChange: (labels: JsonRule['labels']) => void;
}

function RuleLabels({ labels, disabled, onChange }: RuleLabelsProps) {
  const { t } = useTranslation('settings');
  return (
    <div className={styles.rows}>
      {labels.map(([name, value], i) => (
        // oxlint-disable-next-line react/no-array-index-key
        <div key={i} className={styles.single}>
          <TextField
            label={t('label.name')}
            className={styles.name}
            value={name}
            onChange={(next) => onChange(labels.with(i, [next, value]))}
            changed={false}
            invalid={false}
            disabled={disabled}
          />
          <TextField
            label={t('label.value', { name })}
            className={styles.grow}
            placeholder="$.id"
            value={value}
            onChange={(next) => onChange(labels.with(i, [name, next]))}
            changed={false}
            invalid={false}
            disabled={disabled}
          />
          <IconButton
            label={t('label.remove', { name })}
            disabled={disabled}
            onClick={() => onChange(labels.filter((_, at) => at !== i))}
          >
            <IconX size={14} stroke={1.6} />
          </IconButton>
        </div>
      ))}
      <div>
        <Button
          variant="subtle"
          color="gray"
          leftSection={<IconPlus size={14} stroke={1.6} />}
          disabled={disabled}
          onClick={() => onChange([...labels, ['', '']])}
        >
          {t('label.add')}
        </Button>
      </div>
    </div>
  );
}
