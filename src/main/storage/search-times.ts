/** First index in [from, to) of the ascending `times` whose element is >= `time`; `to` when there is none. */
export function lowerBound(times: Float64Array, from: number, to: number, time: number): number {
  let low = from;
  let high = to;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (times[middle] < time) low = middle + 1;
    else high = middle;
  }
  return low;
}
