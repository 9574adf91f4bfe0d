import type { Millis } from '../model/index.ts';
import type { ConfigProblem } from './errors.ts';

export interface StatusView {
  readonly version: string;
  /** The core's clock as this was made: whoever looks on from another machine may have another. */
  readonly now: Millis;
  readonly startedAt: Millis;
  readonly host: 'desktop' | 'headless';
  readonly targetsUp: number;
  readonly targetsDown: number;
  readonly targetsTotal: number;
  /** 95th percentile of recent scrape durations, ms. */
  readonly scrapeP95: number | null;
  readonly samplesPerSecond: number;
  readonly series: number;
  readonly storeBytes: number;
  /** Samples that the store did not take since the start, whoever brought them. */
  readonly refusedSamples: { readonly duplicate: number; readonly outOfOrder: number; readonly tooOld: number };
  /** Targets scraped less often than asked for, because there is too much to do. */
  readonly stretchedTargets: number;
  /** How late scrapes start, ms (p95 of the last minute). */
  readonly lag: number | null;
  /** Trouble of the store that the user has to know of, else null. */
  readonly storage: StorageTrouble | null;
  readonly configPath: string;
  readonly dataPath: string;
  /** Problem of the configuration on disk while an older one runs. */
  readonly configProblem: ConfigProblem | null;
}

/** `damaged`: part of what was stored is put aside; the others: nothing is written at the moment, samples wait in memory. */
export interface StorageTrouble {
  readonly kind: 'full' | 'readonly' | 'locked' | 'io' | 'damaged';
  /** For the log and for those who mend it. */
  readonly message: string;
}

/** What the core knows of the program it runs in. */
export interface RuntimeView {
  readonly workingDirectory: string;
  readonly hostname: string;
  readonly cpus: number;
  /** Whether the configuration on disk is the one that runs, and since when. */
  readonly reloadSuccess: boolean;
  readonly lastReload: Millis;
  /** In words: `15d`, `15d or 10GiB`. */
  readonly retention: string;
}

/** What is in the store, by the labels that cost most; lists are in falling order. */
export interface TsdbView {
  readonly series: number;
  readonly labelPairs: number;
  readonly minTime: Millis | null;
  readonly maxTime: Millis | null;
  /** Since the start: refused, stored all the same within the window, refused, refused. */
  readonly outOfOrderSamples: number;
  readonly lateSamples: number;
  readonly duplicateSamples: number;
  readonly tooOldSamples: number;
  /** Downsampled tiers; null: for ever, and nothing made yet. */
  readonly tiers: readonly {
    readonly resolution: Millis;
    readonly keep: Millis | null;
    readonly from: Millis | null;
    readonly builtTo: Millis | null;
  }[];
  readonly seriesByMetric: readonly (readonly [metric: string, series: number])[];
  readonly valuesByLabel: readonly (readonly [label: string, values: number])[];
  readonly bytesByLabel: readonly (readonly [label: string, bytes: number])[];
  readonly seriesByPair: readonly (readonly [pair: string, series: number])[];
}
