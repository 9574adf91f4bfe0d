import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { KeptQuery } from '#shared/contract/index.ts';
import { usePreferences } from '#renderer/data/index.ts';
import { readClock } from '#renderer/ui/index.ts';
import { remember, toggleFavourite } from './query-history.ts';

export interface History {
  readonly entries: readonly KeptQuery[];
  readonly add: (exprs: readonly string[]) => void;
  readonly toggle: (expr: string) => void;
}

type Change = (entries: readonly KeptQuery[]) => readonly KeptQuery[];

/** The queries that ran, kept with the preferences. Who may not change those keeps them until the page is closed. */
export function useHistory(): History {
  const { preferences, known, set } = usePreferences();
  const { queryHistory } = preferences;
  const [own, setOwn] = useState<readonly KeptQuery[] | null>(null);
  // What is on its way counts: a second change before the first has come back starts from it.
  const latest = useRef<readonly KeptQuery[]>(queryHistory);
  useEffect(() => {
    latest.current = queryHistory;
  }, [queryHistory]);
  const change = useCallback(
    (next: Change) => {
      latest.current = next(latest.current);
      const changed = latest.current;
      if (!known) return;
      set({ queryHistory: changed }).catch(() => setOwn(changed));
    },
    [known, set],
  );
  const add = useCallback(
    (exprs: readonly string[]) =>
      change((all) => exprs.reduceRight<readonly KeptQuery[]>((kept, expr) => remember(kept, expr, readClock()), all)),
    [change],
  );
  const toggle = useCallback((expr: string) => change((all) => toggleFavourite(all, expr)), [change]);
  const entries = own ?? queryHistory;
  return useMemo(() => ({ entries, add, toggle }), [entries, add, toggle]);
}
