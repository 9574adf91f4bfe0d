import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { indexAt, type SharedView } from '#renderer/charts/index.ts';
import type { LiveStore } from '#renderer/data/index.ts';
import { useFormat } from '#renderer/ui/index.ts';
import { liveChart } from './live-model.ts';
import styles from './live.module.css';
import type { NamedChart } from './named-chart.ts';

interface CrosshairVoiceProps {
  readonly view: SharedView;
  /** The chart that is read out; null for none. */
  readonly spec: NamedChart | null;
  readonly store: LiveStore | null;
}

/** Says the values at the crosshair when keys moved it, politely. The pointer is not read out. */
export function CrosshairVoice({ view, spec, store }: CrosshairVoiceProps) {
  const { t } = useTranslation('live');
  const format = useFormat();
  const element = useRef<HTMLDivElement>(null);
  useEffect(
    () =>
      view.subscribe(() => {
        if (element.current === null) return;
        const at = view.pinned;
        if (at === null || spec === null || store === null) {
          element.current.textContent = '';
          return;
        }
        const { model } = liveChart(spec, store);
        const index = indexAt(model.times, at);
        const values = model.series.map(({ label, values: column }) =>
          t('chart.valueOf', { series: label, value: format.value(column[index] ?? null, spec.unit).text }),
        );
        element.current.textContent = t('chart.atTime', {
          time: format.time(at, 'clock-seconds'),
          values: new Intl.ListFormat(format.locale, { type: 'unit' }).format(values),
        });
      }),
    [view, spec, store, t, format],
  );
  return <div ref={element} className={styles['announce']} aria-live="polite" />;
}
