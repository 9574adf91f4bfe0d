import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { EmptyState } from '#renderer/ui/index.ts';
import type { Vocabulary } from '../../editor/index.ts';
import styles from './explore.module.css';
import type { QueryRow } from './query-list.ts';
import { whyEmpty, type EmptyReason } from './why-empty.ts';

interface NoDataProps {
  readonly row: QueryRow;
  readonly vocabulary: Vocabulary;
  readonly onReplace: (text: string, id?: string) => void;
}

/** The query is right and finds nothing: why, and what is near. */
export function NoData({ row, vocabulary, onReplace }: NoDataProps) {
  const { t } = useTranslation('explore');
  const [known, setKnown] = useState<{ readonly expr: string; readonly reason: EmptyReason } | null>(null);
  useEffect(() => {
    let current = true;
    whyEmpty(row.ran, vocabulary).then(
      (reason) => current && setKnown({ expr: row.ran, reason }),
      // Without an explanation the plain sentence stays.
      () => undefined,
    );
    return () => {
      current = false;
    };
  }, [row.ran, vocabulary]);
  const reason: EmptyReason = known !== null && known.expr === row.ran ? known.reason : { kind: 'unknown' };
  const near = reason.kind === 'unknown' ? [] : reason.near;
  return (
    <div className={styles.fill}>
      <EmptyState title={t('noData.title')}>
        <p>{reasonText(t, reason)}</p>
        {near.length > 0 && (
          <>
            <p>{t('noData.near')}</p>
            <ul className={styles.starters}>
              {near.map((suggestion) => (
                <li key={suggestion.text}>
                  <button type="button" className={styles.starter} onClick={() => onReplace(suggestion.query, row.id)}>
                    {suggestion.text}
                  </button>
                </li>
              ))}
            </ul>
          </>
        )}
      </EmptyState>
    </div>
  );
}

function reasonText(t: ReturnType<typeof useTranslation<'explore'>>['t'], reason: EmptyReason): string {
  switch (reason.kind) {
    case 'no-metric':
      return t('noData.noMetric', { metric: reason.metric });
    case 'no-value':
      return t('noData.noValue', { metric: reason.metric, label: reason.label, value: reason.value });
    case 'unknown':
      return t('noData.unknown');
  }
}
