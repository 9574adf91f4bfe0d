import { useSyncExternalStore } from 'react';
import type { Millis } from '#shared/model/index.ts';

/** The page's clock: the one place of the interface that asks what time it is. */
let now: Millis = Date.now();
let timer: number | undefined;
const listeners = new Set<() => void>();

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= window.setInterval(() => {
    now = Date.now();
    for (const tell of listeners) tell();
  }, 1000);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    window.clearInterval(timer);
    timer = undefined;
  };
}

/** The time now, renewed each second while someone looks. */
export function useNow(): Millis {
  return useSyncExternalStore(subscribe, () => now);
}

/** The time at this moment, for handlers. */
export function readClock(): Millis {
  return Date.now();
}
