import type { Millis } from '#shared/model/index.ts';
import { histogramCount, metricName, type FloatWindows, type RangeKernel, type SeriesCall } from './call.ts';

/** Result for elements [from, to), at least one, of a window; `step` finds scalar arguments. */
export type FloatWindowFunction = (
  values: Float64Array,
  times: Float64Array,
  from: number,
  to: number,
  step: number,
  call: SeriesCall,
) => number;

/**
 * A function of the floats alone. Histograms in the same window are ignored with an info; a window of histograms
 * alone has no result. Windows of fewer than `least` floats have none either.
 */
export function overFloats(compute: FloatWindowFunction, least = 1): RangeKernel {
  return (call) => {
    const { floats, out, grid } = call;
    if (floats === null) return;
    const { values, times, starts, ends } = floats;
    for (let step = 0; step < grid.count; step++) {
      const from = starts[step];
      const to = ends[step];
      if (to === from) continue;
      if (call.histograms !== null && histogramCount(call, step) > 0)
        call.notes.histogramIgnoredInMixedRange(metricName(call), call.position);
      if (to - from >= least) out.setFloat(step, compute(values, times, from, to, step, call));
    }
  };
}

/** Windows of ever the same count, one step after the other, can be slid over; else each is looked at by itself. */
export function windowsOverlap({ starts, ends }: FloatWindows): boolean {
  for (let i = 1; i < starts.length; i++) if (starts[i] < ends[i - 1]) return true;
  return false;
}

/** Time of the evaluation step itself. */
export function stepTime(call: SeriesCall, step: number): Millis {
  return call.grid.start + step * call.grid.step;
}
