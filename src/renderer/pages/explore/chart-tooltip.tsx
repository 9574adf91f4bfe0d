import type { CSSProperties } from 'react';
import { useTranslation } from 'react-i18next';
import { formatSeries, labelPairs } from '#shared/model/index.ts';
import { Swatch, type PlotPointer } from '#renderer/charts/index.ts';
import { useFormat } from '#renderer/ui/index.ts';
import styles from './explore.module.css';
import { cellAt } from './heatmap-chart.ts';
import type { ExploreChart, LegendEntry } from './line-chart.ts';
import { SeriesText } from './series-text.tsx';
import { tooltipRows } from './tooltip-rows.ts';
import type { ExemplarDot } from './use-exemplars.ts';

interface ChartTooltipProps {
  readonly chart: ExploreChart;
  readonly keys: ReadonlySet<string>;
  readonly pointer: PlotPointer;
  readonly dots: readonly ExemplarDot[];
  /** Of the chart. */
  readonly size: { readonly width: number; readonly height: number };
}

/** Pixels between the crosshair and the tooltip. */
const AWAY = 12;

/** The values at the pointer; over a dot, what is behind it. Never under the pointer itself. */
export function ChartTooltip({ chart, keys, pointer, dots, size }: ChartTooltipProps) {
  const format = useFormat();
  const top = Math.min(size.height * 0.7, Math.max(size.height * 0.25, pointer.top));
  const left = Math.round(pointer.left);
  const [x, beside] = left < size.width * 0.6 ? [left + AWAY, 0] : [left - AWAY, -100];
  // Moved, not placed: nothing around it is laid out anew with each step of the hand.
  const style: CSSProperties = { transform: `translate(${x}px, ${Math.round(top)}px) translate(${beside}%, -50%)` };
  const time = chart.model.times[pointer.step];
  const dot = pointer.dot === null ? undefined : dots.find(({ key }) => key === pointer.dot?.key);
  return (
    <div className={styles.tooltip} style={style} aria-hidden>
      {dot !== undefined ? (
        <ExemplarFacts dot={dot} />
      ) : (
        <>
          <div className={styles.tooltipTime}>
            {time === undefined ? '' : format.time(time * 1000, 'clock-seconds')}
          </div>
          <Cell chart={chart} pointer={pointer} />
          <Values chart={chart} keys={keys} pointer={pointer} />
        </>
      )}
    </div>
  );
}

function Values({ chart, keys, pointer }: Pick<ChartTooltipProps, 'chart' | 'keys' | 'pointer'>) {
  const { t } = useTranslation('explore');
  const format = useFormat();
  const { rows, more } = tooltipRows(chart, keys, pointer.step, pointer.y);
  return (
    <>
      {rows.map(({ entry, value, nearest }) => (
        <div key={entry.key} className={styles.tooltipRow} data-nearest={nearest || undefined}>
          <Swatch color={entry.color} />
          <span className={styles.tooltipName}>{shortName(entry)}</span>
          <span className={styles.tooltipValue}>{format.value(value, entry.unit).text}</span>
        </div>
      ))}
      {more > 0 && <div className={styles.quiet}>{t('graph.moreSeries', { count: more })}</div>}
    </>
  );
}

/** One label is said by its value alone: `/checkout` instead of `{route="/checkout"}`. */
function shortName({ name, ownLabels, query }: LegendEntry): string {
  const own = name ?? (ownLabels.length === 2 ? ownLabels[1] : formatSeries(ownLabels));
  return query === '' ? own : `${query} ${own}`;
}

/** The bucket under the pointer. */
function Cell({ chart, pointer }: Pick<ChartTooltipProps, 'chart' | 'pointer'>) {
  const { t } = useTranslation('explore');
  const format = useFormat();
  const { heatmap, unit } = chart.model;
  const cell = heatmap === undefined ? null : cellAt(heatmap, pointer.step, pointer.y);
  if (cell === null) return null;
  return (
    <div className={styles.tooltipCell}>
      {t('graph.bucket', {
        lower: format.value(cell.lower, unit).text,
        upper: format.value(cell.upper, unit).text,
        value: format.value(cell.count, '').text,
      })}
    </div>
  );
}

function ExemplarFacts({ dot: { exemplar, series } }: { readonly dot: ExemplarDot }) {
  const { t } = useTranslation('explore');
  const format = useFormat();
  return (
    <>
      <div className={styles.tooltipTime}>
        {t('exemplar.title', { time: format.time(exemplar.time, 'clock-seconds') })}
      </div>
      <div className={styles.tooltipRow}>
        <span className={styles.tooltipName}>{t('exemplar.value')}</span>
        <span className={styles.tooltipValue}>{String(exemplar.value)}</span>
      </div>
      {[...labelPairs(exemplar.labels)].map(([name, value]) => (
        <div key={name} className={styles.tooltipRow}>
          <span className={styles.tooltipName}>{name}</span>
          <span className={styles.tooltipValue}>{value}</span>
        </div>
      ))}
      <div className={styles.tooltipSeries}>
        <SeriesText labels={series} />
      </div>
    </>
  );
}
