import { accumulate, formatFixed, type Compensated } from '#shared/model/index.ts';
import { fail } from '../failure.ts';
import { takeQuantile } from '../quantile.ts';
import { floatCount, histogramCount, type RangeKernel } from './call.ts';
import { overFloats, stepTime, type FloatWindowFunction } from './float-window.ts';

/** Variance by n, in one pass with compensated sums. */
export const varianceOver: FloatWindowFunction = (values, _times, from, to) => {
  const mean: Compensated = { sum: 0, rest: 0 };
  const squares: Compensated = { sum: 0, rest: 0 };
  for (let i = from; i < to; i++) {
    const value = values[i];
    const delta = value - (mean.sum + mean.rest);
    accumulate(mean, delta / (i - from + 1));
    accumulate(squares, delta * (value - (mean.sum + mean.rest)));
  }
  return (squares.sum + squares.rest) / (to - from);
};

export const deviationOver: FloatWindowFunction = (...args) => Math.sqrt(varianceOver(...args));

/** Median of the distances from the median. */
export const medianDeviationOver: FloatWindowFunction = (values, _times, from, to) => {
  const window = values.slice(from, to);
  if (window.some(Number.isNaN)) return NaN;
  const median = takeQuantile(0.5, window);
  return takeQuantile(
    0.5,
    window.map((value) => Math.abs(value - median)),
  );
};

export const quantileOver: FloatWindowFunction = (values, _times, from, to, step, call) => {
  const q = call.params[0][step];
  if (!(q >= 0 && q <= 1)) call.notes.invalidQuantile(q, call.position);
  return takeQuantile(q, values.slice(from, to));
};

/** Least-squares line through the samples: slope per second, and the value at `origin`. */
function linearRegression(
  values: Float64Array,
  times: Float64Array,
  from: number,
  to: number,
  origin: number,
): readonly [slope: number, intercept: number] {
  const n = to - from;
  const first = values[from];
  const sumX: Compensated = { sum: 0, rest: 0 };
  const sumY: Compensated = { sum: 0, rest: 0 };
  const sumXY: Compensated = { sum: 0, rest: 0 };
  const sumX2: Compensated = { sum: 0, rest: 0 };
  let constant = true;
  for (let i = from; i < to; i++) {
    const x = (times[i] - origin) / 1000;
    const y = values[i];
    if (y !== first && i > from) constant = false;
    accumulate(sumX, x);
    accumulate(sumY, y);
    accumulate(sumXY, x * y);
    accumulate(sumX2, x * x);
  }
  if (constant) return first === Infinity || first === -Infinity ? [NaN, NaN] : [0, first];
  const x = sumX.sum + sumX.rest;
  const y = sumY.sum + sumY.rest;
  const covariance = sumXY.sum + sumXY.rest - (x * y) / n;
  const variance = sumX2.sum + sumX2.rest - (x * x) / n;
  const slope = covariance / variance;
  return [slope, y / n - (slope * x) / n];
}

/** Slope; time is taken relative to the first sample, which keeps the numbers small. */
export const slopeOver: FloatWindowFunction = (values, times, from, to) =>
  linearRegression(values, times, from, to, times[from])[0];

/** Value of the line so many seconds after the evaluation time. */
export const predictionOver: FloatWindowFunction = (values, times, from, to, step, call) => {
  const [slope, intercept] = linearRegression(values, times, from, to, stepTime(call, step));
  return slope * call.params[0][step] + intercept;
};

/** Holt's linear method: level and trend smoothed by their own factors. */
const smoothedLevel: FloatWindowFunction = (values, _times, from, to, step, call) => {
  const smoothing = call.params[0][step];
  const trendFactor = call.params[1][step];
  let before = 0;
  let level = values[from];
  let trend = values[from + 1] - values[from];
  for (let i = from + 1; i < to; i++) {
    const scaled = smoothing * values[i];
    if (i > from + 1) trend = trendFactor * (level - before) + (1 - trendFactor) * trend;
    before = level;
    level = scaled + (1 - smoothing) * (level + trend);
  }
  return level;
};

const smoothedLevels = overFloats(smoothedLevel, 2);

/** Factors are wrong even where there is too little to smooth. */
export const doubleExponentialKernel: RangeKernel = (call) => {
  const [smoothing, trend] = call.params;
  for (let step = 0; step < call.grid.count; step++) {
    if (floatCount(call, step) + histogramCount(call, step) === 0) continue;
    if (smoothing[step] <= 0 || smoothing[step] >= 1)
      fail(`invalid smoothing factor. Expected: 0 < sf < 1, got: ${formatFixed(smoothing[step])}`);
    if (trend[step] <= 0 || trend[step] >= 1)
      fail(`invalid trend factor. Expected: 0 < tf < 1, got: ${formatFixed(trend[step])}`);
  }
  smoothedLevels(call);
};
