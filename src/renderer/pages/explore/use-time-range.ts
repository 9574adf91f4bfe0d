import { useCallback, useEffect, useMemo, useState } from 'react';
import type { Millis } from '#shared/model/index.ts';
import type { TimeSpan } from '#renderer/charts/index.ts';
import { usePreferences } from '#renderer/data/index.ts';
import { readClock, WINDOWS } from '#renderer/ui/index.ts';
import type { ChosenRange } from './explore-address.ts';
import { alignedRange, rateWindowFor, stepFor } from './query-step.ts';

/** Lengths that `-` and `=` go through. */
const LENGTHS: readonly Millis[] = [
  60_000,
  ...WINDOWS.map(({ millis }) => millis),
  172_800_000,
  604_800_000,
  1_209_600_000,
  2_592_000_000,
  7_776_000_000,
  31_536_000_000,
];

/** The range on the screen. */
export interface TimeRange {
  /** What a person chose; an address is made from it. */
  readonly chosen: ChosenRange;
  readonly live: boolean;
  readonly start: Millis;
  readonly end: Millis;
  readonly step: Millis;
  /** A window for `rate()` that holds several scrapes and at least a few steps. */
  readonly rateWindow: string;
  readonly choose: (range: ChosenRange) => void;
  /** Up to this moment, where the range is the last so many. */
  readonly refresh: () => void;
  readonly setLive: (live: boolean) => void;
  /** Looks at a part of the past; null goes back to the last length chosen. */
  readonly zoom: (span: TimeSpan | null) => void;
  /** Longer (1) or shorter (-1), about the middle where it is a part of the past. */
  readonly resize: (by: 1 | -1) => void;
  /** Moves into the past (-1) or back (1) by half of what is shown. */
  readonly move: (by: 1 | -1) => void;
  readonly setWidth: (pixels: number) => void;
  /** The range as it is at this moment, for asking about names. */
  readonly present: () => { readonly start: Millis; readonly end: Millis };
}

/** Redrawn at most this often while live. */
const LEAST_TICK: Millis = 5000;
/** Ends this close to now are now. */
const NEAR_NOW: Millis = 2000;

export function useTimeRange(initial: ChosenRange | null): TimeRange {
  const [length, setLength] = useState<Millis>(initial !== null && 'last' in initial ? initial.last : 900_000);
  const [fixed, setFixed] = useState<TimeSpan | null>(initial !== null && 'from' in initial ? initial : null);
  const [live, setLiveState] = useState(true);
  const [now, setNow] = useState(readClock);
  const [width, setWidth] = useState(900);
  const from = fixed?.from ?? now - length;
  const to = fixed?.to ?? now;
  const step = stepFor(to - from, width);
  const { start, end } = alignedRange(from, to, step);
  const ticking = live && fixed === null;
  const { refresh: pause } = usePreferences().preferences;
  useEffect(() => {
    if (!ticking) return;
    const timer = window.setInterval(
      () => {
        // A window that is not seen asks for nothing.
        if (document.visibilityState === 'visible') setNow(readClock());
      },
      Math.max(step, LEAST_TICK, pause),
    );
    return () => window.clearInterval(timer);
  }, [ticking, step, pause]);

  const choose = useCallback((range: ChosenRange) => {
    setNow(readClock());
    if ('last' in range) {
      setFixed(null);
      setLength(range.last);
    } else setFixed(range);
  }, []);
  const refresh = useCallback(() => setNow(readClock()), []);
  const setLive = useCallback((next: boolean) => {
    if (next) {
      setFixed(null);
      setNow(readClock());
    }
    setLiveState(next);
  }, []);
  const zoom = useCallback((span: TimeSpan | null) => {
    if (span === null) setNow(readClock());
    setFixed(span);
  }, []);
  const resize = useCallback(
    (by: 1 | -1) => {
      const shown = to - from;
      const next =
        by > 0 ? LENGTHS.find((known) => known > shown * 1.01) : LENGTHS.findLast((known) => known < shown * 0.99);
      if (next === undefined) return;
      if (fixed === null) choose({ last: next });
      else {
        const latest = Math.min(readClock(), Math.round((from + to) / 2 + next / 2));
        choose({ from: latest - next, to: latest });
      }
    },
    [from, to, fixed, choose],
  );
  const move = useCallback(
    (by: 1 | -1) => {
      const half = Math.round((to - from) / 2);
      const latest = to + by * half;
      // Back at the present it goes on by itself again.
      if (latest >= readClock() - NEAR_NOW) choose({ last: to - from });
      else choose({ from: from + by * half, to: latest });
    },
    [from, to, choose],
  );
  const present = useCallback(
    () => (fixed === null ? { start: readClock() - length, end: readClock() } : { start: fixed.from, end: fixed.to }),
    [fixed, length],
  );
  return useMemo(
    () => ({
      chosen: fixed ?? { last: length },
      live: ticking,
      start,
      end,
      step,
      rateWindow: rateWindowFor({ start: from, end: to }, width),
      choose,
      refresh,
      setLive,
      zoom,
      resize,
      move,
      setWidth,
      present,
    }),
    [fixed, length, ticking, start, end, step, from, to, width, choose, refresh, setLive, zoom, resize, move, present],
  );
}
