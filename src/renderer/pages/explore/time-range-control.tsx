import { SegmentedControl } from '@mantine/core';
import { IconChevronLeft, IconChevronRight, IconPlayerPause, IconPlayerPlay } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { TitleActions } from '#renderer/frame/index.ts';
import { GoToTime } from '#renderer/time-range/index.ts';
import { IconButton, WINDOWS } from '#renderer/ui/index.ts';
import styles from './explore.module.css';
import type { TimeRange } from './use-time-range.ts';

interface TimeRangeControlProps {
  readonly range: TimeRange;
  readonly goToOpen: boolean;
  readonly setGoToOpen: (open: boolean) => void;
}

/** How far back, and whether new samples come in, in the title bar. */
export function TimeRangeControl({ range, goToOpen, setGoToOpen }: TimeRangeControlProps) {
  const { t } = useTranslation('explore');
  const { chosen } = range;
  return (
    <TitleActions>
      <SegmentedControl
        aria-label={t('range.label')}
        data={WINDOWS.map(({ millis, label }) => ({ value: String(millis), label: t(`common:window.${label}`) }))}
        value={'last' in chosen ? String(chosen.last) : ''}
        onChange={(value) => range.choose({ last: Number(value) })}
      />
      <GoToTime
        open={goToOpen}
        setOpen={setGoToOpen}
        onGo={(from, to) => {
          const half = Math.round((range.end - range.start) / 2);
          // One moment stands in the middle of as long a range as before.
          range.choose(to === null ? { from: from - half, to: from + half } : { from, to });
        }}
      />
      {!('last' in chosen) && (
        <>
          <IconButton label={t('range.earlier')} onClick={() => range.move(-1)}>
            <IconChevronLeft size={14} stroke={1.6} />
          </IconButton>
          <IconButton label={t('range.later')} onClick={() => range.move(1)}>
            <IconChevronRight size={14} stroke={1.6} />
          </IconButton>
        </>
      )}
      <span className={styles.live} data-live={range.live || undefined}>
        {range.live ? t('range.live') : t('range.paused')}
      </span>
      <IconButton
        label={range.live ? t('range.pause') : t('range.resume')}
        shortcut={t('range.spaceKey')}
        onClick={() => range.setLive(!range.live)}
      >
        {range.live ? <IconPlayerPause size={14} stroke={1.6} /> : <IconPlayerPlay size={14} stroke={1.6} />}
      </IconButton>
    </TitleActions>
  );
}
