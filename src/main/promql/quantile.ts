/** Moves NaN to the front, in place; returns how many there are. */
function nansFirst(values: Float64Array): number {
  let nans = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (value === value) continue;
    values[i] = values[nans];
    values[nans++] = value;
  }
  return nans;
}

/** Rearranges [from, to) so that element k is the one sorting would put there, smaller ones before it. No NaN. */
function select(values: Float64Array, from: number, to: number, k: number): void {
  let low = from;
  let high = to - 1;
  while (high - low > 24) {
    const middle = (low + high) >> 1;
    const a = values[low];
    const b = values[middle];
    const c = values[high];
    const pivot = a < b ? (b < c ? b : a < c ? c : a) : a < c ? a : b < c ? c : b;
    let i = low;
    let j = high;
    while (i <= j) {
      while (values[i] < pivot) i++;
      while (values[j] > pivot) j--;
      if (i > j) break;
      const swap = values[i];
      values[i++] = values[j];
      values[j--] = swap;
    }
    if (k <= j) high = j;
    else if (k >= i) low = i;
    else return;
  }
  for (let i = low + 1; i <= high; i++) {
    const value = values[i];
    let j = i - 1;
    for (; j >= low && values[j] > value; j--) values[j + 1] = values[j];
    values[j + 1] = value;
  }
}

/**
 * The q-quantile of values, which are rearranged: the weighted mean of the two around rank q(n-1), NaN sorted first.
 * Selects instead of sorting, so that it takes time linear in the number of values.
 */
export function takeQuantile(q: number, values: Float64Array): number {
  const n = values.length;
  if (n === 0 || Number.isNaN(q)) return NaN;
  if (q < 0) return -Infinity;
  if (q > 1) return Infinity;
  const rank = q * (n - 1);
  const lower = Math.max(0, Math.floor(rank));
  const upper = Math.min(n - 1, lower + 1);
  const weight = rank - Math.floor(rank);
  const nans = nansFirst(values);
  if (lower >= nans) select(values, nans, n, lower);
  let next = values[lower];
  if (upper > lower && upper >= nans) {
    next = Infinity;
    for (let i = Math.max(upper, nans); i < n; i++) if (values[i] < next) next = values[i];
  }
  return values[lower] * (1 - weight) + next * weight;
}
