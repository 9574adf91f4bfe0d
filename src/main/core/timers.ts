import { setImmediate } from 'node:timers/promises';
import type { Millis } from '#shared/model/index.ts';

/** Runs `action` after `millis`; returns a function that prevents it. */
export function schedule(millis: Millis, action: () => void): () => void {
  const timer = setTimeout(action, millis);
  return () => clearTimeout(timer);
}

/** Lets everything else that waits for this thread go first. */
export async function breathe(): Promise<void> {
  await setImmediate();
}

/** Resolves after `millis`, or as soon as `signal` aborts. */
export function sleep(millis: Millis, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) {
      resolve();
      return;
    }
    const end = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, millis);
    signal.addEventListener('abort', end);
  });
}
