import { Button } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ConfigEdit, ConfigView, ErrorDetail } from '#shared/contract/index.ts';
import { errorDetail, useCore } from '#renderer/data/index.ts';
import { ErrorNote } from '#renderer/ui/index.ts';
import { DiffView } from './diff-view.tsx';
import type { EditFailure } from './editing-store.ts';
import styles from './targets.module.css';

interface FailureBannerProps {
  readonly failure: EditFailure;
  readonly view: ConfigView;
  /** The edit that overwriting would make, for comparing; null where the text itself is at hand. */
  readonly compare: () => ConfigEdit | string;
  readonly onOverwrite: () => void;
  readonly onReload: () => void;
}

/** Why saving did not happen, with the ways on. What was typed is still there. */
export function FailureBanner({ failure, view, compare, onOverwrite, onReload }: FailureBannerProps) {
  const { t } = useTranslation('settings');
  const core = useCore();
  const [mine, setMine] = useState<string | null>(null);
  const [error, setError] = useState<ErrorDetail | null>(null);
  if (failure.kind === 'error') {
    if (failure.error.kind !== 'config-invalid') return <ErrorNote error={failure.error} />;
    return (
      <div className={styles.notice} data-tone="crit" role="alert">
        <ul>
          {failure.error.problems.map((problem) => (
            <li key={`${problem.line}:${problem.column} ${problem.message}`}>
              {t('problemAt', { line: problem.line, column: problem.column, message: problem.message })}
            </li>
          ))}
        </ul>
      </div>
    );
  }
  const show = (): void => {
    const edit = compare();
    if (typeof edit === 'string') {
      setMine(edit);
      return;
    }
    core.request('config.preview', { baseVersion: view.version, edits: [edit] }).then(
      ({ text }) => setMine(text),
      (caught: unknown) => setError(errorDetail(caught)),
    );
  };
  return (
    <div className={styles.conflict} role="alert">
      <p>{failure.removed ? t('conflict.removed') : t('conflict.changed')}</p>
      <div className={styles.actions}>
        <Button onClick={mine === null ? show : () => setMine(null)} aria-expanded={mine !== null}>
          {t('conflict.compare')}
        </Button>
        <Button onClick={onReload}>{t('conflict.reload')}</Button>
        <Button onClick={onOverwrite}>{failure.removed ? t('conflict.addAgain') : t('conflict.overwrite')}</Button>
      </div>
      {error !== null && <ErrorNote error={error} />}
      {mine !== null && <DiffView before={view.text} after={mine} />}
    </div>
  );
}
