import type { AggregateOp } from '#shared/promql/index.ts';
import { perGroup, type Aggregator } from './aggregation.ts';
import { bottomGroups, limitGroups, limitRatio, topGroups } from './choosing.ts';
import { anyGroup, countGroup, deviationGroup, maxGroup, minGroup, quantileGroups, variancesGroup } from './floats.ts';
import { averageGroup, sumGroup } from './sums.ts';

/** All aggregations but `count_values`, which groups by what it finds. */
export const AGGREGATORS: Readonly<Record<Exclude<AggregateOp, 'count_values'>, Aggregator>> = {
  avg: perGroup(averageGroup),
  bottomk: bottomGroups,
  count: perGroup(countGroup),
  group: perGroup(anyGroup),
  limit_ratio: limitRatio,
  limitk: limitGroups,
  max: perGroup(maxGroup),
  min: perGroup(minGroup),
  quantile: quantileGroups,
  stddev: perGroup(deviationGroup),
  stdvar: perGroup(variancesGroup),
  sum: perGroup(sumGroup),
  topk: topGroups,
};
