import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCore } from '#renderer/data/index.ts';
import { copyText, readClock } from '#renderer/ui/index.ts';
import { navigate, PageFrame, routeTo, usePageKeys, useRoute } from '#renderer/frame/index.ts';
import { coreVocabulary, type EditorHandle } from '../../editor/index.ts';
import { draftFor, readDraft, writeDraft } from './drafts.ts';
import { readAddress, writeAddress, type ExploreView } from './explore-address.ts';
import { exploreKeyAction } from './explore-keys.ts';
import styles from './explore.module.css';
import type { GraphControl } from './graph.tsx';
import { METRIC_FILTER_ID, MetricBrowser } from './metric-browser.tsx';
import { browserRows, insertionFor, queryForRow, starterQueries, type BrowserRow } from './metric-query.ts';
import { QueryPane } from './query-pane.tsx';
import { changeRow, committed, type QueryRow } from './query-list.ts';
import { requestsOf } from './query-requests.ts';
import { rateWindowFor } from './query-step.ts';
import { ResultPane } from './result-pane.tsx';
import { getLabelOfMatchers, selectorsOf } from './selectors.ts';
import { Starters } from './starters.tsx';
import { TimeRangeControl } from './time-range-control.tsx';
import { useTimeRange } from './use-time-range.ts';
import { useHistory } from './use-history.ts';
import { useMetrics } from './use-metrics.ts';
import { useRuns } from './use-runs.ts';

/** Explore: any PromQL query, as a graph, as a table, and explained. */
export default function ExplorePage() {
  const { t } = useTranslation('explore');
  const core = useCore();
  const route = useRoute();
  const [opened] = useState(() => readAddress(route.query));
  const range = useTimeRange(opened.range);
  const [rows, setRows] = useState<readonly QueryRow[]>(() => draftFor(opened.rows, readDraft(window.sessionStorage)));
  const [view, setViewState] = useState(opened.view);
  const setView = useCallback(
    (change: Partial<ExploreView>) => setViewState((current) => ({ ...current, ...change })),
    [],
  );
  const [again, setAgain] = useState(0);
  const [full, setFull] = useState(false);
  const [goToOpen, setGoToOpen] = useState(false);
  const history = useHistory();
  const [editors] = useState(() => new Map<string, EditorHandle>());
  const control = useRef<GraphControl>(null);
  const focused = useRef(rows[0].id);
  const { present, refresh, chosen } = range;
  const vocabulary = useMemo(
    () => coreVocabulary({ client: core, window: present, now: readClock, rateWindow: () => rateWindowFor(present()) }),
    [core, present],
  );
  const onFirst = useCallback(() => {
    refresh();
    setAgain((count) => count + 1);
  }, [refresh]);
  const metrics = useMetrics(vocabulary, onFirst);
  const browser = useMemo(() => browserRows(metrics.metrics), [metrics.metrics]);

  const here = route.path[0] === 'explore';
  const address = route.query.toString();
  const own = useRef(address);
  // What is looked at is what the address says, so that it can be sent and come back to.
  useEffect(() => {
    writeDraft(window.sessionStorage, rows);
    const target = routeTo(['explore'], writeAddress({ rows, view, range: chosen }));
    const next = new URLSearchParams(target.split('?')[1] ?? '').toString();
    if (next === own.current || !here) return;
    own.current = next;
    navigate(target, { replace: true });
  }, [rows, view, chosen, here]);
  // Another page, or a link, sent the person here with a query: it takes the place of what was there.
  const { choose: chooseRange } = range;
  useEffect(() => {
    if (!here || address === own.current) return;
    own.current = address;
    const sent = readAddress(new URLSearchParams(address));
    setRows(sent.rows);
    setViewState(sent.view);
    if (sent.range !== null) chooseRange(sent.range);
  }, [here, address, chooseRange]);

  const latest = useRef(rows);
  useEffect(() => {
    latest.current = rows;
  });
  const remember = history.add;
  const runRows = useCallback(
    (next: readonly QueryRow[]) => {
      const ready = committed(next);
      setRows(ready);
      // What was stored a moment ago belongs to the answer.
      refresh();
      setAgain((count) => count + 1);
      remember(ready.map((row) => row.ran));
    },
    [remember, refresh],
  );
  const run = useCallback(() => runRows(latest.current), [runRows]);
  /** Replaces the query that is being worked on, and runs it. */
  const replace = useCallback(
    (text: string, id = focused.current) => {
      const known = latest.current.some((row) => row.id === id) ? id : latest.current[0].id;
      runRows(changeRow(latest.current, known, { text }));
    },
    [runRows],
  );
  const choose = (row: BrowserRow): void => {
    const current = rows.find((candidate) => candidate.id === focused.current) ?? rows[0];
    if (current.text.trim() === '') replace(queryForRow(row, range.rateWindow), current.id);
    else editors.get(current.id)?.insert(insertionFor(row));
  };

  const shown = useMemo(() => rows.filter((row) => row.shown && row.ran !== ''), [rows]);
  const asked = JSON.stringify(shown.map(({ id, ran }) => [id, ran]));
  const { start, end, step } = range;
  const requests = useMemo(() => {
    const named = (JSON.parse(asked) as [string, string][]).map(([id, ran]) => ({ id, text: ran, ran, shown: true }));
    return requestsOf(named, view, { start, end, step });
  }, [asked, view, start, end, step]);
  const runs = useRuns(requests, again);
  const running = shown.some((row) => runs.byId.get(row.id)?.running === true);

  const used = useMemo(
    () => new Set(shown.flatMap(({ ran }) => selectorsOf(ran).map(({ matchers }) => getLabelOfMatchers(matchers)))),
    [shown],
  );
  const { stop } = runs;
  const { resize, live, setLive } = range;
  const keys = useMemo(
    () => ({
      step: (by: number) => control.current?.step(by),
      range: resize,
      togglePause: () => setLive(!live),
      filter: () => document.getElementById(METRIC_FILTER_ID)?.focus(),
      edit: () => editors.get(focused.current)?.focus(),
      fullWindow: () => setFull((before) => !before),
      goTo: () => setGoToOpen(true),
      copyQuery: () => {
        const row = latest.current.find(({ id }) => id === focused.current) ?? latest.current[0];
        void copyText(row.text);
      },
      table: () => control.current?.table(),
      // From the inside out: what runs, what was pointed at, the large chart.
      escape: () => {
        if (running) stop();
        else if (control.current?.reset() !== true) setFull(false);
      },
    }),
    [control, resize, live, setLive, editors, running, stop],
  );
  usePageKeys(exploreKeyAction, keys);

  return (
    <PageFrame
      name="explore"
      listWidth={252}
      list={<MetricBrowser rows={browser} state={metrics} used={used} onChoose={choose} />}
    >
      <h1 className={styles.visuallyHidden}>{t('title')}</h1>
      <TimeRangeControl range={range} goToOpen={goToOpen} setGoToOpen={setGoToOpen} />
      <QueryPane
        rows={rows}
        setRows={setRows}
        onRun={run}
        onReplace={replace}
        history={history}
        vocabulary={vocabulary}
        editors={editors}
        runs={runs}
        range={range}
        onFocus={(id) => {
          focused.current = id;
        }}
      />
      {shown.length === 0 ? (
        <Starters queries={starterQueries(browser, range.rateWindow)} state={metrics} onChoose={replace} />
      ) : (
        <ResultPane
          rows={shown}
          requests={requests}
          runs={runs}
          again={again}
          range={range}
          view={view}
          setView={setView}
          full={full}
          setFull={setFull}
          control={control}
          vocabulary={vocabulary}
          onReplace={replace}
        />
      )}
    </PageFrame>
  );
}
