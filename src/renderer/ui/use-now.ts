import { useEffect, useSyncExternalStore } from 'react';
import type { Millis } from '#shared/model/index.ts';
import { useTopic } from '#renderer/data/index.ts';

/**
 * The core's clock, as the page knows it: its own and how far the core's is ahead of it. The one place of the interface
 * that asks what time it is, since all times on the screen are the core's and a browser elsewhere may be wrong.
 */
let ahead: Millis = 0;
let now: Millis = readClock();
let timer: number | undefined;
const listeners = new Set<() => void>();

/** What an event takes on its way is no difference of clocks. */
const ON_THE_WAY: Millis = 250;

/** The core's time at this moment, for handlers. */
export function readClock(): Millis {
  return Date.now() + ahead;
}

function tick(): void {
  now = readClock();
  for (const tell of listeners) tell();
}

/** Goes by the core's clock from now on: `coreNow` is what it shows at this moment. */
export function setClock(coreNow: Millis): void {
  const found = coreNow - Date.now();
  if (Math.abs(found - ahead) <= ON_THE_WAY) return;
  ahead = Math.abs(found) <= ON_THE_WAY ? 0 : found;
  tick();
}

/** Keeps the clock by the core's for as long as the caller is on the screen. */
export function useCoreClock(): void {
  const { data } = useTopic('status', {});
  useEffect(() => {
    if (data !== null) setClock(data.now);
  }, [data]);
}

function subscribe(listener: () => void): () => void {
  // While nobody looked it stood still.
  if (listeners.size === 0) now = readClock();
  listeners.add(listener);
  timer ??= window.setInterval(tick, 1000);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    window.clearInterval(timer);
    timer = undefined;
  };
}

/** The core's time now, renewed each second while someone looks. */
export function useNow(): Millis {
  return useSyncExternalStore(subscribe, () => now);
}
