/** What a target says about a metric family. `unknown` is also what text format 0.0.4 calls untyped. */
export type MetricType =
  'counter' | 'gauge' | 'histogram' | 'gaugehistogram' | 'summary' | 'info' | 'stateset' | 'unknown';

export interface MetricMetadata {
  /** Family name as the target writes it in its TYPE, HELP or UNIT line. */
  readonly family: string;
  readonly type: MetricType;
  readonly help: string;
  readonly unit: string;
}
