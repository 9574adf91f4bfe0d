import { useTranslation } from 'react-i18next';
import type { Unit } from '#shared/contract/index.ts';
import type { Format } from '#renderer/ui/index.ts';
import styles from './inspector.module.css';
import type { LiveChart } from './live-model.ts';

/** Steps in the table at most: a chart is read here, not exported. */
const ROWS = 60;

interface ValueTableProps {
  readonly chart: LiveChart;
  readonly unit: Unit;
  readonly title: string;
  readonly format: Format;
}

/** The newest values of a chart as a table: what the picture says, for those who read it. */
export function ValueTable({ chart, unit, title, format }: ValueTableProps) {
  const { t } = useTranslation('live');
  const { times, series } = chart.model;
  const indexes = Array.from({ length: Math.min(ROWS, times.length) }, (_, i) => times.length - 1 - i);
  return (
    <section className={styles['section']}>
      <h3 className={styles['sectionTitle']}>{t('inspector.fullTitle')}</h3>
      <div className={styles['wide']}>
        <table className={styles['table']} aria-label={title}>
          <thead>
            <tr>
              <th scope="col">{t('inspector.time')}</th>
              {series.map(({ key, label }) => (
                <th scope="col" key={key}>
                  {label}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {indexes.map((i) => (
              <tr key={times[i]}>
                <th scope="row">{format.time(times[i] * 1000, 'clock-seconds')}</th>
                {series.map(({ key, values }) => (
                  <td key={key}>{format.value(values[i], unit).text}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
