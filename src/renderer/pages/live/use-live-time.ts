import { useMemo } from 'react';
import type { Millis } from '#shared/model/index.ts';
import type { SharedView } from '#renderer/charts/index.ts';
import type { LiveStore } from '#renderer/data/index.ts';
import { readClock, WINDOWS } from '#renderer/ui/index.ts';
import { goToTime, moveTime, setPaused, setWindow, useLivePage } from './live-page-store.ts';

interface LiveTime {
  readonly togglePause: () => void;
  /** Moves the crosshair by so many steps; past the newest one it rests. */
  readonly step: (by: number) => void;
  /** Shows what was around a moment, or between two. */
  readonly go: (from: Millis, to: Millis | null) => void;
  /** Half a window earlier (-1) or later (1). */
  readonly move: (by: 1 | -1) => void;
  /** Longer (1) or shorter (-1) window. */
  readonly resize: (by: 1 | -1) => void;
}

/** What a person does with the time of the page: which part of it is in view, and where the crosshair stands. */
export function useLiveTime(view: SharedView, store: LiveStore | null, window: Millis): LiveTime {
  const { pausedAt, until } = useLivePage();
  return useMemo(
    () => ({
      togglePause: () => {
        // A moment that was pointed at in the past is none of now.
        if (until !== null) view.reset();
        setPaused(pausedAt === null ? (store?.last ?? readClock()) : null);
      },
      step: (by) => {
        const last = store?.last ?? null;
        if (store === null || last === null) return;
        const width = store.options.step;
        const next = Math.min(last, (view.crosshair ?? last) + by * width);
        view.pin(next === last && by > 0 ? null : Math.max(last - store.options.window, next));
      },
      go: (from, to) => {
        view.reset();
        const now = readClock();
        // One moment is pointed at, in the middle of as long a window as before; what is still to come has no place.
        if (to === null) view.pin(Math.min(from, now));
        goToTime(from, to, window, now);
      },
      move: (by) => {
        view.reset();
        moveTime(by, window, readClock());
      },
      resize: (by) => {
        const next =
          by > 0 ? WINDOWS.find(({ millis }) => millis > window) : WINDOWS.findLast((one) => one.millis < window);
        if (next !== undefined) setWindow(next.millis);
      },
    }),
    [view, store, window, pausedAt, until],
  );
}
