import { TextInput } from '@mantine/core';
import {
  IconChartDots,
  IconChartHistogram,
  IconCircleDotted,
  IconGauge,
  IconSearch,
  IconTrendingUp,
  type Icon,
} from '@tabler/icons-react';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ErrorNote, formatCount } from '#renderer/ui/index.ts';
import styles from './explore.module.css';
import { filterRows, type BrowserRow } from './metric-query.ts';
import type { MetricsState } from './use-metrics.ts';

export const KIND_ICONS: Readonly<Record<BrowserRow['kind'], Icon>> = {
  counter: IconTrendingUp,
  gauge: IconGauge,
  histogram: IconChartHistogram,
  summary: IconChartDots,
  other: IconCircleDotted,
};

const KINDS = ['all', 'counter', 'gauge', 'histogram'] as const;
const ROW_HEIGHT = 23;

/** The field that `/` goes to. */
export const METRIC_FILTER_ID = 'explore-metric-filter';

interface MetricBrowserProps {
  readonly rows: readonly BrowserRow[];
  readonly state: MetricsState;
  /** Metric names in the queries: their rows are marked. */
  readonly used: ReadonlySet<string>;
  readonly onChoose: (row: BrowserRow) => void;
}

/** Every metric of the store. A click puts it into the query, or starts one with it. */
export function MetricBrowser({ rows, state, used, onChoose }: MetricBrowserProps) {
  const { t, i18n } = useTranslation('explore');
  const [filter, setFilter] = useState('');
  const [kind, setKind] = useState<(typeof KINDS)[number]>('all');
  const found = useMemo(() => filterRows(rows, filter, kind), [rows, filter, kind]);
  const scroll = useRef<HTMLDivElement>(null);
  // The rows are drawn from what it returns right here; nothing of it goes into memoised components.
  // oxlint-disable-next-line react/incompatible-library
  const list = useVirtualizer({
    count: found.length,
    getScrollElement: () => scroll.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: 12,
  });
  return (
    <div className={styles.browser}>
      <div className={styles.browserBar}>
        <h2>{t('browser.title')}</h2>
        <span className={styles.quiet}>{formatCount(rows.length, i18n.language)}</span>
      </div>
      <div className={styles.browserTools}>
        <TextInput
          id={METRIC_FILTER_ID}
          aria-label={t('browser.filter')}
          placeholder={t('browser.filter')}
          leftSection={<IconSearch size={14} stroke={1.6} />}
          value={filter}
          onChange={(event) => setFilter(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key === 'Escape') setFilter('');
            if (event.key === 'Enter' && found.length > 0) onChoose(found[0]);
          }}
        />
        <div className={styles.kinds} role="group" aria-label={t('browser.kinds')}>
          {KINDS.map((value) => (
            <button key={value} type="button" aria-pressed={value === kind} onClick={() => setKind(value)}>
              {t(`browser.kind.${value}`)}
            </button>
          ))}
        </div>
      </div>
      {state.error !== null && <ErrorNote error={state.error} />}
      <div ref={scroll} className={styles.browserScroll}>
        {!state.loading && rows.length === 0 && state.error === null && (
          <p className={styles.browserEmpty}>{t('browser.empty')}</p>
        )}
        {rows.length > 0 && found.length === 0 && (
          <p className={styles.browserEmpty}>{t('browser.noMatch', { filter })}</p>
        )}
        <ul style={{ height: list.getTotalSize(), position: 'relative' }}>
          {list.getVirtualItems().map((item) => (
            <MetricRow
              key={found[item.index].name}
              row={found[item.index]}
              top={item.start}
              used={found[item.index].parts.some((part) => used.has(part))}
              locale={i18n.language}
              onChoose={onChoose}
            />
          ))}
        </ul>
      </div>
    </div>
  );
}

interface MetricRowProps {
  readonly row: BrowserRow;
  readonly top: number;
  readonly used: boolean;
  readonly locale: string;
  readonly onChoose: (row: BrowserRow) => void;
}

function MetricRow({ row, top, used, locale, onChoose }: MetricRowProps) {
  const { t } = useTranslation('explore');
  const KindIcon = KIND_ICONS[row.kind];
  return (
    <li className={styles.metricItem} style={{ height: ROW_HEIGHT, transform: `translateY(${top}px)` }}>
      <button
        type="button"
        className={styles.metric}
        aria-current={used || undefined}
        title={row.help === '' ? row.name : `${row.name}\n${row.help}`}
        onClick={() => onChoose(row)}
      >
        <KindIcon size={14} stroke={1.5} aria-label={t(`browser.kind.${row.kind}`)} role="img" />
        <span className={styles.metricName}>{row.name}</span>
        <span className={styles.metricCount}>{row.series === null ? '' : formatCount(row.series, locale)}</span>
      </button>
    </li>
  );
}
