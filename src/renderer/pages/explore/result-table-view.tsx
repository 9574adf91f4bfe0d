import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { QueryResult } from '#shared/contract/index.ts';
import { getLabel, METRIC_NAME } from '#shared/model/index.ts';
import { usePreferences } from '#renderer/data/index.ts';
import { formatTime, formatValue } from '#renderer/ui/index.ts';
import styles from './explore.module.css';
import { resultTable, type ResultValue } from './result-table.ts';
import { SeriesText } from './series-text.tsx';
import { unitOfQuery, type ChartUnit } from './unit-of-query.ts';

interface ResultTableViewProps {
  /** The query's letter; '' where there is only one. */
  readonly id: string;
  readonly expr: string;
  readonly result: QueryResult;
  readonly stale: boolean;
}

/** Rows drawn at most. */
const MOST_ROWS = 1000;

/** An instant result: one row a series, labels as columns. */
export function ResultTableView({ id, expr, result, stale }: ResultTableViewProps) {
  const { t } = useTranslation('explore');
  const table = useMemo(() => resultTable(result), [result]);
  const unit = useMemo(() => unitOfQuery(expr), [expr]);
  return (
    <section className={styles.tableSection} data-stale={stale || undefined}>
      {(id !== '' || table.common.length > 0) && (
        <h3 className={styles.tableTitle}>
          {id !== '' && <span className={styles.legendQuery}>{id}</span>}
          {table.common.length > 0 && (
            <>
              {t('table.common')} <SeriesText labels={table.common} />
            </>
          )}
        </h3>
      )}
      <table className={styles.legend}>
        <thead>
          <tr>
            {table.columns.map((column) => (
              <th key={column} scope="col">
                {column === METRIC_NAME ? t('table.metric') : column}
              </th>
            ))}
            <th scope="col" className={styles.number}>
              {t('table.value')}
            </th>
          </tr>
        </thead>
        <tbody>
          {table.rows.slice(0, MOST_ROWS).map((row) => (
            <tr key={row.key}>
              {table.columns.map((column) => (
                <td key={column}>{getLabel(row.labels, column)}</td>
              ))}
              <td className={styles.number}>
                <Value value={row.value} unit={unit} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {table.rows.length > MOST_ROWS && (
        <p className={styles.more}>{t('table.more', { count: table.rows.length - MOST_ROWS })}</p>
      )}
    </section>
  );
}

/** A number as a person reads it, with the whole of it beside where digits were left out. */
function Value({ value, unit }: { readonly value: ResultValue; readonly unit: ChartUnit }) {
  const { t, i18n } = useTranslation('explore');
  const { preferences } = usePreferences();
  switch (value.kind) {
    case 'number':
      return (
        <span title={String(value.value)}>
          {Number.isNaN(value.value) ? 'NaN' : formatValue(value.value, unit, i18n.language).text}
        </span>
      );
    case 'string':
      return <span>{value.value}</span>;
    case 'histogram':
      return (
        <span>
          {t('table.histogram', {
            count: value.count,
            sum: formatValue(value.sum, unit, i18n.language).text,
          })}
        </span>
      );
    case 'samples':
      return (
        <ul>
          {value.samples.map(([time, sample]) => (
            <li key={time} className={styles.sample}>
              {formatValue(sample, unit, i18n.language).text}
              <span className={styles.quiet}>
                {formatTime(time, 'clock-seconds', i18n.language, preferences.timeZone)}
              </span>
            </li>
          ))}
        </ul>
      );
  }
}
