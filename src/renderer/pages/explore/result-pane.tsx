import { Button, SegmentedControl, Tabs } from '@mantine/core';
import { useEffect, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { PlotKind } from '#renderer/charts/index.ts';
import { usePreferences } from '#renderer/data/index.ts';
import { formatDuration } from '#shared/model/index.ts';
import { ErrorNote, formatCount, formatTime, formatValue, isTextField } from '#renderer/ui/index.ts';
import type { Vocabulary } from '../../editor/index.ts';
import { chartOfQueries } from './chart-of-runs.ts';
import type { DrawnQuery } from './line-chart.ts';
import styles from './explore.module.css';
import { Graph } from './graph.tsx';
import { NoData } from './no-data.tsx';
import { checkQuery } from './query-check.ts';
import type { QueryRow } from './query-list.ts';
import { ResultTableView } from './result-table-view.tsx';
import { useRuns, type Run, type RunRequest } from './use-runs.ts';
import type { TimeRange } from './use-time-range.ts';

interface ResultPaneProps {
  readonly rows: readonly QueryRow[];
  readonly range: TimeRange;
  /** Counts the runs: the same query run again is asked again. */
  readonly again: number;
  readonly vocabulary: Vocabulary;
  readonly onReplace: (text: string, id?: string) => void;
}

type Tab = 'graph' | 'table';

/** The running line shows when it takes longer than a blink. */
const SHOW_RUNNING_AFTER_MILLIS = 200;

export function ResultPane({ rows, range, again, vocabulary, onReplace }: ResultPaneProps) {
  const { t, i18n } = useTranslation('explore');
  const { preferences } = usePreferences();
  const [tab, setTab] = useState<Tab>('graph');
  const [kind, setKind] = useState<PlotKind | null>(null);
  const { start, end, step } = range;
  const asked = JSON.stringify(rows.map(({ id, ran }) => [id, ran]));
  const requests = useMemo(
    () =>
      (JSON.parse(asked) as [string, string][]).map(([id, expr]): RunRequest => ({
        id,
        expr,
        start,
        end,
        step,
        mode: tab === 'graph' ? 'range' : 'instant',
      })),
    [asked, start, end, step, tab],
  );
  const runs = useRuns(requests, again);
  const { stop } = runs;
  const all = rows.map((row) => ({ row, run: runs.byId.get(row.id) }));
  const running = all.some(({ run }) => run?.running === true);
  useEffect(() => {
    if (!running) return;
    const onKey = (event: KeyboardEvent): void => {
      if (event.key === 'Escape' && !event.defaultPrevented && !isOpenPopup(event.target)) stop();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [running, stop]);

  const time = (at: number): string => formatTime(at, 'clock', i18n.language, preferences.timeZone);
  return (
    <Tabs value={tab} onChange={(next) => setTab(next === 'table' ? 'table' : 'graph')} className={styles.results}>
      <div className={styles.resultBar}>
        <Tabs.List>
          <Tabs.Tab value="graph">{t('tab.graph')}</Tabs.Tab>
          <Tabs.Tab value="table">{t('tab.table')}</Tabs.Tab>
        </Tabs.List>
        <span className={styles.space} />
        {running && (
          <Button variant="subtle" color="gray" onClick={stop}>
            {t('run.stop')}
          </Button>
        )}
        <span className={styles.rangeText}>
          {tab === 'graph'
            ? t('run.range', { step: formatDuration(step), from: time(start), to: time(end) })
            : t('run.at', { time: formatTime(end, 'clock-seconds', i18n.language, preferences.timeZone) })}
        </span>
        {tab === 'graph' && (
          <SegmentedControl
            aria-label={t('graph.kind')}
            data={[
              { value: 'lines', label: t('graph.lines') },
              { value: 'stacked', label: t('graph.stacked') },
              { value: 'points', label: t('graph.points') },
              { value: 'heatmap', label: t('graph.heatmap') },
            ]}
            value={kind ?? 'lines'}
            onChange={(value) => setKind(value)}
          />
        )}
      </div>
      <RunningLine running={running} />
      <Notes all={all} />
      <Tabs.Panel value="graph" className={styles.panel}>
        <GraphTab all={all} kind={kind} range={range} vocabulary={vocabulary} onReplace={onReplace} />
      </Tabs.Panel>
      <Tabs.Panel value="table" className={styles.panel}>
        <TableTab all={all} vocabulary={vocabulary} onReplace={onReplace} />
      </Tabs.Panel>
      <Stats all={all} />
    </Tabs>
  );
}

/** Escape closes what is open first. */
function isOpenPopup(target: EventTarget | null): boolean {
  if (!isTextField(target)) return false;
  return document.querySelector('.cm-tooltip-autocomplete') !== null;
}

interface RowRun {
  readonly row: QueryRow;
  readonly run: Run | undefined;
}

function RunningLine({ running }: { readonly running: boolean }) {
  const { t } = useTranslation('explore');
  const [late, setLate] = useState(false);
  useEffect(() => {
    if (!running) return;
    const timer = window.setTimeout(() => setLate(true), SHOW_RUNNING_AFTER_MILLIS);
    return () => {
      window.clearTimeout(timer);
      setLate(false);
    };
  }, [running]);
  if (!running || !late) return <div className={styles.runningPlace} />;
  return (
    <div className={styles.runningPlace}>
      <div className={styles.running} role="progressbar" aria-label={t('run.running')} />
    </div>
  );
}

/** Failures of the queries, and what the engine remarks about them. */
function Notes({ all }: { readonly all: readonly RowRun[] }) {
  return (
    <>
      {all.map(({ row, run }) => {
        if (run === undefined || run.error === null) return null;
        if (run.error.kind !== 'query-parse') return <ErrorNote key={row.id} error={run.error} />;
        // What the editor marks already is not said twice.
        if (row.text.trim() === row.ran && checkQuery(row.ran).length > 0) return null;
        return (
          <p key={row.id} className={styles.failure} role="alert">
            {run.error.message}
          </p>
        );
      })}
      {all.flatMap(({ row, run }) => {
        if (run?.result === null || run === undefined || run.error !== null) return [];
        const { warnings, infos } = run.result;
        return [
          ...warnings.map((text) => ({ kind: 'warning', text })),
          ...infos.map((text) => ({ kind: 'info', text })),
        ].map(({ kind, text }) => (
          <p key={`${row.id} ${text}`} className={styles.annotation} data-kind={kind} role="status">
            {text}
          </p>
        ));
      })}
    </>
  );
}

interface TabProps {
  readonly all: readonly RowRun[];
  readonly vocabulary: Vocabulary;
  readonly onReplace: (text: string, id?: string) => void;
}

function isEmptyResult(run: Run): boolean {
  const { result } = run;
  return result !== null && 'series' in result && result.series.length === 0;
}

/** The first query that ran well and found nothing, when all others found nothing either. */
function nothingFound(all: readonly RowRun[]): QueryRow | null {
  const done = all.filter(({ run }) => run !== undefined && run.result !== null);
  if (done.length === 0 || done.some(({ run }) => run !== undefined && !isEmptyResult(run))) return null;
  return done[0].row;
}

function GraphTab({
  all,
  kind,
  range,
  vocabulary,
  onReplace,
}: TabProps & { readonly kind: PlotKind | null; readonly range: TimeRange }) {
  const drawn = useMemo(
    () =>
      all.flatMap(({ row, run }): DrawnQuery[] =>
        run !== undefined && run.result !== null && run.answered?.mode === 'range'
          ? [{ id: row.id, expr: run.answered.expr, result: run.result, before: null }]
          : [],
      ),
    [all],
  );
  const chart = useMemo(() => chartOfQueries(drawn, { kind, dots: [] }), [drawn, kind]);
  const stale = all.some(({ run }) => run !== undefined && run.error !== null);
  const empty = nothingFound(all);
  if (empty !== null) return <NoData row={empty} vocabulary={vocabulary} onReplace={onReplace} />;
  return <Graph chart={chart} range={range} stale={stale} />;
}

function TableTab({ all, vocabulary, onReplace }: TabProps) {
  const empty = nothingFound(all);
  if (empty !== null) return <NoData row={empty} vocabulary={vocabulary} onReplace={onReplace} />;
  return (
    <div className={styles.tableScroll}>
      {all.map(({ row, run }) =>
        run !== undefined && run.result !== null && run.answered?.mode === 'instant' ? (
          <ResultTableView
            key={row.id}
            id={all.length > 1 ? row.id : ''}
            expr={run.answered.expr}
            result={run.result}
            stale={run.error !== null}
          />
        ) : null,
      )}
    </div>
  );
}

/** Over this long the time is remarkable. */
const SLOW_MILLIS = 1000;

function Stats({ all }: { readonly all: readonly RowRun[] }) {
  const { t, i18n } = useTranslation('explore');
  const done = all.flatMap(({ run }) => (run !== undefined && run.result !== null ? [run.result] : []));
  if (done.length === 0) return <div className={styles.stats} />;
  const sum = (pick: (stats: (typeof done)[number]['stats']) => number): number =>
    done.reduce((total, { stats }) => total + pick(stats), 0);
  const millis = Math.max(...done.map(({ stats }) => stats.evalMillis));
  const series = sum((stats) => stats.seriesRead);
  const samples = sum((stats) => stats.samplesRead);
  return (
    <div className={styles.stats} role="status">
      <span>{t('stats.series', { count: series, number: formatCount(series, i18n.language) })}</span>
      <span>{t('stats.samples', { count: samples, number: formatCount(samples, i18n.language) })}</span>
      <span data-slow={millis > SLOW_MILLIS || undefined}>
        {formatValue(millis / 1000, 'seconds', i18n.language).text}
      </span>
    </div>
  );
}
