import type { Millis } from '#shared/model/index.ts';

/** Something that runs only while somebody uses it, and a while longer. */
export interface OnDemand<T> {
  /** Starts it unless it runs. @returns says that this user has gone; may be called more than once */
  use(): () => void;
  /** What runs now, or null. */
  running(): T | null;
  stop(): void;
}

/** @param linger how long it goes on after the last user has gone, ms */
export function onDemand<T extends { stop(): void }>(
  start: () => T,
  linger: Millis,
  schedule: (millis: Millis, action: () => void) => () => void,
): OnDemand<T> {
  let users = 0;
  let instance: T | null = null;
  let cancel: (() => void) | null = null;

  const stop = (): void => {
    cancel?.();
    cancel = null;
    instance?.stop();
    instance = null;
  };

  return {
    use() {
      cancel?.();
      cancel = null;
      users++;
      instance ??= start();
      let here = true;
      return () => {
        if (!here) return;
        here = false;
        users--;
        if (users === 0 && instance !== null) cancel = schedule(linger, stop);
      };
    },
    running: () => instance,
    stop,
  };
}
