import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { offsetOf, Schedule } from '#main/scrape/schedule.ts';

/** Runs a schedule as a loop does: waits, fires `error` ms beside the time waited for, takes what is due. */
function run(interval: number, hash: bigint, start: number, errors: readonly number[], stretches: readonly number[]) {
  const schedule = new Schedule(interval, hash, 0n, start);
  const times: number[] = [];
  let now = start;
  errors.forEach((error, i) => {
    now = Math.max(now, now + schedule.wait(now) + error);
    if (!schedule.isDue(now)) return;
    times.push(schedule.take(now).time);
    const stretch = stretches[i % Math.max(1, stretches.length)];
    if (stretch !== undefined) schedule.setStretch(stretch, now);
  });
  return { times, now };
}

describe('Schedule', () => {
  test('a timer that fires a moment early takes each time once', () => {
    const { times } = run(1000, 250n, 10_000, [-1, 0, -1, -1, 0, -1], []);
    expect(times).toEqual([10_250, 11_250, 12_250, 13_250, 14_250, 15_250]);
  });

  test('no time is taken twice, whatever timers and stretching do', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 100, max: 60_000 }),
        fc.bigInt({ min: 0n, max: 1n << 60n }),
        fc.integer({ min: 0, max: 1_000_000 }),
        fc.array(fc.integer({ min: -3, max: 50 }), { maxLength: 60 }),
        fc.array(fc.constantFrom(1, 2, 4), { maxLength: 7 }),
        (interval, hash, start, errors, stretches) => {
          const { times } = run(interval, hash, start, errors, stretches);
          const steps = times.map((time) => Math.floor((time - offsetOf(interval, hash)) / interval));
          expect(steps).toEqual([...new Set(steps)].toSorted((a, b) => a - b));
        },
      ),
    );
  });

  test('in step, it makes one scrape an interval', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 200, max: 60_000 }),
        fc.array(fc.integer({ min: -1, max: 2 }), { minLength: 2, maxLength: 60 }),
        (interval, errors) => {
          const { times } = run(interval, 77n, 5, errors, []);
          expect(times.slice(1).every((time, i) => Math.abs(time - times[i] - interval) <= 2)).toBe(true);
          expect(times.length).toBe(errors.length);
        },
      ),
    );
  });

  test('offsets lie on a grid, and each of its places has its share', () => {
    const random = (i: number): bigint => BigInt.asUintN(64, BigInt(i + 1) * 0x9e37_79b9_7f4a_7c15n);
    for (const [interval, grid] of [
      [1000, 50],
      [15_000, 50],
      [200, 10],
      [7, 1],
    ] as const) {
      const counts = new Map<number, number>();
      for (let i = 0; i < 20_000; i++) {
        const offset = offsetOf(interval, random(i));
        counts.set(offset, (counts.get(offset) ?? 0) + 1);
      }
      expect([...counts.keys()].every((offset) => offset % grid === 0 && offset < interval)).toBe(true);
      const mean = 20_000 / Math.ceil(interval / grid);
      expect(counts.size).toBe(Math.ceil(interval / grid));
      expect(Math.max(...counts.values())).toBeLessThan(2 * mean);
      expect(Math.min(...counts.values())).toBeGreaterThan(mean / 2);
    }
  });

  test('a start that waits takes the first time after its pause, also where that is more than an interval ahead', () => {
    const start = 7_200_000;
    const schedule = new Schedule(1000, 100n, 0n, start + 300);
    expect(schedule.due).toBe(start + 1100);
    expect(schedule.wait(start)).toBe(1100);
    expect(schedule.wait(start + 900)).toBe(200);
    // The clock is set back by an hour: the pause was meant for then.
    expect(schedule.wait(start + 50 - 3_600_000)).toBe(50);
  });

  test('a clock that is set back does not put the next scrape off', () => {
    const schedule = new Schedule(1000, 0n, 0n, 1_000_500);
    expect(schedule.wait(1_000_500)).toBe(500);
    schedule.take(1_001_000);
    expect(schedule.wait(900_300)).toBe(700);
  });
});
