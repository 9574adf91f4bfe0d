import 'uplot/dist/uPlot.min.css';
import { useEffect, useImperativeHandle, useLayoutEffect, useRef, useState, type RefObject } from 'react';
import { useColorScheme } from '#renderer/theme/index.ts';
import styles from './charts.module.css';
import { returnPlot, takePlot, type Plot, type PlotPointer, type PlotSettings } from './plot.ts';
import type { PlotModel, TimeSpan } from './plot-model.ts';
import type { SharedView } from './shared-view.ts';

export interface TimeChartProps {
  readonly model: PlotModel;
  /** What is shown when nothing is zoomed into. */
  readonly range: TimeSpan;
  readonly view: SharedView;
  readonly settings: PlotSettings;
  readonly height: number;
  /** Series to stress, by key. */
  readonly emphasized?: string | null;
  /** Where the pointer is; called as often as it moves. */
  readonly onPointer?: (pointer: PlotPointer | null) => void;
  /** The wheel zooms and pans: only where the page does not scroll. */
  readonly gestures?: boolean;
  /** Filled with a handle on the chart while it is on the page. */
  readonly handle?: RefObject<PlotHandle | null>;
}

/** What a page may do with a chart besides showing it. */
export interface PlotHandle {
  canvas(): HTMLCanvasElement;
}

/** A chart over time: fills its width. The uPlot instance is borrowed for as long as the component is on the page. */
export function TimeChart({
  model,
  range,
  view,
  settings,
  height,
  emphasized = null,
  onPointer,
  gestures = false,
  handle,
}: TimeChartProps) {
  const container = useRef<HTMLDivElement>(null);
  const [plot, setPlot] = useState<Plot | null>(null);
  const scheme = useColorScheme();
  const { kind } = model;
  const seriesCount = model.series.length;

  useLayoutEffect(() => {
    const element = container.current;
    if (element === null) return;
    const own = takePlot(kind, seriesCount);
    setPlot(own);
    own.attach(element, view, { onPointer, gestures });
    const fit = () => {
      if (element.clientWidth > 0) own.setSize(element.clientWidth, height);
    };
    fit();
    const observer = new ResizeObserver(fit);
    observer.observe(element);
    return () => {
      observer.disconnect();
      setPlot(null);
      returnPlot(own);
    };
  }, [kind, seriesCount, view, height, onPointer, gestures]);
  useImperativeHandle<PlotHandle | null, PlotHandle | null>(
    handle,
    () => (plot === null ? null : { canvas: () => plot.canvas }),
    [plot],
  );

  useLayoutEffect(() => {
    // Between one instance and the next there is a render in which the old one no longer fits.
    if (plot === null || plot.kind !== kind || plot.seriesCount !== seriesCount) return;
    plot.show(model, range, settings, emphasized);
  }, [plot, model, range, settings, emphasized, kind, seriesCount]);

  useEffect(() => plot?.setTheme(scheme), [plot, scheme]);

  return (
    <div
      ref={container}
      className={styles['chart']}
      style={{ height }}
      onDoubleClick={() => view.reset()}
      aria-hidden
    />
  );
}
