import { create } from 'zustand';
import type { Millis } from '#shared/model/index.ts';

interface LivePageState {
  /** Null: the preference, which stands here as soon as `until` is set. */
  readonly window: Millis | null;
  /** When it was paused, or the end of what was gone to: the end of the window; null while live. */
  readonly pausedAt: Millis | null;
  /** The same where the window that ends there is to be asked for: what was on screen at a pause is there already. */
  readonly until: Millis | null;
  readonly filter: string;
  /** Id of the chart in the inspector. */
  readonly chart: string | null;
}

/** What the Live page remembers while the window is open. */
export const useLivePage = create<LivePageState>()(() => ({
  window: null,
  pausedAt: null,
  until: null,
  filter: '',
  chart: null,
}));

/** Another length; while paused it ends where it did. */
export function setWindow(window: Millis): void {
  useLivePage.setState(({ pausedAt }) => ({ window, until: pausedAt }));
}

export function setFilter(filter: string): void {
  useLivePage.setState({ filter });
}

export function selectChart(chart: string | null): void {
  useLivePage.setState({ chart });
}

export function setPaused(pausedAt: Millis | null): void {
  useLivePage.setState({ pausedAt, until: null });
}

/** No shorter stretch of time is shown. */
const LEAST_WINDOW: Millis = 60_000;

/** Shows the window of this length around a moment, or what lies between two; nothing is shown of after `now`. */
export function goToTime(from: Millis, to: Millis | null, window: Millis, now: Millis): void {
  const end = Math.min(now, to ?? from + Math.round(window / 2));
  const length = to === null ? window : Math.max(LEAST_WINDOW, end - from);
  useLivePage.setState({ window: length, pausedAt: end, until: end });
}

/** Half a window earlier (-1) or later (1); back at the present it goes on by itself again. */
export function moveTime(by: 1 | -1, window: Millis, now: Millis): void {
  const { pausedAt } = useLivePage.getState();
  const end = (pausedAt ?? now) + by * Math.round(window / 2);
  if (end >= now) setPaused(null);
  else useLivePage.setState({ window, pausedAt: end, until: end });
}
