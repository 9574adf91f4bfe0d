import { createEngine, type Engine } from '#main/promql/index.ts';
import type { Querier, SeriesSamples } from '#main/storage/index.ts';
import { compileMatcher, labelsFromRecord, matchesAll, type Millis } from '#shared/model/index.ts';

/** From sample to sample. */
export const STEP: Millis = 15_000;
const TARGETS = 10;

/** Deterministic numbers, so that two runs see the same data. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Samples as the store hands them over: series of one target share their column of times. Counters and gauges in turn. */
export function makeSeries(seriesCount: number, samples: number): SeriesSamples[] {
  const timelines = Array.from({ length: TARGETS }, (_, target) =>
    Float64Array.from({ length: samples }, (_, i) => i * STEP + target * 700),
  );
  return Array.from({ length: seriesCount }, (_, i) => {
    const next = random(i + 1);
    const counter = i % 2 === 0;
    const values = new Float64Array(samples);
    let value = 0;
    for (let k = 0; k < samples; k++) {
      if (counter) value = next() < 0.0005 ? 0 : value + Math.floor(next() * 20);
      else value = Math.round(next() * 1000) / 10;
      values[k] = value;
    }
    const labels = labelsFromRecord({
      __name__: counter ? 'http_requests_total' : 'temperature_celsius',
      job: 'bench',
      instance: `host-${i % TARGETS}:9100`,
      service: `service-${i % 20}`,
      handler: `/api/${i % 7}`,
      code: ['200', '204', '404', '500'][(i >> 1) % 4],
      id: String(i),
    });
    const times = timelines[i % TARGETS];
    return { labels, from: 0, to: samples, times, values, histograms: null, startTimes: null };
  });
}

/** First index at or after a time. */
function firstFrom(times: Float64Array, bound: Millis): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (times[middle] < bound) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** A querier that only selects. */
export function querierOf(all: readonly SeriesSamples[]): Querier {
  return {
    select(matchers, start, end) {
      const compiled = matchers.map(compileMatcher);
      const found: SeriesSamples[] = [];
      for (const series of all) {
        if (!matchesAll(compiled, series.labels)) continue;
        const { times } = series;
        found.push({ ...series, from: firstFrom(times, start), to: firstFrom(times, end + 1) });
      }
      return found;
    },
    series: () => [],
    labelNames: () => [],
    labelValues: () => [],
    exemplars: () => [],
    estimate: () => ({ series: 0, samples: 0 }),
    release: () => undefined,
  };
}

export function benchEngine(maxSamples: number): Engine {
  return createEngine({
    lookback: 300_000,
    timeout: 120_000,
    maxSamples,
    features: new Set(['promql-experimental-functions']),
    noStepSubqueryInterval: () => 60_000,
    clock: () => performance.now(),
  });
}
