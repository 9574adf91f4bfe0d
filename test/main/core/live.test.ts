import { describe, expect, test, vi } from 'vitest';
import { HearthError, type LiveFrame, type QueryResult, type Steps } from '#shared/contract/index.ts';
import { EMPTY_LABELS, newPresence } from '#shared/model/index.ts';
import { robustBand, WatchedQuery } from '#main/insight/index.ts';
import { startLive } from '../../../src/main/core/live.ts';

const notes = { warnings: [], infos: [], stats: { seriesRead: 0, samplesRead: 0, evalMillis: 0 } };

interface Timer {
  readonly due: number;
  readonly action: () => void;
}

/** A clock that the test moves, and evaluations it looks at. */
function setup(
  exprs: Readonly<Record<string, string>>,
  settle = 100,
  watched: readonly string[] = [],
  until: number | null = null,
) {
  let now = 1_000_000;
  const asked: { expr: string; steps: Steps }[] = [];
  const frames: (readonly LiveFrame[])[] = [];
  const timers: Timer[] = [];
  const evaluate = (expr: string, steps: Steps): Promise<QueryResult> => {
    asked.push({ expr, steps });
    if (expr === 'bad') return Promise.reject(new HearthError({ kind: 'query-parse', message: 'no', from: 0, to: 3 }));
    if (expr === 'fails') return Promise.reject(new HearthError({ kind: 'query-execution', message: 'now' }));
    if (expr !== 'flat') return Promise.resolve({ type: 'matrix', steps, series: [], ...notes });
    const present = newPresence(steps.count).fill(0xff);
    const values = new Float64Array(steps.count).fill(7);
    const series = [{ labels: EMPTY_LABELS, values, present, histograms: null }];
    return Promise.resolve({ type: 'matrix', steps, series, ...notes });
  };
  const queries = Object.entries(exprs).map(([id, expr]) => ({ id, expr, watch: watched.includes(id) }));
  const stop = startLive(
    { source: 'local', queries, window: 60_000, step: 2000, until },
    {
      now: () => now,
      monotonic: () => now,
      schedule: (millis, action) => {
        const timer = { due: now + millis, action };
        timers.push(timer);
        return () => timers.splice(timers.indexOf(timer), 1);
      },
      breathe: () => Promise.resolve(),
      evaluate,
      watch: (expr, step, window) =>
        new WatchedQuery({
          detector: robustBand,
          step,
          window,
          evaluate: (steps) => evaluate(expr, steps),
          oldest: () => 0,
        }),
      describe: (error) => (error as Error).message,
      isLasting: (error) => error instanceof HearthError && error.detail.kind === 'query-parse',
      settle: () => settle,
    },
    (next) => frames.push(next),
  );
  /** Lets time pass to the next timer, or by more. */
  const tick = async (extra = 0): Promise<void> => {
    await vi.waitFor(() => expect(timers).toHaveLength(1));
    const [{ due, action }] = timers.splice(0);
    now = due + extra;
    action();
  };
  const frame = async (index: number): Promise<readonly LiveFrame[]> => {
    await vi.waitFor(() => expect(frames.length).toBeGreaterThan(index));
    return frames[index];
  };
  return { asked, frame, stop, tick, timers, at: () => now };
}

describe('a live subscription', () => {
  test('gets the whole window first, at absolute multiples of the step', async () => {
    const { frame, stop } = setup({ a: 'up' });
    const [first] = await frame(0);
    // It is 1,000,000; what happened up to 100 ms ago can be expected to be there.
    expect(first).toMatchObject({
      id: 'a',
      reset: true,
      error: null,
      steps: { start: 940_000, step: 2000, count: 30 },
    });
    stop();
  });

  test('then each step once, in order, when its samples can be there', async () => {
    const { frame, stop, tick, at } = setup({ a: 'up' });
    await frame(0);
    for (let i = 1; i <= 3; i++) {
      await tick();
      const [next] = await frame(i);
      expect(next).toMatchObject({ reset: false, steps: { start: 998_000 + i * 2000, count: 1 } });
      expect(at()).toBe(next.steps.start + 100);
    }
    stop();
  });

  test('a late timer gives all steps that were missed', async () => {
    const { frame, stop, tick } = setup({ a: 'up' });
    await frame(0);
    await tick(7000);
    const [next] = await frame(1);
    expect(next).toMatchObject({ reset: false, steps: { start: 1_000_000, step: 2000, count: 4 } });
    stop();
  });

  test('after a pause longer than the window it begins anew', async () => {
    const { frame, stop, tick } = setup({ a: 'up' });
    await frame(0);
    await tick(3_600_000);
    const [next] = await frame(1);
    expect(next).toMatchObject({ reset: true, steps: { count: 30 } });
    stop();
  });

  test('a window that ends at a moment that was comes once, judged by what was before it', async () => {
    const { frame, asked, timers, stop } = setup({ a: 'flat' }, 100, ['a'], 800_999);
    const [first] = await frame(0);
    expect(first).toMatchObject({ reset: true, steps: { start: 742_000, step: 2000, count: 30 } });
    const [judged] = await frame(1);
    expect(judged.expected?.series).toHaveLength(1);
    expect(Math.max(...asked.map(({ steps }) => steps.start + (steps.count - 1) * steps.step))).toBe(800_000);
    expect(timers).toEqual([]);
    stop();
  });

  test('a moment that is still to come is now, and nothing comes after it', async () => {
    const { frame, timers, stop } = setup({ a: 'up' }, 100, [], 2_000_000);
    const [first] = await frame(0);
    expect(first.steps).toEqual({ start: 940_000, step: 2000, count: 30 });
    await Promise.resolve();
    expect(timers).toEqual([]);
    stop();
  });

  test('a slow target delays steps only so far', async () => {
    const { frame, stop, tick, at } = setup({ a: 'up' }, 60_000);
    await frame(0);
    await tick();
    const [next] = await frame(1);
    expect(at() - next.steps.start).toBe(2000);
    stop();
  });

  test('an expression that is wrong is told once; one that fails for now is tried again', async () => {
    const { frame, asked, stop, tick } = setup({ a: 'bad', b: 'fails' });
    expect(await frame(0)).toMatchObject([
      { id: 'a', result: null, error: 'no' },
      { id: 'b', result: null, error: 'now' },
    ]);
    await tick();
    expect((await frame(1)).map((one) => one.id)).toEqual(['b']);
    expect(asked.map((one) => one.expr)).toEqual(['bad', 'fails', 'fails']);
    stop();
  });

  test('what is watched comes again with what was to be expected, learnt from before the window', async () => {
    const { frame, stop, tick } = setup({ a: 'flat', b: 'up' }, 100, ['a']);
    const first = await frame(0);
    expect(first.map(({ id, expected }) => [id, expected])).toEqual([
      ['a', null],
      ['b', null],
    ]);
    const again = await frame(1);
    expect(again).toMatchObject([{ id: 'a', reset: true, steps: { start: 940_000, count: 30 } }]);
    const [judged] = again[0].expected?.series ?? [];
    // Bands from the first step on: the past was there to learn from.
    expect([...judged.heat]).toEqual(Array.from({ length: 30 }, () => 0));
    expect(judged.low[0]).toBeLessThan(7);
    expect(judged.high[0]).toBeGreaterThan(7);
    await tick();
    const [next] = await frame(2);
    expect(next.expected?.series[0].heat).toHaveLength(1);
    stop();
  });

  test('ends when it is told to', async () => {
    const { frame, stop, timers } = setup({ a: 'up' });
    await frame(0);
    await vi.waitFor(() => expect(timers).toHaveLength(1));
    stop();
    expect(timers).toEqual([]);
  });
});
