import { isDeepStrictEqual } from 'node:util';
import type { DiscoveryConfig, TargetGroup } from '#main/config/index.ts';
import type { DiscoveryDeps } from './contract.ts';
import { createDiscovery } from './create.ts';

export interface DiscoveryManagerOptions extends Omit<DiscoveryDeps, 'report' | 'kubeContext'> {
  /** All groups that the job's mechanisms know now; sources are unique within the job. */
  onGroups(job: string, groups: readonly TargetGroup[]): void;
  /** A mechanism of the job cannot find out (or can again: null). */
  onProblem(job: string, problem: string | null): void;
}

export interface DiscoveryManager {
  /** Runs the mechanisms of these jobs and no others. Those that stay as they are go on undisturbed. Static targets are not its business. */
  apply(jobs: readonly JobDiscovery[]): void;
  /** Resolves when every mechanism has ended. */
  stop(): Promise<void>;
}

export interface JobDiscovery {
  readonly jobName: string;
  readonly discovery: readonly DiscoveryConfig[];
  /** The context of the job's kubeconfig files; absent or '' for the current one. */
  readonly kubeContext?: string;
}

interface Running {
  readonly wanted: Wanted;
  readonly stop: AbortController;
  groups: readonly TargetGroup[] | null;
}

interface Wanted {
  readonly config: DiscoveryConfig;
  readonly kubeContext: string;
}

/** Keeps the discovery of all jobs running as the configuration says. */
export function createDiscoveryManager(options: DiscoveryManagerOptions): DiscoveryManager {
  const jobs = new Map<string, readonly Running[]>();
  const ending = new Set<Promise<void>>();

  function start(job: string, wanted: Wanted): Running {
    const { config, kubeContext } = wanted;
    const stop = new AbortController();
    const running: Running = { wanted, stop, groups: null };
    const report = (problem: string | null): void => {
      if (!stop.signal.aborted) options.onProblem(job, problem);
    };
    const update = (groups: readonly TargetGroup[]): void => {
      if (stop.signal.aborted) return;
      running.groups = groups;
      tell(job);
    };
    const run = async (): Promise<void> => {
      try {
        await createDiscovery(config, { ...options, kubeContext, report }).run(update, stop.signal);
      } catch (error) {
        report(`${config.kind}: ${error instanceof Error ? error.message : String(error)}`);
      }
    };
    const done = run().finally(() => ending.delete(done));
    ending.add(done);
    return running;
  }

  function tell(job: string): void {
    const all = (jobs.get(job) ?? []).flatMap((running, i) =>
      (running.groups ?? []).map((group) => ({
        ...group,
        source: `${running.wanted.config.kind}/${i}/${group.source}`,
      })),
    );
    options.onGroups(job, all);
  }

  return {
    apply(wanted) {
      const next = new Map(
        wanted.map(({ jobName, discovery, kubeContext = '' }) => [
          jobName,
          discovery.filter(({ kind }) => kind !== 'static').map((config): Wanted => ({ config, kubeContext })),
        ]),
      );
      for (const [job, all] of jobs) {
        if (next.has(job)) continue;
        for (const running of all) running.stop.abort();
        jobs.delete(job);
      }
      for (const [job, configs] of next) {
        const before = [...(jobs.get(job) ?? [])];
        const after = configs.map((each) => {
          const at = before.findIndex((running) => isDeepStrictEqual(running.wanted, each));
          return at < 0 ? start(job, each) : before.splice(at, 1)[0];
        });
        for (const running of before) running.stop.abort();
        if (after.length > 0) jobs.set(job, after);
        else jobs.delete(job);
        // What a mechanism that is gone had found goes with it.
        if (before.length > 0) tell(job);
      }
    },
    async stop() {
      for (const all of jobs.values()) for (const running of all) running.stop.abort();
      jobs.clear();
      await Promise.all(ending);
    },
  };
}
