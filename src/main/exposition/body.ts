import type { Histogram, MetricMetadata } from '#shared/model/index.ts';

/**
 * What one body says, as columns of `count` samples. The reader that made it owns the arrays and uses them again for
 * the next body: read, copy what you keep, and leave them alone.
 */
export interface ParsedBody {
  readonly count: number;
  /**
   * Handle of each sample's series: a number that stands for its label set as long as the reader lives. It stays the
   * same from body to body; a series that was away may come back with another.
   */
  readonly series: Int32Array;
  readonly values: Float64Array;
  /** Own times in ms, NaN where a sample has none; null when none has one. */
  readonly times: Float64Array | null;
  /** Start timestamps in ms, NaN where unknown; null when none is known. */
  readonly startTimes: Float64Array | null;
  /** Native histograms by sample index. */
  readonly histograms: ReadonlyMap<number, Histogram> | null;
  /** Exemplars that are new in this body. */
  readonly exemplars: readonly ParsedExemplar[] | null;
  /** Metadata that is new or has changed since the reader's last body. */
  readonly metadata: readonly MetricMetadata[];
  /** While this number stays the same, `series` is elementwise what it was. */
  readonly layout: number;
}

export interface ParsedExemplar {
  readonly sample: number;
  readonly labels: readonly (readonly [name: string, value: string])[];
  readonly value: number;
  /** Milliseconds; NaN where it has none. */
  readonly time: number;
}
