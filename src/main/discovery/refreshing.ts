import type { Millis } from '#shared/model/index.ts';
import type { TargetGroup } from '#main/config/index.ts';
import type { Discovery, DiscoveryDeps } from './contract.ts';

/** A mechanism that asks for everything again and again. `close` is called once, at the end. */
export interface Refresher {
  /**
   * Finds out everything; `warn` tells that a part is from before.
   * @throws Error when it cannot find out; what was known stays
   */
  refresh(signal: AbortSignal, warn: (problem: string) => void): Promise<readonly TargetGroup[]>;
  close?(): Promise<void>;
}

export function refreshing(deps: DiscoveryDeps, what: string, interval: Millis, start: () => Refresher): Discovery {
  return {
    async run(update, signal) {
      const refresher = start();
      try {
        while (!signal.aborted) {
          try {
            let warning: string | null = null;
            const groups = await refresher.refresh(signal, (problem) => {
              warning = `${what}: ${problem}`;
            });
            // An answer that came too late must not bring back what was switched off.
            if (signal.aborted) break;
            deps.report(warning);
            update(groups);
          } catch (error) {
            if (signal.aborted) break;
            deps.report(`${what}: ${error instanceof Error ? error.message : String(error)}`);
          }
          await deps.sleep(interval, signal);
        }
      } finally {
        await refresher.close?.();
      }
    },
  };
}
