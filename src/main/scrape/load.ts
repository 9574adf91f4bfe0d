import type { Importance, LoadLimits } from '#main/config/index.ts';
import type { Millis } from '#shared/model/index.ts';

/** What tells of too much work, each in ms: the worst since it was last asked. */
export interface LoadSignals {
  /** How late the scraper's own clock ticked: the thread was busy with something else. */
  readonly loopLag: Millis;
  /** How late a scrape began. */
  readonly scrapeLag: Millis;
  /** How long the store took to make samples durable. */
  readonly diskLag: Millis;
}

/** From `high` on a signal is too much; below `low` all is well again. Between them nothing changes. */
const BOUNDS: Readonly<Record<keyof LoadSignals, { readonly low: Millis; readonly high: Millis }>> = {
  loopLag: { low: 75, high: 250 },
  scrapeLag: { low: 400, high: 1500 },
  diskLag: { low: 300, high: 800 },
};

/** So many bad ticks in a row are no accident (a start, one heavy query) any more. */
const PATIENCE = 3;
const RISE = 0.1;
/** Slower down than up: what was let go at once would come back at once. */
const FALL = 0.02;

/** Fewer would let a few targets that hang keep all others waiting. */
const MIN_CONCURRENT = 32;
const CONCURRENT_STEP = 8;

/**
 * Judges once a second how hard scraping presses, and how many scrapes may run at a time: fewer while the thread is
 * behind (the answers of those that run have to be read first), more when all is well and some wait.
 */
export class LoadControl {
  readonly #maxConcurrent: number;
  #pressure = 0;
  #bad = 0;
  #concurrency: number;

  constructor(maxConcurrent: number) {
    this.#maxConcurrent = maxConcurrent;
    this.#concurrency = maxConcurrent;
  }

  /** 0: none; 1: all that may be stretched is, as far as it may be. */
  get pressure(): number {
    return this.#pressure;
  }

  get concurrency(): number {
    return this.#concurrency;
  }

  /** @param waiting scrapes that wait for room */
  tick(signals: LoadSignals, waiting: number): void {
    const names = Object.keys(BOUNDS) as (keyof LoadSignals)[];
    const over = names.some((name) => signals[name] >= BOUNDS[name].high);
    const calm = names.every((name) => signals[name] < BOUNDS[name].low);
    this.#bad = over ? this.#bad + 1 : 0;
    if (this.#bad >= PATIENCE) this.#pressure = Math.min(1, this.#pressure + RISE);
    else if (calm) this.#pressure = Math.max(0, this.#pressure - FALL);
    // Adding up small steps leaves a rest that is no pressure.
    if (this.#pressure < FALL / 2) this.#pressure = 0;

    const least = Math.min(MIN_CONCURRENT, this.#maxConcurrent);
    if (signals.loopLag >= BOUNDS.loopLag.high) this.#concurrency = Math.max(least, Math.floor(this.#concurrency / 2));
    else if (signals.loopLag < BOUNDS.loopLag.low && (waiting > 0 || this.#pressure === 0))
      this.#concurrency = Math.min(this.#maxConcurrent, this.#concurrency + CONCURRENT_STEP);
  }
}

/** By how much the interval of a target is stretched: a whole number, so that its times stay those of its own rhythm. */
export function stretchOf(pressure: number, importance: Importance, interval: Millis, limits: LoadLimits): number {
  const most = Math.max(1, Math.min(limits.stretch, Math.floor(limits.maxInterval / interval)));
  return 1 + Math.round(shareOf(pressure, importance) * (most - 1));
}

/** The least important give way first; the most important never do. */
function shareOf(pressure: number, importance: Importance): number {
  switch (importance) {
    case 'low':
      return Math.min(1, pressure * 2);
    case 'normal':
      return Math.max(0, pressure * 2 - 1);
    case 'high':
      return 0;
  }
}
