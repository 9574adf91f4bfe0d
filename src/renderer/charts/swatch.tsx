import styles from './charts.module.css';
import { COLOR_SLOTS, seriesColor } from './series-colors.ts';

/** The colour of a series as a small bar; dashed from the eleventh on, like its line. */
export function Swatch({ color }: { readonly color: number }) {
  const dashed = color >= COLOR_SLOTS;
  return (
    <span
      className={`${styles['swatch']} ${dashed ? styles['swatchDashed'] : ''}`}
      style={dashed ? { borderColor: seriesColor(color), height: 0 } : { background: seriesColor(color) }}
      aria-hidden
    />
  );
}
