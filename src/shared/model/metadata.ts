/**
 * What a target may say about a metric family, in the order of remote write's numbers for them. `unknown` is also what
 * text format 0.0.4 calls untyped.
 */
export const METRIC_TYPES = [
  'unknown',
  'counter',
  'gauge',
  'histogram',
  'gaugehistogram',
  'summary',
  'info',
  'stateset',
] as const;

export type MetricType = (typeof METRIC_TYPES)[number];

export interface MetricMetadata {
  /** Family name as the target writes it in its TYPE, HELP or UNIT line. */
  readonly family: string;
  readonly type: MetricType;
  readonly help: string;
  readonly unit: string;
}
