import type { Labels, MetricType } from '../model/index.ts';
import type { ChartTitle } from './chart-words.ts';

/** How a chart draws its queries. */
export type ChartKind = 'lines' | 'stacked' | 'heatmap' | 'info';

/** Unit of a chart's values; `''` is a plain number. */
export type Unit = '' | 'bytes' | 'bytes/s' | 'seconds' | 'ratio' | 'per-second' | 'celsius' | 'timestamp';

export interface ChartSpec {
  /** Stable for the same metric of the same target. */
  readonly id: string;
  readonly group: string;
  readonly title: ChartTitle;
  readonly metric: string;
  readonly type: MetricType;
  readonly kind: ChartKind;
  readonly unit: Unit;
  readonly queries: readonly ChartQuery[];
  /** Series beyond the top ten that are not drawn. */
  readonly hidden: number;
  /** For `heatmap`: the rate of every bucket by `le` (or one native histogram); the queries are its quantiles. Else null. */
  readonly buckets: string | null;
}

export interface ChartQuery {
  /** PromQL with `$__rate` already replaced: runs as it is in Explore. */
  readonly expr: string;
  /** Label whose value names the series in the legend; '' takes `legend`, one of LEGEND_WORDS or a name of the target's. */
  readonly legendLabel: string;
  readonly legend: string;
}

/** The automatic page of one target. */
export interface PageView {
  readonly targetId: string;
  readonly charts: readonly ChartSpec[];
  /** Constants and `_info` metrics, shown as text: name, labels and value. */
  readonly facts: readonly {
    readonly metric: string;
    readonly help: string;
    readonly labels: Labels;
    readonly value: number;
  }[];
  /** Changes when charts come or go. */
  readonly version: number;
}
