import { IconSearch, IconX } from '@tabler/icons-react';
import { useEffect, useRef, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { TargetView } from '#shared/contract/index.ts';
import { formatDuration } from '#shared/model/index.ts';
import { formatAge, KeyCap, StatusDot, useFormat, useNow } from '#renderer/ui/index.ts';
import styles from './header.module.css';
import { setFilter, useLivePage } from './live-page-store.ts';
import { ScrapePulse } from './scrape-pulse.tsx';
import { failedInARow, isStale } from './target-words.ts';

/** Name, state and last scrape of the target in view. */
export function TargetHeader({
  target,
  onFilterRef,
  onDetails,
}: {
  readonly target: TargetView;
  readonly onFilterRef: (focus: () => void) => void;
  /** Shows where the target comes from and what it answers. */
  readonly onDetails: () => void;
}) {
  const { t } = useTranslation('live');
  const format = useFormat();
  const now = useNow();
  const down = target.health === 'down';
  const stale = isStale(target, now);
  const lastTime = down ? target.lastAnswer : target.lastScrape;
  const took = target.lastDuration === null ? null : target.lastDuration / 1000;
  return (
    <header className={styles['header']}>
      <div className={styles['identity']}>
        <div className={styles['nameLine']}>
          <StatusDot state={stale ? 'stale' : target.health} />
          <h1 className={styles['name']}>
            <button type="button" title={t('header.details')} onClick={onDetails}>
              {target.name}
            </button>
          </h1>
          <StateChip target={target} now={now} stale={stale} />
          {target.stretch > 1 && (
            <span className={styles['chip']} data-state="stale" title={t('header.stretchedWhy')}>
              {t('header.stretched', {
                interval: formatDuration(target.interval * target.stretch),
                asked: formatDuration(target.interval),
              })}
            </span>
          )}
        </div>
        <div className={styles['url']} title={target.url}>
          {target.builtin ? t('targets.builtinAddress') : target.url}
        </div>
      </div>
      <Fact name={t(down ? 'header.lastAnswer' : 'header.lastScrape')}>
        {lastTime === null
          ? format.value(null, '').text
          : down
            ? format.time(lastTime, 'clock-seconds')
            : t('common:time.ago', { age: formatAge(now - lastTime, 1) })}
      </Fact>
      {down ? (
        <Fact name={t('header.attempts')}>{format.count(failedInARow(target.pulse))}</Fact>
      ) : (
        <Fact name={t('header.took')}>{format.value(took, 'seconds').text}</Fact>
      )}
      <Fact name={t('header.samples')}>
        {target.lastSamples === null ? format.value(null, '').text : format.count(target.lastSamples)}
      </Fact>
      {!target.builtin && (
        <Fact name={t('header.body')} className={styles['bodyFact']}>
          {format.value(target.lastBodyBytes, 'bytes').text}
        </Fact>
      )}
      <div className={`${styles['fact']} ${styles['pulseFact']}`}>
        <span className={styles['factName']}>{t('header.pulse')}</span>
        <ScrapePulse pulse={target.pulse} />
      </div>
      <FilterField onFilterRef={onFilterRef} />
    </header>
  );
}

function Fact(props: { readonly name: string; readonly className?: string; readonly children: ReactNode }) {
  const { name, className = '', children } = props;
  return (
    <div className={`${styles['fact']} ${className}`}>
      <span className={styles['factName']}>{name}</span>
      <span className={styles['factValue']}>{children}</span>
    </div>
  );
}

function StateChip({
  target,
  now,
  stale,
}: {
  readonly target: TargetView;
  readonly now: number;
  readonly stale: boolean;
}) {
  const { t } = useTranslation('live');
  const age = target.since === null ? null : formatAge(now - target.since);
  if (stale && target.lastScrape !== null) {
    return (
      <span className={styles['chip']} data-state="stale">
        {t('header.stale', { age: formatAge(now - target.lastScrape) })}
      </span>
    );
  }
  const words = {
    up: () => (age === null ? t('header.upNow') : t('header.up', { age })),
    down: () => t('header.down', { age: age ?? '' }),
    paused: () => t('header.paused'),
    unknown: () =>
      target.nextScrape === null
        ? t('header.unknown')
        : t('header.first', { age: formatAge(target.nextScrape - now, 1) }),
  };
  return (
    <span className={styles['chip']} data-state={target.health}>
      {words[target.health]()}
    </span>
  );
}

function FilterField({ onFilterRef }: { readonly onFilterRef: (focus: () => void) => void }) {
  const { t } = useTranslation('live');
  const filter = useLivePage((state) => state.filter);
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    onFilterRef(() => input.current?.select());
  }, [onFilterRef]);
  return (
    <div className={styles['filter']} data-filled={filter !== '' || undefined}>
      <IconSearch size={14} stroke={1.6} aria-hidden />
      <input
        ref={input}
        value={filter}
        placeholder={t('header.filter')}
        aria-label={t('header.filterPlaceholder')}
        spellCheck={false}
        onChange={(event) => setFilter(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Escape') return;
          event.stopPropagation();
          if (filter === '') input.current?.blur();
          else setFilter('');
        }}
      />
      {filter === '' ? (
        <KeyCap>/</KeyCap>
      ) : (
        <button type="button" aria-label={t('empty.clear')} onClick={() => setFilter('')}>
          <IconX size={14} stroke={1.6} aria-hidden />
        </button>
      )}
    </div>
  );
}
