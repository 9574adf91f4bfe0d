import { expect, test } from 'vitest';
import { storeOf, table, testEngine } from './support.ts';

const engine = testEngine();

/** 2024-02-29 13:45:10 UTC, a Thursday. */
const LEAP_DAY = 1_709_214_310;

const store = storeOf([
  { labels: { __name__: 'g', id: 'a2' }, samples: [-1.5] },
  { labels: { __name__: 'g', id: 'a10' }, samples: [2.5] },
  { labels: { __name__: 'g', id: 'b' }, samples: [NaN] },
  { labels: { __name__: 'day' }, samples: [LEAP_DAY] },
  { labels: { __name__: 'one', host: 'web-1:80', zone: 'eu' }, samples: [1] },
]);

async function value(expr: string): Promise<(number | string | null)[]> {
  const result = await engine.instant(store, expr, 0);
  if (result.type === 'scalar') return Array.from(result.values);
  return Object.values(table(result)).map(([first]) => first);
}

async function rows(expr: string): Promise<Record<string, (number | string | null)[]>> {
  return table(await engine.instant(store, expr, 0));
}

test.each([
  ['days_in_month(day)', 29],
  ['day_of_month(day)', 29],
  ['day_of_week(day)', 4],
  ['day_of_year(day)', 60],
  ['hour(day)', 13],
  ['minute(day)', 45],
  ['month(day)', 2],
  ['year(day)', 2024],
  ['year()', 1970],
])('%s is read off the calendar in UTC', async (expr, expected) => {
  expect(await value(expr)).toEqual([expected]);
});

test.each([
  ['abs(g{id="a2"})', 1.5],
  ['ceil(g{id="a2"})', -1],
  ['floor(g{id="a2"})', -2],
  ['round(g{id="a2"})', -1],
  ['round(g{id="a10"})', 3],
  ['round(g{id="a10"}, 2)', 2],
  ['sgn(g{id="a2"})', -1],
  ['clamp(g{id="a10"}, 0, 1)', 1],
  ['clamp_min(g{id="a2"}, 0)', 0],
  ['exp(one)', Math.E],
  ['ln(one)', 0],
  ['log2(one * 8)', 3],
  ['sqrt(one * 9)', 3],
  ['deg(one * pi())', 180],
  ['rad(one * 180)', Math.PI],
  ['scalar(one)', 1],
  ['vector(3) atan2 vector(3)', Math.PI / 4],
  ['1 ^ vector(NaN)', 1],
  ['-7 % vector(3)', -1],
  ['max_of(2, 3)', 3],
  ['min_of(2, 3)', 2],
])('%s', async (expr, expected) => {
  const [result] = await value(expr);
  expect(result).toBeCloseTo(expected, 12);
});

test.each(['clamp_max(g{id="b"}, 1)', 'scalar(g)', 'sgn(g{id="b"})'])('%s is NaN', async (expr) => {
  expect(await value(expr)).toEqual([NaN]);
});

test('a clamp whose bounds are swapped is empty', async () => {
  expect(await value('clamp(one, 2, 1)')).toEqual([]);
});

test('sorting puts NaN last in both directions; labels are in natural order', async () => {
  expect(await value('sort(g)')).toEqual([-1.5, 2.5, NaN]);
  expect(await value('sort_desc(g)')).toEqual([2.5, -1.5, NaN]);
  expect(Object.keys(await rows('sort_by_label(g, "id")'))).toEqual(['g{id="a2"}', 'g{id="a10"}', 'g{id="b"}']);
  const range = await engine.range(store, 'sort(g)', { start: 0, end: 60_000, step: 60_000 });
  expect(range.warnings).toEqual([
    'PromQL warning: sort is ineffective for range queries since results are always ordered by labels (1:1)',
  ]);
});

test('labels are replaced by anchored expressions and joined', async () => {
  expect(await rows('label_replace(one, "name", "$1", "host", "(.*):.*")')).toEqual({
    'one{host="web-1:80", name="web-1", zone="eu"}': [1],
  });
  expect(await rows('label_replace(one, "name", "$1", "host", "web")')).toEqual({
    'one{host="web-1:80", zone="eu"}': [1],
  });
  expect(await rows('label_replace(one, "host", "", "host", ".*")')).toEqual({ 'one{zone="eu"}': [1] });
  expect(await rows('label_join(one, "place", "/", "zone", "host")')).toEqual({
    'one{host="web-1:80", place="eu/web-1:80", zone="eu"}': [1],
  });
});

test('absent names what was asked for by equality', async () => {
  expect(await rows('absent(nothing{a="1", b=~"x", c="2", c="3"})')).toEqual({ '{a="1"}': [1] });
  expect(await rows('absent(one)')).toEqual({});
  expect(await rows('absent_over_time(nothing{a="1"}[5m])')).toEqual({ '{a="1"}': [1] });
});

test('values are counted under their shortest text', async () => {
  expect(await rows('count_values("v", g)')).toEqual({ '{v="-1.5"}': [1], '{v="2.5"}': [1], '{v="NaN"}': [1] });
});

test('fill stands in for series that are missing on one side', async () => {
  expect(await rows('g{id="a2"} + on (id) fill_right(10) g{id="b"}')).toEqual({ '{id="a2"}': [8.5] });
  expect(await rows('g{id="a2"} + on (id) fill(10) g{id="a10"}')).toEqual({
    '{id="a2"}': [8.5],
    '{id="a10"}': [12.5],
  });
});

test('info adds the labels of the target', async () => {
  const targets = storeOf([
    { labels: { __name__: 'up', instance: 'a', job: 'j' }, samples: [1] },
    { labels: { __name__: 'target_info', instance: 'a', job: 'j', version: '1.2', os: 'linux' }, samples: [1] },
  ]);
  const enriched = await engine.instant(targets, 'info(up, {version=~".+"})', 0);
  expect(table(enriched)).toEqual({ 'up{instance="a", job="j", version="1.2"}': [1] });
  const dropped = await engine.instant(targets, 'info(up, {build=~".+"})', 0);
  expect(table(dropped)).toEqual({});
});

test('buckets that fall are lifted, with a note of what was repaired', async () => {
  const buckets = storeOf(
    (
      [
        ['1', 10],
        ['2', 8],
        ['+Inf', 20],
      ] as const
    ).map(([le, count]) => ({ labels: { __name__: 'd_bucket', le }, samples: [count] })),
  );
  const result = await engine.instant(buckets, 'histogram_quantile(0.25, d_bucket)', 0);
  expect(table(result)).toEqual({ '{}': [0.5] });
  expect(result.infos).toEqual([
    'PromQL info: input to histogram_quantile needed to be fixed for monotonicity (see ' +
      'https://prometheus.io/docs/prometheus/latest/querying/functions/#histogram_quantile) for metric name ' +
      '"d_bucket", from buckets 2 to 2, with a max diff of 2, over 1 samples from 1970-01-01T00:00:00Z to ' +
      '1970-01-01T00:00:00Z (1:26)',
  ]);
});

test('a start timestamp inside the range tells where a counter began', async () => {
  const counter = storeOf([
    {
      labels: { __name__: 'c_total' },
      times: [60_000, 120_000],
      samples: [30, 90],
      startTimes: [30_000, 30_000],
    },
  ]);
  const increase = await engine.instant(counter, 'increase(c_total[2m])', 120_000);
  expect(table(increase)).toEqual({ '{}': [90] });
  const ignoring = testEngine({ features: new Set() });
  const extrapolated = await ignoring.instant(counter, 'increase(c_total[2m])', 120_000);
  expect(table(extrapolated)['{}'][0]).toBeCloseTo(90, 9);
  const start = await engine.instant(counter, 'start_timestamp(c_total)', 120_000);
  expect(table(start)).toEqual({ '{}': [30] });
});

test('anchored ranges count from the sample before, smoothed ones interpolate', async () => {
  const counter = storeOf([{ labels: { __name__: 'c_total' }, samples: [0, 15, 30, 45, 60, 75] }]);
  const at = async (expr: string) => table(await engine.instant(counter, expr, 70_000))['{}'];
  expect(await at('increase(c_total[20s] anchored)')).toEqual([15]);
  expect(await at('increase(c_total[20s] smoothed)')).toEqual([20]);
  const misplaced = engine.instant(counter, 'sum_over_time(c_total[20s] anchored)', 70_000);
  await expect(misplaced).rejects.toThrow(
    'anchored modifier can only be used with: changes, delta, increase, rate, resets - not with sum_over_time',
  );
});

test('limit_ratio and its complement share the series out', async () => {
  const many = storeOf(
    Array.from({ length: 200 }, (_, i) => ({ labels: { __name__: 'm', i: String(i) }, samples: [1] })),
  );
  const keys = async (expr: string) => Object.keys(table(await engine.instant(many, expr, 0)));
  const some = await keys('limit_ratio(0.3, m)');
  const rest = await keys('limit_ratio(-0.7, m)');
  expect(some.length).toBeGreaterThan(30);
  expect(some.length).toBeLessThan(90);
  expect([...some, ...rest].sort()).toEqual((await keys('m')).sort());
  expect(await keys('limitk(7, m)')).toHaveLength(7);
});

test('logarithms to 2 and 10 are put together as in the original', async () => {
  const of = async (name: string, value: string): Promise<number> => {
    const result = await engine.instant(storeOf([]), `${name}(vector(${value}))`, 0);
    return result.type === 'vector' ? result.series[0].values[0] : NaN;
  };
  for (let power = -1074; power <= 1023; power += 99) expect(await of('log2', String(2 ** power))).toBe(power);
  expect(await of('log2', '0')).toBe(-Infinity);
  expect(await of('log2', '-1')).toBeNaN();
  expect(await of('log2', 'Inf')).toBe(Infinity);
  expect(await of('log10', 'Inf')).toBe(Infinity);
  expect(await of('log10', '100')).toBe(2);
  // Answers of the original.
  expect(await of('log2', '1.75')).toBe(0.8073549220576042);
  expect(await of('log2', '1000')).toBe(9.965784284662087);
  expect(await of('log2', '7.123')).toBe(2.832484990287604);
  expect(await of('log2', '1e-310')).toBe(-1029.7977094150824);
});
