import { expect, test } from 'vitest';
import { createEngine } from '#main/promql/index.ts';
import { warmUp } from '#main/query/index.ts';

const engine = createEngine({
  lookback: 300_000,
  timeout: 60_000,
  maxSamples: 1_000_000,
  features: new Set(),
  noStepSubqueryInterval: () => 60_000,
  clock: () => performance.now(),
});

test('each expression runs to its end, and others get their turn between them', async () => {
  let pauses = 0;
  await warmUp(engine, { pause: () => Promise.resolve(void pauses++), stopped: () => false });
  expect(pauses).toBeGreaterThan(100);
});

test('it ends as soon as the program does', async () => {
  let pauses = 0;
  await warmUp(engine, { pause: () => Promise.resolve(void pauses++), stopped: () => pauses >= 3 });
  expect(pauses).toBe(3);
});
