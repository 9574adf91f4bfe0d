import { Button } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { QualityFinding, QualityView } from '#shared/contract/index.ts';
import { quoteGo } from '#shared/model/index.ts';
import { routeTo } from '#renderer/frame/index.ts';
import { useFormat } from '#renderer/ui/index.ts';
import styles from './quality.module.css';
import { metricsOf } from './target-blocks.tsx';

interface MetricTableProps {
  readonly view: QualityView;
  readonly chosen: QualityFinding | null;
}

/** The widest metrics, with the labels that make them wide. */
export function MetricTable({ view, chosen }: MetricTableProps) {
  const { t } = useTranslation('quality');
  const format = useFormat();
  const widest = Math.max(1, view.metrics[0]?.series ?? 1);
  const meant = metricsOf(chosen);
  return (
    <section className={styles['tableBox']} aria-label={t('metrics.title')}>
      <h2 className={styles['sectionBar']}>
        {t('metrics.title')} <span>{t('metrics.note', { count: view.metrics.length, total: view.metricCount })}</span>
        <Button
          className={styles['csv']}
          size="compact-xs"
          variant="subtle"
          leftSection={<IconDownload size={14} stroke={1.6} />}
          onClick={() => saveCsv(view)}
        >
          CSV
        </Button>
      </h2>
      <table className={styles['table']}>
        <thead>
          <tr>
            <th scope="col">{t('metrics.metric')}</th>
            <th scope="col" className={styles['targetColumn']}>
              {t('metrics.target')}
            </th>
            <th scope="col" className={styles['number']}>
              {t('metrics.series')}
            </th>
            <td className={styles['barColumn']} />
            <th scope="col">{t('metrics.labels')}</th>
          </tr>
        </thead>
        <tbody>
          {view.metrics.map((row) => (
            <tr key={`${row.targetId} ${row.metric}`}>
              <th scope="row">
                <a href={routeTo(['explore'], { expr: selectorOf(row.metric) })} title={row.metric}>
                  {row.metric}
                </a>
              </th>
              <td className={styles['targetColumn']}>{row.target}</td>
              <td className={styles['number']}>{format.count(row.series)}</td>
              <td className={styles['barColumn']}>
                <span
                  className={styles['rowBar']}
                  data-chosen={(chosen?.targetId === row.targetId && meant.has(row.metric)) || undefined}
                  data-severity={chosen?.severity}
                  style={{ width: `${Math.max(2, (row.series / widest) * 100)}%` }}
                />
              </td>
              <td className={styles['labelsColumn']}>
                {row.labels.map(([label, values]) => (
                  <span key={label}>
                    {label} <span>{format.count(values)}</span>{' '}
                  </span>
                ))}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function selectorOf(metric: string): string {
  return /^[a-zA-Z_:][\w:]*$/.test(metric) ? metric : `{${quoteGo(metric)}}`;
}

/** The table as a file of the browser: numbers as they are. */
function saveCsv(view: QualityView): void {
  const cell = (text: string) => (/[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  const rows = view.metrics.map(({ metric, target, series, flat, labels }) =>
    [metric, target, String(series), String(flat), labels.map(([label, values]) => `${label} ${values}`).join(' ')]
      .map(cell)
      .join(','),
  );
  const blob = new Blob([['metric,target,series,flat,labels', ...rows].join('\n'), '\n'], { type: 'text/csv' });
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = 'hearth-metrics.csv';
  link.click();
  URL.revokeObjectURL(link.href);
}

/** Labels by distinct values. */
export function LabelTable({ view }: { readonly view: QualityView }) {
  const { t } = useTranslation('quality');
  const format = useFormat();
  return (
    <section aria-label={t('labels.title')}>
      <h2 className={styles['sectionBar']}>{t('labels.title')}</h2>
      <table className={styles['table']}>
        <thead>
          <tr>
            <th scope="col">{t('labels.label')}</th>
            <th scope="col" className={styles['number']}>
              {t('labels.values')}
            </th>
            <th scope="col" className={styles['number']}>
              {t('labels.series')}
            </th>
          </tr>
        </thead>
        <tbody>
          {view.labels.map(([label, values, series]) => (
            <tr key={label}>
              <th scope="row">{label}</th>
              <td className={styles['number']}>{format.count(values)}</td>
              <td className={styles['number']}>{format.count(series)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
