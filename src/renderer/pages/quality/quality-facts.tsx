import { useTranslation } from 'react-i18next';
import type { QualityView } from '#shared/contract/index.ts';
import { useFormat } from '#renderer/ui/index.ts';
import styles from './quality.module.css';

const YEAR = 365 * 86_400_000;

/** How much there is, and how long it can go on. */
export function QualityFacts({ view }: { readonly view: QualityView }) {
  const { t } = useTranslation('quality');
  const format = useFormat();
  const share = (part: number) => format.value(view.series === 0 ? null : part / view.series, 'ratio').text;
  const none = format.value(null, '').text;
  return (
    <dl className={styles['facts']}>
      <Fact name={t('fact.series')} value={format.count(view.series)} />
      <Fact
        name={t('fact.new')}
        value={view.newSeries === null ? none : format.count(view.newSeries)}
        note={view.newSeries === null ? t('fact.tooYoung') : share(view.newSeries)}
      />
      <Fact name={t('fact.unchanged')} value={format.count(view.unchanged)} note={share(view.unchanged)} />
      <Fact name={t('fact.samples')} value={format.count(Math.round(view.samplesPerSecond))} />
      <Fact
        name={t('fact.bytes')}
        value={view.bytesPerSample === null ? none : format.value(view.bytesPerSample, '').text}
        note={view.bytesPerSample === null ? t('fact.tooYoung') : undefined}
      />
      <Fact
        name={t('fact.full')}
        value={
          view.fullIn === null
            ? t('fact.never')
            : view.fullIn > YEAR
              ? t('fact.years', { count: Math.round(view.fullIn / YEAR) })
              : format.value(view.fullIn / 1000, 'seconds').text
        }
        note={view.fullIn === null ? t('fact.retention') : undefined}
      />
    </dl>
  );
}

function Fact({
  name,
  value,
  note,
}: {
  readonly name: string;
  readonly value: string;
  readonly note?: string | undefined;
}) {
  return (
    <div className={styles['fact']}>
      <dt>{name}</dt>
      <dd>
        <span className={styles['stat']}>{value}</span> {note !== undefined && <span>{note}</span>}
      </dd>
    </div>
  );
}
