import { describe, expect, test } from 'vitest';
import { createReader, DEFAULT_READER_OPTIONS, type BodyFormat } from '#main/exposition/index.ts';
import { formatSeries, type Histogram } from '#shared/model/index.ts';

const OPTIONS = { ...DEFAULT_READER_OPTIONS, convertClassicHistograms: true };

function read(body: string, format: BodyFormat = 'text', options = OPTIONS) {
  const reader = createReader(format, options);
  const parsed = reader.read(Buffer.from(body));
  const samples: Record<string, number | Histogram> = {};
  for (let i = 0; i < parsed.count; i++)
    samples[formatSeries(reader.labelsOf(i))] = parsed.histograms?.get(i) ?? parsed.values[i];
  return { samples, parsed };
}

const HEAD = '# TYPE h histogram\n';
const HISTOGRAM = {
  schema: -53,
  counterResetHint: 0,
  zeroThreshold: 0,
  zeroCount: 0,
  count: 7,
  sum: 2.5,
  positiveSpans: [0, 3],
  negativeSpans: [],
  positiveBuckets: [1, 3, 3],
  negativeBuckets: [],
  customValues: [0.5, 2],
};

describe('classic histograms as native ones with custom buckets', () => {
  test('buckets in any order, bounds without +Inf, counts of each bucket alone', () => {
    const body = `${HEAD}h_bucket{le="2"} 4\nh_bucket{le="0.5"} 1\nh_bucket{le="+Inf"} 7\nh_sum 2.5\nh_count 7\nother 1\n`;
    expect(read(body).samples).toEqual({ h: HISTOGRAM, other: 1 });
  });

  test('the classic series stay if asked for', () => {
    const body = `${HEAD}h_bucket{le="2"} 4\nh_bucket{le="+Inf"} 7\nh_sum 2.5\nh_count 7\n`;
    expect(Object.keys(read(body, 'text', { ...OPTIONS, keepClassicHistograms: true }).samples)).toEqual([
      'h_bucket{le="2.0"}',
      'h_bucket{le="+Inf"}',
      'h_sum',
      'h_count',
      'h',
    ]);
    expect(Object.keys(read(body, 'text', DEFAULT_READER_OPTIONS).samples)).not.toContain('h');
  });

  test('a missing count is that of the highest bucket, a missing +Inf bucket that of the count', () => {
    expect(read(`${HEAD}h_bucket{le="1"} 4\nh_bucket{le="+Inf"} 7\nh_sum 1\n`).samples['h']).toMatchObject({
      count: 7,
    });
    expect(read(`${HEAD}h_bucket{le="1"} 4\nh_count 7\nh_sum 1\n`).samples['h']).toMatchObject({
      customValues: [1],
      positiveBuckets: [4, 3],
    });
  });

  test.each([
    ['not cumulative', 'h_bucket{le="1"} 4\nh_bucket{le="2"} 3\nh_bucket{le="+Inf"} 7\nh_count 7\n'],
    ['negative', 'h_bucket{le="1"} -1\nh_bucket{le="+Inf"} 7\nh_count 7\n'],
    ['inconsistent count', 'h_bucket{le="1"} 4\nh_bucket{le="+Inf"} 7\nh_count 8\n'],
    ['NaN bound', 'h_bucket{le="NaN"} 4\nh_bucket{le="+Inf"} 7\nh_count 7\n'],
    ['a bound twice', 'h_bucket{le="1",} 4\nh_bucket{le="1.0"} 4\nh_bucket{le="+Inf"} 7\nh_count 7\n'],
  ])('what makes no sense is left out, the rest is read: %s', (_, buckets) => {
    expect(read(`${HEAD}${buckets}other 1\n`).samples).toEqual({ other: 1 });
  });

  test('label sets and families are kept apart', () => {
    const body = `${HEAD}h_bucket{a="1",le="+Inf"} 1\nh_count{a="1"} 1\nh_sum{a="1"} 1\nh_bucket{a="2",le="+Inf"} 2\nh_count{a="2"} 2\nh_sum{a="2"} 2\n# TYPE h2 gauge\nh2_count 5\n`;
    expect(read(body).samples).toMatchObject({ 'h{a="1"}': { count: 1 }, 'h{a="2"}': { count: 2 }, h2_count: 5 });
  });

  test('gauge histograms say so; exemplars go with the histogram', () => {
    const body =
      '# TYPE g gaugehistogram\ng_bucket{le="1"} 1 # {id="x"} 0.5 12\ng_bucket{le="+Inf"} 2 # {id="y"} 3 13\n# EOF\n';
    const { samples, parsed } = read(body, 'openmetrics');
    expect(samples['g']).toMatchObject({ counterResetHint: 3, count: 2 });
    expect(parsed.exemplars?.map(({ sample, value }) => [sample, value])).toEqual([
      [0, 0.5],
      [0, 3],
    ]);
  });

  test('body after body, with the layout staying', () => {
    const reader = createReader('text', OPTIONS);
    const at = (n: number): Buffer =>
      Buffer.from(`${HEAD}h_bucket{le="1"} ${n}\nh_bucket{le="+Inf"} ${n}\nh_count ${n}\nh_sum 1\n`);
    const first = reader.read(at(1));
    const second = reader.read(at(5));
    expect(second.layout).toBe(first.layout);
    expect(second.histograms?.get(0)?.count).toBe(5);
  });
});
