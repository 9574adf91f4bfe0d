import { Button } from '@mantine/core';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ErrorDetail, TargetView } from '#shared/contract/index.ts';
import { SharedView } from '#renderer/charts/index.ts';
import { errorDetail, useConnection, usePreferences, useTopic } from '#renderer/data/index.ts';
import {
  navigate,
  openPalette,
  PageFrame,
  routeTo,
  usePageKeys,
  usePaletteEntries,
  useRoute,
} from '#renderer/frame/index.ts';
import { EmptyState, ErrorNote, readClock, useFormat } from '#renderer/ui/index.ts';
import { AddTarget } from './add-target.tsx';
import { chartActions } from './chart-actions.ts';
import { filterCharts } from './chart-filter.ts';
import { ChartGrid, type ChartGridHandle } from './chart-grid.tsx';
import { ChartInspector } from './chart-inspector.tsx';
import { useChartOrder } from './chart-order.ts';
import { CrosshairVoice } from './crosshair-voice.tsx';
import { DownBanner } from './down-banner.tsx';
import { FullChart } from './full-chart.tsx';
import { HeatRibbon } from './heat-ribbon.tsx';
import { InspectorBar } from './inspector-bar.tsx';
import { byHeat, liveHeat } from './live-heat.ts';
import { liveKeyAction, type LiveKeyActions } from './live-keys.ts';
import { selectChart, setFilter, setPaused, useLivePage } from './live-page-store.ts';
import { LiveState } from './live-state.tsx';
import { liveStep } from './live-step.ts';
import styles from './live.module.css';
import { useTargetActions } from './target-actions.ts';
import { TargetHeader } from './target-header.tsx';
import { TargetInspector } from './target-inspector.tsx';
import { TargetList } from './target-list.tsx';
import { isStale } from './target-words.ts';
import { TimeRange } from './time-range.tsx';
import { useAdding } from './use-adding.ts';
import { useLiveTime } from './use-live-time.ts';
import { useLiveStore, useLiveVersion } from './use-live.ts';
import { useNamedCharts, type NamedChart } from './named-chart.ts';

/** Lanes of the heat ribbon: the hottest groups. */
const LANES = 5;
const NO_CHARTS: readonly NamedChart[] = [];

/** The live charts of one target after another. */
export default function LivePage() {
  const { t } = useTranslation('live');
  const format = useFormat();
  const route = useRoute();
  const connection = useConnection();
  const { preferences } = usePreferences();
  const targets = useTopic('targets', {});
  const active = targets.data?.active ?? null;
  const target = chooseTarget(active, route.path[1]);
  const [error, setError] = useState<ErrorDetail | null>(null);
  const onError = useCallback((failure: unknown) => setError(errorDetail(failure)), [setError]);
  const adding = useAdding(active, target?.id ?? null, onError);

  const { window: chosenWindow, pausedAt, until, filter, chart: chartId } = useLivePage();
  const window = chosenWindow ?? preferences.liveWindow;
  const page = usePage(target?.id ?? null, window);
  const store = useLiveStore(page.data, {
    window,
    step: liveStep(window, target?.interval ?? 5000),
    paused: pausedAt !== null,
    until,
  });
  const [view] = useState(() => new SharedView());
  const time = useLiveTime(view, store, window);
  const [table, setTable] = useState(false);
  const [full, setFull] = useState(false);
  const [goToOpen, setGoToOpen] = useState(false);
  const grid = useRef<ChartGridHandle>(null);
  const focusFilter = useRef<() => void>(() => undefined);
  const registerFilter = useCallback((focus: () => void) => {
    focusFilter.current = focus;
  }, []);

  const charts = useNamedCharts(page.data?.charts);
  const shown = useMemo(() => filterCharts(charts ?? [], filter), [charts, filter]);
  const version = useLiveVersion(store);
  const heat = useMemo(
    () => (store === null || charts === undefined || version < 0 ? null : liveHeat(charts, store)),
    [store, charts, version],
  );
  const groups = useMemo(() => byHeat(heat?.groups ?? []), [heat]);
  const lanes = useMemo(() => groups.slice(0, LANES), [groups]);
  const [pointed, setPointed] = useState(false);
  const unusual = useChartOrder(shown, heat, {
    // What there is to order by, not what was asked for.
    subject: `${target?.id ?? ''} ${store?.options.window} ${store?.options.until} ${filter} ${charts?.length ?? 0}`,
    held: pointed || pausedAt !== null,
  });
  const spec = charts?.find(({ id }) => id === chartId) ?? null;
  const targetActions = useTargetActions(target, onError);
  const toggleTable = useCallback(() => setTable((open) => !open), []);
  const toggleFull = useCallback(() => setFull((open) => !open), []);
  const shared = useMemo(() => ({ toggleTable, fullWindow: toggleFull }), [toggleTable, toggleFull]);
  const actions = useMemo(() => (spec === null ? null : chartActions(spec, shared)), [spec, shared]);
  usePaletteEntries(
    useMemo(
      () =>
        (charts ?? NO_CHARTS).map((chart) => ({
          id: chart.id,
          title: chart.title,
          note: chart.groupName,
          metricType: chart.type,
          run: () => {
            // A filter that leaves it out would hide what was asked for.
            if (filterCharts([chart], filter).length === 0) setFilter('');
            selectChart(chart.id);
          },
          runAlternative: chartActions(chart, shared).explore,
        })),
      [charts, filter, shared],
    ),
  );
  // Another target: what was chosen and set aside belonged to the one before. The time that was gone to is looked at here too.
  const id = target?.id ?? null;
  const before = useRef(id);
  useEffect(() => {
    if (before.current === id) return;
    before.current = id;
    if (useLivePage.getState().until === null) {
      view.reset();
      setPaused(null);
    }
    setFull(false);
    selectChart(null);
  }, [id, view]);

  const keys = useMemo<LiveKeyActions>(
    () => ({
      nextChart: (by) => {
        const at = shown.findIndex((chart) => chart.id === chartId);
        const next = shown[at < 0 ? (by === 1 ? 0 : shown.length - 1) : at + by];
        if (next !== undefined) selectChart(next.id);
      },
      nextTarget: (by) => {
        const at = active?.findIndex((other) => other.id === id) ?? -1;
        const next = active?.[at + by];
        if (next !== undefined) navigate(routeTo(['live', next.id]));
      },
      step: time.step,
      range: time.resize,
      togglePause: time.togglePause,
      filter: () => focusFilter.current(),
      explore: () => actions?.explore(),
      copyQuery: () => void actions?.copyQuery(),
      fullWindow: () => {
        if (spec === null && shown.length > 0) selectChart(shown[0].id);
        toggleFull();
      },
      goTo: () => setGoToOpen(true),
      table: toggleTable,
      scrapeNow: targetActions.scrapeNow,
      pauseTarget: () => {
        if (target?.builtin === false) targetActions.togglePause();
      },
      escape: () => {
        if (view.crosshair !== null || view.zoom !== null) view.reset();
        else if (full) setFull(false);
        else selectChart(null);
      },
    }),
    [shown, chartId, spec, active, id, time, actions, toggleTable, toggleFull, full, targetActions, target, view],
  );
  usePageKeys(liveKeyAction, keys);

  const inspector = adding.open ? (
    <AddTarget onClose={adding.close} onAdded={adding.added} />
  ) : target === null ? undefined : (
    <>
      <InspectorBar view={view} chart={spec !== null} />
      {spec !== null && actions !== null ? (
        <ChartInspector
          key={spec.id}
          spec={spec}
          charts={charts ?? NO_CHARTS}
          store={store}
          view={view}
          actions={actions}
          table={table}
        />
      ) : (
        <TargetInspector target={target} actions={targetActions} />
      )}
    </>
  );

  return (
    <PageFrame
      // The panel for adding is wider, and its width is remembered apart.
      name={adding.open ? 'add' : 'live'}
      inspectorWidth={adding.open ? 380 : 280}
      inspectorPinned={adding.open}
      list={
        active === null ? undefined : (
          <TargetList
            targets={active}
            selected={id}
            groups={groups}
            unusual={heat?.unusual ?? null}
            onAdd={adding.start}
            onAdded={adding.added}
            onGroup={(group) => grid.current?.scrollToGroup(group)}
          />
        )
      }
      inspector={inspector}
    >
      <TimeRange
        window={window}
        interval={target?.interval ?? null}
        connected={connection === 'open'}
        goToOpen={goToOpen}
        setGoToOpen={setGoToOpen}
        onGo={time.go}
        onMove={time.move}
        onTogglePause={time.togglePause}
      />
      {error !== null && (
        <ErrorNote
          error={error}
          action={
            <Button variant="subtle" size="compact-xs" onClick={() => setError(null)}>
              {t('common:close')}
            </Button>
          }
        />
      )}
      {target === null ? (
        active === null ? (
          <Waiting />
        ) : (
          <div className={styles.noTargets}>
            <EmptyState title={t('empty.noTargets')}>{t('empty.noTargetsBody')}</EmptyState>
          </div>
        )
      ) : (
        <>
          <TargetHeader target={target} onFilterRef={registerFilter} onDetails={targetActions.details} />
          {heat !== null && lanes.length > 0 && (
            <HeatRibbon heat={heat} groups={lanes} view={view} format={format} live={pausedAt === null} />
          )}
          {target.health === 'down' && target.lastError !== null && (
            <DownBanner target={target} failure={target.lastError} actions={targetActions} />
          )}
          {page.error !== null && <ErrorNote error={page.error} />}
          {store !== null && store.error !== null && <ErrorNote error={store.error} />}
          {charts !== undefined && charts.length === 0 && (
            <EmptyState title={t('empty.noCharts')}>{t('empty.noChartsBody', { name: target.name })}</EmptyState>
          )}
          {charts !== undefined && charts.length > 0 && shown.length === 0 && (
            <EmptyState
              title={t('empty.noMatch', { filter })}
              action={
                <>
                  <Button onClick={() => setFilter('')}>{t('empty.clear')}</Button>
                  <Button onClick={() => openPalette(filter)}>{t('empty.searchAll')}</Button>
                </>
              }
            />
          )}
          {shown.length > 0 && (
            <ChartGrid
              ref={grid}
              charts={shown}
              unusual={unusual}
              total={charts?.length ?? 0}
              onPointer={setPointed}
              facts={filter === '' ? (page.data?.facts ?? []) : []}
              store={store}
              view={view}
              stale={until === null && isStale(target, readClock())}
              past={until !== null}
              onStep={time.step}
            />
          )}
          {full && spec !== null ? (
            <FullChart
              spec={spec}
              store={store}
              view={view}
              table={table}
              state={<LiveState interval={target.interval} connected={connection === 'open'} />}
              onStep={time.step}
              onBack={toggleFull}
            >
              <CrosshairVoice view={view} spec={spec} store={store} />
            </FullChart>
          ) : (
            <CrosshairVoice view={view} spec={spec} store={store} />
          )}
        </>
      )}
    </PageFrame>
  );
}

/** Most cores answer before anyone could read this. */
const PATIENCE = 500;

/** Said when the core takes its time. */
function Waiting() {
  const { t } = useTranslation('live');
  const [shown, setShown] = useState(false);
  useEffect(() => {
    const timer = window.setTimeout(() => setShown(true), PATIENCE);
    return () => window.clearTimeout(timer);
  }, []);
  return shown ? <EmptyState title={t('empty.waiting')}>{t('empty.waitingBody')}</EmptyState> : null;
}

/** The target that the address names, else this computer, else the first one. */
function chooseTarget(active: readonly TargetView[] | null, wanted: string | undefined): TargetView | null {
  if (active === null) return null;
  const named = active.find(({ id }) => id === wanted);
  return named ?? active.find(({ builtin }) => builtin) ?? active[0] ?? null;
}

const NO_PAGE = { data: null, error: null };

function usePage(targetId: string | null, window: number) {
  const page = useTopic('page', { targetId: targetId ?? '', window });
  return targetId === null || page.data?.targetId !== targetId ? { ...NO_PAGE, error: page.error } : page;
}
