import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { labelsKey } from '#shared/model/index.ts';
import { useRequest, useTopic } from '#renderer/data/index.ts';
import { useRoute } from '#renderer/frame/index.ts';
import { EmptyState, ErrorNote } from '#renderer/ui/index.ts';
import { DroppedDetail } from './dropped-detail.tsx';
import styles from './discovery.module.css';
import { droppedName, PoolList, type Pool } from './pool-list.tsx';
import { TargetDetail } from './target-detail.tsx';

/** Every pool with what it scrapes and what it left out: how discovery's labels became a target's. */
export function DiscoverySection() {
  const { t } = useTranslation('settings');
  const route = useRoute();
  const targets = useTopic('targets', {});
  // What was dropped changes with what is there, which the list of targets tells.
  const counts = JSON.stringify(targets.data?.droppedByJob ?? {});
  const dropped = useRequest('targets.dropped', {}, { enabled: counts !== '{}', keepPrevious: true });
  const pools = useMemo((): readonly Pool[] => {
    const byJob = new Map<string, { active: Pool['active'][number][]; dropped: Pool['dropped'][number][] }>();
    const poolOf = (job: string) => {
      const pool = byJob.get(job) ?? { active: [], dropped: [] };
      byJob.set(job, pool);
      return pool;
    };
    for (const target of targets.data?.active ?? []) poolOf(target.job).active.push(target);
    for (const one of dropped.data?.dropped ?? []) poolOf(one.job).dropped.push(one);
    return [...byJob].map(([job, pool]) => ({ job, ...pool }));
  }, [targets.data, dropped.data]);

  if (targets.error !== null && targets.data === null) return <ErrorNote error={targets.error} />;
  if (targets.data === null) return <div role="status" aria-label={t('loading')} />;
  if (pools.length === 0) return <EmptyState title={t('discovery.empty')}>{t('targets.empty')}</EmptyState>;
  const wanted = route.path[2] ?? '';
  const target =
    targets.data.active.find(({ id }) => id === wanted) ?? targets.data.active.find(({ job }) => job === wanted);
  const left = dropped.data?.dropped.find((one) => droppedName(one) === wanted);
  const shown = target ?? (left === undefined ? pools[0].active[0] : undefined);
  return (
    <div className={styles.columns}>
      <PoolList pools={pools} selected={shown?.id ?? wanted} counts={targets.data.droppedByJob} />
      {shown !== undefined ? (
        <TargetDetail key={shown.id} target={shown} />
      ) : left !== undefined ? (
        <DroppedDetail key={labelsKey(left.discovered)} dropped={left} />
      ) : (
        <EmptyState title={t('discovery.noTarget')} />
      )}
    </div>
  );
}
