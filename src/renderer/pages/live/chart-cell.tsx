import { memo, type KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { indexAt, Swatch, TimeChart, useLiveText, type PlotSeries, type SharedView } from '#renderer/charts/index.ts';
import type { LiveStore } from '#renderer/data/index.ts';
import { MetricGlyph, useFormat } from '#renderer/ui/index.ts';
import { chartSentence } from './chart-words.ts';
import styles from './grid.module.css';
import type { LiveChart } from './live-model.ts';
import { DeviationNote, ExpectedNote, Headline, type ChartNoteProps } from './chart-notes.tsx';
import { useLiveChart } from './use-live.ts';
import type { NamedChart } from './named-chart.ts';

export const CELL_HEIGHT = 166;
const CHART_HEIGHT = 120;

interface ChartCellProps {
  readonly spec: NamedChart;
  readonly store: LiveStore | null;
  readonly view: SharedView;
  readonly selected: boolean;
  /** The target's data are not of now: values are greyed. */
  readonly stale: boolean;
  readonly width: number;
  /** Columns it takes. */
  readonly span: number;
  /** Named in the first chart of each group. */
  readonly group: string | null;
  readonly onSelect: (id: string) => void;
  readonly onStep: (steps: number) => void;
}

/** One chart of the grid: title and value at the crosshair, legend, plot. */
export const ChartCell = memo(function ChartCell({
  spec,
  store,
  view,
  selected,
  stale,
  width,
  span,
  group,
  onSelect,
  onStep,
}: ChartCellProps) {
  const { t } = useTranslation('live');
  const format = useFormat();
  const { chart, range } = useLiveChart(spec, store);
  const old = chart !== null && chart.lastValueAt !== null && isOld(chart, range.to, store);
  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>) => {
    if (event.target !== event.currentTarget) return;
    if (event.key === 'Enter') onSelect(spec.id);
    else if (event.key === 'ArrowLeft') onStep(event.shiftKey ? -10 : -1);
    else if (event.key === 'ArrowRight') onStep(event.shiftKey ? 10 : 1);
    else return;
    event.preventDefault();
  };
  return (
    <div
      className={styles['cell']}
      role="group"
      tabIndex={0}
      aria-label={chartSentence(t, spec, chart, format)}
      data-chart={spec.id}
      style={span === 1 ? undefined : { gridColumn: `span ${span}` }}
      data-selected={selected || undefined}
      data-old={old || stale || undefined}
      onClick={() => onSelect(spec.id)}
      // What the keys reach is what they work on: its values are read out, its table and its query are meant.
      onFocus={(event) => {
        if (event.target === event.currentTarget && event.target.matches(':focus-visible')) onSelect(spec.id);
      }}
      onKeyDown={onKeyDown}
    >
      <div className={styles['titleLine']}>
        <MetricGlyph type={spec.type} />
        <h3 className={styles['title']} title={spec.title}>
          {spec.title}
          {group !== null && <span className={styles['group']}>{group}</span>}
        </h3>
        {chart !== null && <DeviationNote spec={spec} chart={chart} view={view} format={format} />}
        {chart !== null && <Headline spec={spec} chart={chart} view={view} format={format} />}
      </div>
      <div className={styles['legendLine']}>
        {chart !== null && chart.model.series.length > 1 ? (
          <Legend chart={chart} spec={spec} view={view} format={format} width={width} />
        ) : (
          <>
            <span className={styles['metric']} title={spec.metric}>
              {spec.metric}
            </span>
            {chart !== null && !old && <ExpectedNote spec={spec} chart={chart} view={view} format={format} />}
          </>
        )}
        {old && chart.lastValueAt !== null && (
          <span className={styles['lastAt']}>
            {t('chart.lastAt', { time: format.time(chart.lastValueAt, 'clock-seconds') })}
          </span>
        )}
      </div>
      {chart === null || (chart.error !== null && chart.model.series.length === 0) ? (
        <div className={styles['blank']}>{chart?.error ?? ''}</div>
      ) : (
        <TimeChart model={chart.model} range={range} view={view} settings={format} height={CHART_HEIGHT} />
      )}
    </div>
  );
});

/** Whether the newest value is so old that it is not the value of now. */
function isOld(chart: LiveChart, now: number, store: LiveStore | null): boolean {
  return chart.lastValueAt !== null && now - chart.lastValueAt > 2 * (store?.options.step ?? 0);
}

/** Pixels that a legend entry takes besides its label. */
const ENTRY_EXTRA = 74;
const LABEL_CHAR = 5.4;

/** As many entries as fit on one line, then how many more there are. */
function Legend({ spec, chart, view, format, width }: ChartNoteProps & { readonly width: number }) {
  const { t } = useTranslation('live');
  const { series } = chart.model;
  let room = width - 30;
  const shown: PlotSeries[] = [];
  for (const entry of series) {
    room -= entry.label.length * LABEL_CHAR + ENTRY_EXTRA;
    if (room < 0 && shown.length > 0) break;
    shown.push(entry);
  }
  const more = series.length - shown.length + chart.hidden;
  return (
    <>
      {shown.map((entry) => (
        <LegendEntry key={entry.key} entry={entry} spec={spec} chart={chart} view={view} format={format} />
      ))}
      {more > 0 && <span className={styles['more']}>{t('chart.more', { count: more })}</span>}
    </>
  );
}

function LegendEntry({ entry, spec, chart, view, format }: ChartNoteProps & { readonly entry: PlotSeries }) {
  const text = useLiveText<HTMLSpanElement>(view, () => {
    const { times } = chart.model;
    const at = view.crosshair;
    const index = at === null ? times.length - 1 : indexAt(times, at);
    return format.value(entry.values[index] ?? null, spec.unit).text;
  });
  return (
    <span className={styles['entry']}>
      <Swatch color={entry.color} />
      <span className={styles['entryLabel']}>{entry.label}</span>
      <span ref={text} className={styles['entryValue']} />
    </span>
  );
}
