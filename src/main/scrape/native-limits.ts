import { CUSTOM_BUCKETS_SCHEMA, reduceSchema, type Histogram } from '#shared/model/index.ts';
import type { ScrapeConfig } from '#main/config/index.ts';
import { ScrapeError } from './scrape-error.ts';

const MIN_SCHEMA = -4;
const MAX_SCHEMA = 8;

/**
 * The histogram as the job's limits leave it: resolution is lowered until buckets are as wide as asked for and no more
 * than allowed.
 * @throws ScrapeError when even the lowest resolution has too many buckets
 */
export function limitHistogram(
  histogram: Histogram,
  config: Pick<ScrapeConfig, 'nativeHistogramBucketLimit' | 'nativeHistogramMinBucketFactor'>,
): Histogram {
  const { nativeHistogramBucketLimit: limit, nativeHistogramMinBucketFactor: factor } = config;
  const exponential = histogram.schema !== CUSTOM_BUCKETS_SCHEMA;
  let result = histogram;
  const finest = finestSchema(factor);
  if (exponential && result.schema > finest) result = reduceSchema(result, finest);
  const most = limit > 0 ? limit : Infinity;
  while (result.positiveBuckets.length + result.negativeBuckets.length > most) {
    if (!exponential || result.schema <= MIN_SCHEMA)
      throw new ScrapeError('limit', `histogram bucket limit exceeded (limit: ${limit})`);
    result = reduceSchema(result, result.schema - 1);
  }
  return result;
}

/** The finest schema whose buckets each are at least `factor` times as wide as the one below. */
function finestSchema(factor: number): number {
  if (factor <= 1) return MAX_SCHEMA;
  return Math.min(MAX_SCHEMA, Math.max(MIN_SCHEMA, Math.floor(-Math.log2(Math.log2(factor)))));
}
