import {
  EMPTY_LABELS,
  getLabel,
  HINT_NOT_RESET,
  HINT_RESET,
  HINT_UNKNOWN,
  METRIC_NAME,
  sampleWeight,
  withHint,
  type Histogram,
  type Labels,
} from '#shared/model/index.ts';
import { absentLabels } from './absent.ts';
import { ColumnBuilder, fullPresence, isEmpty, type Column, type Grid } from './columns.ts';
import { checkedSeries, dropName, type EvalContext } from './context.ts';
import type { RangeCallNode, RangeSource } from './plan-node.ts';
import type { CallSite, FloatWindows, HistogramWindows, SeriesCall } from './range-functions/call.ts';
import { readTotals, type FloatPart, type RangeSeries } from './samples.ts';
import { tierKernel } from './tiers.ts';
import { computeWindows, TimelineCache, type WindowEnds, type Windows } from './windows.ts';

/** Steps of an inner expression as samples of a range, each histogram made into what a function of it gets. */
function columnAsSeries(
  column: Column,
  grid: Grid,
  sharedTimes: Float64Array,
  asItem: (h: Histogram) => Histogram,
): RangeSeries {
  const { labels, values, present, histograms } = column;
  let full = histograms === null;
  for (let i = 0; full && i < grid.count; i++) full = (present[i >> 3] & (1 << (i & 7))) !== 0;
  if (full) {
    const floats = { times: sharedTimes, values, startTimes: null, from: 0, to: grid.count };
    return { labels, dropName: column.dropName, floats, histograms: null };
  }
  const times: number[] = [];
  const kept: number[] = [];
  const histogramTimes: number[] = [];
  const items: Histogram[] = [];
  for (let i = 0; i < grid.count; i++) {
    if ((present[i >> 3] & (1 << (i & 7))) === 0) continue;
    const histogram = histograms?.[i] ?? null;
    if (histogram === null) {
      times.push(sharedTimes[i]);
      kept.push(values[i]);
    } else {
      histogramTimes.push(sharedTimes[i]);
      items.push(asItem(histogram));
    }
  }
  const floatTimes = Float64Array.from(times);
  const floats = { times: floatTimes, values: Float64Array.from(kept), startTimes: null, from: 0, to: kept.length };
  return {
    labels,
    dropName: column.dropName,
    floats: kept.length === 0 ? null : floats,
    histograms:
      items.length === 0
        ? null
        : { times: Float64Array.from(histogramTimes), items, startTimes: null, from: 0, to: items.length },
  };
}

/** Hints of counter resets do not survive a subquery. */
function withoutResetHint(h: Histogram): Histogram {
  const counter = h.counterResetHint === HINT_RESET || h.counterResetHint === HINT_NOT_RESET;
  return counter ? withHint(h, HINT_UNKNOWN) : h;
}

function gridTimes(grid: Grid): Float64Array {
  return Float64Array.from({ length: grid.count }, (_, i) => grid.start + i * grid.step);
}

/** Right ends and width of the windows that are read, lookback of extended ranges included. */
function reading(source: RangeSource, lookback: number): { ends: WindowEnds; width: number } {
  const { ends, range } = source;
  const mode = source.kind === 'selector' ? source.mode : 'plain';
  if (mode === 'plain') return { ends, width: range };
  if (mode === 'anchored') return { ends, width: range + lookback };
  return { ends: { ...ends, first: ends.first + lookback }, width: range + 2 * lookback };
}

/** Series of a range, and how windows into them are found. */
export interface RangeInput {
  readonly series: readonly RangeSeries[];
  readonly windows: TimelineCache<Windows>;
}

/** @param bare the range is the result itself: no function gets it, and hints stay as they are */
export function rangeInput(
  source: RangeSource,
  inner: readonly Column[],
  context: EvalContext,
  bare = false,
): RangeInput {
  const { ends, width } = reading(source, context.lookback);
  const windows = new TimelineCache((times, from, to) => computeWindows(times, from, to, ends, width));
  if (source.kind === 'selector') return { series: source.selection.rangeSeries(context.querier), windows };
  const times = gridTimes(source.child.grid);
  const asItem = bare ? (h: Histogram): Histogram => h : withoutResetHint;
  return { series: inner.map((column) => columnAsSeries(column, source.child.grid, times, asItem)), windows };
}

/** Evaluates a function of a range for all series and steps. `inner` are the columns of a subquery. */
export async function evaluateRangeCall(
  node: RangeCallNode,
  inner: readonly Column[],
  params: readonly Float64Array[],
  context: EvalContext,
): Promise<readonly Column[]> {
  const { source, fn, grid } = node;
  const { limits, notes } = context;
  const { series, windows } = rangeInput(source, inner, context);
  const selector = source.kind === 'selector' ? source : null;
  const site: CallSite = {
    grid,
    range: source.range,
    mode: selector?.mode ?? 'plain',
    endFirst: source.ends.first,
    endStep: source.ends.step,
    params,
    notes,
    position: node.position,
    useStartTimes: fn.startTimes && context.useStartTimes,
  };
  const tier = selector?.tier ?? null;
  if (tier !== null) notes.fromTier(tier.resolution, node.position);
  const kernel = tier === null ? fn.kernel : tierKernel(node.name, fn.kernel, tier);
  const columns: Column[] = [];
  const call: { -readonly [Key in keyof SeriesCall]: SeriesCall[Key] } = {
    ...site,
    labels: EMPTY_LABELS,
    floats: null,
    histograms: null,
    out: new ColumnBuilder(0),
  };
  for (const one of series) {
    if (limits.due()) await limits.pause();
    limits.requireRoom(columns.length + 1, grid.count);
    const floats = one.floats === null ? null : floatWindows(one.floats, windows);
    const histograms = histogramWindows(one, windows, selector?.totalsOnly === true);
    const out = new ColumnBuilder(grid.count);
    limits.hold(windowWeight(floats, histograms));
    if (context.looked !== null) countWindows(context.looked, floats, histograms);
    call.labels = one.labels;
    call.floats = floats;
    call.histograms = histograms;
    call.out = out;
    kernel(call);
    limits.release(windowWeight(floats, histograms));
    if (out.filled === 0) continue;
    limits.hold(out.filled);
    if (fn.wantsCounter) noteNonCounter(one.labels, out, context, node.position);
    const name =
      fn.keepsName && !one.dropName ? { labels: one.labels, dropName: false } : dropName(context, one.labels);
    columns.push(out.finish(name.labels, name.dropName));
  }
  if (node.name === 'absent_over_time') return absentOverTime(node, columns, context);
  return checkedSeries(context, columns);
}

/** Written out: thousands of these are made, and copying an object property by property takes its time. */
function floatWindows(
  { times, values, startTimes, weights, from, to }: FloatPart,
  windows: TimelineCache<Windows>,
): FloatWindows {
  const { starts, ends } = windows.get(times, from, to);
  return { times, values, startTimes, weights, from, to, starts, ends };
}

function histogramWindows(
  one: RangeSeries,
  windows: TimelineCache<Windows>,
  totalsOnly: boolean,
): HistogramWindows | null {
  if (one.histograms === null) return null;
  const found = windows.get(one.histograms.times, one.histograms.from, one.histograms.to);
  return { ...(totalsOnly ? readTotals(one.histograms, found) : one.histograms), ...found };
}

/** Adds the samples in the windows of each step. */
function countWindows(looked: Float64Array, floats: FloatWindows | null, histograms: HistogramWindows | null): void {
  for (let i = 0; i < looked.length; i++) {
    if (floats !== null) looked[i] += floats.ends[i] - floats.starts[i];
    if (histograms === null) continue;
    for (let k = histograms.starts[i]; k < histograms.ends[i]; k++) looked[i] += sampleWeight(histograms.items[k]);
  }
}

/** Samples of the widest window: what the original would hold of this series at one time. */
function windowWeight(floats: FloatWindows | null, histograms: HistogramWindows | null): number {
  let widest = 0;
  if (floats !== null) {
    const { starts, ends } = floats;
    for (let i = 0; i < starts.length; i++) if (ends[i] - starts[i] > widest) widest = ends[i] - starts[i];
  }
  if (histograms === null) return widest;
  let most = 0;
  for (let i = 0; i < histograms.starts.length; i++) {
    const first = histograms.starts[i];
    const count = histograms.ends[i] - first;
    if (count > 0) most = Math.max(most, count * sampleWeight(histograms.items[first]));
  }
  return widest + most;
}

const COUNTER_SUFFIX = /(?:_total|_sum|_count|_bucket)$/;

function noteNonCounter(labels: Labels, out: ColumnBuilder, context: EvalContext, position: number): void {
  const name = getLabel(labels, METRIC_NAME);
  if (name === '') return;
  const { histograms } = out;
  // A rate of histograms alone says nothing about a counter's name.
  if (histograms !== null && histograms.filter((h) => h !== null).length === out.filled) return;
  if (context.typeAndUnitLabels) {
    const type = getLabel(labels, '__type__');
    if (type !== 'counter' && type !== 'histogram') context.notes.possibleNonCounterType(name, type, position);
  } else if (!COUNTER_SUFFIX.test(name)) context.notes.possibleNonCounter(name, position);
}

/** 1 at the steps at which no series has a sample. */
function absentOverTime(
  node: RangeCallNode,
  columns: readonly Column[],
  { delayedNames }: EvalContext,
): readonly Column[] {
  const { count } = node.grid;
  const present = fullPresence(count);
  for (const column of columns) for (let i = 0; i < present.length; i++) present[i] &= ~column.present[i];
  if (isEmpty(present)) return [];
  const labels = absentLabels(node.source.kind === 'selector' ? node.source.matchers : null);
  return [{ labels, dropName: delayedNames, values: new Float64Array(count).fill(1), present, histograms: null }];
}
