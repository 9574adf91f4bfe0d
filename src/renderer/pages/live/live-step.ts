import type { Millis } from '#shared/model/index.ts';

/** More points than a chart of three columns has pixels tell nothing more. */
const MAX_POINTS = 480;

const ROUND_STEPS: readonly Millis[] = [
  1000, 2000, 3000, 5000, 10_000, 15_000, 20_000, 30_000, 60_000, 120_000, 180_000, 300_000, 600_000, 1_800_000,
  3_600_000, 7_200_000, 21_600_000, 43_200_000, 86_400_000,
];

/** Step of a live window: each scrape where that fits, else the next round step. */
export function liveStep(window: Millis, interval: Millis): Millis {
  const least = Math.max(interval, window / MAX_POINTS);
  if (least === interval && interval >= 1000) return Math.round(interval);
  return ROUND_STEPS.find((step) => step >= least) ?? ROUND_STEPS[ROUND_STEPS.length - 1];
}
