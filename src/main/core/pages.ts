import { HearthError, type PageView, type TargetView } from '#shared/contract/index.ts';
import {
  METRIC_NAME,
  filterLabels,
  getLabel,
  type Matcher,
  type MetricMetadata,
  type Millis,
} from '#shared/model/index.ts';
import { buildPage, digestSeries, type SeriesDigest } from '#main/insight/index.ts';
import type { Storage } from '#main/storage/index.ts';
import { withQuerier } from './selection.ts';

/** Samples of late are enough to choose charts by; longer windows cost time and tell no more. */
const MOST_LOOKED_AT: Millis = 15 * 60_000;
const LEAST_LOOKED_AT: Millis = 5 * 60_000;

/** The automatic page of a target as of now. */
export function makePage(storage: Storage, target: TargetView, window: Millis, now: Millis): PageView {
  const looked = Math.min(MOST_LOOKED_AT, Math.max(LEAST_LOOKED_AT, window));
  const matchers: Matcher[] = ['job', 'instance'].map((name) => ({
    name,
    type: '=',
    value: getLabel(target.labels, name),
  }));
  const digests = withQuerier(storage, (querier) =>
    querier
      .select(matchers, now - looked, now)
      .map(digestSeries)
      .filter((digest): digest is SeriesDigest => digest !== null),
  );
  const known = storage.metadata();
  const metadata = (family: string): MetricMetadata | undefined => known.get(family)?.[0];
  return buildPage({
    targetId: target.id,
    targetLabels: filterLabels(target.labels, (name) => name !== METRIC_NAME),
    interval: target.interval,
    series: digests,
    metadata,
  });
}

export function findTarget(targets: readonly TargetView[], id: string): TargetView {
  const target = targets.find((one) => one.id === id);
  if (target === undefined) throw new HearthError({ kind: 'not-found', what: `target ${id}` });
  return target;
}
