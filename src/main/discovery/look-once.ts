import type { DiscoveryConfig, TargetGroup } from '#main/config/index.ts';
import type { DiscoveryDeps } from './contract.ts';
import { createDiscovery } from './create.ts';

export interface LookedOnce {
  readonly groups: readonly TargetGroup[];
  /** What the mechanisms that found nothing say. */
  readonly problems: readonly string[];
}

/** Asks each mechanism once and ends it; one that does not answer until `deadline` resolves counts as a problem. */
export async function lookOnce(
  configs: readonly DiscoveryConfig[],
  deps: Omit<DiscoveryDeps, 'report'>,
  deadline: (signal: AbortSignal) => Promise<void>,
  signal: AbortSignal,
): Promise<LookedOnce> {
  const all = await Promise.all(configs.map((config) => look(config, deps, deadline, signal)));
  return { groups: all.flatMap((one) => one.groups), problems: all.flatMap((one) => one.problems) };
}

async function look(
  config: DiscoveryConfig,
  deps: Omit<DiscoveryDeps, 'report'>,
  deadline: (signal: AbortSignal) => Promise<void>,
  signal: AbortSignal,
): Promise<LookedOnce> {
  const stop = new AbortController();
  const abort = (): void => stop.abort();
  signal.addEventListener('abort', abort);
  if (signal.aborted) abort();
  let groups: readonly TargetGroup[] = [];
  let problem: string | null = null;
  try {
    await new Promise<void>((resolve, reject) => {
      const report = (text: string | null): void => {
        problem = text;
        // A mechanism that warns goes on to tell what it found all the same, at once.
        if (text !== null) setImmediate(resolve);
      };
      const update = (found: readonly TargetGroup[]): void => {
        groups = found;
        resolve();
      };
      createDiscovery(config, { ...deps, report })
        .run(update, stop.signal)
        .then(resolve, reject);
      const late = async (): Promise<void> => {
        await deadline(stop.signal);
        problem ??= `${config.kind}: no answer`;
        resolve();
      };
      late().catch(reject);
    });
  } catch (error) {
    problem = `${config.kind}: ${(error as Error).message}`;
  } finally {
    abort();
    signal.removeEventListener('abort', abort);
  }
  return { groups, problems: problem === null ? [] : [problem] };
}
