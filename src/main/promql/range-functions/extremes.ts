import type { FloatWindowFunction } from './float-window.ts';

/*
 * Extremes over windows. A NaN is only the result where there is nothing else.
 */

export const maxOver: FloatWindowFunction = (values, _times, from, to) => {
  let max = values[from];
  for (let i = from + 1; i < to; i++) {
    const value = values[i];
    if (value > max || max !== max) max = value;
  }
  return max;
};

export const minOver: FloatWindowFunction = (values, _times, from, to) => {
  let min = values[from];
  for (let i = from + 1; i < to; i++) {
    const value = values[i];
    if (value < min || min !== min) min = value;
  }
  return min;
};

/** Time in seconds of the last of the largest values. */
export const timeOfMax: FloatWindowFunction = (values, times, from, to) => {
  let at = from;
  for (let i = from; i < to; i++) if (values[i] >= values[at] || Number.isNaN(values[at])) at = i;
  return times[at] / 1000;
};

export const timeOfMin: FloatWindowFunction = (values, times, from, to) => {
  let at = from;
  for (let i = from; i < to; i++) if (values[i] <= values[at] || Number.isNaN(values[at])) at = i;
  return times[at] / 1000;
};
