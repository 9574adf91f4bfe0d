import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { robustBand } from '#main/insight/index.ts';
import { SortedWindow } from '../../../../src/main/insight/heat/sorted-window.ts';

const STEP = 5000;

/** Noise that is the same each time. */
function noise(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32 - 0.5;
  };
}

/** Heats of a series, step by step. */
function heats(values: readonly number[], step = STEP): number[] {
  const detector = robustBand.create(step);
  return values.map((value, i) => {
    detector.push(i * step, value, []);
    return detector.heat;
  });
}

const unusual = (found: readonly number[]) => found.filter((heat) => heat > 0.5).length;

describe('the window', () => {
  test('has the median and the distances of a sorted copy of the last numbers', () => {
    // Zero has one sign here: the two are equal in size, and which of them stands first means nothing.
    const number = fc.oneof(fc.integer({ min: -5, max: 5 }), fc.double({ noNaN: true, min: -1e9, max: 1e9 }));
    const numbers = fc.array(
      number.map((one) => one + 0),
      { minLength: 1, maxLength: 60 },
    );
    fc.assert(
      fc.property(numbers, fc.integer({ min: 1, max: 20 }), (values, capacity) => {
        const window = new SortedWindow(capacity);
        for (const [i, value] of values.entries()) {
          window.push(value);
          const last = values.slice(Math.max(0, i + 1 - capacity), i + 1).sort((a, b) => a - b);
          const half = last.length >> 1;
          const median = last.length % 2 === 1 ? last[half] : (last[half - 1] + last[half]) / 2;
          const distances = last.map((one) => Math.abs(one - median)).sort((a, b) => a - b);
          const far = last.length - 1;
          expect(window.median).toBe(median);
          expect(window.distances(median, half, far)).toEqual([distances[half], distances[far]]);
          expect([window.min, window.max, window.count]).toEqual([last[0], last[far], last.length]);
          expect(window.whole).toBe(last.every(Number.isInteger));
        }
      }),
    );
  });
});

describe('the band', () => {
  test('says nothing before two minutes were seen, then is calm about noise', () => {
    const random = noise(1);
    const found = heats(Array.from({ length: 2000 }, () => 100 + 10 * random()));
    expect(found.slice(0, 24).every(Number.isNaN)).toBe(true);
    expect(found.slice(24).some(Number.isNaN)).toBe(false);
    expect(unusual(found)).toBe(0);
  });

  test('calls a jump unusual while it lasts, and calm again after it', () => {
    const random = noise(2);
    const values = Array.from({ length: 400 }, (_, i) => (i >= 200 && i < 230 ? 80 : 20) + 3 * random());
    const found = heats(values);
    expect(unusual(found.slice(0, 200))).toBe(0);
    expect(unusual(found.slice(202, 230))).toBe(28);
    expect(unusual(found.slice(230))).toBe(0);
  });

  test('what lasts longer than half its memory becomes the new normal', () => {
    const random = noise(3);
    const found = heats(Array.from({ length: 700 }, (_, i) => (i >= 200 ? 80 : 20) + 3 * random()));
    expect(unusual(found.slice(202, 280))).toBe(78);
    expect(unusual(found.slice(460))).toBe(0);
  });

  test('a fall is as unusual as a rise', () => {
    const random = noise(4);
    const values = Array.from({ length: 300 }, (_, i) => (i >= 250 && i < 260 ? 0 : 500) + 20 * random());
    expect(unusual(heats(values).slice(251, 260))).toBe(9);
  });

  test('spikes that come again and again are normal, a first one is not', () => {
    const spikes = (every: number) => Array.from({ length: 600 }, (_, i) => (i % every < 2 ? 50.5 : 1.5));
    expect(unusual(heats(spikes(15)).slice(250))).toBe(0);
    const once = heats(Array.from({ length: 300 }, (_, i) => (i >= 200 && i < 204 ? 50.5 : 1.5)));
    expect(unusual(once)).toBe(3);
  });

  test('an idle metric and the last digit of a steady one stay calm', () => {
    expect(unusual(heats(Array.from({ length: 400 }, () => 0)))).toBe(0);
    expect(unusual(heats(Array.from({ length: 400 }, (_, i) => 8e9 + (i % 97) * 1e5)))).toBe(0);
    // Counts of a few things: one more is nothing.
    expect(unusual(heats(Array.from({ length: 400 }, (_, i) => (i % 90 > 85 ? 13 : 12))))).toBe(0);
  });

  test('what never was below zero is not expected to be', () => {
    const detector = robustBand.create(STEP);
    const random = noise(5);
    for (let i = 0; i < 100; i++) detector.push(i * STEP, Math.abs(random()), []);
    expect(detector.low).toBe(0);
  });

  test('the same time of yesterday widens what is expected', () => {
    const judge = (seasons: Parameters<ReturnType<typeof robustBand.create>['push']>[2]) => {
      const detector = robustBand.create(STEP);
      const random = noise(6);
      for (let i = 0; i < 200; i++) detector.push(i * STEP, 10 + random(), seasons);
      detector.push(200 * STEP, 95, seasons);
      detector.push(201 * STEP, 95, seasons);
      return detector.heat;
    };
    expect(judge([])).toBeGreaterThan(0.5);
    expect(judge([{ center: 90, spread: 4 }])).toBe(0);
  });

  test('a gap is neither calm nor unusual, and after a long one it learns anew', () => {
    const detector = robustBand.create(STEP);
    for (let i = 0; i < 100; i++) detector.push(i * STEP, 5, []);
    detector.push(100 * STEP, Number.NaN, []);
    expect(detector.heat).toBeNaN();
    detector.push(101 * STEP, 5, []);
    expect(detector.heat).toBe(0);
    detector.push(101 * STEP + 3_600_000, 500, []);
    expect(detector.heat).toBeNaN();
    detector.push(101 * STEP + 3_605_000, Infinity, []);
    expect(detector.heat).toBeNaN();
  });
});
