import { Button, SegmentedControl, Tabs } from '@mantine/core';
import { IconArrowsMaximize, IconArrowsMinimize, IconDiamonds, IconStack2 } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { PlotKind } from '#renderer/charts/index.ts';
import { useTopic } from '#renderer/data/index.ts';
import { IconButton } from '#renderer/ui/index.ts';
import { CompareMenu } from './compare-menu.tsx';
import { ExportMenu } from './export-menu.tsx';
import styles from './explore.module.css';
import { TABS, type ExploreView } from './explore-address.ts';
import type { ExploreChart } from './line-chart.ts';
import type { QueryRow } from './query-list.ts';
import type { Runs } from './use-runs.ts';
import type { TimeRange } from './use-time-range.ts';

interface ResultBarProps {
  readonly rows: readonly QueryRow[];
  readonly runs: Runs;
  readonly range: TimeRange;
  readonly view: ExploreView;
  readonly setView: (change: Partial<ExploreView>) => void;
  readonly full: boolean;
  readonly setFull: (full: boolean) => void;
  readonly running: boolean;
  readonly chart: ExploreChart | null;
  readonly hasBuckets: boolean;
  readonly imageOf: () => HTMLCanvasElement | null;
}

/** The tabs, and for the graph how it is drawn, compared and taken along. */
export function ResultBar(props: ResultBarProps) {
  const { t } = useTranslation('explore');
  const { rows, runs, range, view, setView, full, setFull, running, chart, hasBuckets, imageOf } = props;
  const storage = useTopic('config', {}).data?.storage;
  const kinds: readonly PlotKind[] = hasBuckets
    ? ['heatmap', 'lines', 'stacked', 'points']
    : ['lines', 'stacked', 'points'];
  return (
    <div className={styles.resultBar}>
      <Tabs.List>
        {TABS.map((tab) => (
          <Tabs.Tab key={tab} value={tab}>
            {t(`tab.${tab}`)}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      <span className={styles.space} />
      {running && (
        <Button variant="subtle" color="gray" onClick={runs.stop}>
          {t('run.stop')}
        </Button>
      )}
      {view.tab === 'graph' && (
        <>
          <SegmentedControl
            aria-label={t('graph.kind')}
            data={kinds.map((value) => ({ value, label: t(`graph.${value}`) }))}
            value={kindShown(chart?.model.kind ?? 'lines', kinds)}
            onChange={(value) => setView({ draw: value })}
          />
          <CompareMenu value={view.compare} onChange={(compare) => setView({ compare })} />
          <IconButton
            label={t('graph.exemplars')}
            pressed={view.exemplars}
            onClick={() => setView({ exemplars: !view.exemplars })}
          >
            <IconDiamonds size={14} stroke={1.6} />
          </IconButton>
        </>
      )}
      {storage !== undefined && (storage.tiers.length > 0 || view.tiers !== null) && (
        <IconButton
          label={t('graph.tiers')}
          pressed={view.tiers ?? storage.useTiers}
          onClick={() => {
            const next = !(view.tiers ?? storage.useTiers);
            setView({ tiers: next === storage.useTiers ? null : next });
          }}
        >
          <IconStack2 size={14} stroke={1.6} />
        </IconButton>
      )}
      <ExportMenu rows={rows} range={range} view={view} chart={chart} imageOf={imageOf} />
      {view.tab === 'graph' && (
        <IconButton label={full ? t('graph.leaveFull') : t('graph.full')} shortcut="F" onClick={() => setFull(!full)}>
          {full ? <IconArrowsMinimize size={14} stroke={1.6} /> : <IconArrowsMaximize size={14} stroke={1.6} />}
        </IconButton>
      )}
    </div>
  );
}

function kindShown(kind: PlotKind, kinds: readonly PlotKind[]): PlotKind {
  return kinds.includes(kind) ? kind : kinds[0];
}
