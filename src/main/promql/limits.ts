import { setImmediate } from 'node:timers/promises';
import type { Millis } from '#shared/model/index.ts';
import { failCanceled, failTimeout, failTooManySamples } from './failure.ts';

/** Longest time that a query keeps the thread before others get their turn. */
const SLICE: Millis = 12;

/** Cells that any query may use, however low its limit on samples is. */
const LEAST_ROOM = 10_000_000;

/**
 * Bounds of one running query: time, samples in memory, and the patience of the thread it shares with scraping.
 * Loops call `due()` once per series and, when it says so, `await pause()`.
 */
export class QueryLimits {
  private readonly clock: () => Millis;
  private readonly deadline: Millis;
  private readonly maxSamples: number;
  private readonly signal: { readonly aborted: boolean } | undefined;
  private sliceEnd: Millis;
  private held = 0;
  /** Most samples held at one time. */
  peak = 0;

  constructor(options: {
    clock: () => Millis;
    timeout: Millis;
    maxSamples: number;
    signal?: { readonly aborted: boolean } | undefined;
  }) {
    this.clock = options.clock;
    this.maxSamples = options.maxSamples;
    this.signal = options.signal;
    const now = this.clock();
    this.deadline = now + options.timeout;
    this.sliceEnd = now + SLICE;
  }

  /** Whether it is time to let others run. */
  due(): boolean {
    return this.clock() >= this.sliceEnd;
  }

  /** Lets the event loop turn; fails when the query was canceled or has run out of time. */
  async pause(): Promise<void> {
    this.check();
    await setImmediate();
    this.check();
    this.sliceEnd = this.clock() + SLICE;
  }

  check(): void {
    if (this.signal?.aborted === true) failCanceled();
    if (this.clock() > this.deadline) failTimeout();
  }

  /** Counts samples that are held from now on. */
  hold(samples: number): void {
    this.held += samples;
    if (this.held > this.peak) this.peak = this.held;
    if (this.held > this.maxSamples) failTooManySamples();
  }

  /**
   * Fails when so many columns of so many steps would not fit in memory, however few of their steps hold a sample:
   * columns are dense. Far above what the limit on samples allows for data without holes.
   */
  requireRoom(columns: number, steps: number): void {
    if (columns * steps > Math.max(4 * this.maxSamples, LEAST_ROOM)) failTooManySamples();
  }

  release(samples: number): void {
    this.held -= samples;
  }
}
