import { Button } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useEffect } from 'react';
import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import type { ConfigView, JobForm, TargetView } from '#shared/contract/index.ts';
import { navigate, NEW_JOB, routeTo } from '#renderer/frame/index.ts';
import {
  formatAge,
  formatCount,
  formatValue,
  isTextField,
  KeyCap,
  StatusDot,
  useFailureWords,
  useNow,
} from '#renderer/ui/index.ts';
import { changeCount, useEditing } from './editing-store.ts';
import { FoundTargets } from './found-targets.tsx';
import type { JobRow } from './job-health.ts';
import { draftOfForm } from './job-draft.ts';
import { jobAddress } from './job-address.ts';
import styles from './targets.module.css';

interface JobListProps {
  readonly rows: readonly JobRow[];
  /** What Hearth watches by itself: it is in no file and cannot be edited. */
  readonly builtin: readonly TargetView[];
  readonly view: ConfigView;
  readonly selected: string | null;
  readonly isNew: boolean;
}

export function JobList({ rows, builtin, view, selected, isNew }: JobListProps) {
  const { t, i18n } = useTranslation('settings');
  const newDraft = useEditing((state) => state.jobs.get(null));
  const add = (): void => navigate(jobAddress(NEW_JOB));
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.metaKey || event.altKey || isTextField(event.target)) return;
      if (event.key.toLowerCase() !== 'n') return;
      event.preventDefault();
      navigate(jobAddress(NEW_JOB));
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);
  return (
    <aside className={styles.list} aria-label={t('targets.title')}>
      <div className={styles.bar}>
        <h2 className={styles.barTitle}>{t('targets.title')}</h2>
        <span className={styles.quiet}>{formatCount(rows.length, i18n.language)}</span>
        <span className={styles.barSpace} />
        <Button
          leftSection={<IconPlus size={14} stroke={1.6} />}
          rightSection={<KeyCap>N</KeyCap>}
          disabled={!view.editable}
          onClick={add}
        >
          {t('targets.add')}
        </Button>
      </div>
      <div className={styles.listScroll}>
        {(isNew || newDraft !== undefined) && (
          <a
            className={styles.job}
            href={jobAddress(NEW_JOB)}
            aria-current={isNew || undefined}
            data-unsaved={changeCount(newDraft) > 0 || undefined}
          >
            <StatusDot state="unknown" label="" />
            <span className={styles.jobName}>{t('targets.new')}</span>
            <span />
            <span className={styles.jobAddress}>{t('targets.notSaved')}</span>
          </a>
        )}
        {rows.map((row) => (
          <JobItem key={row.job.form.jobName} row={row} current={row.job.form.jobName === selected} />
        ))}
        {rows.length === 0 && view.problems.length === 0 && <p className={styles.listEmpty}>{t('targets.empty')}</p>}
        {builtin.length > 0 && (
          <section aria-label={t('targets.builtin')}>
            <h3 className={styles.listGroup}>{t('targets.builtin')}</h3>
            {builtin.map((target) => (
              <BuiltinItem key={target.id} target={target} />
            ))}
          </section>
        )}
        <FoundTargets disabled={!view.editable} />
      </div>
      <p className={styles.listFoot} title={view.path}>
        <bdi>{view.path}</bdi>
      </p>
    </aside>
  );
}

function JobItem({ row, current }: { readonly row: JobRow; readonly current: boolean }) {
  const { t, i18n } = useTranslation('settings');
  const { form } = row.job;
  const unsaved = useEditing((state) => changeCount(state.jobs.get(form.jobName)) > 0);
  const { endpoint } = draftOfForm(form);
  const address = endpoint.kind === 'one' ? endpoint.url.replace(/^https?:\/\//, '') : addressOfMany(t, form);
  return (
    <a
      className={styles.job}
      href={jobAddress(form.jobName)}
      aria-label={t(`targets.${unsaved ? 'rowUnsaved' : 'row'}`, {
        name: form.jobName,
        health: t(`health.${row.health}`),
        address,
      })}
      aria-current={current || undefined}
      data-unsaved={unsaved || undefined}
      data-quiet={row.health === 'paused' || undefined}
    >
      <StatusDot state={row.health} label="" />
      <span className={styles.jobName}>{form.jobName}</span>
      <JobState row={row} locale={i18n.language} />
      <span className={styles.jobAddress}>{address}</span>
    </a>
  );
}

/** How many addresses a job lists, or how it finds them. */
function addressOfMany(t: TFunction<'settings'>, { targets, moreGroups, discovery }: JobForm): string {
  const listed = [targets, ...moreGroups.map((group) => group.targets)].flat().length;
  const kinds = [...new Set(discovery.map(({ kind }) => kind))].join(', ');
  if (kinds !== '' && listed === 0) return t('targets.foundBy', { kinds });
  return t('targets.several', { count: listed });
}

/** A built-in target leads to its charts: there is nothing to set. */
function BuiltinItem({ target }: { readonly target: TargetView }) {
  const { t, i18n } = useTranslation('settings');
  const { health, lastDuration, lastSamples } = target;
  return (
    <a className={styles.job} href={routeTo(['live', target.id])}>
      <StatusDot state={health} />
      <span className={styles.jobName}>{target.name}</span>
      <span className={styles.jobState} data-health={health}>
        <span>{formatValue(lastDuration === null ? null : lastDuration / 1000, 'seconds', i18n.language).text}</span>
        <span>{lastSamples === null ? t('noValue') : formatCount(lastSamples, i18n.language)}</span>
      </span>
      <span className={styles.jobAddress}>{t('targets.builtinAddress')}</span>
    </a>
  );
}

/** The two lines at the right of a row: how long it takes and how much, or what is wrong and since when. */
function JobState({ row, locale }: { readonly row: JobRow; readonly locale: string }) {
  const { t } = useTranslation('settings');
  const now = useNow();
  const inWords = useFailureWords();
  const { shown, targets, health } = row;
  let first = t('noValue');
  let second = t('noValue');
  if (health === 'paused') first = t('state.paused');
  else if (health === 'down' && shown !== null && shown.lastError !== null) {
    first = inWords(shown.lastError, shown.url).short;
    second =
      targets.length > 1
        ? t('state.upOf', { up: row.up, count: targets.length })
        : shown.since === null
          ? t('noValue')
          : t('state.downFor', { age: formatAge(now - shown.since, 1) });
  } else if (targets.length > 1) {
    first = t('state.upOf', { up: row.up, count: targets.length });
    second = formatCount(
      targets.reduce((sum, target) => sum + (target.lastSamples ?? 0), 0),
      locale,
    );
  } else if (shown !== null && shown.lastDuration !== null) {
    first = formatValue(shown.lastDuration / 1000, 'seconds', locale).text;
    second = shown.lastSamples === null ? t('noValue') : formatCount(shown.lastSamples, locale);
  }
  return (
    <span className={styles.jobState} data-health={health}>
      <span>{first}</span>
      <span>{second}</span>
    </span>
  );
}
