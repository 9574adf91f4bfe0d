/**
 * Neumaier's compensated summation as Prometheus does it. Hot loops write these four lines out in place;
 * this is the plain version and their oracle.
 */
export interface Compensated {
  sum: number;
  /** Error of `sum` so far, to be added at the end. */
  rest: number;
}

/** Adds `value`; an infinite sum has no error left to correct. */
export function accumulate(into: Compensated, value: number): void {
  const total = into.sum + value;
  if (total - total !== 0 && total === total) into.rest = 0;
  else if (Math.abs(into.sum) >= Math.abs(value)) into.rest += into.sum - total + value;
  else into.rest += value - total + into.sum;
  into.sum = total;
}
