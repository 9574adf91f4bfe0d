import { useVirtualizer } from '@tanstack/react-virtual';
import { IconChevronDown, IconChevronRight, IconFlame } from '@tabler/icons-react';
import {
  useEffect,
  useImperativeHandle,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
  type DOMAttributes,
  type Ref,
} from 'react';
import { useTranslation } from 'react-i18next';
import type { PageView } from '#shared/contract/index.ts';
import type { SharedView } from '#renderer/charts/index.ts';
import type { LiveStore } from '#renderer/data/index.ts';
import { useExtent } from '#renderer/ui/index.ts';
import { CELL_HEIGHT, ChartCell } from './chart-cell.tsx';
import { columnsFor, gridRows, type GridRow } from './chart-filter.ts';
import type { ChartOrder } from './chart-order.ts';
import { Facts } from './facts.tsx';
import styles from './grid.module.css';
import { selectChart, useLivePage } from './live-page-store.ts';
import type { NamedChart } from './named-chart.ts';

export interface ChartGridHandle {
  readonly scrollToGroup: (group: string) => void;
}

interface ChartGridProps {
  readonly charts: readonly NamedChart[];
  /** Ids of the charts that stand under 'Unusual now'. */
  readonly unusual: ChartOrder;
  /** Charts of the page in all, shown or filtered out. */
  readonly total: number;
  readonly facts: PageView['facts'];
  readonly store: LiveStore | null;
  readonly view: SharedView;
  readonly stale: boolean;
  /** What is shown is of a moment that was gone to. */
  readonly past: boolean;
  readonly onStep: (steps: number) => void;
  readonly onPointer: (over: boolean) => void;
  readonly ref?: Ref<ChartGridHandle>;
}

const HEAD_HEIGHT = 27;

/** The charts of a target: what is unusual, then all others in groups. Only rows in view exist. */
export function ChartGrid(props: ChartGridProps) {
  const { charts, unusual, total, facts, store, view, stale, past, onStep, onPointer, ref } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const width = useExtent(scroller, 'clientWidth');
  const columns = columnsFor(width);
  const selected = useLivePage((state) => state.chart);
  const [closed, setClosed] = useState(false);
  const rows = useMemo(() => gridRows(charts, unusual, columns, closed), [charts, unusual, columns, closed]);
  const count = rows.length + (facts.length > 0 ? 1 : 0);
  const virtual = useVirtualizer({
    count,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => rowHeight(rows[index], facts.length),
    getItemKey: (index) => rowKey(rows[index], index),
    // A row that is not seen costs as much as one that is.
    overscan: 1,
  });
  useEffect(() => virtual.measure(), [rows, virtual]);
  const selectedRow = rows.findIndex(
    (row) => row.kind === 'charts' && row.cells.some(({ spec }) => spec.id === selected),
  );
  useEffect(() => {
    if (selectedRow >= 0) virtual.scrollToIndex(selectedRow);
    // Scrolling follows the choice of a chart, not rows that move.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [selected]);
  const keepFocus = useFocusKept(scroller);
  useImperativeHandle(
    ref,
    () => ({
      scrollToGroup: (group) => {
        const has = (row: GridRow) => row.kind === 'charts' && row.cells.some(({ spec }) => spec.group === group);
        const calm = rows.findIndex((row) => row.section === 'rest' && has(row));
        const index = calm >= 0 ? calm : rows.findIndex(has);
        if (index >= 0) virtual.scrollToIndex(index, { align: 'start' });
      },
    }),
    [rows, virtual],
  );
  return (
    <div
      ref={scroller}
      className={styles['grid']}
      onPointerEnter={() => onPointer(true)}
      onPointerLeave={() => onPointer(false)}
      {...keepFocus}
    >
      <div className={styles['sheet']} style={{ height: virtual.getTotalSize() }}>
        {width > 0 &&
          virtual.getVirtualItems().map((item) => {
            const row = rows[item.index];
            const place = { top: item.start, height: item.size };
            if (row === undefined) {
              return (
                <div key={item.key} className={styles['facts']} style={{ top: item.start }}>
                  <Facts facts={facts} />
                </div>
              );
            }
            if (row.kind === 'head') {
              return (
                <div key={item.key} className={styles['place']} style={place}>
                  {row.section === 'unusual' ? (
                    <UnusualHead
                      charts={row.charts}
                      total={total}
                      past={past}
                      closed={closed}
                      onToggle={() => setClosed(!closed)}
                    />
                  ) : (
                    <RestHead charts={row.charts} total={total} all={unusual.length === 0} />
                  )}
                </div>
              );
            }
            return (
              <div
                key={item.key}
                className={styles['line']}
                style={{ ...place, gridTemplateColumns: `repeat(${columns}, minmax(0, 1fr))` }}
              >
                {row.cells.map(({ spec, group, span }) => (
                  <ChartCell
                    key={spec.id}
                    spec={spec}
                    group={group}
                    span={span}
                    store={store}
                    view={view}
                    stale={stale}
                    selected={spec.id === selected}
                    width={(width / columns) * span}
                    onSelect={selectChart}
                    onStep={onStep}
                  />
                ))}
              </div>
            );
          })}
      </div>
    </div>
  );
}

interface HeadProps {
  readonly charts: number;
  readonly total: number;
}

interface UnusualHeadProps extends HeadProps {
  readonly past: boolean;
  readonly closed: boolean;
  readonly onToggle: () => void;
}

function UnusualHead({ charts, total, past, closed, onToggle }: UnusualHeadProps) {
  const { t } = useTranslation('live');
  const Chevron = closed ? IconChevronRight : IconChevronDown;
  return (
    <button type="button" className={styles['head']} aria-expanded={!closed} onClick={onToggle}>
      <IconFlame className={styles['flame']} size={14} stroke={1.6} aria-hidden />
      <h2>{t(past ? 'charts.unusualThen' : 'charts.unusual')}</h2>
      <span>{t('charts.unusualNote', { count: charts, total })}</span>
      <Chevron className={styles['chevron']} size={14} stroke={1.6} aria-hidden />
    </button>
  );
}

function RestHead({ charts, total, all }: HeadProps & { all: boolean }) {
  const { t } = useTranslation('live');
  return (
    <div className={styles['head']}>
      <h2>{t(all ? 'charts.title' : 'charts.rest')}</h2>
      <span>
        {!all || charts === total
          ? t('charts.byGroup', { count: charts })
          : t('charts.filtered', { count: charts, total })}
      </span>
    </div>
  );
}

function rowHeight(row: GridRow | undefined, facts: number): number {
  if (row === undefined) return 60 + facts * 27;
  return row.kind === 'head' ? HEAD_HEIGHT : CELL_HEIGHT;
}

function rowKey(row: GridRow | undefined, index: number): string | number {
  if (row === undefined) return 'facts';
  return row.kind === 'head' ? row.section : `${row.section} ${row.cells[0]?.spec.id ?? index}`;
}

/** A chart in focus that moves to another row is another element there: it has the focus again. */
function useFocusKept(grid: {
  readonly current: HTMLElement | null;
}): Pick<DOMAttributes<HTMLElement>, 'onFocus' | 'onBlur'> {
  const chart = useRef<string | null>(null);
  useLayoutEffect(() => {
    if (chart.current === null || document.activeElement !== document.body) return;
    grid.current
      ?.querySelector<HTMLElement>(`[data-chart="${CSS.escape(chart.current)}"]`)
      ?.focus({ preventScroll: true });
  });
  return useMemo(
    () => ({
      onFocus: ({ target }) => {
        chart.current = target.dataset['chart'] ?? null;
      },
      onBlur: ({ target }) => {
        // An element that was taken away did not let go of it.
        queueMicrotask(() => {
          if (target.isConnected && document.activeElement !== target) chart.current = null;
        });
      },
    }),
    [],
  );
}
