import { useTranslation } from 'react-i18next';
import type { QualityFinding } from '#shared/contract/index.ts';
import { useFormat } from '#renderer/ui/index.ts';
import { useFindingWords } from './finding-words.ts';
import styles from './quality.module.css';
import { SeverityMark } from './severity-mark.tsx';

interface FindingListProps {
  readonly findings: readonly QualityFinding[];
  readonly ignored: ReadonlySet<string>;
  readonly selected: string | null;
  /** How many are ignored. */
  readonly hidden: number;
  readonly showIgnored: boolean;
  readonly onShowIgnored: (show: boolean) => void;
  readonly onSelect: (id: string) => void;
}

/** The findings by series saved. */
export function FindingList(props: FindingListProps) {
  const { findings, ignored, selected, hidden, showIgnored, onShowIgnored, onSelect } = props;
  const { t } = useTranslation('quality');
  const format = useFormat();
  const words = useFindingWords();
  return (
    <>
      <div className={styles['listBar']}>
        <h2>{t('findings')}</h2>
        <span>{findings.length}</span>
        <span className={styles['order']}>{t('bySeries')}</span>
      </div>
      <ul className={styles['findings']}>
        {findings.map((finding) => {
          const { title, note } = words(finding);
          return (
            <li key={finding.id}>
              <button
                type="button"
                className={styles['finding']}
                aria-current={finding.id === selected ? 'true' : undefined}
                data-ignored={ignored.has(finding.id) || undefined}
                onClick={() => onSelect(finding.id)}
              >
                <SeverityMark severity={finding.severity} />
                <span className={styles['findingText']}>
                  <strong>{title}</strong>
                  <span>{note}</span>
                </span>
                <span className={styles['findingSeries']}>
                  {finding.cause.kind === 'down' ? t('gap') : finding.series > 0 ? format.count(finding.series) : ''}
                </span>
              </button>
            </li>
          );
        })}
      </ul>
      {hidden > 0 && (
        <button type="button" className={styles['more']} onClick={() => onShowIgnored(!showIgnored)}>
          {showIgnored ? t('hideIgnored', { count: hidden }) : t('showIgnored', { count: hidden })}
        </button>
      )}
    </>
  );
}
