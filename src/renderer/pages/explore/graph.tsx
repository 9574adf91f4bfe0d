import { useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { SharedView, TimeChart } from '#renderer/charts/index.ts';
import { usePreferences } from '#renderer/data/index.ts';
import { onlySeries, type ExploreChart } from './line-chart.ts';
import styles from './explore.module.css';
import { LegendTable } from './legend-table.tsx';
import type { TimeRange } from './use-time-range.ts';

interface GraphProps {
  /** Null until there is something to draw. */
  readonly chart: ExploreChart | null;
  readonly range: TimeRange;
  /** The last good result of a query that failed since: dimmed. */
  readonly stale: boolean;
}

/** The chart with its legend. Dragging over it looks closer; a double click goes back. */
export function Graph({ chart, range, stale }: GraphProps) {
  const { t, i18n } = useTranslation('explore');
  const { preferences } = usePreferences();
  const [view] = useState(() => new SharedView());
  const [isolated, setIsolated] = useState<ReadonlySet<string>>(new Set());
  const [hovered, setHovered] = useState<string | null>(null);
  const area = useRef<HTMLDivElement>(null);
  const [height, setHeight] = useState(320);
  const { setWidth, zoom } = range;
  const settings = useMemo(
    () => ({ locale: i18n.language, zone: preferences.timeZone }),
    [i18n.language, preferences.timeZone],
  );
  useEffect(() => {
    const element = area.current;
    if (element === null) return;
    const observer = new ResizeObserver(() => {
      setHeight(Math.max(160, element.clientHeight));
      // On its way out it has no width, and the step must not go by that.
      if (element.clientWidth > 0) setWidth(element.clientWidth);
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, [setWidth]);
  // What is zoomed into is asked for anew, at the step that fits it.
  useEffect(
    () =>
      view.subscribe(() => {
        if (view.zoom === null) return;
        zoom(view.zoom);
        view.zoomTo(null);
      }),
    [view, zoom],
  );
  const keys = useMemo(() => {
    const known = new Set(chart?.legend.map((entry) => entry.key));
    return new Set([...isolated].filter((key) => known.has(key)));
  }, [chart, isolated]);
  const model = useMemo(() => (chart === null ? null : onlySeries(chart, keys)), [chart, keys]);
  const span = useMemo(() => ({ from: range.start, to: range.end }), [range.start, range.end]);
  return (
    <div className={styles.graph} data-stale={stale || undefined}>
      <div
        ref={area}
        className={styles.chartArea}
        role="group"
        aria-label={chart === null ? t('graph.label') : t('graph.labelOf', { count: chart.legend.length })}
        onDoubleClick={() => zoom(null)}
      >
        {model !== null && (
          <TimeChart model={model} range={span} view={view} settings={settings} height={height} emphasized={hovered} />
        )}
      </div>
      {chart !== null && (
        <LegendTable chart={chart} view={view} isolated={keys} onIsolate={setIsolated} onHover={setHovered} />
      )}
    </div>
  );
}
