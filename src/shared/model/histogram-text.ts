import type { Histogram } from './histogram.ts';
import { allBuckets, usesCustomBuckets } from './histogram-layout.ts';
import { formatG } from './format-number.ts';

/** The histogram as `count_values` writes it: `{count:3, sum:4.5, (0.5,1]:2, (1,2]:1}`. */
export function formatHistogram(h: Histogram): string {
  const buckets = allBuckets(h);
  const custom = usesCustomBuckets(h);
  let out = `{count:${formatG(h.count)}, sum:${formatG(h.sum)}`;
  for (let i = 0; i < buckets.counts.length; i++) {
    if (buckets.counts[i] === 0) continue;
    const low = buckets.lower[i];
    const high = buckets.upper[i];
    const isZero = !custom && low === -h.zeroThreshold && high === h.zeroThreshold;
    const open = isZero || low < 0 ? '[' : '(';
    const close = isZero || custom || high > 0 ? ']' : ')';
    out += `, ${custom && low !== -Infinity ? '(' : open}${formatG(low)},${formatG(high)}${close}:${formatG(buckets.counts[i])}`;
  }
  return `${out}}`;
}
