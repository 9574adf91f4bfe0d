import type { Histogram } from '#shared/model/index.ts';

function equalNumbers(a: readonly number[], b: readonly number[]): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (!Object.is(a[i], b[i])) return false;
  return true;
}

/** Whether two histograms have the same buckets at the same places, whatever is in them. */
export function sameLayout(a: Histogram, b: Histogram): boolean {
  return (
    a.schema === b.schema &&
    Object.is(a.zeroThreshold, b.zeroThreshold) &&
    equalNumbers(a.positiveSpans, b.positiveSpans) &&
    equalNumbers(a.negativeSpans, b.negativeSpans) &&
    a.positiveBuckets.length === b.positiveBuckets.length &&
    a.negativeBuckets.length === b.negativeBuckets.length &&
    equalNumbers(a.customValues, b.customValues)
  );
}

/** Whether two histograms are the same in every part but the counter reset hint. */
export function equalHistograms(a: Histogram, b: Histogram): boolean {
  return (
    sameLayout(a, b) &&
    Object.is(a.zeroCount, b.zeroCount) &&
    Object.is(a.count, b.count) &&
    Object.is(a.sum, b.sum) &&
    equalNumbers(a.positiveBuckets, b.positiveBuckets) &&
    equalNumbers(a.negativeBuckets, b.negativeBuckets)
  );
}
