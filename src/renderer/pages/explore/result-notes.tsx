import { Button } from '@mantine/core';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ErrorNote, useFormat } from '#renderer/ui/index.ts';
import styles from './explore.module.css';
import { perSecondQuery } from './per-second.ts';
import type { RowRun } from './result-pane.tsx';

interface ResultNotesProps {
  readonly all: readonly RowRun[];
  readonly rateWindow: string;
  readonly onRunAnyway: (id: string) => void;
  readonly onReplace: (text: string, id?: string) => void;
}

/** What stands between a query and its result: failures, a cost that wants a yes, and what would say more. */
export function ResultNotes({ all, rateWindow, onRunAnyway, onReplace }: ResultNotesProps) {
  const { t } = useTranslation('explore');
  const { count } = useFormat();
  return (
    <>
      {all.map(({ row, run }) => {
        if (run === undefined) return null;
        const { held, error } = run;
        if (held !== null)
          return (
            <div key={row.id} className={styles.note} role="alert">
              <span className={styles.noteText}>
                {t('cost.large', { id: row.id, samples: count(held.samples), series: count(held.series) })}
              </span>
              <Button onClick={() => onRunAnyway(row.id)}>{t('cost.runAnyway')}</Button>
            </div>
          );
        // Where a query does not parse is said under it.
        return error === null || error.kind === 'query-parse' ? null : <ErrorNote key={row.id} error={error} />;
      })}
      {all.map(({ row, run }) => {
        if (run?.result === null || run === undefined || run.error !== null) return null;
        // Nothing was found: what it would look like per second is not the question.
        if ('series' in run.result && run.result.series.length === 0) return null;
        const better = perSecondQuery(row.ran, rateWindow);
        if (better === null) return null;
        return (
          <div key={row.id} className={styles.note} role="status">
            <span className={styles.noteText}>{t('rate.onlyGrows', { metric: better.metric })}</span>
            <Button onClick={() => onReplace(better.query, row.id)}>{t('rate.show')}</Button>
          </div>
        );
      })}
    </>
  );
}

/** The running line shows when it takes longer than a blink. */
const SHOW_RUNNING_AFTER_MILLIS = 200;

export function RunningLine({ running }: { readonly running: boolean }) {
  const { t } = useTranslation('explore');
  const [late, setLate] = useState(false);
  useEffect(() => {
    if (!running) return;
    const timer = window.setTimeout(() => setLate(true), SHOW_RUNNING_AFTER_MILLIS);
    return () => {
      window.clearTimeout(timer);
      setLate(false);
    };
  }, [running]);
  if (!running || !late) return <div className={styles.runningPlace} />;
  return (
    <div className={styles.runningPlace}>
      <div className={styles.running} role="progressbar" aria-label={t('run.running')} />
    </div>
  );
}
