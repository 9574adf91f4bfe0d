import { labelsFromRecord, setStaleAt, wordsOf, type Histogram, type Labels } from '#shared/model/index.ts';
import type { AppendResult, Batch, SeriesSamples, Writer } from '#main/storage/index.ts';

export const STALE = Symbol('stale');

/** One sample of a test: its series, its value, and what a batch can say of it. */
export interface TestSample {
  readonly labels: Readonly<Record<string, string>> | Labels;
  readonly value: number | typeof STALE | Histogram;
  readonly time?: number;
  readonly startTime?: number;
}

function labelsOf(sample: TestSample): Labels {
  return Array.isArray(sample.labels)
    ? (sample.labels as unknown as Labels)
    : labelsFromRecord(sample.labels as Record<string, string>);
}

export function batchOf(
  writer: Writer,
  time: number,
  samples: readonly TestSample[],
  exemplars: Batch['exemplars'] = null,
): Batch {
  const values = new Float64Array(samples.length);
  const words = wordsOf(values);
  const histograms = new Map<number, Histogram>();
  samples.forEach((sample, i) => {
    if (sample.value === STALE) setStaleAt(words, i);
    else if (typeof sample.value === 'number') values[i] = sample.value;
    else histograms.set(i, sample.value);
  });
  return {
    time,
    length: samples.length,
    refs: Uint32Array.from(samples, (sample) => writer.resolve(labelsOf(sample))),
    values,
    times: samples.some((sample) => sample.time !== undefined)
      ? Float64Array.from(samples, (sample) => sample.time ?? NaN)
      : null,
    startTimes: samples.some((sample) => sample.startTime !== undefined)
      ? Float64Array.from(samples, (sample) => sample.startTime ?? NaN)
      : null,
    histograms: histograms.size > 0 ? histograms : null,
    exemplars,
  };
}

export function append(writer: Writer, time: number, ...samples: readonly TestSample[]): AppendResult {
  return writer.append(batchOf(writer, time, samples));
}

/** Bits of a float as hexadecimal text: what tests compare, since NaN and -0 hide from `===`. */
export function bitsAt(values: Float64Array, i: number): string {
  const words = wordsOf(values);
  return [words[2 * i + 1], words[2 * i]].map((word) => word.toString(16).padStart(8, '0')).join('');
}

export interface PlainSample {
  readonly time: number;
  readonly bits: string;
  readonly histogram?: Histogram;
  readonly startTime?: number;
}

/** A selected series as plain data. */
export function plainSamples(series: SeriesSamples): PlainSample[] {
  const samples: PlainSample[] = [];
  for (let i = series.from; i < series.to; i++) {
    const histogram = series.histograms?.[i] ?? null;
    const startTime = series.startTimes?.[i] ?? 0;
    samples.push({
      time: series.times[i],
      bits: histogram === null ? bitsAt(series.values, i) : '',
      ...(histogram !== null && { histogram }),
      ...(startTime !== 0 && { startTime }),
    });
  }
  return samples;
}

/** `[time, value]` pairs, for tests of ordinary floats. */
export function pairs(series: SeriesSamples | undefined): [number, number][] {
  if (series === undefined) return [];
  const result: [number, number][] = [];
  for (let i = series.from; i < series.to; i++) result.push([series.times[i], series.values[i]]);
  return result;
}

export const EXPONENTIAL: Histogram = {
  schema: 3,
  counterResetHint: 0,
  zeroThreshold: 1e-128,
  zeroCount: 2,
  count: 12,
  sum: 18.4,
  positiveSpans: [0, 2, 1, 1],
  negativeSpans: [-3, 1],
  positiveBuckets: [1, 2, 4],
  negativeBuckets: [3],
  customValues: [],
};

export const CUSTOM: Histogram = {
  schema: -53,
  counterResetHint: 3,
  zeroThreshold: 0,
  zeroCount: 0,
  count: 5.5,
  sum: NaN,
  positiveSpans: [0, 3],
  negativeSpans: [],
  positiveBuckets: [1.5, 0, 4],
  negativeBuckets: [],
  customValues: [0.1, 1, 10],
};
