import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CUSTOM_BUCKETS_SCHEMA, HINT_GAUGE, HINT_UNKNOWN, type Histogram, type Millis } from '#shared/model/index.ts';
import { storeOf, table, testEngine, type TestSample, type TestSeries } from './support.ts';

const engine = testEngine();

const anySample: fc.Arbitrary<TestSample> = fc.oneof(
  { weight: 8, arbitrary: fc.integer({ min: -5, max: 100 }) },
  { weight: 1, arbitrary: fc.constant(null) },
  { weight: 1, arbitrary: fc.constant('stale' as const) },
  { weight: 1, arbitrary: fc.constantFrom(NaN, Infinity, -Infinity, 0.1, 1e308) },
);

/** Counting up, so that resets are rare, with a layout that changes now and then. */
const anyHistogram: fc.Arbitrary<Histogram> = fc
  .record({
    schema: fc.constantFrom(0, 0, 0, 1, CUSTOM_BUCKETS_SCHEMA),
    counts: fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: 4 }),
    hint: fc.constantFrom(HINT_UNKNOWN, HINT_UNKNOWN, HINT_GAUGE),
  })
  .map(({ schema, counts, hint }) => ({
    schema,
    counterResetHint: hint,
    zeroThreshold: 0,
    zeroCount: 0,
    count: counts.reduce((a, b) => a + b, 0),
    sum: counts.length,
    positiveSpans: [0, counts.length],
    negativeSpans: [],
    positiveBuckets: counts,
    negativeBuckets: [],
    customValues: schema === CUSTOM_BUCKETS_SCHEMA ? [1, 2, 5] : [],
  }));

const anyStore: fc.Arbitrary<TestSeries[]> = fc
  .array(fc.array(anySample, { minLength: 1, maxLength: 40 }), { minLength: 1, maxLength: 5 })
  .map((all) =>
    all.map((samples, i) => ({ labels: { __name__: 'm_total', i: String(i), half: String(i % 2) }, samples })),
  );

const anyHistogramStore: fc.Arbitrary<TestSeries[]> = fc
  .array(
    fc.array(fc.oneof({ weight: 4, arbitrary: anyHistogram }, { weight: 1, arbitrary: anySample }), {
      minLength: 1,
      maxLength: 25,
    }),
    { minLength: 1, maxLength: 3 },
  )
  .map((all) => all.map((samples, i) => ({ labels: { __name__: 'm', i: String(i), half: String(i % 2) }, samples })));

const HISTOGRAM_EXPRESSIONS = [
  'm',
  'rate(m[1m])',
  'increase(m[1m] smoothed)',
  'delta(m[1m] anchored)',
  'irate(m[1m]) * 2',
  'sum by (half) (m)',
  'avg(m)',
  'sum_over_time(m[1m])',
  'avg_over_time(m[45s:15s])',
  'last_over_time(m[1m]) + on (i) first_over_time(m[1m])',
  'm - m offset 15s',
  'm == m offset 30s',
  'm >/ 1.5',
  'histogram_quantile(0.7, sum(rate(m[1m])))',
  'histogram_fraction(0, 2, m)',
  'histogram_stddev(m)',
  'resets(m[2m]) + changes(m[2m])',
  'count(m) or absent(m)',
  'max by (half) (m)',
  '-m',
  'm smoothed',
];

const EXPRESSIONS = [
  'm_total',
  'm_total offset 20s',
  'm_total @ 100',
  'rate(m_total[1m])',
  'increase(m_total[40s])',
  'irate(m_total[1m])',
  'changes(m_total[2m]) + resets(m_total[2m])',
  'avg_over_time(m_total[50s])',
  'max_over_time(m_total[1m:10s])',
  'sum by (half) (m_total)',
  'topk(2, m_total)',
  'm_total > 20',
  'm_total - on (i) m_total offset 15s',
  'm_total{half="0"} or m_total',
  'm_total unless m_total{half="1"} > 10',
  'm_total / on (half) group_left sum by (half) (m_total)',
  'quantile_over_time(0.3, m_total[1m]) * time()',
  'absent(m_total{i="0"})',
  'sort(stddev_over_time(m_total[1m]))',
  'rate(m_total[1m] smoothed)',
  'increase(m_total[1m] anchored)',
  'timestamp(m_total)',
  'count_values("v", m_total)',
  'm_total + on (i, half) fill(0) m_total{half="0"}',
];

test.each([
  ['floats', anyStore, EXPRESSIONS],
  ['histograms', anyHistogramStore, HISTOGRAM_EXPRESSIONS],
] as const)('a range query over %s equals the instant queries at its steps', async (_kind, store, expressions) => {
  await fc.assert(
    fc.asyncProperty(
      store,
      fc.constantFrom(...expressions),
      fc.integer({ min: 0, max: 200_000 }),
      fc.constantFrom(7_000, 15_000, 61_000),
      async (series, expr, start, step) => {
        const querier = storeOf(series);
        const times: Millis[] = Array.from({ length: 6 }, (_, i) => start + i * step);
        const range = table(await engine.range(querier, expr, { start, end: times[5], step }));
        for (const [i, time] of times.entries()) {
          const instant = table(await engine.instant(querier, expr, time));
          const here = Object.fromEntries(
            Object.entries(range)
              .filter(([, row]) => row[i] !== null)
              .map(([key, row]) => [key, [row[i]]]),
          );
          expect(here).toEqual(instant);
        }
      },
    ),
    { numRuns: 250 },
  );
});

/** One window of floats, worked out sample by sample: slow and plain. */
type Oracle = (
  window: readonly (readonly [time: Millis, value: number])[],
  start: Millis,
  end: Millis,
) => number | null;

const increase: Oracle = (window, start, end) => {
  if (window.length < 2) return null;
  const [firstTime, first] = window[0];
  const [lastTime, last] = window[window.length - 1];
  let grown = last - first;
  for (let i = 1; i < window.length; i++) if (window[i][1] < window[i - 1][1]) grown += window[i - 1][1];
  const sampled = (lastTime - firstTime) / 1000;
  const spacing = sampled / (window.length - 1);
  let before = (firstTime - start) / 1000;
  let after = (end - lastTime) / 1000;
  if (before >= spacing * 1.1) before = spacing / 2;
  if (grown > 0 && first >= 0) before = Math.min(before, sampled * (first / grown));
  if (after >= spacing * 1.1) after = spacing / 2;
  return (grown * (sampled + before + after)) / sampled;
};

const exact = (window: readonly (readonly [Millis, number])[]): number[] => window.map(([, value]) => value);

const ORACLES: Readonly<Record<string, Oracle>> = {
  increase,
  rate: (window, start, end) => {
    const grown = increase(window, start, end);
    return grown === null ? null : grown / ((end - start) / 1000);
  },
  sum_over_time: (window) => exact(window).reduce((a, b) => a + b, 0),
  avg_over_time: (window) => exact(window).reduce((a, b) => a + b, 0) / window.length,
  min_over_time: (window) => Math.min(...exact(window)),
  max_over_time: (window) => Math.max(...exact(window)),
  count_over_time: (window) => window.length,
  last_over_time: (window) => window[window.length - 1][1],
  first_over_time: (window) => window[0][1],
  changes: (window) => window.filter(([, value], i) => i > 0 && value !== window[i - 1][1]).length,
  resets: (window) => window.filter(([, value], i) => i > 0 && value < window[i - 1][1]).length,
  idelta: (window) => (window.length < 2 ? null : window[window.length - 1][1] - window[window.length - 2][1]),
  stdvar_over_time: (window) => {
    const values = exact(window);
    const mean = values.reduce((a, b) => a + b, 0) / values.length;
    return values.reduce((a, b) => a + (b - mean) ** 2, 0) / values.length;
  },
};

test('functions of ranges equal a plain computation of each window', async () => {
  const sample = fc.oneof(
    { weight: 8, arbitrary: fc.integer({ min: 0, max: 100 }) },
    { weight: 1, arbitrary: fc.constant(null) },
    { weight: 1, arbitrary: fc.constant('stale' as const) },
  );
  await fc.assert(
    fc.asyncProperty(
      fc.array(sample, { minLength: 1, maxLength: 60 }),
      fc.constantFrom(...Object.keys(ORACLES)),
      fc.constantFrom(20_000, 60_000, 100_000),
      fc.constantFrom(5_000, 30_000, 120_000),
      fc.integer({ min: 0, max: 100_000 }),
      async (samples, name, range, step, start) => {
        const querier = storeOf([{ labels: { __name__: 'm_total' }, samples }]);
        const end = start + 7 * step;
        const result = await engine.range(querier, `${name}(m_total[${range / 1000}s])`, { start, end, step });
        const [row] = Object.values(table(result));
        for (let i = 0; i <= 7; i++) {
          const at = start + i * step;
          const window: (readonly [Millis, number])[] = [];
          samples.forEach((value, k) => {
            const time = k * 15_000;
            if (typeof value === 'number' && time > at - range && time <= at) window.push([time, value]);
          });
          const expected = window.length === 0 ? null : ORACLES[name](window, at - range, at);
          const actual = row === undefined ? null : row[i];
          const agree =
            expected === null || typeof actual !== 'number' ? expected === actual : Math.abs(expected - actual) < 1e-8;
          expect({ time: at, expected, actual, agree }).toMatchObject({ agree: true });
        }
      },
    ),
    { numRuns: 400 },
  );
});
