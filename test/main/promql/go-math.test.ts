import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { pow } from '#main/promql/go-math.ts';

describe('pow', () => {
  // As Prometheus 2.42 answers.
  test.each([
    [1.1, 10, 2.593742460100002],
    [0.7, 33, 7.730993719707426e-6],
    [-3.3, 5, -391.3539299999999],
    [1.0001, -700, 0.9323970830725067],
    [2.3, 1.2, 2.716898432499149],
    [9.87, -12, 1.1700223773698079e-12],
    [3.7, 301, 1.0683632588561267e171],
    [10, 0.5, 3.1622776601683795],
    [2, -1074, 5e-324],
    [3, -677, 1e-323],
    [2, 1023, 2 ** 1023],
    [2, 1024, Infinity],
    [-2, 1025, -Infinity],
    [0.5, 1076, 0],
  ])('%d ^ %d', (base, to, result) => expect(pow(base, to)).toBe(result));

  test('what is special', () => {
    for (const to of [0, -0, 3, -1, Infinity, NaN]) expect(pow(1, to)).toBe(1);
    for (const base of [0, NaN, Infinity, -5]) expect(pow(base, 0)).toBe(1);
    expect(pow(-1, Infinity)).toBe(1);
    expect(pow(-0, -3)).toBe(-Infinity);
    expect(pow(-8, 1 / 3)).toBeNaN();
    expect(pow(NaN, 1)).toBeNaN();
    expect(pow(0.5, -Infinity)).toBe(Infinity);
  });

  test("differs from JavaScript's own in the last digits only", () => {
    fc.assert(
      fc.property(
        fc.double({ min: 1e-3, max: 1e3, noNaN: true }),
        fc.double({ min: -60, max: 60, noNaN: true }),
        (base, to) => {
          const other = base ** to;
          expect(Math.abs(pow(base, to) - other)).toBeLessThanOrEqual(Math.abs(other) * 1e-12);
        },
      ),
    );
  });
});
