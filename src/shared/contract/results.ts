import type { Labels, Millis, Presence } from '../model/index.ts';

/** Where a request is answered: `'local'` is this Hearth's own store. */
export type Source = 'local';

/** Result of a query, as columns. Vectors and matrices share one shape: an instant vector has one step. */
export type QueryResult = QueryValue & QueryNotes;

export type QueryValue =
  | { readonly type: 'scalar'; readonly steps: Steps; readonly values: Float64Array }
  | { readonly type: 'string'; readonly time: Millis; readonly value: string }
  | { readonly type: 'vector' | 'matrix'; readonly steps: Steps; readonly series: readonly SeriesColumn[] }
  /** A range selector asked at an instant (`up[5m]`): raw samples with their own times. */
  | { readonly type: 'samples'; readonly series: readonly RawSeries[] };

/** Times start, start + step, ..., `count` of them. */
export interface Steps {
  readonly start: Millis;
  readonly step: Millis;
  readonly count: number;
}

/** One series over all steps. */
export interface SeriesColumn {
  readonly labels: Labels;
  /** One value a step; meaningless where absent or where there is a histogram. */
  readonly values: Float64Array;
  /** Bit i: a sample (float or histogram) at step i. */
  readonly present: Presence;
  /** The histograms of the series, at the steps they name; null when it has none. */
  readonly histograms: HistogramColumns | null;
}

/** Histograms of one series, flat: element i of every column is one histogram, at step `at[i]` (ascending). */
export interface HistogramColumns {
  /** Step index, or sample index in a RawSeries. */
  readonly at: Uint32Array;
  readonly schemas: Int8Array;
  readonly hints: Uint8Array;
  readonly zeroThresholds: Float64Array;
  readonly zeroCounts: Float64Array;
  readonly counts: Float64Array;
  readonly sums: Float64Array;
  readonly positiveSpans: Ragged<Int32Array>;
  readonly negativeSpans: Ragged<Int32Array>;
  readonly positiveBuckets: Ragged<Float64Array>;
  readonly negativeBuckets: Ragged<Float64Array>;
  readonly customValues: Ragged<Float64Array>;
}

/** Lists of different length in one array: list i is `data[offsets[i]]` up to `data[offsets[i + 1]]`. */
export interface Ragged<T> {
  readonly offsets: Uint32Array;
  readonly data: T;
}

export interface RawSeries {
  readonly labels: Labels;
  readonly times: Float64Array;
  readonly values: Float64Array;
  readonly histograms: HistogramColumns | null;
}

export interface QueryNotes {
  /** Texts as Prometheus gives them, positions included. */
  readonly warnings: readonly string[];
  readonly infos: readonly string[];
  readonly stats: QueryStats;
}

export interface QueryStats {
  readonly seriesRead: number;
  readonly samplesRead: number;
  /** Milliseconds from request to result, as measured by the core. */
  readonly evalMillis: number;
  /** Where it was asked for: samples that each step looked at, and the most that were held at a time. */
  readonly looked?: {
    readonly start: Millis;
    readonly step: Millis;
    readonly samples: Float64Array;
    readonly peak: number;
  } | null;
}

/** What a query would read, from the index alone: nothing is decoded for it. */
export interface QueryCost {
  /** Series that its selectors match in the times they read, selectors that share a reading counted once. */
  readonly series: number;
  /** About how many samples those have there; rather too many than too few. */
  readonly samples: number;
  /** Steps of the query itself. */
  readonly steps: number;
  /** Samples that one query may hold (`--query.max-samples`). */
  readonly maxSamples: number;
}

/** What a node of the expression did. Times are milliseconds, those of its children included. */
export interface ExplainNode {
  readonly kind: ExplainKind;
  /** Part of the expression it stands for, as UTF-16 offsets. */
  readonly from: number;
  readonly to: number;
  /** Steps it was evaluated at: 1 where its value is the same at all of them. */
  readonly steps: number;
  /** Series of its result. */
  readonly series: number;
  /** Samples of its result. */
  readonly samples: number;
  /** What its own selector got from the store; null where it works on its children alone. */
  readonly read: { readonly series: number; readonly samples: number } | null;
  readonly millis: number;
  readonly children: readonly ExplainNode[];
}

export type ExplainKind =
  | 'number'
  | 'string'
  /** Its child is the same at all steps and evaluated once. */
  | 'repeat'
  /** A selector that takes the newest sample of each step. */
  | 'instant'
  /** A bare range selector or subquery. */
  | 'raw'
  /** A function of a range. */
  | 'range-call'
  | 'sample-time'
  | 'call'
  | 'info'
  | 'aggregate'
  | 'binary'
  | 'negate';

/** A result together with what each node of the expression contributed. */
export interface ExplainedResult {
  readonly result: QueryResult;
  readonly explain: ExplainNode;
}

/** Exemplars of one series, in time order. */
export interface ExemplarSeries {
  readonly labels: Labels;
  readonly exemplars: readonly Exemplar[];
}

/** One observation behind a sample: labels such as `trace_id`, its value, and when it was made. */
export interface Exemplar {
  readonly labels: Labels;
  readonly value: number;
  readonly time: Millis;
}
