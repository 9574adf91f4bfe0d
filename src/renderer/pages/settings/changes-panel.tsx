import { useTranslation } from 'react-i18next';
import type { ConfigEdit, ConfigProblem, ConfigView, FileChange } from '#shared/contract/index.ts';
import { ErrorNote } from '#renderer/ui/index.ts';
import { DiffView } from './diff-view.tsx';
import { fileName } from './file-name.ts';
import { countChanges, lineDiff } from './line-diff.ts';
import styles from './changes-panel.module.css';
import { useChanges } from './use-changes.ts';

interface ChangesPanelProps {
  readonly view: ConfigView;
  /** What saving would do; null when nothing is changed. */
  readonly edit: ConfigEdit | null;
}

/** The lines that saving would change, of each file that it would change. */
export function ChangesPanel({ view, edit }: ChangesPanelProps) {
  const { t } = useTranslation('settings');
  const changes = useChanges(view.version, edit);
  if (edit === null) return <p className={styles.empty}>{t('changes.none')}</p>;
  switch (changes.kind) {
    case 'asking':
      return <p className={styles.empty}>{t('changes.asking')}</p>;
    case 'failed':
      return changes.error.kind === 'config-invalid' ? (
        <Problems problems={changes.error.problems} />
      ) : (
        <ErrorNote error={changes.error} />
      );
    case 'known':
      return (
        <>
          <Problems problems={changes.preview.problems} />
          {changes.preview.files.map((file) => (
            <FileChanges key={file.path} file={file} />
          ))}
          {changes.preview.files.length === 0 && <p className={styles.empty}>{t('diff.nothing')}</p>}
        </>
      );
  }
}

/** One file's lines that change, under its name. */
export function FileChanges({ file }: { readonly file: FileChange }) {
  const { t } = useTranslation('settings');
  const name = fileName(file.path);
  const { added, removed } = countChanges(lineDiff(file.before, file.after));
  return (
    <section aria-label={name}>
      <h3 className={styles.file} title={file.path}>
        <span className="num">{name}</span>
        <span className={styles.count}>{t('yaml.count', { added, removed })}</span>
      </h3>
      <DiffView before={file.before} after={file.after} />
    </section>
  );
}

/** Why saving would be refused. */
export function Problems({ problems }: { readonly problems: readonly ConfigProblem[] }) {
  const { t } = useTranslation('settings');
  if (problems.length === 0) return null;
  return (
    <ul className={styles.problems} aria-label={t('yaml.problems')}>
      {problems.map((problem) => (
        <li key={`${problem.line}:${problem.column} ${problem.message}`}>
          {t('problemAt', { line: problem.line, column: problem.column, message: problem.message })}
        </li>
      ))}
    </ul>
  );
}
