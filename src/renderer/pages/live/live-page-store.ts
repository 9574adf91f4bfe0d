import { create } from 'zustand';
import type { Millis } from '#shared/model/index.ts';

interface LivePageState {
  /** Null: the preference. */
  readonly window: Millis | null;
  /** When it was paused; null while live. */
  readonly pausedAt: Millis | null;
  readonly filter: string;
  /** Id of the chart in the inspector. */
  readonly chart: string | null;
}

/** What the Live page remembers while the window is open. */
export const useLivePage = create<LivePageState>()(() => ({
  window: null,
  pausedAt: null,
  filter: '',
  chart: null,
}));

export function setWindow(window: Millis): void {
  useLivePage.setState({ window });
}

export function setFilter(filter: string): void {
  useLivePage.setState({ filter });
}

export function selectChart(chart: string | null): void {
  useLivePage.setState({ chart });
}

export function setPaused(pausedAt: Millis | null): void {
  useLivePage.setState({ pausedAt });
}
