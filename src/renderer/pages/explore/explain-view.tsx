import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { ErrorNote, useFormat } from '#renderer/ui/index.ts';
import { explainRows, type ExplainRow } from './explain-tree.ts';
import styles from './explore.module.css';
import type { Explained } from './use-explain.ts';

interface ExplainViewProps {
  readonly explained: readonly Explained[];
  readonly several: boolean;
}

/** The query as a tree of steps, each with what went in and out and how long it took. */
export function ExplainView({ explained, several }: ExplainViewProps) {
  const { t } = useTranslation('explore');
  return (
    <div className={styles.tableScroll} tabIndex={0} role="region" aria-label={t('tab.explain')}>
      {explained.map(({ id, expr, answer, error }) => (
        <section key={id}>
          {several && (
            <h3 className={styles.tableTitle}>
              <span className={styles.legendQuery}>{id}</span>
            </h3>
          )}
          {error !== null && <ErrorNote error={error} />}
          {answer !== null && <ExplainTable rows={explainRows(expr, answer.explain)} />}
        </section>
      ))}
    </div>
  );
}

function ExplainTable({ rows }: { readonly rows: readonly ExplainRow[] }) {
  const { t } = useTranslation('explore');
  const format = useFormat();
  const number = useMemo(() => new Intl.NumberFormat(format.locale), [format.locale]);
  return (
    <table className={`${styles.legend} ${styles.explain}`}>
      <thead>
        <tr>
          <th scope="col">{t('explain.step')}</th>
          <th scope="col" className={styles.number}>
            {t('explain.seriesIn')}
          </th>
          <th scope="col" className={styles.number}>
            {t('explain.seriesOut')}
          </th>
          <th scope="col" className={styles.number}>
            {t('explain.samples')}
          </th>
          <th scope="col" className={styles.number}>
            {t('explain.time')}
          </th>
          <th scope="col">{t('explain.share')}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.key} data-slowest={row.slowest || undefined}>
            <td>
              <span className={styles.explainStep} style={{ paddingLeft: row.depth * 18 }} title={row.text}>
                {row.depth > 0 && <span className={styles.branch} aria-hidden />}
                <code>{row.text}</code>
                {row.once && row.depth > 0 && <span className={styles.quiet}>{t('explain.once')}</span>}
                {row.slowest && <span className={styles.slowestChip}>{t('explain.slowest')}</span>}
              </span>
            </td>
            <td className={styles.number}>{number.format(row.seriesIn)}</td>
            <td className={styles.number}>{number.format(row.seriesOut)}</td>
            <td className={styles.number}>{number.format(row.samples)}</td>
            <td className={styles.number}>{format.value(row.millis / 1000, 'seconds').text}</td>
            <td>
              <span className={styles.shareBar} aria-hidden>
                <span style={{ width: `${row.share * 100}%` }} />
              </span>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
