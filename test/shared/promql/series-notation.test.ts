import { describe, expect, test } from 'vitest';
import { parseSeries, PromqlParseError } from '#shared/promql/index.ts';
import { conformancePath } from '../../conformance/material.ts';
import { promqlSeries } from '../../conformance/promql-series.ts';

function values(text: string): unknown[] {
  return parseSeries(`m ${text}`).values.map((value) => {
    if (value.type === 'float') return value.value;
    return value.type === 'histogram' ? value.histogram.count : value.type;
  });
}

test('items repeat, grow, fall, are left out and end a series', () => {
  expect(values('1x2 5+2x2 5-2x1 _ _x2 stale')).toEqual([
    1,
    1,
    1,
    5,
    7,
    9,
    5,
    3,
    'omitted',
    'omitted',
    'omitted',
    'stale',
  ]);
  expect(values('Inf -inf 1e3 0x3 -1 010 1m')).toEqual([Infinity, -Infinity, 1000, 0, 0, 0, 0, -1, 8, 60]);
  expect(values('')).toEqual([]);
});

test('labels are those of a selector with equalities', () => {
  expect(parseSeries(`{"a.b", 'c.d'="e", f='g',} 1`).labels).toEqual(['__name__', 'a.b', 'c.d', 'e', 'f', 'g']);
  expect(parseSeries('sum{by="x"}\t1').labels).toEqual(['__name__', 'sum', 'by', 'x']);
});

describe('histograms', () => {
  test('have keys in any order', () => {
    const [value] = parseSeries(
      'm {{n_offset:-2 n_buckets:[1 2] schema:1 sum:-3.5 count:8 z_bucket:2 z_bucket_w:0.1 buckets:[3] offset:4}}',
    ).values;
    expect(value).toEqual({
      type: 'histogram',
      hintWritten: false,
      histogram: {
        schema: 1,
        counterResetHint: 0,
        sum: -3.5,
        count: 8,
        zeroCount: 2,
        zeroThreshold: 0.1,
        positiveSpans: [4, 1],
        positiveBuckets: [3],
        negativeSpans: [-2, 2],
        negativeBuckets: [1, 2],
        customValues: [],
      },
    });
  });

  test('are added step by step', () => {
    expect(values('{{count:1}}+{{count:2}}x2 {{count:9}}-{{count:2}}x1 {{count:4}}x1')).toEqual([1, 3, 5, 9, 7, 4, 4]);
  });

  test('remember whether a hint was written', () => {
    const written = parseSeries('m {{}} {{counter_reset_hint:gauge}}').values;
    expect(written).toMatchObject([{ hintWritten: false }, { hintWritten: true, histogram: { counterResetHint: 3 } }]);
  });
});

test.each([
  ['m 1-1', 'unexpected end of input in series values'],
  ['m stalex3', 'unexpected identifier "stalex3" in series values, expected number or "stale"'],
  ['m{a=1} 1', "unexpected character inside braces: '1'"],
  ['m 1 {{count:}}', 'unexpected "}}" in series values'],
  ['m {{count:1 count:2}}', 'duplicate key "count" in histogram'],
  ['m 1x99999999999', 'more than 10000000 values'],
])('%s is refused', (text, message) => {
  let error: unknown;
  try {
    parseSeries(text);
  } catch (caught) {
    error = caught;
  }
  expect(error).toBeInstanceOf(PromqlParseError);
  expect((error as PromqlParseError).problems.map((problem) => problem.message)).toContain(message);
});

test('conformance: series give their values, or their error', ({ skip }) => {
  const path = conformancePath('promql-series.json');
  if (path === null) return skip();
  expect(promqlSeries(path).filter(({ failure }) => failure !== null)).toEqual([]);
});

test('histograms whose buckets are of two kinds are not added up', () => {
  const problem = (text: string): string => {
    try {
      parseSeries(`m ${text}`);
      return '';
    } catch (error) {
      return error instanceof PromqlParseError ? error.message : String(error);
    }
  };
  expect(problem('{{schema:-53 custom_values:[1]}}+{{schema:0}}x1')).toBe(
    'cannot apply this operation on histograms with a mix of exponential and custom bucket schemas',
  );
  expect(problem('{{schema:0}}-{{schema:-53 custom_values:[1]}}x1')).toBe(
    'error combining histograms: cannot merge from schema -53 to 0',
  );
  expect(problem('{{schema:-53 custom_values:[1]}}+{{schema:0}}x0')).toBe('');
});
