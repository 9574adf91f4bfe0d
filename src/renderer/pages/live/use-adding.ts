import { useCallback, useEffect, useRef, useState } from 'react';
import type { TargetView } from '#shared/contract/index.ts';
import { usePreferences } from '#renderer/data/index.ts';
import { navigate, routeTo, useRoute } from '#renderer/frame/index.ts';

interface Adding {
  /** The panel is there: asked for by the address, by itself at the first run, or because there is nothing else. */
  readonly open: boolean;
  readonly start: () => void;
  /** Null where there is nothing to go back to. */
  readonly close: (() => void) | null;
  /** Goes to the target of a job that was added, as soon as it is scraped. */
  readonly added: (jobName: string) => void;
}

/** The panel for adding a target. @param targetId the target in view, to come back to */
export function useAdding(
  active: readonly TargetView[] | null,
  targetId: string | null,
  onError: (failure: unknown) => void,
): Adding {
  const route = useRoute();
  const { preferences, known, set: setPreferences } = usePreferences();
  const [firstRunOver, setFirstRunOver] = useState(false);
  // Who brought a configuration knows where to look: the first run is over before it begins.
  const firstRun =
    known && !preferences.firstRunDone && !firstRunOver && active !== null && active.every(({ builtin }) => builtin);
  const awaitTarget = useArrival(active);
  const place = targetId === null ? ['live'] : ['live', targetId];
  const endFirstRun = (): void => {
    if (preferences.firstRunDone) return;
    // At once: what was closed does not stand there, with the focus, until the core has noted it.
    setFirstRunOver(true);
    setPreferences({ firstRunDone: true }).catch(onError);
  };
  return {
    open: route.query.has('add') || firstRun || active?.length === 0,
    start: () => navigate(routeTo(place, { add: '' })),
    close:
      active?.length === 0
        ? null
        : () => {
            endFirstRun();
            navigate(routeTo(place), { replace: true });
          },
    added: (jobName) => {
      endFirstRun();
      awaitTarget(jobName);
    },
  };
}

/** Goes to a job's target as soon as it is there: it was just added and comes with the next list of targets. */
function useArrival(active: readonly TargetView[] | null): (jobName: string) => void {
  const awaited = useRef<string | null>(null);
  useEffect(() => {
    const arrived = awaited.current === null ? undefined : active?.find(({ job }) => job === awaited.current);
    if (arrived === undefined) return;
    awaited.current = null;
    navigate(routeTo(['live', arrived.id]), { replace: true });
  }, [active]);
  return useCallback((jobName) => {
    awaited.current = jobName;
  }, []);
}
