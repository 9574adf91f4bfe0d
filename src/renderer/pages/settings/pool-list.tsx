import { useTranslation } from 'react-i18next';
import type { DroppedTargetView, TargetView } from '#shared/contract/index.ts';
import { getLabel, labelsKey } from '#shared/model/index.ts';
import { routeTo } from '#renderer/frame/index.ts';
import { StatusDot } from '#renderer/ui/index.ts';
import styles from './discovery.module.css';

/** What one job scrapes, and what its rules left out. */
export interface Pool {
  readonly job: string;
  readonly active: readonly TargetView[];
  readonly dropped: readonly DroppedTargetView[];
}

/** Names a dropped target in the address of the page. */
export function droppedName({ job, discovered }: DroppedTargetView): string {
  return `dropped ${job} ${labelsKey(discovered)}`;
}

/** Dropped targets listed of a pool; thousands tell no more than the first. */
const MOST_DROPPED = 50;

interface PoolListProps {
  readonly pools: readonly Pool[];
  readonly selected: string;
  readonly counts: Readonly<Record<string, number>>;
}

export function PoolList({ pools, selected, counts }: PoolListProps) {
  const { t } = useTranslation('settings');
  return (
    <nav className={styles.list} aria-label={t('discovery.pools')}>
      {pools.map(({ job, active, dropped }) => {
        const up = active.filter(({ health }) => health === 'up').length;
        const left = counts[job] ?? 0;
        return (
          <section key={job} className={styles.pool}>
            <h2 className={styles.poolName}>
              <span>{job}</span>
              <span className={styles.quiet}>{t('state.upOf', { up, count: active.length })}</span>
            </h2>
            <ul>
              {active.map((target) => (
                <li key={target.id}>
                  <a
                    className={styles.item}
                    href={routeTo(['settings', 'discovery', target.id])}
                    aria-current={target.id === selected ? 'true' : undefined}
                  >
                    <StatusDot state={target.health} />
                    <span className="num">{getLabel(target.labels, 'instance')}</span>
                  </a>
                </li>
              ))}
              {dropped.slice(0, MOST_DROPPED).map((one) => (
                <li key={droppedName(one)}>
                  <a
                    className={styles.item}
                    href={routeTo(['settings', 'discovery', droppedName(one)])}
                    aria-current={droppedName(one) === selected ? 'true' : undefined}
                  >
                    <StatusDot state="unknown" label={t('discovery.dropped')} />
                    <s className="num">{getLabel(one.discovered, '__address__')}</s>
                  </a>
                </li>
              ))}
            </ul>
            {left > MOST_DROPPED && (
              <p className={styles.quiet}>{t('discovery.moreDropped', { count: left - MOST_DROPPED })}</p>
            )}
          </section>
        );
      })}
    </nav>
  );
}
