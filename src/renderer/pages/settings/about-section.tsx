import { Button } from '@mantine/core';
import { IconFolder } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useCore, usePreferences, useTopic } from '#renderer/data/index.ts';
import { formatTime } from '#renderer/ui/index.ts';
import { FormSection } from './form-row.tsx';
import styles from './form.module.css';

/** Which Hearth this is, and where it keeps its things. */
export function AboutSection() {
  const { t, i18n } = useTranslation('settings');
  const { native } = useCore();
  const { preferences } = usePreferences();
  const { data: status, error } = useTopic('status', {});
  const none = t('noValue');
  return (
    <div className={styles.scroll}>
      <FormSection title={t('about.title')}>
        <p className={styles.prose}>{t('about.local')}</p>
      </FormSection>
      <FormSection title={t('about.running')}>
        <dl className={styles.facts}>
          <dt>{t('about.version')}</dt>
          <dd>{status?.version ?? none}</dd>
          <dt>{t('about.host')}</dt>
          <dd>{status === null ? none : t(`about.host-${status.host}`)}</dd>
          <dt>{t('about.since')}</dt>
          <dd>
            {status === null ? none : formatTime(status.startedAt, 'date-time', i18n.language, preferences.timeZone)}
          </dd>
          <dt>{t('about.config')}</dt>
          <dd>{status?.configPath ?? none}</dd>
          <dt>{t('about.data')}</dt>
          <dd>{status?.dataPath ?? none}</dd>
        </dl>
        {error !== null && status === null && <p className={styles.problem}>{t('about.noCore')}</p>}
        {native !== null && (
          <p>
            <Button leftSection={<IconFolder size={14} stroke={1.6} />} onClick={() => native.showDataFolder()}>
              {t('about.showFolder')}
            </Button>
          </p>
        )}
      </FormSection>
    </div>
  );
}
