import { useEffect, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ConfigView, JobView } from '#shared/contract/index.ts';
import { useTopic } from '#renderer/data/index.ts';
import { navigate, NEW_JOB, useRoute } from '#renderer/frame/index.ts';
import { ErrorNote } from '#renderer/ui/index.ts';
import { jobAddress } from './job-address.ts';
import { useEditing } from './editing-store.ts';
import { JobEditor } from './job-editor.tsx';
import { jobRows } from './job-health.ts';
import { JobList } from './job-list.tsx';
import styles from './targets.module.css';

/** A file that cannot be read has no jobs: until it is mended, those it had are shown. */
function useKnownJobs(view: ConfigView | null): ConfigView | null {
  const [known, setKnown] = useState<readonly JobView[]>([]);
  const jobs = view?.jobs;
  if (jobs !== undefined && jobs.length > 0 && jobs !== known) setKnown(jobs);
  return useMemo(
    () => (view !== null && view.jobs.length === 0 && view.problems.length > 0 ? { ...view, jobs: known } : view),
    [view, known],
  );
}

/** The targets of `prometheus.yml`: the list, and the chosen job as a form or as text. */
export function TargetsSection() {
  const { t } = useTranslation('settings');
  const route = useRoute();
  const config = useTopic('config', {});
  const targets = useTopic('targets', {});
  const newDraft = useEditing((state) => state.jobs.has(null));
  const view = useKnownJobs(config.data);
  const rows = useMemo(
    () => (view === null ? [] : jobRows(view.jobs, targets.data?.active ?? [])),
    [view, targets.data],
  );
  const builtin = useMemo(() => targets.data?.active.filter((target) => target.builtin) ?? [], [targets.data]);
  const wanted = route.path[2] ?? null;
  const isNew = wanted === NEW_JOB;
  const chosen = rows.find((row) => row.job.form.jobName === wanted) ?? null;
  const noJobs = view !== null && rows.length === 0;

  // Something is always shown: the first job, or an empty form where there is none.
  useEffect(() => {
    // While the file cannot be read, what was looked at stays.
    if (view === null || isNew || chosen !== null || view.problems.length > 0) return;
    const next = noJobs || newDraft ? NEW_JOB : rows[0].job.form.jobName;
    navigate(jobAddress(next, route.query.get('view') === 'yaml' ? 'yaml' : 'form'), { replace: true });
  }, [view, isNew, chosen, noJobs, newDraft, rows, route]);

  if (config.error !== null && view === null) return <ErrorNote error={config.error} />;
  if (view === null) return <div className={styles.loading} role="status" aria-label={t('loading')} />;
  return (
    <div className={styles.columns}>
      <JobList
        builtin={builtin}
        rows={rows}
        view={view}
        selected={isNew ? null : (chosen?.job.form.jobName ?? null)}
        isNew={isNew}
      />
      <JobEditor
        key={isNew ? NEW_JOB : (chosen?.job.form.jobName ?? '')}
        view={view}
        row={chosen}
        rows={rows}
        tab={route.query.get('view') === 'yaml' ? 'yaml' : 'form'}
      />
    </div>
  );
}
