import { useTranslation } from 'react-i18next';
import { useFormat } from '#renderer/ui/index.ts';
import styles from './header.module.css';

const BARS = 60;
const PITCH = 3;
const HEIGHT = 16;

/** The last scrapes as bars: height is duration on a square-root scale, failures are full and of another colour. */
export function ScrapePulse({ pulse }: { readonly pulse: Float32Array }) {
  const { t } = useTranslation('live');
  const format = useFormat();
  const longest = pulse.reduce((max, took) => Math.max(max, took), 0);
  const failed = pulse.filter((took) => took < 0).length;
  const offset = BARS - pulse.length;
  const last = pulse.at(-1);
  const took = format.value(last === undefined || last < 0 ? null : last / 1000, 'seconds').text;
  return (
    <svg
      className={styles['pulse']}
      width={BARS * PITCH}
      height={HEIGHT}
      role="img"
      aria-label={t('header.pulseSentence', { failed, count: pulse.length, took })}
    >
      {Array.from(pulse, (duration, i) => {
        const height = duration < 0 ? HEIGHT : Math.max(2, Math.sqrt(duration / (longest || 1)) * HEIGHT);
        return (
          <rect
            // Bars have no identity of their own: the i-th place shows the i-th scrape.
            // oxlint-disable-next-line react/no-array-index-key
            key={i}
            x={(offset + i) * PITCH}
            y={HEIGHT - height}
            width={2}
            height={height}
            fill={duration < 0 ? 'var(--crit)' : 'var(--ok)'}
          />
        );
      })}
    </svg>
  );
}
