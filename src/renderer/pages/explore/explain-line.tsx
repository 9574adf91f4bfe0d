import { IconBolt } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '#renderer/ui/index.ts';
import { explainRows } from './explain-tree.ts';
import { clausesOf, type Clause } from './explain-words.ts';
import styles from './explore.module.css';
import type { RowRun } from './result-pane.tsx';
import type { Explained } from './use-explain.ts';

/** Over this long the time is remarkable. */
const SLOW_MILLIS = 1000;

interface ExplainLineProps {
  readonly all: readonly RowRun[];
  readonly explained: readonly Explained[];
}

/** What the first query does in a sentence, and what all of them cost. */
export function ExplainLine({ all, explained }: ExplainLineProps) {
  const { t } = useTranslation('explore');
  const format = useFormat();
  const done = all.flatMap(({ run }) => (run !== undefined && run.result !== null ? [run.result] : []));
  if (done.length === 0) return <div className={styles.explainLine} />;
  const sum = (pick: (stats: (typeof done)[number]['stats']) => number): number =>
    done.reduce((total, { stats }) => total + pick(stats), 0);
  const millis = Math.max(...done.map(({ stats }) => stats.evalMillis));
  const series = sum((stats) => stats.seriesRead);
  const samples = sum((stats) => stats.samplesRead);
  const firstSeries = all[0].run?.result?.stats.seriesRead ?? 0;
  const clauses = clausesOf(all[0].run?.answered?.expr ?? '').map((clause) => clauseText(t, clause, firstSeries));
  const slowest = explained.flatMap(({ expr, answer }) =>
    answer === null ? [] : explainRows(expr, answer.explain).filter((row) => row.slowest),
  )[0];
  return (
    <div className={styles.explainLine}>
      <IconBolt size={14} stroke={1.6} aria-hidden />
      <strong>{t('tab.explain')}</strong>
      <span className={styles.explainText}>
        {clauses.length > 0 &&
          t('explain.sentence', {
            parts: new Intl.ListFormat(format.locale, { type: 'unit', style: 'long' }).format(clauses),
          })}
      </span>
      <span className={styles.stats} role="status">
        <span>{t('stats.series', { count: series, number: format.count(series) })}</span>
        <span>{t('stats.samples', { count: samples, number: format.count(samples) })}</span>
        <span data-slow={millis > SLOW_MILLIS || undefined}>{format.value(millis / 1000, 'seconds').text}</span>
        {slowest !== undefined && (
          <span className={styles.slowest} title={slowest.text}>
            {t('explain.slowestStep', {
              step: nameOf(slowest.text),
              time: format.value(slowest.millis / 1000, 'seconds').text,
            })}
          </span>
        )}
      </span>
    </div>
  );
}

/** The function or operator of a step, for a line with little room. */
function nameOf(text: string): string {
  return /^[\w:]+/.exec(text)?.[0] ?? text;
}

function clauseText(t: ReturnType<typeof useTranslation<'explore'>>['t'], clause: Clause, series: number): string {
  switch (clause.key) {
    case 'reads':
      return t('explain.clause.reads', { count: series, metric: clause.metric });
    case 'percentile':
      return t('explain.clause.percentile', { percent: clause.percent });
    case 'combines':
      return t('explain.clause.combines', { op: clause.op });
    case 'function':
    case 'sumAll':
    case 'avgAll':
    case 'aggregateAll':
      return t(`explain.clause.${clause.key}`, { name: clause.name });
    case 'sumBy':
    case 'avgBy':
    case 'aggregateBy':
    case 'aggregateWithout':
      return t(`explain.clause.${clause.key}`, { name: clause.name, labels: clause.labels });
    case 'rate':
    case 'increase':
    case 'average':
    case 'highest':
    case 'lowest':
    case 'over':
      return t(`explain.clause.${clause.key}`, { name: clause.name, range: clause.range });
  }
}
