import type { Millis } from '#shared/model/index.ts';

/** How a value lay at the same time of earlier days. */
export interface Season {
  readonly center: number;
  /** Robust standard deviation around it. */
  readonly spread: number;
}

/**
 * Judges one series, step by step, by what came before: what was to be expected, and how far from it the value is. What is
 * read from it is of the last step. Numbers instead of an object a step, since there are thousands a second.
 */
export interface SeriesDetector {
  /**
   * Takes the next step.
   * @param value NaN where there is none
   * @param seasons the same time of earlier days, as far as it is known
   */
  push(time: Millis, value: number, seasons: readonly Season[]): void;
  /** Bounds of what was to be expected of the step; NaN while there is too little to tell. */
  readonly low: number;
  readonly high: number;
  /** 0 inside the bounds, towards 1 far outside; NaN while there is too little to tell. Above 0.5 is called unusual. */
  readonly heat: number;
}

/** Makes the judges of series with steps of one width. All that watches for heat goes through one of these. */
export interface Detector {
  create(step: Millis): SeriesDetector;
  /** How much has to be seen before something can be said, and how far back a judge looks: steps of this width. */
  learnSteps(step: Millis): number;
  memorySteps(step: Millis): number;
}
