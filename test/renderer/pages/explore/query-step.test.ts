import fc from 'fast-check';
import { expect, test } from 'vitest';
import { alignedRange, stepFor } from '#renderer/pages/explore/query-step.ts';

test('the step is round and fits the width', () => {
  expect(stepFor(900_000, 900)).toBe(2000);
  expect(stepFor(900_000, 2000)).toBe(1000);
  expect(stepFor(86_400_000, 900)).toBe(300_000);
  expect(stepFor(86_400_000 * 365 * 5, 900)).toBe(86_400_000 * 5);
});

test('a range has at most one step in two pixels', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1000, max: 1e12 }), fc.integer({ min: 100, max: 4000 }), (range, width) => {
      expect(range / stepFor(range, width)).toBeLessThanOrEqual(Math.max(50, width / 2));
    }),
  );
});

test('ranges sit on absolute multiples of the step, inside what was asked', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 2e12 }), fc.integer({ min: 1, max: 1e9 }), (start, length) => {
      const step = stepFor(length, 800);
      const range = alignedRange(start, start + length, step);
      expect(range.start % step).toBe(0);
      expect(range.end % step).toBe(0);
      expect(range.end).toBeLessThanOrEqual(start + length);
      expect(range.start).toBeLessThanOrEqual(range.end);
    }),
  );
});
