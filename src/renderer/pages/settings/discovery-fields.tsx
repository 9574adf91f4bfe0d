import { Button, Checkbox, NativeSelect } from '@mantine/core';
import { IconRadar, IconX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import {
  DISCOVERY_FIELDS,
  saysNothing,
  type DiscoveryField,
  type DiscoveryForm,
  type DiscoveryValue,
  type SecretForm,
} from '#shared/contract/index.ts';
import { IconButton } from '#renderer/ui/index.ts';
import { FormRow } from './form-row.tsx';
import styles from './form.module.css';
import { withDiscovery, type JobDraft } from './job-draft.ts';
import { KubeContextField, KubeFileField } from './kube-fields.tsx';
import { SecretField } from './secret-field.tsx';
import { TextField } from './text-field.tsx';

interface DiscoveryFieldsProps {
  readonly draft: JobDraft;
  readonly base: JobDraft | null;
  readonly otherJobs: ReadonlySet<string>;
  readonly problem: (field: `discovery-${number}`) => string | null;
  readonly changed: boolean;
  readonly disabled: boolean;
  readonly looking: boolean;
  readonly onChange: (change: (draft: JobDraft) => JobDraft) => void;
  readonly onLook: () => void;
}

/** How a job finds its targets, each way with what is mostly set of it. */
export function DiscoveryFields(props: DiscoveryFieldsProps) {
  const { draft, base, otherJobs, problem, changed, disabled, looking, onChange, onLook } = props;
  const { t } = useTranslation('settings');
  const setAll = (change: (all: readonly DiscoveryForm[]) => readonly DiscoveryForm[]): void =>
    onChange((current) => ({ ...current, discovery: change(current.discovery) }));
  return (
    <>
      {draft.discovery.map((entry, i) => (
        <Entry
          // Entries have no other identity than their place.
          // oxlint-disable-next-line react/no-array-index-key
          key={i}
          entry={entry}
          before={base?.discovery.find((one) => one.kind === entry.kind && one.at === entry.at) ?? null}
          problem={problem(`discovery-${i}`)}
          changed={changed}
          disabled={disabled}
          kubeContext={draft.kubeContext}
          onKubeContext={(kubeContext) => onChange((current) => ({ ...current, kubeContext }))}
          onChange={(key, value) =>
            setAll((all) =>
              all.map((one, at) => (at === i ? { ...one, values: { ...one.values, [key]: value } } : one)),
            )
          }
          onRemove={() => setAll((all) => all.filter((_, at) => at !== i))}
        />
      ))}
      <FormRow label={t('sd.add')}>
        {({ input }) => (
          <div className={styles.line}>
            <NativeSelect
              id={input}
              size="xs"
              w={200}
              value=""
              disabled={disabled}
              data={[
                { value: '', label: t('sd.choose') },
                ...Object.keys(DISCOVERY_FIELDS).map((kind) => ({
                  value: kind,
                  label: t(`sd.kind.${kind}` as 'sd.kind.dns'),
                })),
              ]}
              onChange={(event) => {
                const kind = event.currentTarget.value;
                if (kind !== '') onChange((current) => withDiscovery(current, kind, otherJobs));
              }}
            />
            {draft.discovery.length > 0 && (
              <Button leftSection={<IconRadar size={14} stroke={1.6} />} loading={looking} onClick={onLook}>
                {t('sd.look')}
              </Button>
            )}
          </div>
        )}
      </FormRow>
    </>
  );
}

interface EntryProps {
  readonly entry: DiscoveryForm;
  /** As the file has it; null for a new one. */
  readonly before: DiscoveryForm | null;
  readonly problem: string | null;
  readonly changed: boolean;
  readonly disabled: boolean;
  readonly kubeContext: string;
  readonly onKubeContext: (context: string) => void;
  readonly onChange: (key: string, value: DiscoveryValue) => void;
  readonly onRemove: () => void;
}

function Entry(props: EntryProps) {
  const { entry, before, problem, disabled, kubeContext, onKubeContext, onChange, onRemove } = props;
  const { t } = useTranslation('settings');
  const fields = DISCOVERY_FIELDS[entry.kind] ?? null;
  const name = fields === null ? `${entry.kind}_sd_configs` : t(`sd.kind.${entry.kind}` as 'sd.kind.dns');
  const textOf = (key: string): string => (typeof entry.values[key] === 'string' ? entry.values[key] : '');
  return (
    <fieldset className={styles.entry} aria-label={name}>
      <div className={styles.entryBar}>
        <h3>{name}</h3>
        <IconButton label={t('sd.remove', { name })} disabled={disabled} onClick={onRemove}>
          <IconX size={14} stroke={1.6} />
        </IconButton>
      </div>
      {fields === null && <p className={styles.entryNote}>{t('sd.unsupported')}</p>}
      {fields?.map((field) => {
        const wrong = problem !== null && field.required === true && saysNothing(entry.values[field.key]);
        if (field.type === 'kube-context')
          return (
            <KubeContextField
              key="context"
              path={textOf('kubeconfig_file')}
              value={kubeContext}
              disabled={disabled}
              onChange={onKubeContext}
            />
          );
        return (
          <FormRow key={field.key} label={field.key} problem={wrong ? problem : null}>
            {({ input, description }) => (
              <Field
                id={input}
                describedBy={description}
                field={field}
                value={entry.values[field.key]}
                before={before?.values[field.key]}
                invalid={wrong}
                disabled={disabled}
                onChange={(value) => onChange(field.key, value)}
              />
            )}
          </FormRow>
        );
      })}
      {entry.kept.length > 0 && (
        <p className={styles.entryNote}>
          {t('sd.kept')} <span className="num">{entry.kept.join(', ')}</span>
        </p>
      )}
    </fieldset>
  );
}

interface FieldProps {
  readonly id: string;
  readonly describedBy: string | undefined;
  readonly field: DiscoveryField;
  readonly value: DiscoveryValue;
  readonly before: DiscoveryValue | undefined;
  readonly invalid: boolean;
  readonly disabled: boolean;
  readonly onChange: (value: DiscoveryValue) => void;
}

function Field({ id, describedBy, field, value, before, invalid, disabled, onChange }: FieldProps) {
  const changed = before === undefined ? !saysNothing(value) : JSON.stringify(before) !== JSON.stringify(value);
  const text = typeof value === 'string' ? value : '';
  const common = { id, describedBy, changed, invalid, disabled };
  switch (field.type) {
    case 'secret': {
      const secret = value as SecretForm;
      return (
        <SecretField
          id={id}
          describedBy={describedBy}
          value={secret}
          kept={before !== undefined && (before as SecretForm).kind === 'kept'}
          invalid={false}
          disabled={disabled}
          onChange={onChange}
        />
      );
    }
    case 'list':
      return (
        <TextField
          {...common}
          value={(value as readonly string[]).join(',')}
          onChange={(next) => onChange(next === '' ? [] : next.split(','))}
        />
      );
    case 'flag':
      return (
        <Checkbox
          id={id}
          checked={(text === '' ? field.fallback : text) === 'true'}
          disabled={disabled}
          className={changed ? styles.changed : undefined}
          onChange={(event) => onChange(String(event.currentTarget.checked))}
        />
      );
    case 'choice':
      return (
        <NativeSelect
          id={id}
          size="xs"
          w={200}
          data={choicesOf(field, text)}
          value={text === '' ? (field.fallback ?? '') : text}
          error={invalid}
          disabled={disabled}
          className={changed ? styles.changed : undefined}
          onChange={(event) => onChange(event.currentTarget.value)}
        />
      );
    case 'kube-file':
      return <KubeFileField {...common} value={text} onChange={onChange} />;
    case 'text':
    case 'kube-context':
      return <TextField {...common} value={text} placeholder={field.fallback} onChange={onChange} />;
  }
}

/** What may be chosen, and what the file says even where the form would not offer it. */
function choicesOf({ choices = [], fallback }: DiscoveryField, text: string): string[] {
  const now = text === '' && fallback !== undefined ? fallback : text;
  return choices.includes(now) ? [...choices] : [now, ...choices];
}
