import {
  useCallback,
  useEffect,
  useImperativeHandle,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
  type KeyboardEvent,
  type RefObject,
} from 'react';
import { useTranslation } from 'react-i18next';
import { SharedView, TimeChart, type PlotHandle, type PlotPointer } from '#renderer/charts/index.ts';
import { useFormat } from '#renderer/ui/index.ts';
import { ChartTooltip } from './chart-tooltip.tsx';
import { CrosshairVoice } from './crosshair-voice.tsx';
import type { ExploreView } from './explore-address.ts';
import styles from './explore.module.css';
import { LegendTable } from './legend-table.tsx';
import { onlySeries, type ExploreChart } from './line-chart.ts';
import type { ExemplarDot } from './use-exemplars.ts';
import type { TimeRange } from './use-time-range.ts';

/** What keys do with the graph; filled while it is on the screen. */
export interface GraphControl {
  readonly step: (by: number) => void;
  /** Puts the focus into the table of its series. */
  readonly table: () => void;
  /** Takes the crosshair, or what is isolated, back. @returns whether there was something to take back */
  readonly reset: () => boolean;
}

interface GraphProps {
  /** Null until there is something to draw. */
  readonly chart: ExploreChart | null;
  readonly range: TimeRange;
  /** The last good result of a query that failed since: dimmed. */
  readonly stale: boolean;
  readonly dots: readonly ExemplarDot[];
  readonly view: ExploreView;
  readonly control: RefObject<GraphControl | null>;
  readonly plot: RefObject<PlotHandle | null>;
}

/** What is zoomed or panned to is asked for when the hand rests this long. */
const LOOK_AFTER_MILLIS = 140;
const NONE: ReadonlySet<string> = new Set();

/** The chart with its legend. Dragging and the wheel look closer, a double click goes back. */
export function Graph({ chart, range, stale, dots, view: { compare }, control, plot }: GraphProps) {
  const { t } = useTranslation('explore');
  const format = useFormat();
  const [view] = useState(() => new SharedView());
  const [isolated, setIsolated] = useState<ReadonlySet<string>>(NONE);
  const [hovered, setHovered] = useState<string | null>(null);
  const [pointer, setPointer] = useState<PlotPointer | null>(null);
  const [size, setSize] = useState({ width: 900, height: 320 });
  const area = useRef<HTMLDivElement>(null);
  const legend = useRef<HTMLDivElement>(null);
  /** A range was asked for that is not shown as the range yet. */
  const asked = useRef(false);
  const { setWidth, zoom, start, end } = range;
  const settings = useMemo(() => ({ locale: format.locale, zone: format.zone }), [format]);
  useEffect(() => {
    const element = area.current;
    if (element === null) return;
    const observer = new ResizeObserver(() => {
      setSize({ width: element.clientWidth, height: Math.max(120, element.clientHeight) });
      // On its way out it has no width, and the step must not go by that.
      if (element.clientWidth > 0) setWidth(element.clientWidth);
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, [setWidth]);
  // What is looked at is shown at once from what is there, and asked for anew, at the step that fits it, when the hand rests.
  useEffect(() => {
    let timer: number | undefined;
    const unsubscribe = view.subscribe(() => {
      const look = view.zoom;
      window.clearTimeout(timer);
      if (look === null) return;
      timer = window.setTimeout(() => {
        asked.current = true;
        zoom(look);
        // A look that comes to the range there is already changes nothing that could be waited for.
        timer = window.setTimeout(() => {
          if (asked.current) view.zoomTo(null);
          asked.current = false;
        }, LOOK_AFTER_MILLIS);
      }, LOOK_AFTER_MILLIS);
    });
    return () => {
      window.clearTimeout(timer);
      unsubscribe();
    };
  }, [view, zoom]);
  const keys = useMemo(() => {
    const known = new Set(chart?.legend.map((entry) => entry.key));
    const still = [...isolated].filter((key) => known.has(key));
    return still.length === 0 ? NONE : new Set(still);
  }, [chart, isolated]);
  const model = useMemo(() => (chart === null ? null : onlySeries(chart, keys)), [chart, keys]);
  const span = useMemo(() => ({ from: start, to: end }), [start, end]);
  const shownSpan = useRef(span);
  // What was looked at is now the range itself; in between nothing jumps back.
  useLayoutEffect(() => {
    if (shownSpan.current === span) return;
    shownSpan.current = span;
    if (asked.current) view.zoomTo(null);
    asked.current = false;
  }, [span, view]);

  const step = useCallback(
    (by: number): void => {
      const times = chart?.model.times ?? [];
      if (times.length === 0) return;
      const last = times[times.length - 1] * 1000;
      const each = times.length > 1 ? (times[1] - times[0]) * 1000 : 0;
      const at = view.crosshair ?? last + (by > 0 ? -each : 0);
      view.pin(Math.max(times[0] * 1000, Math.min(last, at + by * each)));
    },
    [chart, view],
  );
  useImperativeHandle(
    control,
    () => ({
      step,
      table: () => legend.current?.querySelector('button')?.focus(),
      reset: () => {
        const some = view.pinned !== null || isolated.size > 0;
        view.pin(null);
        setIsolated(NONE);
        return some;
      },
    }),
    [step, view, isolated],
  );
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.target !== event.currentTarget || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key !== 'ArrowLeft' && event.key !== 'ArrowRight') return;
    event.preventDefault();
    step((event.key === 'ArrowRight' ? 1 : -1) * (event.shiftKey ? 10 : 1));
  };

  return (
    <div className={styles.graph} data-stale={stale || undefined}>
      <div
        ref={area}
        className={styles.chartArea}
        role="group"
        tabIndex={0}
        aria-label={sentenceOf(t, format, chart)}
        onDoubleClick={() => zoom(null)}
        onKeyDown={onKeyDown}
      >
        {model !== null && (
          <TimeChart
            model={model}
            range={span}
            view={view}
            settings={settings}
            height={size.height}
            emphasized={hovered}
            onPointer={setPointer}
            gestures
            handle={plot}
          />
        )}
        {chart !== null && pointer !== null && (
          <ChartTooltip chart={chart} keys={keys} pointer={pointer} dots={dots} size={size} />
        )}
        <CrosshairVoice view={view} chart={chart} keys={keys} />
      </div>
      {chart !== null && (
        <div ref={legend} className={styles.legendScroll}>
          <LegendTable
            chart={chart}
            view={view}
            isolated={keys}
            compared={compare}
            onIsolate={setIsolated}
            onHover={setHovered}
          />
        </div>
      )}
    </div>
  );
}

/** The chart as a sentence: how many series, and the largest of them. */
function sentenceOf(
  t: ReturnType<typeof useTranslation<'explore'>>['t'],
  format: ReturnType<typeof useFormat>,
  chart: ExploreChart | null,
): string {
  if (chart === null || chart.legend.length === 0) return t('graph.label');
  const [largest] = chart.legend;
  return t('graph.labelOf', {
    count: chart.legend.length,
    series: largest.text,
    last: format.value(largest.last, largest.unit).text,
    max: format.value(largest.max, largest.unit).text,
  });
}
