import { copyBits, wordsOf, type Histogram, type Labels, type Millis } from '#shared/model/index.ts';
import type { SampleLines } from '#main/exposition/index.ts';
import type { ImportColumn } from '#main/storage/index.ts';

/** Samples series by series, flat: those of series i are `counts[i]` elements after the ones before. */
export interface SeriesColumns {
  readonly labels: readonly Labels[];
  readonly counts: Uint32Array<ArrayBuffer>;
  /** Milliseconds, strictly ascending within a series. */
  readonly times: Float64Array<ArrayBuffer>;
  readonly values: Float64Array<ArrayBuffer>;
  /** By element, null where it is a float (0 stands for a histogram in `values`); null: there are none. */
  readonly histograms: readonly (Histogram | null)[] | null;
}

export const NO_COLUMNS: SeriesColumns = {
  labels: [],
  counts: new Uint32Array(0),
  times: new Float64Array(0),
  values: new Float64Array(0),
  histograms: null,
};

/**
 * The samples of lines, series by series in the order in which the series appear. Of several samples of one series and
 * time the last line's counts.
 * @param labels by handle
 * @param now time of samples that have none
 */
export function toColumns(lines: SampleLines, labels: readonly Labels[], now: Millis): SeriesColumns {
  const { count, series } = lines;
  // Handles are renumbered by appearance, so that what stood together stays together.
  const places = new Map<number, number>();
  const order: number[] = [];
  const place = new Int32Array(count);
  let last = -1;
  let lastPlace = -1;
  for (let i = 0; i < count; i++) {
    const handle = series[i];
    if (handle !== last) {
      let found = places.get(handle);
      if (found === undefined) places.set(handle, (found = order.push(handle) - 1));
      last = handle;
      lastPlace = found;
    }
    place[i] = lastPlace;
  }
  const counts = new Uint32Array(order.length);
  for (let i = 0; i < count; i++) counts[place[i]]++;
  const next = new Uint32Array(order.length);
  for (let k = 1; k < order.length; k++) next[k] = next[k - 1] + counts[k - 1];
  const times = new Float64Array(count);
  const values = new Float64Array(count);
  const words = wordsOf(values);
  const source = wordsOf(lines.values);
  const histograms = lines.histograms.size === 0 ? null : Array.from<Histogram | null>({ length: count }).fill(null);
  for (let i = 0; i < count; i++) {
    const at = next[place[i]]++;
    const time = lines.times[i];
    times[at] = time === time ? time : now;
    words[2 * at] = source[2 * i];
    words[2 * at + 1] = source[2 * i + 1];
    if (histograms !== null) histograms[at] = lines.histograms.get(i) ?? null;
  }
  const length = ascending(counts, times, words, histograms);
  return {
    labels: order.map((handle) => labels[handle]),
    counts,
    times: length === count ? times : times.slice(0, length),
    values: length === count ? values : values.slice(0, length),
    histograms: histograms === null || length === count ? histograms : histograms.slice(0, length),
  };
}

/** As the store takes them: views of the flat columns. */
export function importColumns({ labels, counts, times, values, histograms }: SeriesColumns): ImportColumn[] {
  let from = 0;
  return labels.map((series, k) => {
    const to = from + counts[k];
    const own = histograms?.slice(from, to) ?? null;
    const column = {
      labels: series,
      times: times.subarray(from, to),
      values: values.subarray(from, to),
      startTimes: null,
      histograms: own?.some((histogram) => histogram !== null) === true ? own : null,
    };
    from = to;
    return column;
  });
}

/** Sorts each series by time and leaves out what a later line replaces. @returns samples left */
function ascending(
  counts: Uint32Array,
  times: Float64Array,
  words: Uint32Array,
  histograms: (Histogram | null)[] | null,
): number {
  let from = 0;
  let to = 0;
  for (let k = 0; k < counts.length; k++) {
    const end = from + counts[k];
    let sorted = true;
    for (let i = from + 1; i < end && sorted; i++) sorted = times[i] > times[i - 1];
    const begin = to;
    if (sorted) {
      if (to !== from) {
        times.copyWithin(to, from, end);
        words.copyWithin(2 * to, 2 * from, 2 * end);
        histograms?.copyWithin(to, from, end);
      }
      to += counts[k];
    } else {
      const ownTimes = times.slice(from, end);
      const ownWords = words.slice(2 * from, 2 * end);
      const ownHistograms = histograms?.slice(from, end);
      const indices = Array.from(ownTimes.keys()).sort((a, b) => ownTimes[a] - ownTimes[b] || a - b);
      for (const [at, i] of indices.entries()) {
        if (at + 1 < indices.length && ownTimes[indices[at + 1]] === ownTimes[i]) continue;
        times[to] = ownTimes[i];
        copyBits(ownWords, i, words, to);
        if (histograms !== null) histograms[to] = ownHistograms?.[i] ?? null;
        to++;
      }
    }
    counts[k] = to - begin;
    from = end;
  }
  return to;
}
