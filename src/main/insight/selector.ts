import { formatDuration, isLegacyLabelName, isLegacyMetricName, quoteGo, type Millis } from '#shared/model/index.ts';

export interface Condition {
  readonly label: string;
  readonly op: '=' | '!=' | '=~' | '!~';
  readonly value: string;
}

/** A selector as PromQL writes it. */
export function selector(metric: string, conditions: readonly Condition[]): string {
  const bare = isLegacyMetricName(metric);
  const parts = conditions.map(
    ({ label, op, value }) => `${isLegacyLabelName(label) ? label : quoteGo(label)}${op}${quoteGo(value)}`,
  );
  return bare ? `${metric}{${parts.join(',')}}` : `{${[quoteGo(metric), ...parts].join(',')}}`;
}

/** An expression of RE2 that matches exactly these values. */
export function anyOf(values: readonly string[]): string {
  return values.map((value) => value.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')).join('|');
}

/** Prometheus's way to write a label in `by (...)`. */
export function labelRef(label: string): string {
  return isLegacyLabelName(label) ? label : quoteGo(label);
}

/** Window of `rate`: long enough for four scrapes, and for people to see a trend and no noise. */
export function rateWindow(interval: Millis): string {
  return formatDuration(Math.max(30_000, 4 * interval));
}
