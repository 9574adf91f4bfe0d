import { Button } from '@mantine/core';
import { IconPlayerPause, IconPlayerPlay, IconRefresh, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ConfigEdit, ConfigView, ErrorDetail, TargetView } from '#shared/contract/index.ts';
import { HearthError } from '#shared/contract/index.ts';
import { METRIC_NAME, labelPairs } from '#shared/model/index.ts';
import { errorDetail, useCore } from '#renderer/data/index.ts';
import { navigate, NEW_JOB } from '#renderer/frame/index.ts';
import {
  ErrorNote,
  formatAge,
  formatCount,
  formatValue,
  StatusDot,
  useFailureWords,
  useNow,
} from '#renderer/ui/index.ts';
import { useEditing } from './editing-store.ts';
import { jobAddress } from './job-address.ts';
import type { JobRow } from './job-health.ts';
import styles from './targets.module.css';
import { offerUndo } from './undo-store.ts';

interface JobStatusProps {
  readonly row: JobRow;
  readonly view: ConfigView;
}

/** How a job's targets are right now, and what can be done to the job as a whole. */
export function JobStatus({ row, view }: JobStatusProps) {
  const { t } = useTranslation('settings');
  const core = useCore();
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<ErrorDetail | null>(null);
  const { form } = row.job;
  const act = (work: () => Promise<void>): void => {
    setBusy(true);
    setFailure(null);
    work()
      .catch((error: unknown) => setFailure(errorDetail(error)))
      .finally(() => setBusy(false));
  };
  const apply = async (edit: ConfigEdit): Promise<ConfigView> => {
    let { version } = view;
    for (;;) {
      try {
        return await core.request('config.apply', { baseVersion: version, edits: [edit] });
      } catch (error) {
        // Pausing and removing mean the job, whatever else changed in the file.
        if (!(error instanceof HearthError) || error.detail.kind !== 'config-conflict') throw error;
        if (error.detail.version === version) throw error;
        ({ version } = error.detail);
      }
    }
  };
  const pause = (): void =>
    act(async () => {
      const paused = !form.paused;
      const after = await apply({ type: 'pause-job', jobName: form.jobName, paused });
      offerUndo(core, after, t(paused ? 'undo.paused' : 'undo.resumed', { name: form.jobName }));
    });
  const remove = (): void =>
    act(async () => {
      const after = await apply({ type: 'remove-job', jobName: form.jobName });
      useEditing.getState().discard(form.jobName);
      offerUndo(core, after, t('undo.removed', { name: form.jobName }), () => navigate(jobAddress(form.jobName)));
      navigate(jobAddress(after.jobs[0]?.form.jobName ?? NEW_JOB), { replace: true });
    });
  const scrapeNow = (): void =>
    act(async () => {
      await Promise.all(row.targets.map((target) => core.request('targets.scrapeNow', { targetId: target.id })));
    });
  return (
    <section className={styles.status} aria-label={t('status.title')}>
      <div className={styles.statusBar}>
        <h2 className={styles.statusName}>{form.jobName}</h2>
        <span className={styles.barSpace} />
        <Button
          leftSection={<IconRefresh size={14} stroke={1.6} />}
          disabled={busy || form.paused || row.targets.length === 0}
          onClick={scrapeNow}
        >
          {t('status.scrapeNow')}
        </Button>
        <Button
          leftSection={
            form.paused ? <IconPlayerPlay size={14} stroke={1.6} /> : <IconPlayerPause size={14} stroke={1.6} />
          }
          disabled={busy || !view.editable}
          onClick={pause}
        >
          {form.paused ? t('status.resume') : t('status.pause')}
        </Button>
        <Button leftSection={<IconTrash size={14} stroke={1.6} />} disabled={busy || !view.editable} onClick={remove}>
          {t('status.remove')}
        </Button>
      </div>
      {failure !== null && <ErrorNote error={failure} />}
      {form.paused && row.targets.length === 0 && <p className={styles.quiet}>{t('status.pausedBody')}</p>}
      {!form.paused && row.targets.length === 0 && <p className={styles.quiet}>{t('status.starting')}</p>}
      <ul>
        {row.targets.map((target) => (
          <TargetLine key={target.id} target={target} />
        ))}
      </ul>
    </section>
  );
}

function TargetLine({ target }: { readonly target: TargetView }) {
  const { t, i18n } = useTranslation('settings');
  const now = useNow();
  const inWords = useFailureWords();
  const locale = i18n.language;
  const words = target.lastError === null ? null : inWords(target.lastError, target.url);
  const labels = [...labelPairs(target.labels)].filter(([name]) => name !== METRIC_NAME);
  return (
    <li className={styles.target}>
      <StatusDot state={target.health} />
      <span className={`num ${styles.targetUrl}`}>{target.url}</span>
      <dl className={styles.facts}>
        <Fact name={t('status.lastScrape')}>
          {target.lastScrape === null ? t('noValue') : t('ago', { age: formatAge(now - target.lastScrape, 1) })}
        </Fact>
        <Fact name={t('status.took')}>
          {formatValue(target.lastDuration === null ? null : target.lastDuration / 1000, 'seconds', locale).text}
        </Fact>
        <Fact name={t('status.samples')}>
          {target.lastSamples === null ? t('noValue') : formatCount(target.lastSamples, locale)}
        </Fact>
      </dl>
      {words !== null && target.health === 'down' && target.lastError !== null && (
        <p className={styles.targetError}>
          <strong>{words.cause}</strong> {words.remedy}
          <span className="num">{target.lastError.message}</span>
        </p>
      )}
      <p className={`num ${styles.targetLabels}`}>
        {labels.map(([name, value]) => (
          <span key={name}>
            <span className={styles.labelName}>{name}</span>={JSON.stringify(value)}{' '}
          </span>
        ))}
      </p>
    </li>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
