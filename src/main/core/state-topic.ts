import type { Millis } from '#shared/model/index.ts';

/**
 * A stream of states for any number of listeners: each gets the present state at once and then every change, but no
 * more often than each `interval`; the last change is never lost. The state is only made when somebody listens.
 */
export interface StateTopic<State> {
  subscribe(listener: (state: State) => void): () => void;
  changed(): void;
  stop(): void;
}

export function createStateTopic<State>(
  state: () => State,
  interval: Millis,
  schedule: (millis: Millis, action: () => void) => () => void,
): StateTopic<State> {
  const listeners = new Set<(state: State) => void>();
  let cancel: (() => void) | null = null;
  let dirty = false;

  const send = (): void => {
    dirty = false;
    const current = state();
    for (const listener of listeners) listener(current);
    cancel = schedule(interval, () => {
      cancel = null;
      if (dirty && listeners.size > 0) send();
    });
  };

  return {
    subscribe(listener) {
      listeners.add(listener);
      listener(state());
      return () => listeners.delete(listener);
    },
    changed() {
      dirty = true;
      if (cancel === null && listeners.size > 0) send();
    },
    stop() {
      cancel?.();
      listeners.clear();
    },
  };
}
