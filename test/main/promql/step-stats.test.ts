import { expect, test } from 'vitest';
import { queryBody } from '#main/json/index.ts';
import { storeOf, testEngine } from './support.ts';

const engine = testEngine();
const querier = storeOf([
  { labels: { __name__: 'm', l: 'a' }, samples: [1, 2, 3, 4, 5, 6, 7, 8, 9] },
  { labels: { __name__: 'm', l: 'b' }, samples: [1, null, 3, 'stale', null, null, 7, 8, 9] },
]);

interface Samples {
  readonly totalQueryableSamples: number;
  readonly totalQueryableSamplesPerStep?: readonly (readonly [number, number])[];
  readonly peakSamples: number;
}

function samplesOf(body: readonly Uint8Array[]): Samples {
  const answer = JSON.parse(Buffer.concat(body).toString()) as {
    data: { stats: { timings: Record<string, number>; samples: Samples } };
  };
  expect(Object.keys(answer.data.stats.timings)).toEqual([
    'evalTotalTime',
    'resultSortTime',
    'queryPreparationTime',
    'innerEvalTime',
    'execQueueTime',
    'execTotalTime',
  ]);
  return answer.data.stats.samples;
}

async function range(expr: string, stats: 'sums' | 'all' = 'all'): Promise<Samples> {
  const result = await engine.range(querier, expr, { start: 30_000, end: 90_000, step: 30_000 }, { countSteps: true });
  return samplesOf(queryBody(result, { limit: 0, stats }));
}

async function instant(expr: string): Promise<Samples> {
  const result = await engine.instant(querier, expr, 90_000, { countSteps: true });
  return samplesOf(queryBody(result, { limit: 0, stats: 'all' }));
}

const steps = (...counts: readonly number[]) => counts.map((count, i) => [30 * (i + 1), count]);

test.each([
  ['m', steps(2, 1, 2)],
  ['m + m', steps(4, 2, 4)],
  ['timestamp(m)', steps(2, 1, 2)],
  // Windows of (t - 45 s, t]; a stale marker is no sample of them.
  ['sum_over_time(m[45s])', steps(3 + 2, 3 + 1, 3 + 1)],
  // The same at all steps, and looked at in each.
  ['m @ 30', steps(2, 2, 2)],
  ['m + on () group_left () sum(m @ 30)', steps(4, 3, 4)],
  // Points of the subquery, at 0, 30, 60, 90 s.
  ['max_over_time(sum(m)[1m:30s])', steps(2, 2, 2)],
  ['vector(1)', steps(0, 0, 0)],
])('%s', async (expr, expected) => {
  const { totalQueryableSamplesPerStep, totalQueryableSamples } = await range(expr);
  expect(totalQueryableSamplesPerStep).toEqual(expected);
  expect(totalQueryableSamples).toBe(expected.reduce((sum, [, count]) => sum + count, 0));
});

test('an instant query has one step, also where its value is a range', async () => {
  expect(await instant('m')).toMatchObject({ totalQueryableSamples: 2, totalQueryableSamplesPerStep: [[90, 2]] });
  expect(await instant('m[45s]')).toMatchObject({ totalQueryableSamplesPerStep: [[90, 4]] });
});

test('steps are told where they are asked for, the peak always', async () => {
  const { totalQueryableSamplesPerStep, peakSamples } = await range('sum_over_time(m[45s])', 'sums');
  expect(totalQueryableSamplesPerStep).toBeUndefined();
  expect(peakSamples).toBeGreaterThanOrEqual(3);
});
