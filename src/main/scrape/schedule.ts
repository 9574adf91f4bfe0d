import type { Millis } from '#shared/model/index.ts';

/** Scrapes that start no later than this after their time are stamped with that time. */
const TOLERANCE: Millis = 2;
/** Timers count other milliseconds than the clock: they may fire so much before the time that they were set for. */
const EARLY: Millis = 1;

/**
 * Offsets are multiples of this, or of a twentieth of the interval if that is less: targets that are due in the same
 * moment are scraped in one go, and nobody (this thread, the kernel, the targets) wakes up for each of them.
 */
const GRID: Millis = 50;

/** A start waits no longer than this: a time further ahead is one from before the clock was set back. */
const MOST_PAUSE: Millis = 1000;

/** Where in its interval a target is scraped. @param hash spreads targets, and machines, evenly */
export function offsetOf(interval: Millis, hash: bigint): Millis {
  const offset = Number(hash % BigInt(interval));
  return offset - (offset % Math.max(1, Math.min(GRID, Math.floor(interval / 20))));
}

/** The times at which a target is scraped: the multiples of its interval, shifted by its own offset. */
export class Schedule {
  readonly interval: Millis;
  readonly #offset: Millis;
  /** Nothing is due before. */
  readonly #from: Millis;
  #due: Millis;
  #stretch = 1;
  /** The time taken last, where the next one was then put off. */
  #putOff: Millis | null = null;

  /**
   * @param seed differs between machines, so that they do not scrape one target in the same moment
   * @param from the first scrape is the first one due after this: now, or up to a second later
   */
  constructor(interval: Millis, hash: bigint, seed: bigint, from: Millis) {
    this.interval = interval;
    this.#offset = offsetOf(interval, hash ^ seed);
    this.#from = from;
    this.#due = this.#after(from);
  }

  /** When the next scrape is due. */
  get due(): Millis {
    return this.#due;
  }

  /** Each how many intervals it is scraped. */
  get stretch(): number {
    return this.#stretch;
  }

  /** Takes only each so many of its times from the next scrape on; fewer left out count at once. */
  setStretch(stretch: number, now: Millis): void {
    if (stretch < this.#stretch) this.#due = Math.min(this.#due, this.#after(now));
    this.#stretch = stretch;
  }

  /** Whether a timer that fires at `now` may take the due scrape. */
  isDue(now: Millis): boolean {
    return now >= this.#due - EARLY;
  }

  /** Time to wait from `now` on; a clock that was set back does not make it longer than an interval. */
  wait(now: Millis): Millis {
    const from = this.#from - now <= MOST_PAUSE ? Math.max(this.#from, now) : now;
    if (this.#due - from > this.interval * this.#stretch) this.#due = this.#after(from);
    return Math.max(0, this.#due - now);
  }

  /**
   * Takes the due scrape that starts at `now` and moves on to the next; times that have passed are skipped.
   * @returns the time to stamp it with, how late it is, how many were skipped, and how many were left out by stretching
   */
  take(now: Millis): {
    readonly time: Millis;
    readonly lag: Millis;
    readonly skipped: number;
    readonly leftOut: number;
  } {
    const lag = Math.max(0, now - this.#due);
    const skipped = Math.floor(lag / this.interval);
    const aligned = this.#due + skipped * this.interval;
    const steps = this.#putOff === null ? 1 : Math.round((aligned - this.#putOff) / this.interval);
    const leftOut = Math.max(0, steps - 1 - skipped);
    this.#putOff = this.#stretch > 1 ? aligned : null;
    this.#due = aligned + this.interval * this.#stretch;
    const late = now - aligned;
    return { time: late <= Math.min(TOLERANCE, this.interval / 100) ? aligned : now, lag, skipped, leftOut };
  }

  /** The first time that a scrape at `now`, perhaps an early one, has not taken. */
  #after(now: Millis): Millis {
    let due = now - (now % this.interval) + this.#offset;
    // Twice at most: just before the end of an interval the next one's time may be the one that was taken early.
    while (due <= now + EARLY) due += this.interval;
    return due;
  }
}
