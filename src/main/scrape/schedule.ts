import type { Millis } from '#shared/model/index.ts';

/** Scrapes that start no later than this after their time are stamped with that time. */
const TOLERANCE: Millis = 2;

/** The times at which a target is scraped: the multiples of its interval, shifted by its own offset. */
export class Schedule {
  readonly interval: Millis;
  readonly #offset: Millis;
  #due: Millis;

  /** @param seed differs between machines, so that they do not scrape one target in the same moment */
  constructor(interval: Millis, hash: bigint, seed: bigint, now: Millis) {
    this.interval = interval;
    this.#offset = Number((hash ^ seed) % BigInt(interval));
    this.#due = this.#after(now);
  }

  /** When the next scrape is due. */
  get due(): Millis {
    return this.#due;
  }

  /** Time to wait from `now` on; a clock that was set back does not make it longer than an interval. */
  wait(now: Millis): Millis {
    if (this.#due - now > this.interval) this.#due = this.#after(now);
    return Math.max(0, this.#due - now);
  }

  /**
   * Takes the due scrape that starts at `now` and moves on to the next; times that have passed are skipped.
   * @returns the time to stamp it with, how late it is, and how many were skipped
   */
  take(now: Millis): { readonly time: Millis; readonly lag: Millis; readonly skipped: number } {
    const lag = Math.max(0, now - this.#due);
    const skipped = Math.floor(lag / this.interval);
    const aligned = this.#due + skipped * this.interval;
    this.#due = aligned + this.interval;
    const late = now - aligned;
    return { time: late <= Math.min(TOLERANCE, this.interval / 100) ? aligned : now, lag, skipped };
  }

  #after(now: Millis): Millis {
    const due = now - (now % this.interval) + this.#offset;
    return due > now ? due : due + this.interval;
  }
}
