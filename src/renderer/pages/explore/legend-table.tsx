import { memo, useCallback, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { indexAt, type SharedView, Swatch, useLiveText, seriesColor } from '#renderer/charts/index.ts';
import { usePreferences } from '#renderer/data/index.ts';
import { formatTime, formatValue, Sparkline } from '#renderer/ui/index.ts';
import type { Comparison } from './explore-address.ts';
import type { ExploreChart, LegendEntry } from './line-chart.ts';
import styles from './explore.module.css';
import { SeriesText } from './series-text.tsx';

interface LegendTableProps {
  readonly chart: ExploreChart;
  readonly view: SharedView;
  /** Keys of the series that are shown alone; empty: all are. */
  readonly isolated: ReadonlySet<string>;
  /** What the averages are set against; null for nothing. */
  readonly compared: Comparison | null;
  readonly onIsolate: (keys: ReadonlySet<string>) => void;
  readonly onHover: (key: string | null) => void;
}

/** The series in numbers, largest first. A click shows one alone, with Ctrl or ⌘ it is added to those shown. */
export const LegendTable = memo(function LegendTable({
  chart,
  view,
  isolated,
  compared,
  onIsolate,
  onHover,
}: LegendTableProps) {
  const { t, i18n } = useTranslation('explore');
  const { preferences } = usePreferences();
  const atTitle = useLiveText<HTMLSpanElement>(view, () =>
    view.crosshair === null
      ? t('legend.atNothing')
      : t('legend.at', { time: formatTime(view.crosshair, 'clock-seconds', i18n.language, preferences.timeZone) }),
  );
  const toggle = useCallback(
    (key: string, add: boolean): void => {
      const next = new Set(isolated);
      if (!add) onIsolate(next.has(key) && next.size === 1 ? new Set() : new Set([key]));
      else {
        if (!next.delete(key)) next.add(key);
        onIsolate(next);
      }
    },
    [isolated, onIsolate],
  );
  return (
    <>
      <table className={styles.legend}>
        <thead>
          <tr>
            <th scope="col">{t('legend.series')}</th>
            <th scope="col">{t('legend.trend')}</th>
            <th scope="col" className={styles.number}>
              {t('legend.min')}
            </th>
            <th scope="col" className={styles.number}>
              {t('legend.avg')}
            </th>
            {compared !== null && (
              <th scope="col" className={styles.number}>
                {t(`legend.against.${compared}`)}
              </th>
            )}
            <th scope="col" className={styles.number} aria-sort="descending">
              {t('legend.max')}
            </th>
            <th scope="col" className={styles.number}>
              {t('legend.last')}
            </th>
            <th scope="col" className={styles.number}>
              <span ref={atTitle} />
            </th>
          </tr>
        </thead>
        <tbody>
          {chart.legend.map((entry) => (
            <LegendRow
              key={entry.key}
              entry={entry}
              times={chart.model.times}
              view={view}
              off={isolated.size > 0 && !isolated.has(entry.key)}
              pressed={isolated.has(entry.key)}
              compared={compared !== null}
              onToggle={toggle}
              onHover={onHover}
            />
          ))}
        </tbody>
      </table>
      {chart.hidden > 0 && <p className={styles.more}>{t('legend.hidden', { count: chart.hidden })}</p>}
    </>
  );
});

interface LegendRowProps {
  readonly entry: LegendEntry;
  readonly times: readonly number[];
  readonly view: SharedView;
  readonly off: boolean;
  readonly pressed: boolean;
  readonly compared: boolean;
  readonly onToggle: (key: string, add: boolean) => void;
  readonly onHover: (key: string | null) => void;
}

const TREND_POINTS = 60;

const LegendRow = memo(function LegendRow({
  entry,
  times,
  view,
  off,
  pressed,
  compared,
  onToggle,
  onHover,
}: LegendRowProps) {
  const { i18n } = useTranslation('explore');
  const trend = useMemo(() => trendOf(entry.values), [entry.values]);
  const show = (value: number | null): string => formatValue(value, entry.unit, i18n.language).text;
  const at = useLiveText<HTMLSpanElement>(view, () => {
    if (view.crosshair === null) return '';
    const index = indexAt(times, view.crosshair);
    return show(index < 0 ? null : entry.values[index]);
  });
  return (
    <tr
      data-off={off || undefined}
      onPointerEnter={() => onHover(entry.key)}
      onFocus={() => onHover(entry.key)}
      onBlur={() => onHover(null)}
      onPointerLeave={() => onHover(null)}
      onClick={(event) => onToggle(entry.key, event.ctrlKey || event.metaKey)}
    >
      <td>
        <button type="button" className={styles.legendName} aria-pressed={pressed} title={entry.text}>
          <Swatch color={entry.color} />
          {entry.query !== '' && <span className={styles.legendQuery}>{entry.query}</span>}
          {entry.name === null ? (
            <SeriesText labels={entry.ownLabels} />
          ) : (
            <span className={styles.series}>{entry.name}</span>
          )}
        </button>
      </td>
      <td>
        <Sparkline values={trend} width={150} height={16} color={seriesColor(entry.color)} />
      </td>
      <td className={styles.number}>{show(entry.min)}</td>
      <td className={styles.number}>{show(entry.avg)}</td>
      {compared && <td className={styles.number}>{changeOf(entry, i18n.language)}</td>}
      <td className={styles.number}>{show(entry.max)}</td>
      <td className={styles.number}>{show(entry.last)}</td>
      <td className={styles.number}>
        <span className={styles.atCrosshair} ref={at} />
      </td>
    </tr>
  );
});

/** By how much the average changed: `+12 %`; `–` where it cannot be said. */
function changeOf({ avg, beforeAvg }: LegendEntry, locale: string): string {
  if (avg === null || beforeAvg === null || beforeAvg === 0) return '–';
  const percent = new Intl.NumberFormat(locale, {
    maximumFractionDigits: 1,
    signDisplay: 'exceptZero',
    style: 'percent',
  });
  return percent.format(avg / beforeAvg - 1);
}

/** Every so manieth value: a trend of 150 pixels needs no thousand points. */
function trendOf(values: readonly (number | null)[]): readonly number[] {
  const stride = Math.max(1, Math.ceil(values.length / TREND_POINTS));
  return values.filter((_, i) => i % stride === 0).map((value) => value ?? Number.NaN);
}
