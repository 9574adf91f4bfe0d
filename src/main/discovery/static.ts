import type { TargetGroup } from '#main/config/index.ts';
import type { Discovery } from './contract.ts';

/** Targets that the configuration names. */
export function staticDiscovery(groups: readonly TargetGroup[]): Discovery {
  return {
    run(update, signal) {
      update(groups);
      if (signal.aborted) return Promise.resolve();
      return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
    },
  };
}
