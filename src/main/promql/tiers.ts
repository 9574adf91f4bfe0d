import type { Millis } from '#shared/model/index.ts';
import type { TierAggregate } from '#main/storage/index.ts';
import { floatCount, type RangeKernel, type SeriesCall } from './range-functions/call.ts';

/** Tiers that a query may read in place of samples; plain data. */
export interface TierPolicy {
  /** Finest first. `from`: what is older is gone, -Infinity for ever. */
  readonly tiers: readonly { readonly resolution: Millis; readonly from: Millis }[];
  /** Samples from before are gone. */
  readonly samplesFrom: Millis;
}

/** In an instant query a window must be so many buckets long, as it lies anyhow between them. */
const BUCKETS_OF_INSTANT = 12;

/**
 * Which tier a selector reads; null: samples. Of those that are no coarser than the steps, and than the range, the
 * coarsest; where samples are gone from the beginning of what is asked for, also one that is coarser.
 * @param step null: there is one time only
 * @param range null: an instant selector
 */
export function chooseTier(
  policy: TierPolicy,
  start: Millis,
  step: Millis | null,
  range: Millis | null,
): Millis | null {
  const fits = (resolution: Millis): boolean =>
    step === null
      ? range !== null && resolution * BUCKETS_OF_INSTANT <= range
      : resolution <= step && (range === null || resolution <= range);
  const reaching = policy.tiers.filter(({ from }) => from <= start);
  const fitting = reaching.findLast(({ resolution }) => fits(resolution));
  if (fitting !== undefined) return fitting.resolution;
  if (start >= policy.samplesFrom) return null;
  // Better less exactly than not at all.
  const oldest = policy.tiers.reduce<TierPolicy['tiers'][number] | null>(
    (best, tier) => (best === null || tier.from < best.from ? tier : best),
    null,
  );
  const next = reaching.at(0) ?? oldest;
  return next !== null && next.from < policy.samplesFrom ? next.resolution : null;
}

/** What a selector reads of a tier. */
export interface TierUse {
  readonly resolution: Millis;
  readonly aggregate: TierAggregate;
  readonly weighted: boolean;
  /** Length of the range as it is written, where the windows are longer: at least a bucket. */
  readonly range: Millis;
}

/** Time that the buckets in the window of a step cover: those that end in it. */
function covered({ endFirst, endStep, range }: SeriesCall, resolution: Millis, step: number): Millis {
  const end = endFirst + step * endStep;
  return (Math.floor(end / resolution) - Math.floor((end - range) / resolution)) * resolution;
}

/** Adds up the window of each step. @param scale of the sum, from what the buckets cover and the range as written */
function summing(call: SeriesCall, scale: (step: number, sum: number, from: number, to: number) => number): void {
  const { floats, grid, out } = call;
  if (floats === null) return;
  for (let step = 0; step < grid.count; step++) {
    if (floatCount(call, step) === 0) continue;
    const from = floats.starts[step];
    const to = floats.ends[step];
    let sum = 0;
    let rest = 0;
    for (let i = from; i < to; i++) {
      const value = floats.values[i];
      const total = sum + value;
      if (total === Infinity || total === -Infinity) rest = 0;
      else if (Math.abs(sum) >= Math.abs(value)) rest += sum - total + value;
      else rest += value - total + sum;
      sum = total;
    }
    out.setFloat(step, scale(step, sum === Infinity || sum === -Infinity ? sum : sum + rest, from, to));
  }
}

type TierKernel = (call: SeriesCall, tier: TierUse) => void;

const totals: TierKernel = (call, tier) =>
  summing(call, (step, sum) => (sum * tier.range) / covered(call, tier.resolution, step));
const perSecond: TierKernel = (call, tier) =>
  summing(call, (step, sum) => (sum * 1000) / covered(call, tier.resolution, step));
const means: TierKernel = (call) => {
  const weights = call.floats?.weights;
  summing(call, (_, sum, from, to) => {
    let count = 0;
    for (let i = from; i < to; i++) count += weights === undefined ? 1 : weights[i];
    return sum / count;
  });
};

interface TierFunction {
  readonly aggregate: TierAggregate;
  readonly weighted: boolean;
  /** Null: the function's own, over the aggregates as if they were samples. */
  readonly kernel: TierKernel | null;
}

/** Functions of a range that read another aggregate than the newest value. */
const FUNCTIONS: ReadonlyMap<string, TierFunction> = new Map([
  ['count_over_time', { aggregate: 'count', weighted: false, kernel: totals }],
  ['sum_over_time', { aggregate: 'sum', weighted: false, kernel: totals }],
  ['avg_over_time', { aggregate: 'sum', weighted: true, kernel: means }],
  ['min_over_time', { aggregate: 'min', weighted: false, kernel: null }],
  ['max_over_time', { aggregate: 'max', weighted: false, kernel: null }],
  ['increase', { aggregate: 'increase', weighted: false, kernel: totals }],
  ['rate', { aggregate: 'increase', weighted: false, kernel: perSecond }],
]);

const NEWEST: TierFunction = { aggregate: 'last', weighted: false, kernel: null };

/** @param name of a function of a range; null: an instant selector */
export const tierFunction = (name: string | null): TierFunction =>
  (name === null ? undefined : FUNCTIONS.get(name)) ?? NEWEST;

/** The function's kernel over a tier: floats by their aggregates, histograms as if each bucket's newest were all. */
export function tierKernel(name: string, own: RangeKernel, tier: TierUse): RangeKernel {
  const { kernel } = tierFunction(name);
  if (kernel === null) return own;
  return (call) => {
    if (call.histograms !== null) own({ ...call, floats: null });
    kernel(call, tier);
  };
}
