import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { indexAt, type SharedView } from '#renderer/charts/index.ts';
import { useFormat } from '#renderer/ui/index.ts';
import styles from './explore.module.css';
import { tooltipRows } from './tooltip-rows.ts';
import type { ExploreChart } from './line-chart.ts';

interface CrosshairVoiceProps {
  readonly view: SharedView;
  readonly chart: ExploreChart | null;
  readonly keys: ReadonlySet<string>;
}

/** Says the values at the crosshair when keys moved it, politely. The pointer is not read out. */
export function CrosshairVoice({ view, chart, keys }: CrosshairVoiceProps) {
  const { t } = useTranslation('explore');
  const format = useFormat();
  const element = useRef<HTMLDivElement>(null);
  useEffect(
    () =>
      view.subscribe(() => {
        if (element.current === null) return;
        const at = view.pinned;
        if (at === null || chart === null) {
          element.current.textContent = '';
          return;
        }
        const { rows } = tooltipRows(chart, keys, indexAt(chart.model.times, at), 0);
        const values = rows.map(({ entry, value }) =>
          t('graph.valueOf', { series: entry.text, value: format.value(value, entry.unit).text }),
        );
        element.current.textContent = t('graph.atTime', {
          time: format.time(at, 'clock-seconds'),
          values: new Intl.ListFormat(format.locale, { type: 'unit' }).format(values),
        });
      }),
    [view, chart, keys, t, format],
  );
  return <div ref={element} className={styles.visuallyHidden} aria-live="polite" />;
}
