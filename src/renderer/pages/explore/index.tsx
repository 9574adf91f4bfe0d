import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCore } from '#renderer/data/index.ts';
import { readClock } from '#renderer/ui/index.ts';
import { navigate, PageFrame, routeTo, useRoute } from '#renderer/frame/index.ts';
import { coreVocabulary, type EditorHandle } from '../../editor/index.ts';
import styles from './explore.module.css';
import { MetricBrowser } from './metric-browser.tsx';
import { browserRows, insertionFor, queryForRow, starterQueries, type BrowserRow } from './metric-query.ts';
import { QueryPane } from './query-pane.tsx';
import { addressOfRows, changeRow, committed, rowsOfAddress, type QueryRow } from './query-list.ts';
import { ResultPane } from './result-pane.tsx';
import { Starters } from './starters.tsx';
import { TimeRangeControl } from './time-range-control.tsx';
import { useTimeRange } from './use-time-range.ts';
import { useHistory } from './use-history.ts';
import { useMetrics } from './use-metrics.ts';

/** Explore: any PromQL query, as a graph or as a table. */
export default function ExplorePage() {
  const { t } = useTranslation('explore');
  const core = useCore();
  const route = useRoute();
  const range = useTimeRange();
  const [rows, setRows] = useState<readonly QueryRow[]>(() => rowsOfAddress(route.query));
  const [again, setAgain] = useState(0);
  const history = useHistory();
  const [editors] = useState(() => new Map<string, EditorHandle>());
  const focused = useRef(rows[0].id);
  const { present, preset, choose: chooseRange } = range;
  const vocabulary = useMemo(() => coreVocabulary({ client: core, window: present, now: readClock }), [core, present]);
  const onFirst = useCallback(() => {
    if (preset !== null) chooseRange(preset);
    setAgain((count) => count + 1);
  }, [preset, chooseRange]);
  const metrics = useMetrics(vocabulary, onFirst);
  const browser = useMemo(() => browserRows(metrics.metrics), [metrics.metrics]);

  // Another page sent the person here with a query: it takes the place of what was there.
  const address = route.query.toString();
  const own = useRef(address);
  useEffect(() => {
    if (route.path[0] !== 'explore' || address === own.current) return;
    own.current = address;
    setRows(rowsOfAddress(new URLSearchParams(address)));
  }, [route, address]);

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
      if (preset !== null) chooseRange(preset);
      setAgain((count) => count + 1);
      remember(ready.map((row) => row.ran));
      const target = routeTo(['explore'], addressOfRows(ready));
      own.current = new URLSearchParams(target.split('?')[1] ?? '').toString();
      navigate(target, { replace: true });
    },
    [remember, preset, chooseRange],
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

  const shown = rows.filter((row) => row.shown && row.ran !== '');
  return (
    <PageFrame name="explore" listWidth={252} list={<MetricBrowser rows={browser} state={metrics} onChoose={choose} />}>
      <h1 className={styles.visuallyHidden}>{t('title')}</h1>
      <TimeRangeControl range={range} />
      <QueryPane
        rows={rows}
        setRows={setRows}
        onRun={run}
        onReplace={replace}
        history={history}
        vocabulary={vocabulary}
        editors={editors}
        onFocus={(id) => {
          focused.current = id;
        }}
      />
      {shown.length === 0 ? (
        <Starters queries={starterQueries(browser, range.rateWindow)} state={metrics} onChoose={replace} />
      ) : (
        <ResultPane rows={shown} range={range} again={again} vocabulary={vocabulary} onReplace={replace} />
      )}
    </PageFrame>
  );
}
