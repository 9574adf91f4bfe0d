/**
 * A native histogram as data. All counts are floats; integer histograms are exact in them up to 2^53.
 * Buckets are absolute (not cumulative, not deltas). Functions on it are in `histogram-*.ts`.
 */
export interface Histogram {
  /** -4..8: exponential, base 2^(2^-schema); -53: custom bounds. */
  readonly schema: number;
  /** 0 unknown, 1 reset, 2 not reset, 3 gauge. */
  readonly counterResetHint: CounterResetHint;
  readonly zeroThreshold: number;
  readonly zeroCount: number;
  readonly count: number;
  readonly sum: number;
  /** `[offset, length, offset, length, ...]`: the first offset is the bucket index, later ones the gap. */
  readonly positiveSpans: readonly number[];
  readonly negativeSpans: readonly number[];
  readonly positiveBuckets: readonly number[];
  readonly negativeBuckets: readonly number[];
  /** Upper bounds of schema -53, without +Inf; else empty. */
  readonly customValues: readonly number[];
}

export type CounterResetHint = 0 | 1 | 2 | 3;
export const HINT_UNKNOWN = 0;
export const HINT_RESET = 1;
export const HINT_NOT_RESET = 2;
export const HINT_GAUGE = 3;
/** How each hint is written, in PromQL's literals and where samples are carried as text. */
export const HINT_NAMES = ['unknown', 'reset', 'not_reset', 'gauge'] as const satisfies Record<
  CounterResetHint,
  string
>;

/** The hint of a name; null where it is none. */
export function hintOf(name: string): CounterResetHint | null {
  const hint = (HINT_NAMES as readonly string[]).indexOf(name);
  return hint < 0 ? null : (hint as CounterResetHint);
}
export const CUSTOM_BUCKETS_SCHEMA = -53;
