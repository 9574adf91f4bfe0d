import { Tabs } from '@mantine/core';
import { useMemo, useRef, type RefObject } from 'react';
import { useTranslation } from 'react-i18next';
import type { PlotHandle } from '#renderer/charts/index.ts';
import type { Vocabulary } from '../../editor/index.ts';
import { chartOfQueries } from './chart-of-runs.ts';
import { ExplainLine } from './explain-line.tsx';
import { ExplainView } from './explain-view.tsx';
import styles from './explore.module.css';
import { TABS, type ExploreView } from './explore-address.ts';
import { Graph, type GraphControl } from './graph.tsx';
import type { DrawnQuery } from './line-chart.ts';
import { NoData } from './no-data.tsx';
import type { QueryRow } from './query-list.ts';
import { ResultBar } from './result-bar.tsx';
import { ResultNotes, RunningLine } from './result-notes.tsx';
import { ResultTableView } from './result-table-view.tsx';
import { useExemplars } from './use-exemplars.ts';
import { useExplain } from './use-explain.ts';
import type { Run, RunRequest, Runs } from './use-runs.ts';
import type { TimeRange } from './use-time-range.ts';

interface ResultPaneProps {
  readonly rows: readonly QueryRow[];
  readonly requests: readonly RunRequest[];
  readonly runs: Runs;
  /** Counts the runs. */
  readonly again: number;
  readonly range: TimeRange;
  readonly view: ExploreView;
  readonly setView: (change: Partial<ExploreView>) => void;
  readonly full: boolean;
  readonly setFull: (full: boolean) => void;
  readonly control: RefObject<GraphControl | null>;
  readonly vocabulary: Vocabulary;
  readonly onReplace: (text: string, id?: string) => void;
}

/** A row with what is known of its query. */
export interface RowRun {
  readonly row: QueryRow;
  readonly run: Run | undefined;
}

/** Queries slower than this are not run a second time only to say where the time goes. */
const EXPLAIN_UNASKED_MILLIS = 400;

/** Results of the queries as graph, table or query tree, with what can be done with them. */
export function ResultPane(props: ResultPaneProps) {
  const { t } = useTranslation('explore');
  const { rows, requests, runs, again, range, view, setView, control, vocabulary, onReplace } = props;
  const all = useMemo(() => rows.map((row): RowRun => ({ row, run: runs.byId.get(row.id) })), [rows, runs.byId]);
  const running = all.some(({ run }) => run?.running === true);
  const plot = useRef<PlotHandle | null>(null);
  const dots = useExemplars(requests, view.exemplars && view.tab === 'graph');
  const drawn = useMemo(
    () =>
      all.flatMap(({ row, run }): DrawnQuery[] =>
        run !== undefined && run.result !== null && run.answered?.mode === 'range'
          ? [{ id: row.id, expr: run.answered.expr, result: run.result, before: run.before }]
          : [],
      ),
    [all],
  );
  const chart = useMemo(() => chartOfQueries(drawn, { kind: view.draw, dots }), [drawn, view.draw, dots]);
  const settled =
    all.length > 0 && all.every(({ run }) => run !== undefined && run.result !== null && run.error === null);
  const quick = all.every(({ run }) => (run?.result?.stats.evalMillis ?? 0) < EXPLAIN_UNASKED_MILLIS);
  const explained = useExplain(requests, again, view.tab === 'explain' || (view.tab === 'graph' && settled && quick));
  const stale = all.some(({ run }) => run !== undefined && run.error !== null);
  const empty = nothingFound(all);
  return (
    <Tabs
      value={view.tab}
      onChange={(next) => setView({ tab: TABS.find((tab) => tab === next) ?? 'graph' })}
      className={styles.results}
      data-full={props.full || undefined}
    >
      <ResultBar
        {...props}
        running={running}
        chart={chart}
        hasBuckets={chart?.hasBuckets === true}
        imageOf={() => plot.current?.canvas() ?? null}
      />
      <RunningLine running={running} />
      <ResultNotes all={all} onRunAnyway={runs.runAnyway} onReplace={onReplace} rateWindow={range.rateWindow} />
      <Tabs.Panel value="graph" className={styles.panel}>
        {empty !== null ? (
          <NoData row={empty} vocabulary={vocabulary} onReplace={onReplace} />
        ) : (
          <Graph chart={chart} range={range} stale={stale} dots={dots} control={control} plot={plot} view={view} />
        )}
      </Tabs.Panel>
      <Tabs.Panel value="table" className={styles.panel}>
        {empty !== null ? (
          <NoData row={empty} vocabulary={vocabulary} onReplace={onReplace} />
        ) : (
          <div className={styles.tableScroll} tabIndex={0} role="region" aria-label={t('tab.table')}>
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
        )}
      </Tabs.Panel>
      <Tabs.Panel value="explain" className={styles.panel}>
        <ExplainView explained={explained} several={all.length > 1} />
      </Tabs.Panel>
      <ExplainLine all={all} explained={explained} />
    </Tabs>
  );
}

function isEmptyResult({ result }: Run): boolean {
  return result !== null && 'series' in result && result.series.length === 0;
}

/** The first query that ran well and found nothing, when all others found nothing either. */
function nothingFound(all: readonly RowRun[]): QueryRow | null {
  const done = all.filter(({ run }) => run !== undefined && run.result !== null);
  if (done.length === 0 || done.some(({ run }) => run !== undefined && !isEmptyResult(run))) return null;
  return done[0].row;
}
