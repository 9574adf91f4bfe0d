import { useTranslation } from 'react-i18next';
import { useLiveText, type SharedView } from '#renderer/charts/index.ts';
import { useFormat } from '#renderer/ui/index.ts';
import styles from './inspector.module.css';

/** Head of the inspector: the time at the crosshair, or that it is about the target. */
export function InspectorBar({ view, chart }: { readonly view: SharedView; readonly chart: boolean }) {
  const { t } = useTranslation('live');
  const format = useFormat();
  const time = useLiveText<HTMLSpanElement>(view, () => {
    if (!chart) return t('inspector.target');
    return view.crosshair === null ? '' : format.time(view.crosshair, 'clock-seconds');
  });
  return (
    <div className={styles['bar']}>
      <h2 className={styles['barTitle']}>{t('inspector.title')}</h2>
      <span ref={time} className={styles['barNote']} />
    </div>
  );
}
