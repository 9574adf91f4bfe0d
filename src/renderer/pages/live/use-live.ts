import { useEffect, useMemo, useState, useSyncExternalStore } from 'react';
import type { PageView } from '#shared/contract/index.ts';
import type { Millis } from '#shared/model/index.ts';
import type { TimeSpan } from '#renderer/charts/index.ts';
import { LiveStore, useCore } from '#renderer/data/index.ts';
import { liveChart, liveQueries, type LiveChart } from './live-model.ts';
import type { NamedChart } from './named-chart.ts';

interface Shown {
  readonly store: LiveStore;
  readonly targetId: string;
}

interface LiveTime {
  readonly window: Millis;
  readonly step: Millis;
  readonly paused: boolean;
  /** The window that ends at this moment is wanted; null: the one up to now, or what there is while paused. */
  readonly until: Millis | null;
}

/**
 * The live data of a page's charts. While paused nothing new comes; on resuming the whole window comes again, with what was
 * missed. When only the window or the charts change, the old data stay until all of the new are there; another target's come
 * as they come.
 */
export function useLiveStore(page: PageView | null, { window, step, paused, until }: LiveTime): LiveStore | null {
  const core = useCore();
  const [shown, setShown] = useState<Shown | null>(null);
  // The page comes as a new object at each change of any of its parts; only its charts matter here.
  const key = page === null ? null : JSON.stringify(liveQueries(page.charts));
  const targetId = page?.targetId ?? '';
  useEffect(() => {
    if (key === null || (paused && until === null)) return;
    const queries = JSON.parse(key) as ReturnType<typeof liveQueries>;
    const store = new LiveStore(core, { queries, window, step, until });
    const stopWaiting = store.subscribe(() => {
      setShown((before) => (before?.targetId === targetId && !store.settled ? before : { store, targetId }));
      if (store.settled) stopWaiting();
    });
    return () => {
      stopWaiting();
      store.stop();
    };
  }, [core, key, window, step, paused, until, targetId]);
  return shown !== null && shown.targetId === targetId ? shown.store : null;
}

/** A chart with what is known of it now, and the time that the store has in view; null where nothing is known yet. */
export function useLiveChart(
  spec: NamedChart,
  store: LiveStore | null,
): { readonly chart: LiveChart | null; readonly range: TimeSpan } {
  const version = useLiveVersion(store);
  const chart = useMemo(() => (store === null || version < 0 ? null : liveChart(spec, store)), [spec, store, version]);
  const range = useMemo(() => {
    const last = store?.last ?? 0;
    return { from: last - (store?.options.window ?? 1), to: last };
    // The store says by its version that `last` moved.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [store, version]);
  return { chart, range };
}

/** Renders again when the store has something new. */
export function useLiveVersion(store: LiveStore | null): number {
  return useSyncExternalStore(store?.subscribe ?? subscribeToNothing, () => store?.version ?? 0);
}

function subscribeToNothing(): () => void {
  return () => undefined;
}
