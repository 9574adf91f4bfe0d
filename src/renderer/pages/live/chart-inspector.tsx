import { IconCopy, IconMaximize, IconSquareRoundedLetterF, IconTable } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { SharedView } from '#renderer/charts/index.ts';
import type { LiveStore } from '#renderer/data/index.ts';
import { useFormat } from '#renderer/ui/index.ts';
import { ActionRow } from './action-row.tsx';
import type { ChartActions } from './chart-actions.ts';
import styles from './inspector.module.css';
import { SeriesTable } from './series-table.tsx';
import { useLiveChart } from './use-live.ts';
import { ValueTable } from './value-table.tsx';
import { MovesWith, WhyUnusual } from './why-unusual.tsx';
import type { NamedChart } from './named-chart.ts';

interface ChartInspectorProps {
  readonly spec: NamedChart;
  /** All charts of the page. */
  readonly charts: readonly NamedChart[];
  readonly store: LiveStore | null;
  readonly view: SharedView;
  readonly actions: ChartActions;
  /** Whether the values stand below as a table. */
  readonly table: boolean;
}

/** All of one chart: its series in numbers, its queries, what can be done with it. */
export function ChartInspector({ spec, charts, store, view, actions, table }: ChartInspectorProps) {
  const { t } = useTranslation('live');
  const format = useFormat();
  const { chart } = useLiveChart(spec, store);
  /** Whether the query was copied; null before that was tried. */
  const [copied, setCopied] = useState<boolean | null>(null);
  const type = t(`metricType.${spec.type}`);
  return (
    <>
      <div className={styles['scroll']}>
        <section className={styles['head']}>
          <h2 className={styles['title']}>{spec.title}</h2>
          <p className={styles['metric']}>{spec.metric}</p>
          <p className={styles['type']}>{spec.type === 'counter' ? t('inspector.asRate', { type }) : type}</p>
        </section>
        {chart !== null && <SeriesTable chart={chart} unit={spec.unit} view={view} format={format} />}
        {chart !== null && store !== null && <WhyUnusual spec={spec} chart={chart} store={store} view={view} />}
        {store !== null && <MovesWith spec={spec} charts={charts} store={store} />}
        {chart !== null && table && <ValueTable chart={chart} unit={spec.unit} title={spec.title} format={format} />}
        <section className={styles['section']}>
          <h3 className={styles['sectionTitle']}>
            {t(spec.queries.length === 1 ? 'inspector.query' : 'inspector.queries')}
          </h3>
          {spec.queries.map((query) => (
            <pre key={query.expr} className={styles['query']}>
              {query.expr}
            </pre>
          ))}
        </section>
      </div>
      <div className={styles['actions']}>
        <ActionRow icon={IconSquareRoundedLetterF} shortcut="E" onClick={actions.explore}>
          {t('inspector.explore')}
        </ActionRow>
        <ActionRow icon={IconMaximize} shortcut="F" onClick={actions.fullWindow}>
          {t('inspector.full')}
        </ActionRow>
        <ActionRow icon={IconTable} shortcut="T" onClick={actions.toggleTable}>
          {t(table ? 'inspector.hideTable' : 'inspector.table')}
        </ActionRow>
        <ActionRow icon={IconCopy} shortcut="C" onClick={() => void actions.copyQuery().then(setCopied)}>
          {copied === null ? t('inspector.copyQuery') : t(copied ? 'common:copied' : 'common:notCopied')}
        </ActionRow>
      </div>
    </>
  );
}
