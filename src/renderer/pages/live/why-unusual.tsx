import { IconFlame } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Millis } from '#shared/model/index.ts';
import { indexAt, type SharedView } from '#renderer/charts/index.ts';
import type { LiveStore } from '#renderer/data/index.ts';
import { formatAge, Row, Sparkline, useFormat } from '#renderer/ui/index.ts';
import { companions, type Companion } from './correlation.ts';
import { deviationAt, lastUnusual } from './deviation.ts';
import styles from './inspector.module.css';
import { queryId, type LiveChart } from './live-model.ts';
import { selectChart } from './live-page-store.ts';
import type { NamedChart } from './named-chart.ts';

interface WhyUnusualProps {
  readonly spec: NamedChart;
  readonly chart: LiveChart;
  readonly store: LiveStore;
  readonly view: SharedView;
}

/** What is outside at the crosshair, else what was last: since when, expected, and what the baseline is. */
export function WhyUnusual({ spec, chart, store, view }: WhyUnusualProps) {
  const { t } = useTranslation('live');
  const format = useFormat();
  const at = useCrosshair(view);
  const { times, series } = chart.model;
  const here = at === null ? times.length - 1 : indexAt(times, at);
  const found = deviationAt(chart, here) ?? (at === null ? deviationAt(chart, lastUnusual(chart)) : null);
  const memory = store.window(queryId(spec, 0))?.memory ?? null;
  if (found === null) return null;
  const name = series[found.series]?.label ?? spec.title;
  const from = format.time(found.from, 'clock-seconds');
  const to = format.time(found.to, 'clock-seconds');
  const text = (value: number) => format.value(value, spec.unit).text;
  return (
    <section className={styles['section']}>
      <h3 className={styles['sectionTitle']}>
        <IconFlame className={styles['flame']} size={14} stroke={1.6} aria-hidden /> {t('why.title')}
      </h3>
      <p className={styles['why']}>
        {found.ongoing ? t('why.since', { series: name, from }) : t('why.was', { series: name, from, to })}
      </p>
      <Row name={t('why.expected')}>{t('why.range', { low: text(found.low), high: text(found.high) })}</Row>
      <Row name={found.ongoing && at === null ? t('why.now') : t('why.then')}>
        <span className={styles['hot']}>{text(found.value)}</span>
      </Row>
      {memory !== null && <Row name={t('why.baseline')}>{t('why.rolling', { span: formatAge(memory) })}</Row>}
    </section>
  );
}

/** Correlations are looked for again so often: they do not change with each step. */
const AGAIN: Millis = 10_000;

/** Charts that move with this one or against it. */
export function MovesWith({
  spec,
  charts,
  store,
}: Pick<WhyUnusualProps, 'spec' | 'store'> & { readonly charts: readonly NamedChart[] }) {
  const { t } = useTranslation('live');
  const format = useFormat();
  const [found, setFound] = useState<readonly Companion[]>([]);
  useEffect(() => {
    const look = () => setFound(companions(spec, charts, store));
    // Not in the way of showing the chart itself.
    const first = window.setTimeout(look, 50);
    const timer = window.setInterval(look, AGAIN);
    return () => {
      window.clearTimeout(first);
      window.clearInterval(timer);
    };
  }, [spec, charts, store]);
  if (found.length === 0) return null;
  const number = new Intl.NumberFormat(format.locale, {
    minimumFractionDigits: 2,
    maximumFractionDigits: 2,
    signDisplay: 'always',
  });
  return (
    <section className={styles['section']}>
      <h3 className={styles['sectionTitle']}>{t('moves.title')}</h3>
      <ul className={styles['moves']}>
        {found.map(({ spec: other, r, values }) => (
          <li key={other.id}>
            <button type="button" onClick={() => selectChart(other.id)}>
              <span className={styles['movesTitle']} title={other.title}>
                {other.title}
              </span>
              <Sparkline values={values} width={68} height={16} />
              <span className={styles['movesValue']}>{number.format(r).replace('-', '−')}</span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Where the crosshair is, for what has to be rendered anew. */
function useCrosshair(view: SharedView): Millis | null {
  const [at, setAt] = useState(view.crosshair);
  useEffect(() => view.subscribe(() => setAt(view.crosshair)), [view]);
  return at;
}
