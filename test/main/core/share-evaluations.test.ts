import { expect, test } from 'vitest';
import type { QueryResult, Steps } from '#shared/contract/index.ts';
import { shareEvaluations } from '../../../src/main/core/share-evaluations.ts';

const STEPS: Steps = { start: 1000, step: 1000, count: 3 };

function setUp() {
  const asked: { expr: string; signal: AbortSignal; done: PromiseWithResolvers<QueryResult> }[] = [];
  const timers: (() => void)[] = [];
  const evaluate = shareEvaluations(
    (expr, _steps, signal) => {
      const done = Promise.withResolvers<QueryResult>();
      asked.push({ expr, signal, done });
      return done.promise;
    },
    (_millis, action) => {
      timers.push(action);
      return () => {};
    },
  );
  return { asked, timers, evaluate };
}

function result(): QueryResult {
  return {
    type: 'matrix',
    steps: STEPS,
    series: [],
    warnings: [],
    infos: [],
    stats: { seriesRead: 0, samplesRead: 0, evalMillis: 0 },
  };
}

const patient = (): AbortSignal => new AbortController().signal;

test('equal expressions over equal steps are evaluated once, before and shortly after the result', async () => {
  const { asked, timers, evaluate } = setUp();
  const first = evaluate('up', STEPS, patient());
  const second = evaluate('up', STEPS, patient());
  const others = [evaluate('down', STEPS, patient()), evaluate('up', { ...STEPS, count: 4 }, patient())];
  expect(asked.map(({ expr }) => expr)).toEqual(['up', 'down', 'up']);
  const answer = result();
  for (const { done } of asked) done.resolve(answer);
  expect(await first).toBe(answer);
  expect(await second).toBe(answer);
  await Promise.all(others);
  expect(await evaluate('up', STEPS, patient())).toBe(answer);
  expect(asked).toHaveLength(3);
  for (const forget of timers) forget();
  void evaluate('up', STEPS, patient());
  expect(asked).toHaveLength(4);
});

test('who goes away is let go at once; the evaluation ends with the last one', async () => {
  const { asked, evaluate } = setUp();
  const [one, two] = [new AbortController(), new AbortController()];
  const first = evaluate('up', STEPS, one.signal).catch((error: unknown) => String(error));
  const second = evaluate('up', STEPS, two.signal).catch((error: unknown) => String(error));
  one.abort();
  expect(await first).toContain('canceled');
  expect(asked[0].signal.aborted).toBe(false);
  two.abort();
  expect(await second).toContain('canceled');
  expect(asked[0].signal.aborted).toBe(true);
  // What was given up is not waited for by who comes next.
  void evaluate('up', STEPS, patient());
  expect(asked).toHaveLength(2);
});

test('a failure is told to all who wait, and not kept', async () => {
  const { asked, evaluate } = setUp();
  const waiting = [evaluate('up', STEPS, patient()), evaluate('up', STEPS, patient())];
  asked[0].done.reject(new Error('no luck'));
  expect((await Promise.allSettled(waiting)).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  void evaluate('up', STEPS, patient());
  expect(asked).toHaveLength(2);
});
