import type { Millis } from '#shared/model/index.ts';
import type { RetentionFlags } from '#main/config/index.ts';

/** All that a host decides for its core. Plain data: it crosses into the worker thread as it is. */
export interface CoreOptions {
  readonly host: 'desktop' | 'headless';
  readonly version: string;
  /** prometheus.yml. */
  readonly configPath: string;
  /** True when a flag named the file: then this computer is only watched if hearth.yml says so. */
  readonly configNamed: boolean;
  /** Folder of the store. */
  readonly dataPath: string;
  /** Folder of the preferences. */
  readonly preferencesPath: string;
  /** As typed; '' where no flag says. */
  readonly retention: RetentionFlags;
  readonly lookback: Millis;
  readonly queryTimeout: Millis;
  /** Samples that one query may hold in memory. */
  readonly maxSamples: number;
  /** Queries that may be evaluated at the same time; more wait. */
  readonly maxConcurrency: number;
  /** Names as in `--enable-feature`. */
  readonly features: readonly string[];
  readonly externalUrl: string;
  /** Ports that this program listens on: no targets to be found there. */
  readonly ownPorts: readonly number[];
  readonly log: { readonly level: 'debug' | 'info' | 'warn' | 'error'; readonly format: 'logfmt' | 'json' };
}

export const CORE_DEFAULTS = {
  lookback: 300_000,
  queryTimeout: 120_000,
  maxSamples: 50_000_000,
  maxConcurrency: 20,
} as const;
