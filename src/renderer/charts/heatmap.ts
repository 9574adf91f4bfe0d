/** Counts by bucket and step. The bucket axis is ordinal: every row has the same height, whatever its bounds. */
export interface PlotHeatmap {
  /** Ascending, without overlaps. */
  readonly rows: readonly HeatmapRow[];
  /** Row by row, one count a step; NaN where nothing is known of the step. */
  readonly cells: Float64Array;
  readonly steps: number;
  /** The largest cell. */
  readonly max: number;
  /** Buckets grow by a factor: values inside one lie on a logarithmic scale. */
  readonly exponential: boolean;
}

/** A bucket: values above `lower` up to and including `upper`; either may be infinite. */
export interface HeatmapRow {
  readonly lower: number;
  readonly upper: number;
}

/** Steps of the ramp; the first is for cells that are known to be empty. */
export const RAMP_STEPS = 6;
/** Below 1: few observations are seen beside many. */
const RAMP_POWER = 0.55;

/** The step of the ramp for a count: 0 only for none. */
export function rampStep(count: number, max: number): number {
  if (!(count > 0) || max <= 0) return 0;
  return Math.max(1, Math.min(RAMP_STEPS - 1, Math.ceil((count / max) ** RAMP_POWER * (RAMP_STEPS - 1))));
}

/** Where a value lies on the ordinal axis: 0 is the lower end of the first row, 1 of the second. */
export function rowPosition({ rows, exponential }: PlotHeatmap, value: number): number {
  let low = 0;
  let high = rows.length;
  // The first row whose upper bound is not below the value.
  while (low < high) {
    const middle = (low + high) >> 1;
    if (rows[middle].upper < value) low = middle + 1;
    else high = middle;
  }
  if (low === rows.length) return rows.length;
  return low + insideRow(rows[low], value, exponential);
}

function insideRow({ lower, upper }: HeatmapRow, value: number, exponential: boolean): number {
  if (value <= lower || !Number.isFinite(upper)) return 0;
  if (!Number.isFinite(lower)) return 1;
  if (exponential && lower > 0) return Math.log(value / lower) / Math.log(upper / lower);
  return (value - lower) / (upper - lower);
}

/**
 * The value below which a share of a step's observations lies; null where there are none. What lies in a bucket without end
 * counts as its finite bound.
 */
export function heatmapQuantile(
  { rows, cells, steps, exponential }: PlotHeatmap,
  q: number,
  step: number,
): number | null {
  let total = 0;
  for (let row = 0; row < rows.length; row++) total += cells[row * steps + step];
  if (!(total > 0)) return null;
  const rank = q * total;
  let below = 0;
  let last = 0;
  for (let row = 0; row < rows.length; row++) {
    const count = cells[row * steps + step];
    if (count <= 0) continue;
    last = row;
    if (below + count >= rank) return valueInside(rows[row], (rank - below) / count, exponential);
    below += count;
  }
  return valueInside(rows[last], 1, exponential);
}

function valueInside({ lower, upper }: HeatmapRow, share: number, exponential: boolean): number {
  if (!Number.isFinite(upper)) return lower;
  if (!Number.isFinite(lower)) return upper;
  if (exponential && lower > 0) return lower * (upper / lower) ** share;
  return lower + (upper - lower) * share;
}

/** A bound between two rows, or at an end of the axis. */
export interface BoundTick {
  /** In rows from the lower end. */
  readonly at: number;
  readonly bound: number;
}

/** Finite bounds to label on the axis, each so many rows from the next. */
export function boundTicks({ rows }: PlotHeatmap, every: number): readonly BoundTick[] {
  const ticks: BoundTick[] = [];
  for (let at = 0; at <= rows.length; at += every) {
    const bound = at < rows.length ? rows[at].lower : rows[at - 1].upper;
    if (Number.isFinite(bound)) ticks.push({ at, bound });
  }
  return ticks;
}
