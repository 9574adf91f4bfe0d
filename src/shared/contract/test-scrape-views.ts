import type { Labels, MetricType } from '../model/index.ts';
import type { RelabelRule } from './job-form.ts';
import type { ScrapeFailure } from './target-views.ts';

/** What would be scraped; nothing of it is stored. */
export interface TestScrapeView {
  readonly failure: ScrapeFailure | null;
  readonly url: string;
  readonly status: number | null;
  readonly contentType: string;
  readonly durationMillis: number;
  readonly bodyBytes: number;
  readonly series: number;
  readonly metrics: readonly TestMetric[];
  /** How the body was read; null where it was not. */
  readonly format: 'text' | 'openmetrics' | 'protobuf' | 'json' | 'influx' | null;
  /** First lines of the body as text, cut at about 8 kB. */
  readonly bodyStart: string;
  readonly notes: readonly TestNote[];
  /** What each rule for targets did to this one, in order; ends with the rule that dropped it. */
  readonly targetSteps: readonly RelabelStepView[];
  /** What each rule for series did, over all series of the body. */
  readonly seriesSteps: readonly SeriesStepView[];
  /** Store growth to expect, at the job's interval. */
  readonly bytesPerDay: number;
}

export interface TestMetric {
  readonly name: string;
  readonly type: MetricType;
  readonly help: string;
  readonly series: number;
  /** The value where there is one series. */
  readonly value: number | null;
}

export interface RelabelStepView {
  readonly before: Labels;
  /** Null where the rule dropped it. */
  readonly after: Labels | null;
}

/** A step with the rule that made it, its defaults filled in. */
export interface TargetRelabelStep extends RelabelStepView {
  readonly rule: RelabelRule;
}

export interface SeriesStepView {
  /** Series that came to the rule, and those it dropped or changed. */
  readonly series: number;
  readonly dropped: number;
  readonly changed: number;
  /** One that it dropped (`after` null) or changed; null where it did neither. */
  readonly example: RelabelStepView | null;
}

export type TestNote =
  | { readonly kind: 'missing-help'; readonly metric: string; readonly more: number }
  | { readonly kind: 'missing-type'; readonly metric: string; readonly more: number }
  | { readonly kind: 'html' }
  /** A rule of the JSON mapping (0-based) found nothing. */
  | { readonly kind: 'empty-rule'; readonly rule: number };
