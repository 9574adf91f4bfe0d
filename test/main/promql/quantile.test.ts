import fc from 'fast-check';
import { expect, test } from 'vitest';
// The inside of the engine on purpose: selection must equal sorting whatever the order of the values.
import { takeQuantile } from '../../../src/main/promql/quantile.ts';

/** The definition: sort (NaN first), then the weighted mean around the rank. */
function bySorting(q: number, values: readonly number[]): number {
  const sorted = [...values].sort((a, b) =>
    Number.isNaN(a) || Number.isNaN(b) ? Number(Number.isNaN(b)) - Number(Number.isNaN(a)) : a - b,
  );
  const rank = q * (sorted.length - 1);
  const lower = Math.floor(rank);
  const upper = Math.min(sorted.length - 1, lower + 1);
  return sorted[lower] * (1 - (rank - lower)) + sorted[upper] * (rank - lower);
}

test('selecting gives what sorting gives', () => {
  const value = fc.oneof(
    { weight: 6, arbitrary: fc.integer({ min: -10, max: 10 }) },
    { weight: 3, arbitrary: fc.double({ noNaN: true }) },
    { weight: 1, arbitrary: fc.constant(NaN) },
  );
  fc.assert(
    fc.property(
      fc.array(value, { minLength: 1, maxLength: 300 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (values, q) => {
        expect(takeQuantile(q, Float64Array.from(values))).toEqual(bySorting(q, values));
      },
    ),
    { numRuns: 500 },
  );
});

test('quantiles outside of 0 to 1 are infinite, of nothing or of NaN none', () => {
  expect(takeQuantile(-0.1, Float64Array.of(1))).toBe(-Infinity);
  expect(takeQuantile(1.1, Float64Array.of(1))).toBe(Infinity);
  expect(takeQuantile(NaN, Float64Array.of(1))).toBeNaN();
  expect(takeQuantile(0.5, new Float64Array())).toBeNaN();
});
