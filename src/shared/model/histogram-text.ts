import type { Histogram } from './histogram.ts';
import { boundOf, negativeBuckets, positiveBuckets, usesCustomBuckets } from './histogram-layout.ts';
import { formatG } from './format-number.ts';

/** The histogram as `count_values` writes it: `{count:3, sum:4.5, (0.5,1]:2, (1,2]:1}`. Empty buckets are left out. */
export function formatHistogram(h: Histogram): string {
  const parts = [`count:${formatG(h.count)}`, `sum:${formatG(h.sum)}`];
  const add = (open: string, lower: number, upper: number, close: string, count: number): void => {
    if (count !== 0) parts.push(`${open}${formatG(lower)},${formatG(upper)}${close}:${formatG(count)}`);
  };
  const bound = (index: number): number => boundOf(index, h.schema, h.customValues);
  const negative = negativeBuckets(h);
  for (let i = negative.at.length - 1; i >= 0; i--)
    add('[', -bound(negative.at[i]), -bound(negative.at[i] - 1), ')', negative.counts[i]);
  add('[', -h.zeroThreshold, h.zeroThreshold, ']', h.zeroCount);
  const positive = positiveBuckets(h);
  const custom = usesCustomBuckets(h);
  positive.at.forEach((index, i) => {
    // The lowest custom bucket takes everything down to -Inf.
    add(custom && index === 0 ? '[' : '(', bound(index - 1), bound(index), ']', positive.counts[i]);
  });
  return `{${parts.join(', ')}}`;
}
