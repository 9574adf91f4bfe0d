import type { MetricMetadata } from '#shared/model/index.ts';

const SUFFIXES = ['_bucket', '_count', '_sum', '_total', '_created', '_info', '_gcount', '_gsum'];

/** The family that a metric name belongs to, where metadata tells of one: itself, or itself without a known suffix. */
export function familyOf(metric: string, metadata: ReadonlyMap<string, MetricMetadata>): MetricMetadata | undefined {
  const exact = metadata.get(metric);
  if (exact !== undefined) return exact;
  const suffix = SUFFIXES.find((end) => metric.endsWith(end));
  return suffix === undefined ? undefined : metadata.get(metric.slice(0, -suffix.length));
}
