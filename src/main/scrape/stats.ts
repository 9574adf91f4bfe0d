import type { Millis } from '#shared/model/index.ts';
import type { ScrapeOutcome } from './loop.ts';

/** How scraping goes, over all targets. */
export interface ScrapeStats {
  /** 95th percentile of recent durations in ms; null before the first scrape. */
  readonly p95: number | null;
  /** 95th percentile of how late the scrapes of the last minute started, in ms. */
  readonly lag: number | null;
  /** Over the last half minute. */
  readonly samplesPerSecond: number;
  readonly scrapes: number;
  readonly failures: number;
  readonly samples: number;
  /** Samples left out, by reason. */
  readonly duplicates: number;
  readonly outOfOrder: number;
  readonly outOfBounds: number;
  /** Scrapes that were not made because their time had passed. */
  readonly skipped: number;
  /** Scrapes that were left out because intervals are stretched. */
  readonly leftOut: number;
}

const DURATIONS = 512;
const LAG_WINDOW: Millis = 60_000;
const RATE_WINDOW: Millis = 30_000;

/** Sums up scrapes as they end. */
export class StatsKeeper {
  readonly #durations: number[] = [];
  #next = 0;
  #lags: { readonly time: Millis; readonly lag: number }[] = [];
  #rates: { second: number; samples: number }[] = [];
  #scrapes = 0;
  #failures = 0;
  #samples = 0;
  #duplicates = 0;
  #outOfOrder = 0;
  #outOfBounds = 0;
  #skipped = 0;
  #leftOut = 0;

  /** @param now time of day */
  add(outcome: ScrapeOutcome, now: Millis): void {
    this.#durations[this.#next++ % DURATIONS] = outcome.durationMillis;
    this.#lags.push({ time: now, lag: outcome.lag });
    if (this.#lags.length > 20_000 || this.#lags[0].time < now - 2 * LAG_WINDOW)
      this.#lags = this.#lags.filter((entry) => entry.time >= now - LAG_WINDOW).slice(-10_000);
    this.#scrapes++;
    this.#skipped += outcome.skipped;
    this.#leftOut += outcome.leftOut;
    if (outcome.counts === null) {
      this.#failures++;
      return;
    }
    const { kept, duplicates, outOfOrder, outOfBounds } = outcome.counts;
    this.#samples += kept;
    this.#duplicates += duplicates;
    this.#outOfOrder += outOfOrder;
    this.#outOfBounds += outOfBounds;
    const second = Math.floor(now / 1000);
    const last = this.#rates.at(-1);
    if (last?.second === second) last.samples += kept;
    else this.#rates.push({ second, samples: kept });
    if (this.#rates.length > 64) this.#rates = this.#rates.filter((rate) => rate.second * 1000 >= now - RATE_WINDOW);
  }

  get(now: Millis): ScrapeStats {
    const lags = this.#lags.filter((entry) => entry.time >= now - LAG_WINDOW).map((entry) => entry.lag);
    const rates = this.#rates.filter((rate) => rate.second * 1000 >= now - RATE_WINDOW);
    const span = rates.length === 0 ? 1 : Math.max(1, now / 1000 - rates[0].second);
    return {
      p95: quantile95(this.#durations),
      lag: quantile95(lags),
      samplesPerSecond: rates.reduce((sum, rate) => sum + rate.samples, 0) / span,
      scrapes: this.#scrapes,
      failures: this.#failures,
      samples: this.#samples,
      duplicates: this.#duplicates,
      outOfOrder: this.#outOfOrder,
      outOfBounds: this.#outOfBounds,
      skipped: this.#skipped,
      leftOut: this.#leftOut,
    };
  }
}

function quantile95(values: readonly number[]): number | null {
  if (values.length === 0) return null;
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * 0.95) - 1)];
}
