import { IconPlus } from '@tabler/icons-react';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useMemo, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { TargetHeat, TargetView } from '#shared/contract/index.ts';
import { heatLevel } from '#renderer/charts/index.ts';
import { useTopic } from '#renderer/data/index.ts';
import { routeTo } from '#renderer/frame/index.ts';
import { formatAge, IconButton, KeyCap, Sparkline, StatusDot, useNow } from '#renderer/ui/index.ts';
import { FoundInList } from './found-in-list.tsx';
import { useGroupName } from './group-name.ts';
import { chartTitle } from './named-chart.ts';
import styles from './list.module.css';
import type { GroupHeat } from './live-heat.ts';
import { addressOf, isStale } from './target-words.ts';

const ROW_HEIGHT = 64;

interface TargetListProps {
  readonly targets: readonly TargetView[];
  readonly selected: string | null;
  /** Of the target in view, hottest first. */
  readonly groups: readonly GroupHeat[];
  /** Unusual charts of the target in view: its page knows better than what is watched in the background. */
  readonly unusual: number | null;
  readonly onAdd: () => void;
  /** A target that was found on this machine is watched from now on. */
  readonly onAdded: (jobName: string) => void;
  readonly onGroup: (group: string) => void;
}

/** The targets with their health, and the groups of the one in view. */
export function TargetList({ targets, selected, groups, unusual, onAdd, onAdded, onGroup }: TargetListProps) {
  const { t } = useTranslation('live');
  const groupName = useGroupName();
  return (
    <>
      <div className={styles['bar']}>
        <h2 className={styles['barTitle']}>{t('targets.title')}</h2>
        <span className={styles['count']}>{targets.length}</span>
        <IconButton label={t('targets.add')} onClick={onAdd}>
          <IconPlus size={14} stroke={1.6} />
        </IconButton>
      </div>
      <TargetRows targets={targets} selected={selected} unusual={unusual} />
      {groups.length > 0 && (
        <div className={styles['groups']}>
          <div className={styles['bar']}>
            <h2 className={styles['barTitle']}>{t('groups.title')}</h2>
            <span className={styles['note']}>{t('groups.byHeat')}</span>
          </div>
          <ul>
            {groups.map((group) => (
              <li key={group.name}>
                <button type="button" className={styles['group']} onClick={() => onGroup(group.name)}>
                  <span className={styles['groupName']}>{groupName(group.name)}</span>
                  <span className={styles['groupCount']}>{group.charts}</span>
                  <GroupBar most={group.most} />
                </button>
              </li>
            ))}
          </ul>
        </div>
      )}
      <FoundInList onAdded={onAdded} />
      <p className={styles['hints']}>
        <KeyCap>J</KeyCap> <KeyCap>K</KeyCap> {t('targets.keys.next')} <KeyCap>L</KeyCap> {t('targets.keys.target')}{' '}
        <KeyCap>Space</KeyCap> {t('targets.keys.pause')} <KeyCap>[</KeyCap> <KeyCap>]</KeyCap> {t('targets.keys.step')}
      </p>
    </>
  );
}

/** How hot a group is: length and colour. */
function GroupBar({ most }: { readonly most: number }) {
  const heat = Number.isNaN(most) ? 0 : most;
  return (
    <span className={styles['groupBar']} aria-hidden>
      <span style={{ width: `${Math.max(3, heat * 100)}%`, background: `var(--heat-${heatLevel(heat)})` }} />
    </span>
  );
}

function TargetRows({ targets, selected, unusual }: Pick<TargetListProps, 'targets' | 'selected' | 'unusual'>) {
  const { t } = useTranslation('live');
  const { data: heat } = useTopic('heat', {});
  const heats = useMemo(() => new Map(heat?.targets.map((one) => [one.targetId, one])), [heat]);
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
            <TargetRow
              target={targets[item.index]}
              heat={heats.get(targets[item.index].id) ?? null}
              unusual={item.index === index ? unusual : null}
              selected={item.index === index}
            />
          </div>
        ))}
      </div>
    </nav>
  );
}

interface TargetRowProps {
  readonly target: TargetView;
  readonly heat: TargetHeat | null;
  readonly unusual: number | null;
  readonly selected: boolean;
}

function TargetRow({ target, heat, unusual, selected }: TargetRowProps) {
  const { t } = useTranslation('live');
  const now = useNow();
  const stale = isStale(target, now);
  const down = target.health === 'down';
  const busiest = heat?.busiest ?? null;
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
        {target.stretch > 1 && (
          <span className={styles['age']} title={t('header.stretchedWhy')}>
            {t('targets.stretched', { times: target.stretch })}
          </span>
        )}
        {stale && target.lastScrape !== null && (
          <span className={styles['age']}>{formatAge(now - target.lastScrape, 1)}</span>
        )}
        {target.health === 'up' && !stale && <HeatChip heat={heat} unusual={unusual} />}
      </span>
      <span className={styles['rowAddress']} title={target.url}>
        {target.builtin ? t('targets.builtinAddress') : addressOf(target)}
      </span>
      <span
        className={styles['rowSpark']}
        title={busiest === null ? undefined : t('targets.busiest', { title: chartTitle(t, busiest.title) })}
      >
        {busiest !== null && <Sparkline values={busiest.values} width={160} height={14} color="currentColor" />}
      </span>
    </a>
  );
}

/** How many charts are unusual, or that all is calm. */
function HeatChip({ heat, unusual }: { readonly heat: TargetHeat | null; readonly unusual: number | null }) {
  const { t } = useTranslation('live');
  const count = unusual ?? heat?.unusual ?? 0;
  if (count > 0) return <span className={styles['hot']}>{t('targets.unusual', { count })}</span>;
  if (heat === null || heat.learning) return <span className={styles['calm']}>{t('targets.learning')}</span>;
  return <span className={styles['calm']}>{t('targets.calm')}</span>;
}
