import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useImperativeHandle, useLayoutEffect, useMemo, useRef, useState, type Ref } from 'react';
import { useTranslation } from 'react-i18next';
import type { ChartSpec, PageView } from '#shared/contract/index.ts';
import type { SharedView } from '#renderer/charts/index.ts';
import type { LiveStore } from '#renderer/data/index.ts';
import { CELL_HEIGHT, ChartCell } from './chart-cell.tsx';
import { columnsFor, gridRows, type GridRow } from './chart-filter.ts';
import { Facts } from './facts.tsx';
import styles from './grid.module.css';
import { selectChart, useLivePage } from './live-page-store.ts';

export interface ChartGridHandle {
  readonly scrollToGroup: (group: string) => void;
}

interface ChartGridProps {
  readonly charts: readonly ChartSpec[];
  readonly facts: PageView['facts'];
  readonly store: LiveStore | null;
  readonly view: SharedView;
  readonly stale: boolean;
  readonly onStep: (steps: number) => void;
  readonly ref?: Ref<ChartGridHandle>;
}

/** The charts of a target in groups. Only rows in view exist. */
export function ChartGrid({ charts, facts, store, view, stale, onStep, ref }: ChartGridProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const width = useWidth(scroller);
  const columns = columnsFor(width);
  const selected = useLivePage((state) => state.chart);
  const rows = useMemo(() => gridRows(charts, columns), [charts, columns]);
  const count = rows.length + (facts.length > 0 ? 1 : 0);
  const virtual = useVirtualizer({
    count,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => rowHeight(rows[index], facts.length),
    getItemKey: (index) => rowKey(rows[index], index),
    overscan: 2,
  });
  useEffect(() => virtual.measure(), [rows, virtual]);
  const selectedRow = rows.findIndex(({ cells }) => cells.some(({ spec }) => spec.id === selected));
  useEffect(() => {
    if (selectedRow >= 0) virtual.scrollToIndex(selectedRow);
    // Scrolling follows the choice of a chart, not rows that move.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [selected]);
  useImperativeHandle(
    ref,
    () => ({
      scrollToGroup: (group) => {
        const index = rows.findIndex(({ cells }) => cells.some((cell) => cell.group === group));
        if (index >= 0) virtual.scrollToIndex(index, { align: 'start' });
      },
    }),
    [rows, virtual],
  );
  return (
    <div ref={scroller} className={styles['grid']}>
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
            return (
              <div
                key={item.key}
                className={styles['line']}
                style={{ ...place, gridTemplateColumns: `repeat(${columns}, minmax(0, 1fr))` }}
              >
                {row.cells.map(({ spec, group }) => (
                  <ChartCell
                    key={spec.id}
                    spec={spec}
                    group={group}
                    store={store}
                    view={view}
                    stale={stale}
                    selected={spec.id === selected}
                    width={width / columns}
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

/** Above the charts: how many there are. */
export function ChartsBar({ shown, total }: { readonly shown: number; readonly total: number }) {
  const { t } = useTranslation('live');
  return (
    <div className={styles['summary']}>
      <h2>{t('charts.title')}</h2>
      {shown === total ? t('charts.byGroup', { count: total }) : t('charts.filtered', { count: shown, total })}
    </div>
  );
}

function rowHeight(row: GridRow | undefined, facts: number): number {
  return row === undefined ? 60 + facts * 27 : CELL_HEIGHT;
}

function rowKey(row: GridRow | undefined, index: number): string | number {
  return row === undefined ? 'facts' : (row.cells[0]?.spec.id ?? index);
}

/** Width of an element, kept up to date. */
function useWidth(element: { readonly current: HTMLElement | null }): number {
  const [width, setWidth] = useState(0);
  useLayoutEffect(() => {
    const { current } = element;
    if (current === null) return;
    const read = () => setWidth(current.clientWidth);
    read();
    const observer = new ResizeObserver(read);
    observer.observe(current);
    return () => observer.disconnect();
  }, [element]);
  return width;
}
