import { useTranslation } from 'react-i18next';
import { indexAt, useLiveText, type SharedView } from '#renderer/charts/index.ts';
import type { Format } from '#renderer/ui/index.ts';
import { headlineSeries, valueAt } from './chart-words.ts';
import { deviationAt, expectedAt, lastUnusual } from './deviation.ts';
import styles from './grid.module.css';
import type { LiveChart } from './live-model.ts';
import type { NamedChart } from './named-chart.ts';

export interface ChartNoteProps {
  readonly spec: NamedChart;
  readonly chart: LiveChart;
  readonly view: SharedView;
  readonly format: Format;
}

/** Step at the crosshair, else the newest with a value. */
function stepOf(chart: LiveChart, view: SharedView): number {
  const at = view.crosshair ?? chart.lastValueAt;
  return at === null ? -1 : indexAt(chart.model.times, at);
}

/** How far outside it is at the crosshair, or when it last was. */
export function DeviationNote({ chart, view, format }: ChartNoteProps) {
  const { t } = useTranslation('live');
  const hot = useLiveText<HTMLSpanElement>(view, () => {
    const found = deviationAt(chart, stepOf(chart, view));
    if (found === null) return '';
    const arrow = found.above ? '↑' : '↓';
    if (found.ratio === null) return t(found.above ? 'chart.above' : 'chart.below', { arrow });
    return t('chart.ratio', { arrow, ratio: format.ratio(found.ratio) });
  });
  const was = useLiveText<HTMLSpanElement>(view, () => {
    if (deviationAt(chart, stepOf(chart, view)) !== null) return '';
    const last = lastUnusual(chart);
    return last < 0 ? '' : t('chart.unusualAt', { time: format.time(chart.model.times[last] * 1000, 'clock') });
  });
  return (
    <>
      <span ref={hot} className={styles['hot']} />
      <span ref={was} className={styles['wasHot']} />
    </>
  );
}

/** What is expected at the crosshair. */
export function ExpectedNote({ spec, chart, view, format }: ChartNoteProps) {
  const { t } = useTranslation('live');
  const text = useLiveText<HTMLSpanElement>(view, () => {
    const found = expectedAt(chart, stepOf(chart, view));
    if (found === null) return '';
    const [low, high] = [found.low, found.high].map((value) => format.value(value, spec.unit).text);
    return t('chart.expected', { low, high });
  });
  return <span ref={text} className={styles['expected']} />;
}

/** Its value at the crosshair. */
export function Headline({ spec, chart, view, format }: ChartNoteProps) {
  const text = useLiveText<HTMLSpanElement>(view, () => {
    const series = headlineSeries(chart);
    return format.value(valueAt(chart, series, view.crosshair), spec.unit).text;
  });
  const { kind } = chart.model;
  return (
    <>
      {kind === 'heatmap' && <span className={styles['valueName']}>{headlineSeries(chart)?.label}</span>}
      <span ref={text} className={styles['value']} />
    </>
  );
}
