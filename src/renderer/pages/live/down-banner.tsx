import { Button } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { ScrapeFailure, TargetView } from '#shared/contract/index.ts';
import { formatAge, KeyCap, useFailureWords, useFormat } from '#renderer/ui/index.ts';
import styles from './header.module.css';
import type { TargetActions } from './target-actions.ts';
import { addressOf } from './target-words.ts';

interface DownBannerProps {
  readonly target: TargetView;
  readonly failure: ScrapeFailure;
  readonly actions: TargetActions;
}

/** Cause, time, and what happens next. */
export function DownBanner({ target, failure, actions }: DownBannerProps) {
  const { t } = useTranslation('live');
  const format = useFormat();
  const words = useFailureWords()(failure, addressOf(target));
  return (
    <div className={styles['banner']} role="alert">
      <IconAlertTriangle size={18} stroke={1.6} aria-hidden />
      <div className={styles['bannerText']}>
        <p className={styles['bannerTitle']}>{words.cause}</p>
        <p className={styles['bannerBody']}>
          {t('banner.body', {
            remedy: [words.remedy, words.reason].filter((part) => part !== '').join(' '),
            since: target.since === null ? '' : format.time(target.since, 'clock-seconds'),
            interval: formatAge(target.interval, 1),
          })}
        </p>
      </div>
      <div className={styles['bannerActions']}>
        <Button variant="filled" onClick={actions.scrapeNow} rightSection={<KeyCap>R</KeyCap>}>
          {t('banner.tryNow')}
        </Button>
        {!target.builtin && <Button onClick={actions.edit}>{t('banner.edit')}</Button>}
      </div>
    </div>
  );
}
