import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Millis } from '#shared/model/index.ts';
import { modelOfResult, SharedView, summarize, TimeChart } from '#renderer/charts/index.ts';
import { useRequest } from '#renderer/data/index.ts';
import { ErrorNote, useFormat } from '#renderer/ui/index.ts';
import styles from './quality.module.css';

/** What scraping says of itself: it is there for every target, as far back as there are samples. */
const QUERY = 'sum(scrape_samples_post_metric_relabeling)';
const WINDOW: Millis = 3_600_000;
const STEP: Millis = 15_000;
const HEIGHT = 150;

/** How many series were scraped over the last hour. */
export function SeriesOverTime({ checkedAt }: { readonly checkedAt: Millis }) {
  const { t } = useTranslation('quality');
  const format = useFormat();
  const [view] = useState(() => new SharedView());
  const end = Math.floor(checkedAt / STEP) * STEP;
  const { data, error } = useRequest(
    'query.range',
    { source: 'local', expr: QUERY, start: end - WINDOW, end, step: STEP },
    { keepPrevious: true },
  );
  const model = useMemo(
    () => (data === undefined ? null : modelOfResult(data, { kind: 'lines', unit: '', metric: QUERY })),
    [data],
  );
  const range = useMemo(() => ({ from: end - WINDOW, to: end }), [end]);
  const values = model?.series[0]?.values ?? [];
  const { last, max } = summarize(values);
  return (
    <section aria-label={t('overTime.title')}>
      <h2 className={styles['sectionBar']}>{t('overTime.title')}</h2>
      {error !== null && <ErrorNote error={error} />}
      {model !== null && values.length === 0 && <p className={styles['overTimeNone']}>{t('overTime.none')}</p>}
      {model !== null && last !== null && max !== null && (
        <div
          className={styles['overTime']}
          role="img"
          aria-label={t('overTime.sentence', { last: format.count(last), max: format.count(max) })}
        >
          <TimeChart model={model} range={range} view={view} settings={format} height={HEIGHT} />
        </div>
      )}
    </section>
  );
}
