import {
  detectReset,
  HINT_NOT_RESET,
  HINT_RESET,
  HINT_UNKNOWN,
  isStaleAt,
  wordsOf,
  type Histogram,
  type Labels,
  type Millis,
} from '#shared/model/index.ts';
import type { SeriesSamples } from '#main/storage/index.ts';
import { firstAbove, type Windows } from './windows.ts';

/** Float samples of a series: elements [from, to) of columns that may be shared. No stale markers among them. */
export interface FloatPart {
  readonly times: Float64Array;
  readonly values: Float64Array;
  /** Start timestamps, 0 where unknown; null when none is known. */
  readonly startTimes: Float64Array | null;
  /** Of buckets: how many samples each stands for. */
  readonly weights?: Float64Array | undefined;
  readonly from: number;
  readonly to: number;
}

/** Histogram samples of a series, likewise. */
export interface HistogramPart {
  readonly times: Float64Array;
  readonly items: readonly Histogram[];
  readonly startTimes: Float64Array | null;
  readonly from: number;
  readonly to: number;
}

/** Samples of a series as range functions see them: without stale markers, floats and histograms apart. */
export interface RangeSeries {
  readonly labels: Labels;
  readonly dropName: boolean;
  readonly floats: FloatPart | null;
  readonly histograms: HistogramPart | null;
}

/** Whether element `i`, which is a NaN or a histogram, is the stale marker. */
function isMarker(series: SeriesSamples, words: Uint32Array, i: number): boolean {
  return (series.histograms?.[i] ?? null) === null && isStaleAt(words, i);
}

/** The series with its stale markers left out; shares the columns where there are none. */
export function splitSeries(series: SeriesSamples): RangeSeries {
  const { labels, values, times, startTimes, from, to } = series;
  if (series.histograms !== null) return splitMixed(series);
  const words = wordsOf(values);
  let markers = 0;
  for (let i = from; i < to; i++) {
    const value = values[i];
    // Only a NaN can be the marker; which NaN it is, only its words tell.
    if (value !== value && isStaleAt(words, i)) markers++;
  }
  const part = { times, values, startTimes, weights: series.weights, from, to };
  if (markers === 0) return { labels, dropName: false, floats: part, histograms: null };
  const kept = to - from - markers;
  const keptTimes = new Float64Array(kept);
  const keptValues = new Float64Array(kept);
  const keptStarts = startTimes === null ? null : new Float64Array(kept);
  let n = 0;
  for (let i = from; i < to; i++) {
    const value = values[i];
    if (value !== value && isStaleAt(words, i)) continue;
    keptTimes[n] = times[i];
    keptValues[n] = value;
    if (keptStarts !== null && startTimes !== null) keptStarts[n] = startTimes[i];
    n++;
  }
  const floats = { times: keptTimes, values: keptValues, startTimes: keptStarts, from: 0, to: kept };
  return { labels, dropName: false, floats, histograms: null };
}

function splitMixed(series: SeriesSamples): RangeSeries {
  const { labels, values, times, startTimes, histograms, from, to } = series;
  const words = wordsOf(values);
  const floatTimes: number[] = [];
  const floatValues: number[] = [];
  const floatStarts: number[] = [];
  const weights: number[] = [];
  const histogramTimes: number[] = [];
  const items: Histogram[] = [];
  const histogramStarts: number[] = [];
  for (let i = from; i < to; i++) {
    if (isMarker(series, words, i)) continue;
    const histogram = histograms?.[i] ?? null;
    const start = startTimes === null ? 0 : startTimes[i];
    if (histogram === null) {
      floatTimes.push(times[i]);
      floatValues.push(values[i]);
      floatStarts.push(start);
      if (series.weights !== undefined) weights.push(series.weights[i]);
    } else {
      histogramTimes.push(times[i]);
      items.push(histogram);
      histogramStarts.push(start);
    }
  }
  const starts = (known: readonly number[]): Float64Array | null =>
    startTimes === null ? null : Float64Array.from(known);
  return {
    labels,
    dropName: false,
    floats:
      floatTimes.length === 0
        ? null
        : {
            times: Float64Array.from(floatTimes),
            values: Float64Array.from(floatValues),
            startTimes: starts(floatStarts),
            weights: series.weights === undefined ? undefined : Float64Array.from(weights),
            from: 0,
            to: floatTimes.length,
          },
    histograms:
      items.length === 0
        ? null
        : {
            times: Float64Array.from(histogramTimes),
            items,
            startTimes: starts(histogramStarts),
            from: 0,
            to: items.length,
          },
  };
}

/** The histogram as functions see it that only need its totals: no buckets, no bounds. */
function totalsOnly(h: Histogram, hint: Histogram['counterResetHint']): Histogram {
  return {
    schema: h.schema,
    counterResetHint: hint,
    zeroThreshold: 0,
    zeroCount: 0,
    count: h.count,
    sum: h.sum,
    positiveSpans: [],
    negativeSpans: [],
    positiveBuckets: [],
    negativeBuckets: [],
    customValues: [],
  };
}

/** Totals of a histogram that was read after `before`; an unknown hint is settled while the buckets are at hand. */
function totalsAfter(h: Histogram, before: Histogram | null): Histogram {
  let hint = h.counterResetHint;
  if (hint === HINT_UNKNOWN && before !== null) hint = detectReset(h, before) ? HINT_RESET : HINT_NOT_RESET;
  return totalsOnly(h, hint);
}

/**
 * Totals of the newest histogram at each of ascending times, read as the original reads: on from where it stands, each
 * sample once, and where nothing within the lookback was read yet it leaps there and forgets what came before.
 */
export class NewestTotals {
  private readonly series: SeriesSamples;
  private readonly lookback: Millis;
  /** The next element to read. */
  private next: number;
  /** Time of the element that it stands at: the first at or after the time asked for last. */
  private standsAt: Millis;
  private before: Histogram | null = null;
  private totals: Histogram | null = null;

  constructor(series: SeriesSamples, lookback: Millis) {
    this.series = series;
    this.lookback = lookback;
    this.next = series.from;
    this.standsAt = series.from < series.to ? series.times[series.from] : Infinity;
  }

  /** @returns null where no histogram was read yet */
  at(time: Millis): Histogram | null {
    const { times, histograms, to } = this.series;
    const from = time - this.lookback;
    if (this.standsAt < from) {
      this.next = firstAbove(times, this.next, to, from - 1);
      this.before = null;
    }
    for (; this.next < to && times[this.next] <= time; this.next++) {
      const histogram = histograms?.[this.next] ?? null;
      if (histogram === null) continue;
      this.totals = totalsAfter(histogram, this.before);
      this.before = histogram;
    }
    const last = this.next - 1;
    if (last >= this.series.from && times[last] === time) this.standsAt = time;
    else this.standsAt = this.next < to ? times[this.next] : Infinity;
    return this.totals;
  }
}

/**
 * Only the totals of the histograms that windows read. A window that begins after the one before it has ended starts
 * to read anew, so that its first histogram keeps its hint.
 */
export function readTotals(part: HistogramPart, windows: Windows): HistogramPart {
  const items: Histogram[] = [];
  let next = -1;
  for (let step = 0; step < windows.starts.length; step++) {
    const from = windows.starts[step];
    const to = windows.ends[step];
    if (to === from) continue;
    const anew = next < 0 || from > next;
    for (let i = anew ? from : next; i < to; i++)
      items[i] = totalsAfter(part.items[i], anew && i === from ? null : part.items[i - 1]);
    if (to > next) next = to;
  }
  return { ...part, items };
}
