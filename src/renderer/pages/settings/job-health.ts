import type { JobView, TargetHealth, TargetView } from '#shared/contract/index.ts';

/** A job as one row of the list: what its targets say together. */
export interface JobRow {
  readonly job: JobView;
  /** Active targets of the job, in the order of the core's list. */
  readonly targets: readonly TargetView[];
  /** The worst of its targets; `paused` when the job is. */
  readonly health: TargetHealth;
  readonly up: number;
  /** The target that explains the health: the first one down, else the first. */
  readonly shown: TargetView | null;
}

/** Joins the jobs of the file with the targets that run. A job that was just added has no targets yet. */
export function jobRows(jobs: readonly JobView[], active: readonly TargetView[]): readonly JobRow[] {
  const byJob = Map.groupBy(active, (target) => target.job);
  return jobs.map((job) => {
    const targets = byJob.get(job.form.jobName) ?? [];
    const down = targets.find((target) => target.health === 'down');
    const unknown = targets.find((target) => target.health === 'unknown');
    const shown = down ?? targets[0] ?? null;
    let health: TargetHealth = 'unknown';
    if (job.form.paused) health = 'paused';
    else if (down !== undefined) health = 'down';
    else if (unknown !== undefined) health = 'unknown';
    else if (targets.length > 0) health = targets[0].health;
    return { job, targets, health, up: targets.filter((target) => target.health === 'up').length, shown };
  });
}
