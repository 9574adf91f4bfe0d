import { Button } from '@mantine/core';
import { IconAlertTriangle, IconCheck, IconCircleCheck } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { MetricType } from '#shared/model/index.ts';
import type { TestMetric, TestNote, TestScrapeView } from '#shared/contract/index.ts';
import {
  EmptyState,
  ErrorNote,
  formatAge,
  formatCount,
  formatValue,
  StatusDot,
  useFailureWords,
  useNow,
} from '#renderer/ui/index.ts';
import { formOfDraft, type JobDraft } from './job-draft.ts';
import styles from './test-panel.module.css';
import type { TestState } from './use-test-scrape.ts';

interface TestPanelProps {
  readonly test: TestState;
  readonly draft: JobDraft;
  readonly onRun: (address: string) => void;
}

/** What one scrape would give. Nothing of it is stored. */
export function TestPanel({ test, draft, onRun }: TestPanelProps) {
  const { t } = useTranslation('settings');
  const result = test.kind === 'done' ? test.result : test.kind === 'running' ? test.last : null;
  const form = formOfDraft(draft);
  const addresses = [...form.targets, ...form.moreGroups.flatMap((group) => group.targets)];
  return (
    <>
      {test.kind === 'running' && <div className={styles.progress} role="progressbar" aria-label={t('test.running')} />}
      {addresses.length > 1 && (
        <div className={styles.addresses}>
          {addresses.map((address) => (
            <Button key={address} size="compact-xs" onClick={() => onRun(address)}>
              {address}
            </Button>
          ))}
        </div>
      )}
      {test.kind === 'none' && <EmptyState title={t('test.emptyTitle')}>{t('test.emptyBody')}</EmptyState>}
      {test.kind === 'failed' && <ErrorNote error={test.error} />}
      {result !== null && <Result result={result} stale={test.kind === 'running'} />}
    </>
  );
}

/** How long ago the test was. */
export function TestedWhen({ test }: { readonly test: TestState }) {
  const { t } = useTranslation('settings');
  if (test.kind === 'running') return t('test.running');
  return test.kind === 'done' ? <When at={test.at} /> : null;
}

function When({ at }: { readonly at: number }) {
  const { t } = useTranslation('settings');
  const age = useNow() - at;
  return age < 5000 ? t('test.justNow') : t('ago', { age: formatAge(age, 1) });
}

function Result({ result, stale }: { readonly result: TestScrapeView; readonly stale: boolean }) {
  const { t, i18n } = useTranslation('settings');
  const locale = i18n.language;
  const { failure } = result;
  const inWords = useFailureWords();
  const words = failure === null ? null : inWords(failure, result.url);
  return (
    <div className={stale ? styles.stale : undefined}>
      <div
        className={styles.verdict}
        data-ok={failure === null || undefined}
        role={failure === null ? 'status' : 'alert'}
      >
        {failure === null ? (
          <IconCircleCheck size={16} stroke={1.6} aria-hidden />
        ) : (
          <StatusDot state="down" label="" />
        )}
        <div>
          {words === null ? (
            <p>
              <strong>{t('test.statusOk', { status: result.status ?? 200 })}</strong> {t('test.readable')}
            </p>
          ) : (
            <>
              <p>
                <strong>{words.cause}</strong>
              </p>
              <p>{words.remedy}</p>
              {failure !== null && failure.message !== '' && (
                <p className={`num ${styles.message}`}>{failure.message}</p>
              )}
            </>
          )}
        </div>
      </div>
      <dl className={styles.stats}>
        <Stat name={t('test.took')} value={formatValue(result.durationMillis / 1000, 'seconds', locale).text} />
        <Stat name={t('test.body')} value={formatValue(result.bodyBytes, 'bytes', locale).text} />
        <Stat name={t('test.metrics')} value={formatCount(result.metrics.length, locale)} />
        <Stat name={t('test.series')} value={formatCount(result.series, locale)} />
      </dl>
      {result.metrics.length > 0 && <TypeBar metrics={result.metrics} />}
      {result.metrics.length > 0 && <MetricTable metrics={result.metrics} />}
      {result.bodyStart !== '' && (
        <section className={styles.body}>
          <div className={styles.bodyBar}>
            <h3>{t('test.bodyStart')}</h3>
            <span className={styles.quiet}>{result.contentType}</span>
          </div>
          {/* Focusable, so that it can be scrolled by keys. */}
          {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
          <pre className={styles.bodyText} tabIndex={0} aria-label={t('test.bodyStart')}>
            {result.bodyStart}
          </pre>
        </section>
      )}
      {(result.notes.length > 0 || failure === null) && (
        <section className={styles.notes}>
          <h3>{t('test.notes')}</h3>
          <ul>
            {result.notes.map((note) => (
              <li key={JSON.stringify(note)}>
                <IconAlertTriangle className={styles.warnIcon} size={14} stroke={1.6} aria-hidden />
                <span>{noteText(t, note)}</span>
              </li>
            ))}
            {failure === null && (
              <li>
                <IconCheck className={styles.okIcon} size={14} stroke={1.6} aria-hidden />
                <span>
                  {t('test.cost', {
                    count: result.series,
                    series: formatCount(result.series, locale),
                    bytes: formatValue(result.bytesPerDay, 'bytes', locale).text,
                  })}
                </span>
              </li>
            )}
          </ul>
        </section>
      )}
    </div>
  );
}

function noteText(t: ReturnType<typeof useTranslation<'settings'>>['t'], note: TestNote): string {
  switch (note.kind) {
    case 'missing-help':
    case 'missing-type':
      return t(`test.note.${note.kind}`, { metric: note.metric, count: note.more });
    case 'html':
      return t('test.note.html');
    case 'empty-rule':
      return t('test.note.empty-rule', { rule: note.rule + 1 });
  }
}

function Stat({ name, value }: { readonly name: string; readonly value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}

/** Each type keeps its colour, here and wherever types are counted. */
const TYPE_COLORS: Readonly<Record<MetricType, string>> = {
  counter: 'var(--s1)',
  histogram: 'var(--s2)',
  gauge: 'var(--s3)',
  summary: 'var(--s4)',
  gaugehistogram: 'var(--s5)',
  info: 'var(--s6)',
  stateset: 'var(--s7)',
  unknown: 'var(--line-3)',
};

function TypeBar({ metrics }: { readonly metrics: readonly TestMetric[] }) {
  const { t } = useTranslation('settings');
  const counts = new Map<MetricType, number>();
  for (const metric of metrics) counts.set(metric.type, (counts.get(metric.type) ?? 0) + metric.series);
  const types = [...counts].sort(([, a], [, b]) => b - a);
  return (
    <div className={styles.types}>
      <div className={styles.typeBar} aria-hidden>
        {types.map(([type, count]) => (
          <span key={type} style={{ flexGrow: count, background: TYPE_COLORS[type] }} />
        ))}
      </div>
      <ul className={styles.typeLegend}>
        {types.map(([type, count]) => (
          <li key={type}>
            <span className={styles.typeKey} style={{ background: TYPE_COLORS[type] }} aria-hidden />
            {t('test.typeCount', { type, count })}
          </li>
        ))}
      </ul>
    </div>
  );
}

/** Rows drawn at most: a scrape of thousands of metrics is looked at from the top. */
const MOST_ROWS = 200;

function MetricTable({ metrics }: { readonly metrics: readonly TestMetric[] }) {
  const { t, i18n } = useTranslation('settings');
  return (
    <>
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col">{t('test.metric')}</th>
            <th scope="col">{t('test.type')}</th>
            <th scope="col">{t('test.series')}</th>
            <th scope="col">{t('test.value')}</th>
          </tr>
        </thead>
        <tbody>
          {metrics.slice(0, MOST_ROWS).map((metric) => (
            <tr key={metric.name} title={metric.help}>
              <td className={styles.metricName}>{metric.name}</td>
              <td>{metric.type}</td>
              <td className={styles.number}>{formatCount(metric.series, i18n.language)}</td>
              <td className={styles.number}>
                {metric.value === null ? '' : formatValue(metric.value, unitOf(metric), i18n.language).text}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {metrics.length > MOST_ROWS && (
        <p className={styles.more}>{t('test.moreMetrics', { count: metrics.length - MOST_ROWS })}</p>
      )}
    </>
  );
}

/** The unit that a metric's name promises. */
function unitOf(metric: TestMetric): '' | 'bytes' | 'seconds' | 'ratio' | 'celsius' {
  const name = metric.name.replace(/_total$/, '');
  if (name.endsWith('_bytes')) return 'bytes';
  // A time of day in seconds since 1970 is no duration.
  if (name.endsWith('_seconds') && !/(?:_time|_timestamp)_seconds$/.test(name)) return 'seconds';
  if (name.endsWith('_ratio')) return 'ratio';
  return name.endsWith('_celsius') ? 'celsius' : '';
}
