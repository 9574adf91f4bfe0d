import { IconChevronDown, IconChevronRight } from '@tabler/icons-react';
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
import { selectChart, toggleFolded, useLivePage } from './live-page-store.ts';

const GROUP_HEIGHT = 28;

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
  const folded = useLivePage((state) => state.folded);
  const selected = useLivePage((state) => state.chart);
  const rows = useMemo(() => gridRows(charts, columns, folded), [charts, columns, folded]);
  const count = rows.length + (facts.length > 0 ? 1 : 0);
  const virtual = useVirtualizer({
    count,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => rowHeight(rows[index], facts.length),
    getItemKey: (index) => rowKey(rows[index], index),
    overscan: 2,
  });
  useEffect(() => virtual.measure(), [rows, virtual]);
  const selectedRow = rows.findIndex((row) => row.type === 'charts' && row.charts.some(({ id }) => id === selected));
  useEffect(() => {
    if (selectedRow >= 0) virtual.scrollToIndex(selectedRow);
    // Scrolling follows the choice of a chart, not rows that move.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [selected]);
  useImperativeHandle(
    ref,
    () => ({
      scrollToGroup: (group) => {
        const index = rows.findIndex((row) => row.type === 'group' && row.group === group);
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
            if (row.type === 'group') return <GroupBar key={item.key} row={row} place={place} />;
            return (
              <div
                key={item.key}
                className={styles['line']}
                style={{ ...place, gridTemplateColumns: `repeat(${columns}, minmax(0, 1fr))` }}
              >
                {row.charts.map((spec) => (
                  <ChartCell
                    key={spec.id}
                    spec={spec}
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

function rowHeight(row: GridRow | undefined, facts: number): number {
  if (row === undefined) return 60 + facts * 27;
  return row.type === 'group' ? GROUP_HEIGHT : CELL_HEIGHT;
}

function rowKey(row: GridRow | undefined, index: number): string | number {
  if (row === undefined) return 'facts';
  return row.type === 'group' ? `group ${row.group}` : `charts ${row.group} ${row.charts[0]?.id ?? index}`;
}

interface GroupBarProps {
  readonly row: Extract<GridRow, { type: 'group' }>;
  readonly place: { readonly top: number; readonly height: number };
}

function GroupBar({ row, place }: GroupBarProps) {
  const { t } = useTranslation('live');
  const Chevron = row.folded ? IconChevronRight : IconChevronDown;
  return (
    <button
      type="button"
      className={styles['groupBar']}
      style={place}
      aria-expanded={!row.folded}
      onClick={() => toggleFolded(row.group)}
    >
      <h2 className={styles['groupTitle']}>{row.group}</h2>
      <span className={styles['groupNote']}>{t('group.charts', { count: row.count })}</span>
      <Chevron size={14} stroke={1.6} aria-hidden />
    </button>
  );
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
