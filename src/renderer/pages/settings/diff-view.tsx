import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { lineDiff, type DiffLine } from './line-diff.ts';
import styles from './diff-view.module.css';

const SIGNS: Readonly<Record<'same' | 'added' | 'removed', string>> = { same: ' ', added: '+', removed: '−' };

/** What would change in the file, line by line. */
export function DiffView({ before, after }: { readonly before: string; readonly after: string }) {
  const { t } = useTranslation('settings');
  const lines = useMemo(() => lineDiff(before, after), [before, after]);
  if (lines.length === 0) return <p className={styles.nothing}>{t('diff.nothing')}</p>;
  return (
    <div className={styles.diff} role="list" aria-label={t('diff.title')}>
      {lines.map((line, i) => (
        // Lines have no identity of their own but their place.
        // oxlint-disable-next-line react/no-array-index-key
        <Line key={i} line={line} />
      ))}
    </div>
  );
}

function Line({ line }: { readonly line: DiffLine }) {
  const { t } = useTranslation('settings');
  if (line.kind === 'skipped') {
    return (
      <div role="listitem" className={styles.skipped}>
        {t('diff.skipped', { count: line.count })}
      </div>
    );
  }
  const label = line.kind === 'same' ? undefined : t(`diff.${line.kind}`, { text: line.text });
  return (
    <div role="listitem" className={styles.line} data-kind={line.kind} aria-label={label}>
      <span className={styles.number}>{line.after ?? line.before}</span>
      <span className={styles.sign}>{SIGNS[line.kind]}</span>
      <span className={styles.text}>{line.text}</span>
    </div>
  );
}
