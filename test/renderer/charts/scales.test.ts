import fc from 'fast-check';
import { expect, test } from 'vitest';
import { niceStep, timeTicks, yScale, yTicks } from '#renderer/charts/index.ts';

test('an axis starts at zero unless the smallest value is above 55 % of the largest', () => {
  expect(yScale(5, 10, '').min).toBe(0);
  const above = yScale(9, 10, '');
  expect(above.min).toBeGreaterThan(8);
  expect(above.min).toBeLessThan(9);
});

test('nothing, and nothing but zero, show 0 to 1', () => {
  expect(yScale(null, null, '')).toEqual({ min: 0, max: 1 });
  expect(yScale(0, 0, '')).toEqual({ min: 0, max: 1 });
});

test('a share that stays below 100 % is not given room above it', () => {
  expect(yScale(0.1, 0.99, 'ratio').max).toBe(1);
});

test('what hardly moves is drawn flat', () => {
  const { min, max } = yScale(99.96, 100, '');
  expect(max - min).toBeGreaterThan(3);
  expect(yScale(0.9996, 1, 'ratio').max).toBe(1);
});

test('every value lies inside the range shown', () => {
  const thousandths = (min: number) => fc.integer({ min, max: 1_000_000_000 }).map((n) => n / 1000);
  fc.assert(
    fc.property(thousandths(-1_000_000_000), thousandths(0), (min, span) => {
      const { min: lo, max: hi } = yScale(min, min + span, '');
      expect(lo).toBeLessThanOrEqual(min);
      expect(hi).toBeGreaterThanOrEqual(min + span);
      expect(hi).toBeGreaterThan(lo);
    }),
  );
});

test('bytes step in powers of two', () => {
  expect(niceStep(7 * 2 ** 20, 3, 'bytes')).toBe(4 * 2 ** 20);
  expect(niceStep(900, 2, 'bytes')).toBe(512);
  expect(yTicks({ min: 0, max: 9 * 2 ** 30 }, 3, 'bytes')).toEqual([0, 4 * 2 ** 30, 8 * 2 ** 30]);
});

test('decimal ticks are round and exact', () => {
  expect(yTicks({ min: 0, max: 0.32 }, 4, '')).toEqual([0, 0.1, 0.2, 0.3]);
  expect(yTicks({ min: 0, max: 60 }, 3, '')).toEqual([0, 20, 40, 60]);
});

test('ticks lie inside the range, in rising order, and are not more than wanted by much', () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, min: 1e-6, max: 1e12 }), fc.integer({ min: 1, max: 8 }), (max, count) => {
      const ticks = yTicks({ min: 0, max }, count, '');
      expect(ticks.length).toBeLessThanOrEqual(count + 2);
      expect(ticks.at(-1)).toBeLessThanOrEqual(max * 1.001);
      expect(ticks).toEqual([...new Set(ticks)].toSorted((a, b) => a - b));
    }),
  );
});

test('ticks of time are round in the zone', () => {
  const start = Date.UTC(2026, 0, 5, 10, 2, 13);
  const { times, style } = timeTicks(start, start + 900_000, 4, 'utc');
  expect(style).toBe('clock');
  expect(times.map((time) => new Date(time).toISOString().slice(11, 19))).toEqual(['10:05:00', '10:10:00', '10:15:00']);
  expect(timeTicks(start, start + 20_000, 4, 'utc').style).toBe('clock-seconds');
  expect(timeTicks(start, start + 10 * 86_400_000, 4, 'utc').style).toBe('date');
});
