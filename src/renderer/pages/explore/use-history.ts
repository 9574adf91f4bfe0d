import { useCallback, useMemo, useState } from 'react';
import { readClock } from '#renderer/ui/index.ts';
import { readHistory, remember, toggleFavourite, writeHistory, type HistoryEntry } from './query-history.ts';

export interface History {
  readonly entries: readonly HistoryEntry[];
  readonly add: (expr: string) => void;
  readonly toggle: (expr: string) => void;
}

/** The queries that ran on this machine, kept in the browser. */
export function useHistory(): History {
  const [entries, setEntries] = useState(() => readHistory(window.localStorage));
  const change = useCallback((next: (entries: readonly HistoryEntry[]) => readonly HistoryEntry[]) => {
    // Read again: another window may have added to it.
    const changed = next(readHistory(window.localStorage));
    writeHistory(window.localStorage, changed);
    setEntries(changed);
  }, []);
  const add = useCallback((expr: string) => change((all) => remember(all, expr, readClock())), [change]);
  const toggle = useCallback((expr: string) => change((all) => toggleFavourite(all, expr)), [change]);
  return useMemo(() => ({ entries, add, toggle }), [entries, add, toggle]);
}
