import { IconMinimize } from '@tabler/icons-react';
import { useEffect, useRef, type KeyboardEvent, type ReactNode } from 'react';
import { createPortal } from 'react-dom';
import { useTranslation } from 'react-i18next';
import { TimeChart, type SharedView } from '#renderer/charts/index.ts';
import type { LiveStore } from '#renderer/data/index.ts';
import { IconButton, MetricGlyph, useExtent, useFormat } from '#renderer/ui/index.ts';
import { DeviationNote, ExpectedNote, Headline } from './chart-notes.tsx';
import styles from './full.module.css';
import type { NamedChart } from './named-chart.ts';
import { SeriesTable } from './series-table.tsx';
import { useLiveChart } from './use-live.ts';
import { ValueTable } from './value-table.tsx';

interface FullChartProps {
  readonly spec: NamedChart;
  readonly store: LiveStore | null;
  readonly view: SharedView;
  /** Whether the values stand there as a table. */
  readonly table: boolean;
  /** Says whether this is of now. */
  readonly state: ReactNode;
  readonly onStep: (steps: number) => void;
  readonly onBack: () => void;
  /** What belongs to it and has no place: the voice of the crosshair. */
  readonly children: ReactNode;
}

/** One chart in the whole window with all of its series. The page behind it is out of reach until one goes back. */
export function FullChart(props: FullChartProps) {
  const { spec, store, view, table, state, onStep, onBack, children } = props;
  const { t } = useTranslation('live');
  const format = useFormat();
  const { chart, range } = useLiveChart(spec, store);
  const region = useRef<HTMLDivElement>(null);
  const area = useRef<HTMLDivElement>(null);
  const height = useExtent(area, 'clientHeight');
  useOverPage(region);
  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>): void => {
    if (event.target !== event.currentTarget) return;
    if (event.key !== 'ArrowLeft' && event.key !== 'ArrowRight') return;
    event.preventDefault();
    onStep((event.key === 'ArrowRight' ? 1 : -1) * (event.shiftKey ? 10 : 1));
  };
  return createPortal(
    <div
      ref={region}
      className={styles['full']}
      role="region"
      tabIndex={-1}
      aria-label={t('full.region', { title: spec.title })}
      onKeyDown={onKeyDown}
    >
      <div className={styles['bar']}>
        <MetricGlyph type={spec.type} />
        <h2 className={styles['title']}>{spec.title}</h2>
        <span className={styles['metric']} title={spec.metric}>
          {spec.metric}
        </span>
        {chart !== null && (
          <>
            <DeviationNote spec={spec} chart={chart} view={view} format={format} />
            <ExpectedNote spec={spec} chart={chart} view={view} format={format} />
            <Headline spec={spec} chart={chart} view={view} format={format} />
          </>
        )}
        {state}
        <IconButton label={t('full.back')} shortcut="Esc" onClick={onBack}>
          <IconMinimize size={16} stroke={1.6} />
        </IconButton>
      </div>
      <div className={styles['body']}>
        <div ref={area} className={styles['area']}>
          {chart !== null && chart.error !== null && chart.model.series.length === 0 ? (
            <p className={styles['error']}>{chart.error}</p>
          ) : (
            chart !== null &&
            height > 0 && <TimeChart model={chart.model} range={range} view={view} settings={format} height={height} />
          )}
        </div>
        {chart !== null && (
          <div className={styles['side']} tabIndex={0} role="group" aria-label={t('inspector.series')}>
            <SeriesTable chart={chart} unit={spec.unit} view={view} format={format} />
            {table && <ValueTable chart={chart} unit={spec.unit} title={spec.title} format={format} />}
          </div>
        )}
      </div>
      {children}
    </div>,
    document.body,
  );
}

/** Takes the focus for as long as it is there, and everything behind it out of reach. */
function useOverPage(element: { readonly current: HTMLElement | null }): void {
  useEffect(() => {
    const page = document.getElementById('root');
    const before = document.activeElement;
    page?.toggleAttribute('inert', true);
    element.current?.focus({ preventScroll: true });
    return () => {
      page?.toggleAttribute('inert', false);
      if (before instanceof HTMLElement) before.focus({ preventScroll: true });
    };
  }, [element]);
}
