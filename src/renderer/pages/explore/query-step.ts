import { formatDuration, type Millis } from '#shared/model/index.ts';

const STEPS: readonly Millis[] = [
  1000, 2000, 5000, 10_000, 15_000, 30_000, 60_000, 120_000, 300_000, 600_000, 900_000, 1_800_000, 3_600_000, 7_200_000,
  10_800_000, 21_600_000, 43_200_000, 86_400_000,
];

/** Steps on the screen at most: finer than a step in two pixels nobody sees. */
const PIXELS_A_STEP = 2;

/** The step at which a range fits the width of the chart, from a list of round ones. */
export function stepFor(range: Millis, width: number): Millis {
  const most = Math.max(50, Math.floor(width / PIXELS_A_STEP));
  const fitting = STEPS.find((step) => range / step <= most);
  return fitting ?? Math.ceil(range / most / 86_400_000) * 86_400_000;
}

/**
 * The range moved onto absolute multiples of the step, so that going on in time asks for the same instants again.
 * The last step is at or before `end`.
 */
export function alignedRange(
  start: Millis,
  end: Millis,
  step: Millis,
): { readonly start: Millis; readonly end: Millis } {
  const last = Math.floor(end / step) * step;
  return { start: Math.min(last, Math.ceil(start / step) * step), end: last };
}

/** Width of a chart, about, where none has been laid out. */
const USUAL_WIDTH = 1000;

/** A window for `rate()` over a range: it holds several scrapes and at least a few steps. */
export function rateWindowFor(
  { start, end }: { readonly start: Millis; readonly end: Millis },
  width = USUAL_WIDTH,
): string {
  return formatDuration(Math.max(60_000, stepFor(end - start, width) * 4));
}
