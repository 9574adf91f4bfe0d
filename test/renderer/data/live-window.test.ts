import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { LiveFrame, SeriesColumn } from '#shared/contract/index.ts';
import { labelsFromRecord, labelsKey, newPresence, setPresent } from '#shared/model/index.ts';
import { LiveWindow } from '#renderer/data/index.ts';

const STEP = 1000;

function column(name: string, values: readonly (number | null)[]): SeriesColumn {
  const present = newPresence(values.length);
  for (const [i, value] of values.entries()) if (value !== null) setPresent(present, i);
  return {
    labels: labelsFromRecord({ name }),
    values: Float64Array.from(values, (value) => value ?? 0),
    present,
    histograms: null,
  };
}

function frame(first: number, count: number, series: Record<string, (number | null)[]>, reset = false): LiveFrame {
  return {
    id: 'q',
    reset,
    steps: { start: first * STEP, step: STEP, count },
    result: {
      type: 'matrix',
      steps: { start: first * STEP, step: STEP, count },
      series: Object.entries(series).map(([name, values]) => column(name, values)),
      warnings: [],
      infos: [],
      stats: { seriesRead: 0, samplesRead: 0, evalMillis: 0 },
    },
    expected: null,
    error: null,
  };
}

const key = (name: string) => labelsKey(labelsFromRecord({ name }));
const read = (live: LiveWindow, name: string) =>
  live.empty ? [] : live.read(key(name), live.start, Math.round((live.last - live.start) / STEP) + 1);

test('new steps come behind the old ones, and what is older than the window goes', () => {
  const live = new LiveWindow(STEP, 4);
  live.apply(frame(10, 3, { a: [1, 2, 3] }, true));
  live.apply(frame(13, 2, { a: [4, 5] }));
  expect(live.start).toBe(11 * STEP);
  expect(live.last).toBe(14 * STEP);
  expect(read(live, 'a')).toEqual([2, 3, 4, 5]);
});

test('an absent sample is a hole, whatever its number says; a sample that is NaN is one too', () => {
  const live = new LiveWindow(STEP, 4);
  live.apply(frame(0, 3, { a: [1, null, Number.NaN] }, true));
  expect(read(live, 'a')).toEqual([1, null, null]);
});

test('steps that were left out are holes', () => {
  const live = new LiveWindow(STEP, 10);
  live.apply(frame(0, 2, { a: [1, 2] }, true));
  live.apply(frame(4, 1, { a: [5] }));
  expect(read(live, 'a')).toEqual([1, 2, null, null, 5]);
});

test('a series that begins or ends leaves holes, and is forgotten when it has left the window', () => {
  const live = new LiveWindow(STEP, 3);
  live.apply(frame(0, 3, { a: [1, 2, 3] }, true));
  for (let i = 3; i < 12; i++) live.apply(frame(i, 1, { b: [i] }));
  expect(live.keys).toEqual([key('b')]);
  expect(read(live, 'b')).toEqual([9, 10, 11]);
});

test('a whole frame replaces what was there', () => {
  const live = new LiveWindow(STEP, 4);
  live.apply(frame(10, 2, { a: [1, 2] }, true));
  live.apply(frame(30, 2, { b: [7, 8] }, true));
  expect(live.keys).toEqual([key('b')]);
  expect(live.start).toBe(30 * STEP);
});

test('a step that comes again is overwritten', () => {
  const live = new LiveWindow(STEP, 4);
  live.apply(frame(0, 2, { a: [1, 2] }, true));
  live.apply(frame(1, 2, { a: [20, 3] }));
  expect(read(live, 'a')).toEqual([1, 20, 3]);
});

test('an error keeps the values and is cleared by the next good frame', () => {
  const live = new LiveWindow(STEP, 4);
  live.apply(frame(0, 2, { a: [1, 2] }, true));
  live.apply({ ...frame(2, 1, {}), result: null, error: 'too many series' });
  expect(live.error).toBe('too many series');
  expect(read(live, 'a')).toEqual([1, 2, null]);
  live.apply(frame(3, 1, { a: [4] }));
  expect(live.error).toBeNull();
});

test('whatever frames come, the window holds what a plain list of the last steps would', () => {
  const frames = fc.array(
    fc.record({
      skip: fc.integer({ min: 0, max: 3 }),
      a: fc.array(fc.option(fc.integer()), { minLength: 1, maxLength: 5 }),
      withB: fc.boolean(),
    }),
    { minLength: 1, maxLength: 40 },
  );
  fc.assert(
    fc.property(frames, fc.integer({ min: 1, max: 9 }), (list, maxSteps) => {
      const live = new LiveWindow(STEP, maxSteps);
      const plain = new Map<string, Map<number, number>>([
        ['a', new Map()],
        ['b', new Map()],
      ]);
      let next = 5;
      for (const [i, { skip, a, withB }] of list.entries()) {
        const first = next + (i === 0 ? 0 : skip);
        live.apply(frame(first, a.length, withB ? { a, b: a } : { a }, i === 0));
        for (const [k, value] of a.entries()) {
          if (value === null) continue;
          plain.get('a')?.set(first + k, value);
          if (withB) plain.get('b')?.set(first + k, value);
        }
        next = first + a.length;
      }
      for (const name of ['a', 'b']) {
        const count = Math.round((live.last - live.start) / STEP) + 1;
        expect(count).toBeLessThanOrEqual(maxSteps);
        const expected = Array.from({ length: count }, (_, i) => plain.get(name)?.get(live.start / STEP + i) ?? null);
        expect(read(live, name)).toEqual(expected);
      }
    }),
  );
});

test('what was to be expected goes along with its values, through the window and out of it', () => {
  const live = new LiveWindow(STEP, 3);
  const withHeat = (first: number, heat: number[]): LiveFrame => ({
    ...frame(first, heat.length, { a: heat.map((_, i) => first + i) }, first === 0),
    expected: {
      memory: 900_000,
      learn: 120_000,
      series: [
        {
          low: Float32Array.from(heat, () => 1),
          high: Float32Array.from(heat, () => 2),
          heat: Float32Array.from(heat),
        },
      ],
    },
  });
  live.apply(withHeat(0, [0, 0.25, 0.5]));
  for (let i = 3; i < 20; i++) live.apply(withHeat(i, [i / 32]));
  expect(live.last).toBe(19 * STEP);
  expect([...(live.expected(key('a'), live.start, 3)?.heat ?? [])]).toEqual([17 / 32, 18 / 32, 19 / 32]);
  const merged = new Float32Array(4).fill(Number.NaN);
  live.mergeHeat(live.start - STEP, merged);
  expect([...merged]).toEqual([Number.NaN, 17 / 32, 18 / 32, 19 / 32]);
  expect(live).toMatchObject({ learn: 120_000, memory: 900_000 });
});

test('a series that nobody judges has no heat', () => {
  const live = new LiveWindow(STEP, 3);
  live.apply(frame(0, 2, { a: [1, 2] }, true));
  expect(live.expected(key('a'), live.start, 2)).toBeNull();
});
