import { useTranslation } from 'react-i18next';
import type { QualityFinding, QualityView } from '#shared/contract/index.ts';
import { routeTo } from '#renderer/frame/index.ts';
import { useFormat } from '#renderer/ui/index.ts';
import styles from './quality.module.css';

/** A name fits into a block from this share of the widest target on. */
const NAMED = 0.07;

interface TargetBlocksProps {
  readonly view: QualityView;
  readonly chosen: QualityFinding | null;
}

/** Series by target, each block one metric; what the chosen finding is about stands out. */
export function TargetBlocks({ view, chosen }: TargetBlocksProps) {
  const { t } = useTranslation('quality');
  const format = useFormat();
  const widest = Math.max(1, ...view.targets.map(({ series }) => series));
  const meant = metricsOf(chosen);
  return (
    <section className={styles['blocks']} aria-label={t('byTarget')}>
      <h2 className={styles['sectionBar']}>
        {t('byTarget')} <span>{t('byTargetNote')}</span>
      </h2>
      <ul>
        {view.targets.map(({ targetId, name, series, metrics }) => {
          const shown = metrics.reduce((sum, [, count]) => sum + count, 0);
          return (
            <li key={targetId} className={styles['blockRow']}>
              <a className={styles['blockName']} href={routeTo(['live', targetId])} title={name}>
                {name}
              </a>
              <span className={styles['bar']} role="img" aria-label={t('blockSentence', { name, count: series })}>
                {metrics.map(([metric, count], i) => (
                  <span
                    key={metric}
                    title={t('blockTitle', { metric, count })}
                    className={styles['block']}
                    data-chosen={(chosen?.targetId === targetId && meant.has(metric)) || undefined}
                    data-severity={chosen?.severity}
                    style={{
                      width: `${(count / widest) * 100}%`,
                      opacity: count / widest >= NAMED ? 1 : Math.max(0.35, 1 - i * 0.08),
                    }}
                  >
                    {count / widest >= NAMED ? metric : ''}
                  </span>
                ))}
                <span className={styles['blockRest']} style={{ width: `${((series - shown) / widest) * 100}%` }} />
              </span>
              <span className={styles['blockCount']}>{format.count(series)}</span>
            </li>
          );
        })}
      </ul>
    </section>
  );
}

/** Metrics that a finding is about. */
export function metricsOf(finding: QualityFinding | null): ReadonlySet<string> {
  if (finding === null) return new Set();
  const { cause } = finding;
  if ('metric' in cause) return new Set([cause.metric]);
  return new Set('metrics' in cause ? cause.metrics : []);
}
