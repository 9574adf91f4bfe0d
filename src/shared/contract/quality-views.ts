import type { Millis } from '../model/index.ts';
import type { RefusedSamples } from './target-views.ts';

/** What is stored of the targets, what it costs, and what of it is not worth it. Lists are in falling order. */
export interface QualityView {
  readonly checkedAt: Millis;
  /** So much of the past was looked at. */
  readonly window: Millis;
  readonly series: number;
  /** Series that began in the last hour; null while Hearth itself is too young to tell. */
  readonly newSeries: number | null;
  /** Series whose value never changed. */
  readonly unchanged: number;
  readonly samplesPerSecond: number;
  /** On disk; null while the store is too young to tell. */
  readonly bytesPerSample: number | null;
  /** Until the disk is full at this rate; null where retention stops the growth before. */
  readonly fullIn: Millis | null;
  readonly metricCount: number;
  readonly targets: readonly {
    readonly targetId: string;
    readonly name: string;
    readonly series: number;
    /** The widest metrics. */
    readonly metrics: readonly (readonly [metric: string, series: number])[];
  }[];
  readonly metrics: readonly {
    readonly metric: string;
    readonly targetId: string;
    readonly target: string;
    readonly series: number;
    readonly flat: number;
    /** Labels with the number of their distinct values. */
    readonly labels: readonly (readonly [label: string, values: number])[];
  }[];
  readonly labels: readonly (readonly [label: string, values: number, series: number])[];
  readonly findings: readonly QualityFinding[];
}

/** Something about the data of one target that is worth a look. */
export interface QualityFinding {
  /** Stable while it is the same finding. */
  readonly id: string;
  readonly severity: 'crit' | 'warn' | 'info';
  readonly targetId: string;
  readonly job: string;
  readonly target: string;
  readonly cause: FindingCause;
  /** Series that would be saved, out of the target's. */
  readonly series: number;
  readonly of: number;
  readonly samplesPerSecond: number;
  readonly bytesPerDay: number;
  /** Kept queries that mention what would be dropped. */
  readonly readers: number;
  /** What would drop it; null where dropping is no remedy. */
  readonly drop: { readonly job: string; readonly regex: string } | null;
}

export type FindingCause =
  | { readonly kind: 'down'; readonly since: Millis; readonly missed: number }
  /** Samples were served of late that could not be stored. */
  | { readonly kind: 'refused'; readonly refused: RefusedSamples }
  /** None of the metric's series changed in so many scrapes. */
  | { readonly kind: 'flat'; readonly metric: string; readonly scrapes: number }
  /** So many of its series are new: the label has ever new values. */
  | {
      readonly kind: 'growing';
      readonly metric: string;
      readonly fresh: number;
      readonly label: string;
      readonly values: number;
    }
  | { readonly kind: 'wide'; readonly metric: string; readonly label: string; readonly values: number }
  | { readonly kind: 'nan'; readonly metrics: readonly string[] }
  /** What an exporter tells of its own scraping. */
  | { readonly kind: 'own-reports'; readonly metrics: readonly string[] }
  | { readonly kind: 'no-type'; readonly metrics: readonly string[]; readonly series: number }
  | { readonly kind: 'no-help'; readonly metrics: readonly string[] };
