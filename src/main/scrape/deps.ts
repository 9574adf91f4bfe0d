import type { Millis } from '#shared/model/index.ts';
import type { HttpClient, HttpSettings } from '#main/http/index.ts';
import type { Storage } from '#main/storage/index.ts';
import type { Log } from '#main/telemetry/index.ts';
import type { ScrapeFeatures } from './job.ts';

export interface ScrapeClock {
  /** Time of day in integer ms. */
  now(): Millis;
  /** Ms that only ever grow, with fractions: for durations. */
  monotonic(): number;
}

export interface ScrapeTimers {
  set(callback: () => void, millis: Millis): unknown;
  clear(handle: unknown): void;
}

/** What scraping needs from its host. */
export interface ScrapeDeps {
  readonly storage: Pick<Storage, 'writer' | 'putMetadata'>;
  /** A client for one job; the scraper closes it. */
  http(settings: HttpSettings): HttpClient;
  readonly clock: ScrapeClock;
  readonly timers: ScrapeTimers;
  readonly hostname: string;
  readonly log: Log;
  /** Appends a line to a failure log; errors are logged, not thrown. */
  appendLine?(path: string, line: string): Promise<void>;
  readonly features?: ScrapeFeatures;
  /** How long the store took last to make samples durable. */
  diskLag?(): Millis;
  /** No scrape before this time: a start answers first. Less than a second ahead. */
  readonly startAfter?: Millis;
  /** Scrapes under way at the same time at most; 256 by default. */
  readonly maxConcurrent?: number;
}
