import { Button, Checkbox } from '@mantine/core';
import { IconPlus, IconX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { IconButton } from '#renderer/ui/index.ts';
import type { ChangedField } from './draft-changes.ts';
import { FormRow } from './form-row.tsx';
import styles from './form.module.css';
import type { JobDraft } from './job-draft.ts';
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
          <div className={styles.rows}>
            {headers.map(([name, value], i) => (
              // A row has no identity but its place.
              // oxlint-disable-next-line react/no-array-index-key
              <div key={i} className={styles.single}>
                <TextField
                  label={t('connection.headerName')}
                  className={styles.name}
                  value={name}
                  onChange={(next) => set({ headers: headers.with(i, [next, value]) })}
                  changed={false}
                  invalid={false}
                  disabled={disabled}
                />
                <TextField
                  label={t('label.value', { name })}
                  className={styles.grow}
                  value={value}
                  onChange={(next) => set({ headers: headers.with(i, [name, next]) })}
                  changed={changed('headers')}
                  invalid={false}
                  disabled={disabled}
                />
                <IconButton
                  label={t('connection.removeHeader', { name })}
                  disabled={disabled}
                  onClick={() => set({ headers: headers.filter((_, at) => at !== i) })}
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
                onClick={() => set({ headers: [...headers, ['', '']] })}
              >
                {t('connection.addHeader')}
              </Button>
            </div>
          </div>
        )}
      </FormRow>
    </>
  );
}
