import { Button } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ErrorDetail } from '#shared/contract/index.ts';
import { parseDuration } from '#shared/model/index.ts';
import { errorDetail, usePreferences, useTopic } from '#renderer/data/index.ts';
import { ErrorNote, formatCount, formatValue } from '#renderer/ui/index.ts';
import { FormRow, FormSection } from './form-row.tsx';
import styles from './form.module.css';
import { SelectorRetention } from './selector-retention.tsx';
import { SnapshotRow } from './snapshot-row.tsx';
import { TextField } from './text-field.tsx';
import { TierSettings } from './tier-settings.tsx';

const COMMON = ['7d', '15d', '30d', '90d', '1y'] as const;

/** How long samples stay, and how much room they take. */
export function StorageSection() {
  const { t, i18n } = useTranslation('settings');
  const stored = usePreferences();
  const { preferences, known } = stored;
  const status = useTopic('status', {}).data;
  const [typed, setTyped] = useState<string | null>(null);
  const [saving, setSaving] = useState(false);
  const [failure, setFailure] = useState<ErrorDetail | null>(null);
  const text = typed ?? preferences.retention;
  const parsed = parseDuration(text.trim());
  const valid = parsed !== null && parsed > 0;
  const changed = known && text.trim() !== preferences.retention;
  const save = (): void => {
    if (!valid || !changed || saving) return;
    setSaving(true);
    setFailure(null);
    stored
      .set({ retention: text.trim() })
      .then(() => setTyped(null))
      .catch((error: unknown) => setFailure(errorDetail(error)))
      .finally(() => setSaving(false));
  };
  return (
    <div className={styles.scroll}>
      {failure !== null && <ErrorNote error={failure} />}
      {status !== null && status.storage !== null && (
        <ErrorNote error={{ kind: 'storage', reason: status.storage.kind, message: status.storage.message }} />
      )}
      <form
        onSubmit={(event) => {
          event.preventDefault();
          save();
        }}
      >
        <FormSection title={t('storage.retention')}>
          <FormRow
            label={t('storage.keepFor')}
            problem={valid ? null : t('problem.duration', { text })}
            hint={t('storage.keepHint')}
          >
            {({ input, description }) => (
              <div className={styles.line}>
                <TextField
                  id={input}
                  describedBy={description}
                  className={styles.short}
                  value={text}
                  onChange={setTyped}
                  changed={changed}
                  invalid={!valid}
                  disabled={!known}
                />
                {COMMON.map((choice) => (
                  <Button key={choice} size="compact-sm" disabled={!known} onClick={() => setTyped(choice)}>
                    <span className="num">{choice}</span>
                  </Button>
                ))}
                <Button type="submit" variant="filled" loading={saving} disabled={!valid || !changed}>
                  {t('storage.save')}
                </Button>
              </div>
            )}
          </FormRow>
        </FormSection>
      </form>
      <SelectorRetention />
      <TierSettings />
      <SnapshotRow />
      <FormSection title={t('storage.now')}>
        <dl className={styles.facts}>
          <dt>{t('storage.size')}</dt>
          <dd>{formatValue(status?.storeBytes, 'bytes', i18n.language).text}</dd>
          <dt>{t('storage.series')}</dt>
          <dd>{status === null ? t('noValue') : formatCount(status.series, i18n.language)}</dd>
          <dt>{t('storage.samples')}</dt>
          <dd>{formatValue(status?.samplesPerSecond, 'per-second', i18n.language).text}</dd>
          <dt>{t('storage.refused')}</dt>
          <dd>
            {status === null
              ? t('noValue')
              : t('storage.refusedOf', {
                  count: Object.values(status.refusedSamples).reduce((sum, count) => sum + count, 0),
                  duplicate: formatCount(status.refusedSamples.duplicate, i18n.language),
                  outOfOrder: formatCount(status.refusedSamples.outOfOrder, i18n.language),
                  tooOld: formatCount(status.refusedSamples.tooOld, i18n.language),
                })}
          </dd>
          <dt>{t('storage.folder')}</dt>
          <dd>{status?.dataPath ?? t('noValue')}</dd>
        </dl>
      </FormSection>
    </div>
  );
}
