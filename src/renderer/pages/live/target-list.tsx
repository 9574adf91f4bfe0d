import { IconPlus } from '@tabler/icons-react';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useMemo, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { TargetView } from '#shared/contract/index.ts';
import { routeTo } from '#renderer/frame/index.ts';
import { formatAge, IconButton, KeyCap, Sparkline, StatusDot, useNow } from '#renderer/ui/index.ts';
import styles from './list.module.css';
import { addressOf, isStale } from './target-words.ts';

const ROW_HEIGHT = 64;

interface TargetListProps {
  readonly targets: readonly TargetView[];
  readonly selected: string | null;
  readonly groups: readonly { readonly name: string; readonly count: number }[];
  readonly onAdd: () => void;
  readonly onGroup: (group: string) => void;
}

/** The targets with their health, and the groups of the one in view. */
export function TargetList({ targets, selected, groups, onAdd, onGroup }: TargetListProps) {
  const { t } = useTranslation('live');
  return (
    <>
      <div className={styles['bar']}>
        <h2 className={styles['barTitle']}>{t('targets.title')}</h2>
        <span className={styles['count']}>{targets.length}</span>
        <IconButton label={t('targets.add')} onClick={onAdd}>
          <IconPlus size={14} stroke={1.6} />
        </IconButton>
      </div>
      <TargetRows targets={targets} selected={selected} />
      {groups.length > 0 && (
        <div className={styles['groups']}>
          <div className={styles['bar']}>
            <h2 className={styles['barTitle']}>{t('groups.title')}</h2>
          </div>
          <ul>
            {groups.map((group) => (
              <li key={group.name}>
                <button type="button" className={styles['group']} onClick={() => onGroup(group.name)}>
                  <span className={styles['groupName']}>{group.name}</span>
                  <span className={styles['groupCount']}>{group.count}</span>
                </button>
              </li>
            ))}
          </ul>
        </div>
      )}
      <p className={styles['hints']}>
        <KeyCap>J</KeyCap> <KeyCap>K</KeyCap> {t('targets.keys.next')} <KeyCap>L</KeyCap> {t('targets.keys.target')}{' '}
        <KeyCap>Space</KeyCap> {t('targets.keys.pause')} <KeyCap>[</KeyCap> <KeyCap>]</KeyCap> {t('targets.keys.step')}
      </p>
    </>
  );
}

function TargetRows({ targets, selected }: Pick<TargetListProps, 'targets' | 'selected'>) {
  const { t } = useTranslation('live');
  const scroller = useRef<HTMLDivElement>(null);
  // Its functions are used here and passed to nothing that is memoized.
  // oxlint-disable-next-line react/incompatible-library
  const virtual = useVirtualizer({
    count: targets.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: 6,
  });
  const index = targets.findIndex(({ id }) => id === selected);
  useEffect(() => {
    if (index >= 0) virtual.scrollToIndex(index);
  }, [index, virtual]);
  return (
    <nav ref={scroller} className={styles['rows']} aria-label={t('targets.title')}>
      <div style={{ height: virtual.getTotalSize(), position: 'relative' }}>
        {virtual.getVirtualItems().map((item) => (
          <div key={targets[item.index].id} className={styles['place']} style={{ top: item.start, height: item.size }}>
            <TargetRow target={targets[item.index]} selected={item.index === index} />
          </div>
        ))}
      </div>
    </nav>
  );
}

function TargetRow({ target, selected }: { readonly target: TargetView; readonly selected: boolean }) {
  const { t } = useTranslation('live');
  const now = useNow();
  const stale = isStale(target, now);
  const down = target.health === 'down';
  const durations = useMemo(() => target.pulse.map((took) => (took < 0 ? Number.NaN : took)), [target.pulse]);
  return (
    <a
      className={styles['row']}
      href={routeTo(['live', target.id])}
      aria-current={selected ? 'true' : undefined}
      data-health={target.health}
    >
      <span className={styles['rowHead']}>
        <StatusDot state={stale ? 'stale' : target.health} />
        <span className={styles['rowName']} title={target.name}>
          {target.name}
        </span>
        {down && target.since !== null && (
          <span className={styles['chip']}>{t('targets.down', { age: formatAge(now - target.since, 1) })}</span>
        )}
        {stale && target.lastScrape !== null && (
          <span className={styles['age']}>{formatAge(now - target.lastScrape, 1)}</span>
        )}
      </span>
      <span className={styles['rowAddress']} title={target.url}>
        {target.builtin ? t('targets.builtinAddress') : addressOf(target)}
      </span>
      <span className={styles['rowSpark']} title={t('targets.pulse')}>
        <Sparkline values={durations} width={160} height={14} color="currentColor" />
      </span>
    </a>
  );
}
