import type { RangeKernel } from './call.ts';
import { countOverTime, firstOverTime, lastOverTime, presentOverTime, timeOfFirst, timeOfLast } from './choice.ts';
import { maxOver, minOver, timeOfMax, timeOfMin } from './extremes.ts';
import { overFloats } from './float-window.ts';
import { lastTwoKernel } from './last-two.ts';
import { rateKernel } from './rate.ts';
import {
  deviationOver,
  doubleExponentialKernel,
  medianDeviationOver,
  predictionOver,
  quantileOver,
  slopeOver,
  varianceOver,
} from './statistics.ts';
import { averageOverTime, sumOverTime } from './sums.ts';
import { changesKernel, resetsKernel } from './transitions.ts';

/** A function of a range vector. */
export interface RangeFunction {
  readonly kernel: RangeKernel;
  /** The result is still the metric itself. */
  readonly keepsName: boolean;
  /** Start timestamps tell resets. */
  readonly startTimes: boolean;
  /** Which extended ranges it takes. */
  readonly modes: readonly ('anchored' | 'smoothed')[];
  /** Results of floats hint at whether the metric is a counter at all. */
  readonly wantsCounter: boolean;
}

function define(kernel: RangeKernel, options: Partial<Omit<RangeFunction, 'kernel'>> = {}): RangeFunction {
  return { kernel, keepsName: false, startTimes: false, modes: [], wantsCounter: false, ...options };
}

/** All functions whose argument is a range vector, by name. */
export const RANGE_FUNCTIONS: ReadonlyMap<string, RangeFunction> = new Map([
  ['absent_over_time', define(presentOverTime)],
  ['avg_over_time', define(averageOverTime)],
  ['changes', define(changesKernel, { modes: ['anchored'] })],
  ['count_over_time', define(countOverTime)],
  ['delta', define(rateKernel({ counter: false, perSecond: false }), { modes: ['anchored', 'smoothed'] })],
  ['deriv', define(overFloats(slopeOver, 2))],
  ['double_exponential_smoothing', define(doubleExponentialKernel)],
  ['first_over_time', define(firstOverTime, { keepsName: true })],
  ['idelta', define(lastTwoKernel(false))],
  [
    'increase',
    define(rateKernel({ counter: true, perSecond: false }), {
      startTimes: true,
      modes: ['anchored', 'smoothed'],
      wantsCounter: true,
    }),
  ],
  ['irate', define(lastTwoKernel(true), { startTimes: true })],
  ['last_over_time', define(lastOverTime, { keepsName: true })],
  ['mad_over_time', define(overFloats(medianDeviationOver))],
  ['max_over_time', define(overFloats(maxOver))],
  ['min_over_time', define(overFloats(minOver))],
  ['predict_linear', define(overFloats(predictionOver, 2))],
  ['present_over_time', define(presentOverTime)],
  ['quantile_over_time', define(overFloats(quantileOver))],
  [
    'rate',
    define(rateKernel({ counter: true, perSecond: true }), {
      startTimes: true,
      modes: ['anchored', 'smoothed'],
      wantsCounter: true,
    }),
  ],
  ['resets', define(resetsKernel, { startTimes: true, modes: ['anchored'] })],
  ['stddev_over_time', define(overFloats(deviationOver))],
  ['stdvar_over_time', define(overFloats(varianceOver))],
  ['sum_over_time', define(sumOverTime)],
  ['ts_of_first_over_time', define(timeOfFirst)],
  ['ts_of_last_over_time', define(timeOfLast)],
  ['ts_of_max_over_time', define(overFloats(timeOfMax))],
  ['ts_of_min_over_time', define(overFloats(timeOfMin))],
]);
