import { floatCount, histogramCount, type RangeKernel, type SeriesCall } from './call.ts';

/*
 * Functions that count samples or choose one of them, whatever its kind.
 */

export const countOverTime: RangeKernel = (call) => {
  for (let step = 0; step < call.grid.count; step++) {
    const count = floatCount(call, step) + histogramCount(call, step);
    if (count > 0) call.out.setFloat(step, count);
  }
};

export const presentOverTime: RangeKernel = (call) => {
  for (let step = 0; step < call.grid.count; step++)
    if (floatCount(call, step) + histogramCount(call, step) > 0) call.out.setFloat(step, 1);
};

type Pick = (call: SeriesCall, step: number, float: number, histogram: number) => void;

/** Takes the first or last sample of each window; `-1` stands for the kind that is not there. */
function choose(last: boolean, pick: Pick): RangeKernel {
  return (call) => {
    const { floats, histograms, grid } = call;
    for (let step = 0; step < grid.count; step++) {
      let float = -1;
      let histogram = -1;
      if (floats !== null && floatCount(call, step) > 0) float = last ? floats.ends[step] - 1 : floats.starts[step];
      if (histograms !== null && histogramCount(call, step) > 0)
        histogram = last ? histograms.ends[step] - 1 : histograms.starts[step];
      if (float >= 0 && histogram >= 0 && floats !== null && histograms !== null) {
        const floatFirst = floats.times[float] < histograms.times[histogram];
        if (floatFirst === last) float = -1;
        else histogram = -1;
      }
      if (float >= 0 || histogram >= 0) pick(call, step, float, histogram);
    }
  };
}

const value: Pick = ({ floats, histograms, out }, step, float, histogram) => {
  if (float >= 0 && floats !== null) out.setFloat(step, floats.values[float]);
  else if (histograms !== null) out.setHistogram(step, histograms.items[histogram]);
};

const time: Pick = ({ floats, histograms, out }, step, float, histogram) => {
  if (float >= 0 && floats !== null) out.setFloat(step, floats.times[float] / 1000);
  else if (histograms !== null) out.setFloat(step, histograms.times[histogram] / 1000);
};

export const firstOverTime = choose(false, value);
export const lastOverTime = choose(true, value);
export const timeOfFirst = choose(false, time);
export const timeOfLast = choose(true, time);
