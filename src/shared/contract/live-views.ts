import type { Millis } from '../model/index.ts';
import type { ChartTitle } from './chart-words.ts';
import type { QueryResult, Steps } from './results.ts';

/** New steps of one live query: append them, drop what is older than the window. */
export interface LiveFrame {
  /** The id that the subscriber gave the query. */
  readonly id: string;
  /** True for the first frame and after a gap: what was there before is replaced. */
  readonly reset: boolean;
  readonly steps: Steps;
  readonly result: QueryResult | null;
  /** What was to be expected; null where nobody watches (yet). */
  readonly expected: Expected | null;
  readonly error: string | null;
}

/** The result of a query against what was to be expected of it. */
export interface Expected {
  /** What is normal is read from so much of the past, and nothing is said before so much was seen. */
  readonly memory: Millis;
  readonly learn: Millis;
  /** One for each series of the result, in its order. */
  readonly series: readonly ExpectedSeries[];
}

/**
 * How one series lay against its own normal, step by step. NaN where there is no value and where too little was seen to
 * tell; columns are empty for series beyond those that are watched.
 */
export interface ExpectedSeries {
  readonly low: Float32Array;
  readonly high: Float32Array;
  /** 0 inside the bounds, towards 1 far outside; above 0.5 is called unusual. */
  readonly heat: Float32Array;
}

/** What watching in the background has found, target by target. */
export interface HeatView {
  readonly targets: readonly TargetHeat[];
}

export interface TargetHeat {
  readonly targetId: string;
  /** Charts that are watched, and those of them that were unusual in the last quarter of an hour. */
  readonly charts: number;
  readonly unusual: number;
  /** True while too little was seen to tell. */
  readonly learning: boolean;
  /** The target's busiest counter of late: its title, and the rate of all its series together, oldest first. */
  readonly busiest: { readonly title: ChartTitle; readonly values: Float32Array } | null;
}
