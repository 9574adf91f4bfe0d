import { unpackHistogram, type HistogramColumns } from '#shared/contract/index.ts';
import { allBuckets } from '#shared/model/index.ts';
import { formatValue } from './format-number.ts';

/** Which bounds belong to the bucket: 0 the upper one, 1 the lower one, 2 none, 3 both. */
function boundaryRule(lower: number, upper: number): 0 | 1 | 3 {
  if (lower < 0 && upper > 0) return 3;
  return lower < 0 ? 1 : 0;
}

/** One histogram as the API writes it; buckets that are empty are left out. */
export function histogramJson(columns: HistogramColumns, i: number): string {
  const histogram = unpackHistogram(columns, i);
  const { lower, upper, counts } = allBuckets(histogram);
  const buckets: string[] = [];
  for (let k = 0; k < counts.length; k++) {
    if (counts[k] === 0) continue;
    const bounds = `"${formatValue(lower[k])}","${formatValue(upper[k])}"`;
    buckets.push(`[${boundaryRule(lower[k], upper[k])},${bounds},"${formatValue(counts[k])}"]`);
  }
  const list = buckets.length === 0 ? '' : `,"buckets":[${buckets.join(',')}]`;
  return `{"count":"${formatValue(histogram.count)}","sum":"${formatValue(histogram.sum)}"${list}}`;
}
