import type { HearthJob, ScrapeConfig } from '#main/config/index.ts';

/** A job as it is scraped: what prometheus.yml says of it, and what hearth.yml does. */
export interface ScrapeJob extends ScrapeConfig {
  readonly own: HearthJob;
  readonly features: ScrapeFeatures;
}

/** Experimental parts of scraping, switched on for all jobs (Prometheus's `--enable-feature`). */
export interface ScrapeFeatures {
  /** Start timestamps are read and stored; OpenMetrics' `_created` lines are no series then. */
  readonly startTimes: boolean;
  /** Series carry `__type__` and `__unit__` from the metadata in force. */
  readonly typeAndUnitLabels: boolean;
}

export const NO_FEATURES: ScrapeFeatures = { startTimes: false, typeAndUnitLabels: false };
