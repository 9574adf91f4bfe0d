import { useTranslation } from 'react-i18next';
import { Button } from '@mantine/core';
import { EmptyState } from '#renderer/ui/index.ts';
import styles from './explore.module.css';
import type { MetricsState } from './use-metrics.ts';

interface StartersProps {
  readonly queries: readonly string[];
  readonly state: MetricsState;
  readonly onChoose: (query: string) => void;
}

/** Where the result will be: queries of one's own metrics to begin with. */
export function Starters({ queries, state, onChoose }: StartersProps) {
  const { t } = useTranslation('explore');
  if (state.loading) return <div className={styles.fill} role="status" aria-label={t('loading')} />;
  if (state.error !== null) {
    return (
      <div className={styles.fill}>
        <EmptyState title={t('empty.failed')} action={<Button onClick={state.retry}>{t('empty.retry')}</Button>} />
      </div>
    );
  }
  if (queries.length === 0) {
    return (
      <div className={styles.fill}>
        <EmptyState title={t('empty.nothing')}>{t('empty.nothingBody')}</EmptyState>
      </div>
    );
  }
  return (
    <div className={styles.fill}>
      <EmptyState title={t('empty.title')}>
        <ul className={styles.starters}>
          {queries.map((query) => (
            <li key={query}>
              <button type="button" className={styles.starter} onClick={() => onChoose(query)}>
                {query}
              </button>
            </li>
          ))}
        </ul>
      </EmptyState>
    </div>
  );
}
