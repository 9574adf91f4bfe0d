import { useTranslation } from 'react-i18next';
import type { PageView } from '#shared/contract/index.ts';
import { labelPairs, METRIC_NAME } from '#shared/model/index.ts';
import { useFormat } from '#renderer/ui/index.ts';
import styles from './grid.module.css';

/** Labels that every series of a target has: nothing is learnt from them here. */
const OBVIOUS = new Set([METRIC_NAME, 'job', 'instance']);

/** Constants and info metrics as rows of text. */
export function Facts({ facts }: { readonly facts: PageView['facts'] }) {
  const { t } = useTranslation('live');
  const format = useFormat();
  return (
    <section>
      <h2 className={styles['factsTitle']}>
        {t('facts.title')} <span>{t('facts.note')}</span>
      </h2>
      {facts.map((fact) => {
        const labels = [...labelPairs(fact.labels)].filter(([name]) => !OBVIOUS.has(name));
        const isTime = fact.metric.endsWith('_time_seconds') || fact.metric.endsWith('_timestamp_seconds');
        return (
          <div key={`${fact.metric} ${fact.labels.join(' ')}`} className={styles['fact']} title={fact.help}>
            <span className={styles['factMetric']}>{fact.metric}</span>
            <span className={styles['factText']}>
              {labels.map(([name, value]) => (
                <span key={name}>
                  <i>{name}</i> {value}{' '}
                </span>
              ))}
              {(fact.value !== 1 || labels.length === 0) && format.value(fact.value, isTime ? 'timestamp' : '').text}
            </span>
          </div>
        );
      })}
    </section>
  );
}
