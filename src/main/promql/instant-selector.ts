import {
  getLabel,
  HINT_GAUGE,
  HINT_UNKNOWN,
  isStaleAt,
  METRIC_NAME,
  usesCustomBuckets,
  withHint,
  wordsOf,
  type Millis,
} from '#shared/model/index.ts';
import type { SeriesSamples } from '#main/storage/index.ts';
import { ColumnBuilder, type Column } from './columns.ts';
import type { EvalContext } from './context.ts';
import { interpolateFloat, interpolateHistogram } from './interpolate.ts';
import type { SelectorSource } from './plan-node.ts';
import { NewestTotals, type RangeSeries } from './samples.ts';
import { computeNewest, computeWindows, firstAbove, TimelineCache } from './windows.ts';

/** For each step the element that stands for the series then, or -1; stale markers not yet looked at. */
export function newestPerStep(source: SelectorSource, lookback: number): TimelineCache<Int32Array> {
  return new TimelineCache((times, from, to) => computeNewest(times, from, to, source.ends, lookback));
}

/** The newest sample within the lookback at each step, for every series that has one. */
export async function evaluateInstant(source: SelectorSource, context: EvalContext): Promise<readonly Column[]> {
  if (source.mode === 'smoothed') return evaluateSmoothed(source, context);
  const { limits } = context;
  // A bucket stands for the whole of its time.
  const lookback = Math.max(context.lookback, source.tier?.resolution ?? 0);
  if (source.tier !== null) context.notes.fromTier(source.tier.resolution, source.position);
  const newest = newestPerStep(source, lookback);
  const columns: Column[] = [];
  for (const series of source.selection.series(context.querier)) {
    if (limits.due()) await limits.pause();
    limits.requireRoom(columns.length + 1, source.ends.count);
    const at = newest.get(series.times, series.from, series.to);
    const builder = series.histograms === null ? fillFloats(series, at) : fillMixed(series, at, source, lookback);
    if (builder.filled === 0) continue;
    limits.hold(builder.filled);
    columns.push(builder.finish(series.labels, false));
  }
  return columns;
}

function fillFloats(series: SeriesSamples, at: Int32Array): ColumnBuilder {
  const { values } = series;
  const words = wordsOf(values);
  const builder = new ColumnBuilder(at.length);
  for (let step = 0; step < at.length; step++) {
    const i = at[step];
    if (i < 0) continue;
    const value = values[i];
    // Only a NaN can be the stale marker, and only its words tell.
    if (value !== value && isStaleAt(words, i)) continue;
    builder.setFloat(step, value);
  }
  return builder;
}

function fillMixed(
  series: SeriesSamples,
  at: Int32Array,
  { totalsOnly, ends }: SelectorSource,
  lookback: Millis,
): ColumnBuilder {
  const { values, histograms } = series;
  const words = wordsOf(values);
  const builder = new ColumnBuilder(at.length);
  const newest = totalsOnly ? new NewestTotals(series, lookback) : null;
  for (let step = 0; step < at.length; step++) {
    const totals = newest?.at(ends.first + step * ends.step) ?? null;
    const i = at[step];
    if (i < 0) continue;
    const histogram = histograms?.[i] ?? null;
    if (histogram !== null) builder.setHistogram(step, totals ?? histogram);
    else if (!isStaleAt(words, i)) builder.setFloat(step, values[i]);
  }
  return builder;
}

/** Values on the line between the neighbours of each step; the earlier one alone where there is no later one yet. */
async function evaluateSmoothed(source: SelectorSource, context: EvalContext): Promise<readonly Column[]> {
  const { limits, lookback } = context;
  const { ends } = source;
  const reach = { ...ends, first: ends.first + lookback };
  const windows = new TimelineCache((times, from, to) => computeWindows(times, from, to, reach, 2 * lookback));
  const columns: Column[] = [];
  for (const series of source.selection.rangeSeries(context.querier)) {
    if (limits.due()) await limits.pause();
    limits.requireRoom(columns.length + 1, ends.count);
    const { floats, histograms } = series;
    const ofFloats = floats === null ? null : windows.get(floats.times, floats.from, floats.to);
    const ofHistograms = histograms === null ? null : windows.get(histograms.times, histograms.from, histograms.to);
    const builder = new ColumnBuilder(ends.count);
    for (let step = 0; step < ends.count; step++) {
      const at = ends.first + step * ends.step;
      const floatWindow: Span = ofFloats === null ? NONE : [ofFloats.starts[step], ofFloats.ends[step]];
      const window: Span = ofHistograms === null ? NONE : [ofHistograms.starts[step], ofHistograms.ends[step]];
      const hasFloats = floatWindow[1] > floatWindow[0];
      const hasHistograms = window[1] > window[0];
      if (hasFloats && hasHistograms)
        context.notes.mixedFloatsHistograms(getLabel(series.labels, METRIC_NAME), source.position);
      else if (hasFloats) smoothFloat(series, floatWindow, at, step, builder);
      else if (hasHistograms) smoothHistogram(series, window, at, step, builder, source, context);
    }
    if (builder.filled === 0) continue;
    limits.hold(builder.filled);
    columns.push(builder.finish(series.labels, false));
  }
  return columns;
}

type Span = readonly [from: number, to: number];
const NONE: Span = [0, 0];

function smoothFloat({ floats }: RangeSeries, [from, to]: Span, at: number, step: number, out: ColumnBuilder): void {
  if (floats === null) return;
  const { times, values } = floats;
  const i = firstAbove(times, from, to, at - 1);
  if (i < to && times[i] === at) out.setFloat(step, values[i]);
  else if (i > from && i < to)
    out.setFloat(step, interpolateFloat(times[i - 1], values[i - 1], times[i], values[i], at, false));
  else if (i > from) out.setFloat(step, values[i - 1]);
}

function smoothHistogram(
  series: RangeSeries,
  [from, to]: Span,
  at: number,
  step: number,
  out: ColumnBuilder,
  { position }: SelectorSource,
  { notes }: EvalContext,
): void {
  if (series.histograms === null) return;
  const { times, items } = series.histograms;
  const i = firstAbove(times, from, to, at - 1);
  if (i < to && times[i] === at) out.setHistogram(step, items[i]);
  else if (i > from && i < to) {
    const [before, after] = [items[i - 1], items[i]];
    const counter = before.counterResetHint !== HINT_GAUGE || after.counterResetHint !== HINT_GAUGE;
    const fits = usesCustomBuckets(before) === usesCustomBuckets(after);
    const between = fits
      ? interpolateHistogram(before, times[i - 1], after, times[i], at, counter, notes, position)
      : null;
    if (between === null) notes.mixedExponentialCustom(getLabel(series.labels, METRIC_NAME), position);
    else out.setHistogram(step, between);
  } else if (i > from) out.setHistogram(step, withHint(items[i - 1], HINT_UNKNOWN));
}
