import type { ChartKind, ChartQuery, LegendWord, RecipeTitle, Unit } from '#shared/contract/index.ts';

/** What a recipe's expressions are made with. */
export interface RecipeTools {
  /** The metric of this target, with further conditions (`mode!="idle"`). */
  readonly series: (metric: string, more?: string) => string;
  /** `rate` of it over the page's window. */
  readonly rate: (metric: string, more?: string) => string;
  readonly has: (metric: string) => boolean;
}

/** A chart that says more than its metrics do one by one. The generic rules leave the metrics that it covers alone. */
export interface Recipe {
  readonly id: string;
  readonly group: string;
  readonly title: RecipeTitle;
  /** The metric that the chart is filed under. */
  readonly metric: string;
  readonly kind: ChartKind;
  readonly unit: Unit;
  /** All of these have to be there. */
  readonly needs: readonly string[];
  /** Metrics that need no chart of their own then. */
  readonly covers: readonly string[];
  /** None of these may be there: a recipe before this one shows both. */
  readonly unless?: readonly string[];
  /** Drawn only if something of `needs` was ever above zero: no swap, no chart of swap. */
  readonly onlyInUse?: boolean;
  queries(tools: RecipeTools): ChartQuery[];
}

export const line = (expr: string, legend: LegendWord): ChartQuery => ({ expr, legendLabel: '', legend });
export const byLabel = (expr: string, legendLabel: string): ChartQuery => ({ expr, legendLabel, legend: '' });

/** A line for each of the metrics that is there. */
export const present = (
  { has }: RecipeTools,
  lines: readonly (readonly [metric: string, legend: LegendWord])[],
  expr: (metric: string) => string,
): ChartQuery[] => lines.filter(([metric]) => has(metric)).map(([metric, legend]) => line(expr(metric), legend));

/** What is no disk: memory, and views of other filesystems. */
export const NO_DISK =
  'fstype!~"tmpfs|ramfs|devtmpfs|overlay|squashfs|rootfs|iso9660|nsfs|proc|sysfs|cgroup2?|autofs|fuse.lxcfs"';
export const NO_LOOPBACK = 'device!~"lo|lo0|veth.*"';
export const NO_VIRTUAL = 'device!~"loop\\\\d+|ram\\\\d+|sr\\\\d+|fd\\\\d+"';
