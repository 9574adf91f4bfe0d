import { useCallback, useEffect, useMemo, useState } from 'react';
import { formatDuration, type Millis } from '#shared/model/index.ts';
import type { TimeSpan } from '#renderer/charts/index.ts';
import { usePreferences } from '#renderer/data/index.ts';
import { readClock } from '#renderer/ui/index.ts';
import { alignedRange, stepFor } from './query-step.ts';

export const PRESETS: readonly Millis[] = [300_000, 900_000, 3_600_000, 21_600_000, 86_400_000];

/** The range on the screen. */
export interface TimeRange {
  /** Length of the chosen preset, or null while something else is looked at. */
  readonly preset: Millis | null;
  readonly live: boolean;
  readonly start: Millis;
  readonly end: Millis;
  readonly step: Millis;
  /** A window for `rate()` that holds several scrapes and at least a few steps. */
  readonly rateWindow: string;
  readonly choose: (length: Millis) => void;
  readonly setLive: (live: boolean) => void;
  /** Looks at a part of the past; null goes back to the preset. */
  readonly zoom: (span: TimeSpan | null) => void;
  readonly setWidth: (pixels: number) => void;
  /** The range as it is at this moment, for asking about names. */
  readonly present: () => { readonly start: Millis; readonly end: Millis };
}

/** Redrawn at most this often while live. */
const LEAST_TICK: Millis = 5000;

export function useTimeRange(): TimeRange {
  const [length, setLength] = useState<Millis>(900_000);
  const [live, setLiveState] = useState(true);
  const [now, setNow] = useState(readClock);
  const [fixed, setFixed] = useState<TimeSpan | null>(null);
  const [width, setWidth] = useState(900);
  const raw = fixed ?? { from: now - length, to: now };
  const step = stepFor(raw.to - raw.from, width);
  const { start, end } = alignedRange(raw.from, raw.to, step);
  const ticking = live && fixed === null;
  const { refresh } = usePreferences().preferences;
  useEffect(() => {
    if (!ticking) return;
    const timer = window.setInterval(
      () => {
        // A window that is not seen asks for nothing.
        if (document.visibilityState === 'visible') setNow(readClock());
      },
      Math.max(step, LEAST_TICK, refresh),
    );
    return () => window.clearInterval(timer);
  }, [ticking, step, refresh]);

  const choose = useCallback((next: Millis) => {
    setFixed(null);
    setNow(readClock());
    setLength(next);
  }, []);
  const setLive = useCallback((next: boolean) => {
    if (next) {
      setFixed(null);
      setNow(readClock());
    }
    setLiveState(next);
  }, []);
  const present = useCallback(
    () => (fixed === null ? { start: readClock() - length, end: readClock() } : { start: fixed.from, end: fixed.to }),
    [fixed, length],
  );
  return useMemo(
    () => ({
      preset: fixed === null ? length : null,
      live: ticking,
      start,
      end,
      step,
      rateWindow: formatDuration(Math.max(60_000, step * 4)),
      choose,
      setLive,
      zoom: setFixed,
      setWidth,
      present,
    }),
    [fixed, length, ticking, start, end, step, choose, setLive, present],
  );
}
