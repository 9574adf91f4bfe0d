import { useEffect } from 'react';
import { create } from 'zustand';
import type { MetricType } from '#shared/model/index.ts';

/** Something that a page shows and the palette can go to. */
export interface PaletteEntry {
  readonly id: string;
  readonly title: string;
  /** Shown at the right: where it stands. */
  readonly note: string;
  readonly metricType: MetricType | null;
  readonly run: () => void;
  /** With the command key: opens it in Explore. */
  readonly runAlternative: () => void;
}

const NONE: readonly PaletteEntry[] = [];

const useStore = create<{ readonly entries: readonly PaletteEntry[] }>()(() => ({ entries: NONE }));

/** Offers these to the palette for as long as the page is shown. */
export function usePaletteEntries(entries: readonly PaletteEntry[]): void {
  useEffect(() => {
    useStore.setState({ entries });
    return () => useStore.setState({ entries: NONE });
  }, [entries]);
}

/** What the page in view offers. */
export function useOfferedEntries(): readonly PaletteEntry[] {
  return useStore((state) => state.entries);
}
