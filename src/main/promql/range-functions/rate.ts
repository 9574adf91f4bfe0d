import { floatCount, histogramCount, metricName, type RangeKernel } from './call.ts';
import { extendedRate } from './extended-rate.ts';
import type { RateKind } from './extrapolation.ts';
import { deltaFloats, ratePlain, rateWithStarts } from './rate-floats.ts';
import { rateHistograms } from './rate-histograms.ts';

/** rate, increase or delta over windows, extrapolated to their bounds; anchored and smoothed ranges are not. */
export function rateKernel(kind: RateKind): RangeKernel {
  return (call) => {
    if (call.mode !== 'plain') {
      extendedRate(call, kind);
      return;
    }
    const { floats, histograms, grid } = call;
    const startTimes = kind.counter && call.useStartTimes ? (floats?.startTimes ?? null) : null;
    if (floats !== null && histograms === null && startTimes === null) {
      ratePlain(call, floats, kind);
      return;
    }
    const noStarts = floats === null ? null : new Float64Array(floats.to);
    for (let step = 0; step < grid.count; step++) {
      const ofFloat = floatCount(call, step);
      const ofHistogram = histogramCount(call, step);
      if (ofFloat > 0 && ofHistogram > 0) call.notes.mixedFloatsHistograms(metricName(call), call.position);
      else if (ofFloat > 0 && floats !== null && noStarts !== null) {
        if (kind.counter) rateWithStarts(call, floats, startTimes ?? noStarts, kind, step);
        else deltaFloats(call, floats, kind, step);
      } else if (ofHistogram > 0 && histograms !== null) rateHistograms(call, histograms, kind, step);
    }
  };
}
