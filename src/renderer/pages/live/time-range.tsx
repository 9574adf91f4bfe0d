import { SegmentedControl } from '@mantine/core';
import { IconChevronLeft, IconChevronRight, IconPlayerPause, IconPlayerPlay } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { Millis } from '#shared/model/index.ts';
import { TitleActions } from '#renderer/frame/index.ts';
import { GoToTime } from '#renderer/time-range/index.ts';
import { IconButton, WINDOWS } from '#renderer/ui/index.ts';
import { setWindow, useLivePage } from './live-page-store.ts';
import { LiveState } from './live-state.tsx';

interface TimeRangeProps {
  readonly window: Millis;
  /** Between two scrapes of the target in view; null without one. */
  readonly interval: Millis | null;
  readonly connected: boolean;
  readonly goToOpen: boolean;
  readonly setGoToOpen: (open: boolean) => void;
  /** Shows what was around a moment, or between two. */
  readonly onGo: (from: Millis, to: Millis | null) => void;
  /** Half a window earlier (-1) or later (1). */
  readonly onMove: (by: 1 | -1) => void;
  readonly onTogglePause: () => void;
}

/** In the title bar: range, whether what is on screen is of now, a time to go to, and pause. */
export function TimeRange(props: TimeRangeProps) {
  const { window, interval, connected, goToOpen, setGoToOpen, onGo, onMove, onTogglePause } = props;
  const { t } = useTranslation('live');
  const paused = useLivePage((state) => state.pausedAt !== null);
  return (
    <TitleActions>
      <SegmentedControl
        aria-label={t('range.label')}
        data={WINDOWS.map(({ millis, label }) => ({ value: String(millis), label: t(`common:window.${label}`) }))}
        value={String(window)}
        onChange={(value) => setWindow(Number(value))}
      />
      <GoToTime open={goToOpen} setOpen={setGoToOpen} onGo={onGo} />
      {paused && (
        <>
          <IconButton label={t('state.earlier')} onClick={() => onMove(-1)}>
            <IconChevronLeft size={14} stroke={1.6} />
          </IconButton>
          <IconButton label={t('state.later')} onClick={() => onMove(1)}>
            <IconChevronRight size={14} stroke={1.6} />
          </IconButton>
        </>
      )}
      <LiveState interval={interval} connected={connected} />
      <IconButton
        label={t(paused ? 'state.resume' : 'state.pause')}
        shortcut="Space"
        pressed={paused}
        onClick={onTogglePause}
      >
        {paused ? <IconPlayerPlay size={16} stroke={1.6} /> : <IconPlayerPause size={16} stroke={1.6} />}
      </IconButton>
    </TitleActions>
  );
}
