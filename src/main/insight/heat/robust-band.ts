import type { Millis } from '#shared/model/index.ts';
import type { Detector, Season, SeriesDetector } from './detector.ts';
import { SortedWindow } from './sorted-window.ts';

/** What is normal is read from so much of the past, or from as many steps where steps are wide. */
const MEMORY: Millis = 15 * 60_000;
const LEAST_MEMORY_STEPS = 60;
const MOST_MEMORY_STEPS = 180;

const LEARN: Millis = 2 * 60_000;
const LEAST_LEARN_STEPS = 12;

/** Median of absolute deviations to standard deviation, of normal noise. */
const TO_SIGMA = 1.4826;
const SIGMAS = 3;
/** What this share of the window stays within is allowed, with air: spikes that come again and again are normal. */
const TAIL = 0.92;
const TAIL_AIR = 1.5;
/** Half the width of the band at least: this share of the level, and of what an axis would show. */
const LEVEL_SHARE = 0.03;
const RANGE_SHARE = 0.012;
/** Counts of a few things: one more or less is nothing. */
const WHOLE_SLACK = 1.5;
/** So long what is outside is learnt as it comes; then not until it has lasted for half the memory. */
const LEARNT_RUN: Millis = 40_000;
const LEAST_LEARNT_STEPS = 3;

function memorySteps(step: Millis): number {
  return Math.max(LEAST_MEMORY_STEPS, Math.min(MOST_MEMORY_STEPS, Math.ceil(MEMORY / step)));
}

function learnSteps(step: Millis): number {
  return Math.min(memorySteps(step), Math.max(LEAST_LEARN_STEPS, Math.ceil(LEARN / step)));
}

/**
 * A band around the rolling median, as wide as the rolling median absolute deviation says, widened by what the tail of the
 * window and the same time of earlier days show. A short excursion becomes part of the memory, a long one does not, until
 * it has lasted so long that it is the new normal.
 */
class RobustBand implements SeriesDetector {
  low = Number.NaN;
  high = Number.NaN;
  heat = Number.NaN;

  readonly #window: SortedWindow;
  readonly #learn: number;
  readonly #learntRun: number;
  readonly #forgetAfter: Millis;
  #run = 0;
  /** How far outside the step before was, 0 to 1. */
  #before = 0;
  #last: Millis = -Infinity;

  constructor(step: Millis) {
    this.#window = new SortedWindow(memorySteps(step));
    this.#learn = learnSteps(step);
    this.#learntRun = Math.max(LEAST_LEARNT_STEPS, Math.round(LEARNT_RUN / step));
    this.#forgetAfter = memorySteps(step) * step;
  }

  push(time: Millis, value: number, seasons: readonly Season[]): void {
    // An infinite value has no place on an axis, nor in a median.
    if (!Number.isFinite(value)) {
      this.low = this.high = this.heat = Number.NaN;
      return;
    }
    const window = this.#window;
    if (time - this.#last > this.#forgetAfter) window.clear();
    this.#last = time;
    if (window.count < this.#learn) {
      this.low = this.high = this.heat = Number.NaN;
      window.push(value);
      return;
    }
    const outside = this.#judge(value, seasons);
    this.heat = outside === 0 ? 0 : (outside + this.#before) / 2;
    this.#before = outside;
    this.#run = outside === 0 ? 0 : this.#run + 1;
    if (this.#run <= this.#learntRun || this.#run > window.capacity / 2) window.push(value);
  }

  /** Sets the bounds. @returns how far outside them the value is: 0 inside, 0.5 at twice the distance from the middle */
  #judge(value: number, seasons: readonly Season[]): number {
    const window = this.#window;
    const { count, median } = window;
    const [mad, tail] = window.distances(median, count >> 1, Math.floor((count - 1) * TAIL));
    const floor = this.#least(value, median);
    const half = Math.max(SIGMAS * TO_SIGMA * mad, TAIL_AIR * tail, floor);
    let low = median - half;
    let high = median + half;
    for (const { center, spread } of seasons) {
      const width = Math.max(SIGMAS * spread, floor);
      low = Math.min(low, center - width);
      high = Math.max(high, center + width);
    }
    // What was never negative is not expected to be.
    if (low < 0 && window.min >= 0) low = 0;
    this.low = low;
    this.high = high;
    if (value >= low && value <= high) return 0;
    const distance = value > high ? value - high : low - value;
    return distance / (distance + half);
  }

  #least(value: number, median: number): number {
    const { whole } = this.#window;
    const min = Math.min(this.#window.min, value);
    const max = Math.max(this.#window.max, value);
    const level = Math.max(Math.abs(min), Math.abs(max));
    const shown = min >= 0 && min <= 0.55 * max ? max : Math.max(max - min, 0.04 * level);
    const least = Math.max(LEVEL_SHARE * Math.abs(median), RANGE_SHARE * shown);
    return whole && Number.isInteger(value) ? Math.max(least, WHOLE_SLACK) : least;
  }
}

/** Rolling median and deviation with a seasonal term: cheap, causal, and without parameters of any one metric. */
export const robustBand: Detector = { create: (step) => new RobustBand(step), learnSteps, memorySteps };
