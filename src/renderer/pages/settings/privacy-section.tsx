import { Button } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ErrorDetail } from '#shared/contract/index.ts';
import { errorDetail, forgetSessionToken, useCore, usePreferences, useTopic } from '#renderer/data/index.ts';
import { ErrorNote, useFormat } from '#renderer/ui/index.ts';
import { FormSection } from './form-row.tsx';
import styles from './form.module.css';
import { useUndo } from './undo-store.ts';

/** What Hearth tells whom, who may ask it, where secrets are, and what it remembers of a person. */
export function PrivacySection() {
  const { t } = useTranslation('settings');
  const format = useFormat();
  const { native } = useCore();
  const { preferences, known, set } = usePreferences();
  const status = useTopic('status', {}).data;
  const config = useTopic('config', {}).data;
  const [failure, setFailure] = useState<ErrorDetail | null>(null);
  const none = t('noValue');
  const host = status?.host ?? (native === null ? 'headless' : 'desktop');
  const kinds = [...new Set((config?.jobs ?? []).flatMap((job) => job.form.discovery.map(({ kind }) => kind)))];
  const { queryHistory } = preferences;
  const unstarred = queryHistory.filter((entry) => !entry.favourite);
  const clear = (): void => {
    setFailure(null);
    set({ queryHistory: queryHistory.filter((entry) => entry.favourite) }).then(
      () => useUndo.getState().offer({ text: t('privacy.cleared'), undo: () => set({ queryHistory }) }),
      (error: unknown) => setFailure(errorDetail(error)),
    );
  };
  return (
    <div className={styles.scroll}>
      {failure !== null && <ErrorNote error={failure} />}
      <FormSection title={t('privacy.leaves')}>
        <p className={styles.prose}>{t('privacy.leavesText')}</p>
        <dl className={styles.facts}>
          <dt>{t('privacy.scraped')}</dt>
          <dd>{status === null ? none : format.count(status.targetsTotal)}</dd>
          <dt>{t('privacy.discovery')}</dt>
          <dd>{kinds.length === 0 ? t('privacy.nobody') : kinds.map((kind) => `${kind}_sd_configs`).join(', ')}</dd>
        </dl>
      </FormSection>
      <FormSection title={t('privacy.access')}>
        <p className={styles.prose}>{t('privacy.accessText')}</p>
        {native === null && (
          <p>
            <Button
              onClick={() => {
                forgetSessionToken();
                window.location.reload();
              }}
            >
              {t('privacy.forgetToken')}
            </Button>
          </p>
        )}
      </FormSection>
      <FormSection title={t('privacy.secrets')}>
        <p className={styles.prose}>{t(`privacy.secrets-${host}`)}</p>
      </FormSection>
      <FormSection title={t('privacy.remembered')}>
        <p className={styles.prose}>
          {t('privacy.history', { count: queryHistory.length, starred: queryHistory.length - unstarred.length })}
        </p>
        <p>
          <Button disabled={!known || unstarred.length === 0} onClick={clear}>
            {t('privacy.clearHistory')}
          </Button>
        </p>
      </FormSection>
    </div>
  );
}
