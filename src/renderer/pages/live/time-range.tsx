import { SegmentedControl } from '@mantine/core';
import { IconPlayerPause, IconPlayerPlay } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { Millis } from '#shared/model/index.ts';
import { formatDuration } from '#shared/model/index.ts';
import { TitleActions } from '#renderer/frame/index.ts';
import { IconButton, useFormat, WINDOWS } from '#renderer/ui/index.ts';
import styles from './live.module.css';
import { setWindow, useLivePage } from './live-page-store.ts';

interface TimeRangeProps {
  readonly window: Millis;
  /** Between two scrapes of the target in view; null without one. */
  readonly interval: Millis | null;
  readonly connected: boolean;
  readonly onTogglePause: () => void;
}

/** In the title bar: range, whether what is on screen is of now, and pause. */
export function TimeRange({ window, interval, connected, onTogglePause }: TimeRangeProps) {
  const { t } = useTranslation('live');
  const format = useFormat();
  const pausedAt = useLivePage((state) => state.pausedAt);
  return (
    <TitleActions>
      <SegmentedControl
        aria-label={t('range.label')}
        data={WINDOWS.map(({ millis, label }) => ({ value: String(millis), label: t(`common:window.${label}`) }))}
        value={String(window)}
        onChange={(value) => setWindow(Number(value))}
      />
      <span className={styles['state']} role="status">
        <span className={styles['liveDot']} data-on={(pausedAt === null && connected) || undefined} aria-hidden />
        {pausedAt === null ? (
          <>
            {t('state.live')}
            {interval !== null && <span className={styles['interval']}>{formatDuration(interval)}</span>}
          </>
        ) : (
          t('state.pausedAt', { time: format.time(pausedAt, 'clock-seconds') })
        )}
      </span>
      <IconButton
        label={t(pausedAt === null ? 'state.pause' : 'state.resume')}
        shortcut="Space"
        pressed={pausedAt !== null}
        onClick={onTogglePause}
      >
        {pausedAt === null ? <IconPlayerPause size={16} stroke={1.6} /> : <IconPlayerPlay size={16} stroke={1.6} />}
      </IconButton>
    </TitleActions>
  );
}
