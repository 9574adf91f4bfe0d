import { getLabel, METRIC_NAME, type Labels, type Millis } from '#shared/model/index.ts';
import type { Annotations, Position } from '../annotations.ts';
import type { ColumnBuilder, Grid } from '../columns.ts';
import type { FloatPart, HistogramPart } from '../samples.ts';
import type { RangeMode } from '#shared/promql/index.ts';
import type { Windows } from '../windows.ts';

/** Float samples with the window of each step. */
export interface FloatWindows extends FloatPart, Windows {}

/** Histogram samples with the window of each step. */
export interface HistogramWindows extends HistogramPart, Windows {}

/** What is the same for all series of one call of a range function. */
export interface CallSite {
  readonly grid: Grid;
  /** Length of the range. */
  readonly range: Millis;
  readonly mode: RangeMode;
  /** Nominal end of the window of step i is `ends.first + i * ends.step`. */
  readonly endFirst: Millis;
  readonly endStep: Millis;
  /** Scalar arguments, one value a step. */
  readonly params: readonly Float64Array[];
  readonly notes: Annotations;
  /** Of the first argument. */
  readonly position: Position;
  /** Whether start timestamps are looked at. */
  readonly useStartTimes: boolean;
}

/** One series of a call. */
export interface SeriesCall extends CallSite {
  readonly labels: Labels;
  readonly floats: FloatWindows | null;
  readonly histograms: HistogramWindows | null;
  readonly out: ColumnBuilder;
}

/** Computes all steps of one series. */
export type RangeKernel = (call: SeriesCall) => void;

export function metricName(call: SeriesCall): string {
  return getLabel(call.labels, METRIC_NAME);
}

export const floatCount = ({ floats }: SeriesCall, step: number): number =>
  floats === null ? 0 : floats.ends[step] - floats.starts[step];

export const histogramCount = ({ histograms }: SeriesCall, step: number): number =>
  histograms === null ? 0 : histograms.ends[step] - histograms.starts[step];
