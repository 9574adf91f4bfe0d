import { useTranslation } from 'react-i18next';
import type { Millis } from '#shared/model/index.ts';
import { formatDuration } from '#shared/model/index.ts';
import { readClock, useFormat } from '#renderer/ui/index.ts';
import styles from './live.module.css';
import { useLivePage } from './live-page-store.ts';

interface LiveStateProps {
  /** Between two scrapes of the target in view; null without one. */
  readonly interval: Millis | null;
  readonly connected: boolean;
}

/** Whether what is on screen is of now, else of when. */
export function LiveState({ interval, connected }: LiveStateProps) {
  const { t } = useTranslation('live');
  const format = useFormat();
  const pausedAt = useLivePage((state) => state.pausedAt);
  const today = (time: Millis): boolean => format.time(time, 'date') === format.time(readClock(), 'date');
  return (
    <span className={styles['state']} role="status">
      <span className={styles['liveDot']} data-on={(pausedAt === null && connected) || undefined} aria-hidden />
      {pausedAt === null ? (
        <>
          {t('state.live')}
          {interval !== null && <span className={styles['interval']}>{formatDuration(interval)}</span>}
        </>
      ) : (
        t('state.pausedAt', { time: format.time(pausedAt, today(pausedAt) ? 'clock-seconds' : 'date-time') })
      )}
    </span>
  );
}
