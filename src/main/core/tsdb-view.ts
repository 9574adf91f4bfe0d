import type { TsdbView } from '#shared/contract/index.ts';
import { METRIC_NAME } from '#shared/model/index.ts';
import type { Storage } from '#main/storage/index.ts';
import { withQuerier } from './selection.ts';

function top(counts: ReadonlyMap<string, number>, limit: number): (readonly [string, number])[] {
  return [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).slice(0, limit);
}

function add(counts: Map<string, number>, key: string, by: number): void {
  counts.set(key, (counts.get(key) ?? 0) + by);
}

/** Series that have samples in the last hour of the store, by what they cost. */
export function tsdbView(storage: Storage, limit: number): TsdbView {
  const { minTime, maxTime, outOfOrderSamples, lateSamples, duplicateSamples, tooOldSamples } = storage.stats();
  const series = withQuerier(storage, (querier) =>
    maxTime === null ? [] : querier.series([], maxTime - 3_600_000, maxTime),
  );
  const byMetric = new Map<string, number>();
  const byPair = new Map<string, number>();
  for (const labels of series) {
    for (let i = 0; i < labels.length; i += 2) {
      if (labels[i] === METRIC_NAME) add(byMetric, labels[i + 1], 1);
      add(byPair, `${labels[i]}=${labels[i + 1]}`, 1);
    }
  }
  const values = new Map<string, number>();
  const bytes = new Map<string, number>();
  for (const pair of byPair.keys()) {
    const name = pair.slice(0, pair.indexOf('='));
    add(values, name, 1);
    add(bytes, name, pair.length - name.length - 1);
  }
  return {
    series: series.length,
    labelPairs: byPair.size,
    minTime,
    maxTime,
    outOfOrderSamples,
    lateSamples,
    duplicateSamples,
    tooOldSamples,
    tiers: storage.tiers().map(({ resolution, keep, from, builtTo }) => ({ resolution, keep, from, builtTo })),
    seriesByMetric: top(byMetric, limit),
    valuesByLabel: top(values, limit),
    bytesByLabel: top(bytes, limit),
    seriesByPair: top(byPair, limit),
  };
}
