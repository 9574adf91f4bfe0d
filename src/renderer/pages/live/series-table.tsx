import { useTranslation } from 'react-i18next';
import type { Unit } from '#shared/contract/index.ts';
import { indexAt, summarize, Swatch, useLiveText, type PlotSeries, type SharedView } from '#renderer/charts/index.ts';
import type { Format } from '#renderer/ui/index.ts';
import styles from './inspector.module.css';
import type { LiveChart } from './live-model.ts';
import { useLivePage } from './live-page-store.ts';

interface SeriesTableProps {
  readonly chart: LiveChart;
  readonly unit: Unit;
  readonly view: SharedView;
  readonly format: Format;
}

/** The series of a chart: at the crosshair, on average and at most. */
export function SeriesTable({ chart, unit, view, format }: SeriesTableProps) {
  const { t } = useTranslation('live');
  const pausedAt = useLivePage((state) => state.pausedAt);
  const head = useLiveText<HTMLTableCellElement>(view, () => {
    const at = view.crosshair ?? pausedAt;
    return at === null ? t('inspector.now') : t('inspector.at', { time: format.time(at, 'clock-seconds') });
  });
  return (
    <section className={styles['section']}>
      <table className={styles['table']}>
        <thead>
          <tr>
            <th scope="col">{t('inspector.series')}</th>
            <th scope="col" ref={head} />
            <th scope="col">{t('inspector.avg')}</th>
            <th scope="col">{t('inspector.max')}</th>
          </tr>
        </thead>
        <tbody>
          {chart.model.series.map((series) => (
            <SeriesRow key={series.key} series={series} chart={chart} unit={unit} view={view} format={format} />
          ))}
        </tbody>
      </table>
      {chart.hidden > 0 && <p className={styles['note']}>{t('chart.and', { count: chart.hidden })}</p>}
    </section>
  );
}

function SeriesRow({ series, chart, unit, view, format }: SeriesTableProps & { readonly series: PlotSeries }) {
  const { avg, max } = summarize(series.values);
  const at = useLiveText<HTMLTableCellElement>(view, () => {
    const { times } = chart.model;
    const index = view.crosshair === null ? times.length - 1 : indexAt(times, view.crosshair);
    return format.value(series.values[index] ?? null, unit).text;
  });
  return (
    <tr>
      <th scope="row" title={series.label}>
        <span className={styles['seriesName']}>
          <Swatch color={series.color} />
          <span>{series.label}</span>
        </span>
      </th>
      <td ref={at} className={styles['now']} />
      <td>{format.value(avg, unit).text}</td>
      <td>{format.value(max, unit).text}</td>
    </tr>
  );
}
