import { Checkbox } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { ChangedField } from './draft-changes.ts';
import { FormRow } from './form-row.tsx';
import styles from './form.module.css';
import type { JobDraft } from './job-draft.ts';
import { PairRows } from './pair-rows.tsx';
import { TextField } from './text-field.tsx';

interface ConnectionFieldsProps {
  readonly draft: JobDraft;
  readonly disabled: boolean;
  readonly changed: (field: ChangedField) => boolean;
  readonly set: (change: Partial<JobDraft>) => void;
}

const TLS = ['caFile', 'certFile', 'keyFile', 'serverName'] as const;

/** Certificates, proxy and headers: what few targets need. */
export function ConnectionFields({ draft, disabled, changed, set }: ConnectionFieldsProps) {
  const { t } = useTranslation('settings');
  const { tls, headers } = draft;
  return (
    <>
      {TLS.map((name) => (
        <FormRow key={name} label={t(`connection.${name}`)}>
          {({ input, description }) => (
            <TextField
              id={input}
              describedBy={description}
              value={tls[name]}
              onChange={(text) => set({ tls: { ...tls, [name]: text } })}
              changed={changed('tls')}
              invalid={false}
              disabled={disabled}
            />
          )}
        </FormRow>
      ))}
      <FormRow label={t('connection.proxy')}>
        {({ input, description }) => (
          <div className={styles.line}>
            <TextField
              id={input}
              describedBy={description}
              className={styles.grow}
              placeholder="http://proxy:3128"
              value={draft.proxyUrl}
              onChange={(proxyUrl) => set({ proxyUrl })}
              changed={changed('proxyUrl')}
              invalid={false}
              disabled={disabled}
            />
            <Checkbox
              label={t('connection.fromEnvironment')}
              checked={draft.proxyFromEnvironment}
              disabled={disabled}
              className={changed('proxyFromEnvironment') ? styles.changed : undefined}
              onChange={(event) => set({ proxyFromEnvironment: event.currentTarget.checked })}
            />
          </div>
        )}
      </FormRow>
      <FormRow label={t('connection.noProxy')}>
        {({ input, description }) => (
          <TextField
            id={input}
            describedBy={description}
            value={draft.noProxy}
            onChange={(noProxy) => set({ noProxy })}
            changed={changed('noProxy')}
            invalid={false}
            disabled={disabled}
          />
        )}
      </FormRow>
      <FormRow label={t('connection.headers')} group>
        {() => (
          <PairRows
            pairs={headers}
            onChange={(next) => set({ headers: next })}
            disabled={disabled}
            changed={() => changed('headers')}
            words={{
              add: t('connection.addHeader'),
              name: t('connection.headerName'),
              value: (name) => t('label.value', { name }),
              remove: (name) => t('connection.removeHeader', { name }),
            }}
          />
        )}
      </FormRow>
    </>
  );
}
