import { describe, expect, test } from 'vitest';
import { createReader, DEFAULT_READER_OPTIONS } from '#main/exposition/index.ts';
import { formatSeries } from '#shared/model/index.ts';
import { parse, problem } from './parse.ts';

const om = (body: string) => parse('openmetrics', `${body}\n# EOF\n`);

describe('OpenMetrics, accepted', () => {
  test.each(['counter', 'gauge', 'histogram', 'gaugehistogram', 'summary', 'info', 'stateset', 'unknown'])(
    'type %s',
    (type) => expect(om(`# TYPE m ${type}`).metadata).toEqual([{ family: 'm', type, help: '', unit: '' }]),
  );
  test('unit, which may be empty', () => {
    expect(om('# UNIT m_seconds seconds').metadata).toEqual([
      { family: 'm_seconds', type: 'unknown', help: '', unit: 'seconds' },
    ]);
    expect(problem('openmetrics', '# UNIT m \n# EOF')).toBeNull();
  });
  test('HELP escapes', () => {
    expect(om('# HELP m a\\\\b\\nc\\"d\\x').metadata[0].help).toBe('a\\b\nc"d\\x');
  });
  test('timestamps are seconds', () => {
    expect(om('g 33 123.123').samples).toEqual([{ labels: { __name__: 'g' }, value: 33, time: 123_123 }]);
  });
  test.each([
    ['x_total 1 # {id="7"} 5', { labels: [['id', '7']], value: 5, time: NaN }],
    [
      'x_bucket{le="1"} 1 # {id="7",k="v"} 4 123.5',
      {
        labels: [
          ['id', '7'],
          ['k', 'v'],
        ],
        value: 4,
        time: 123_500,
      },
    ],
    ['x_total 1 99 # {} 5', { labels: [], value: 5, time: NaN }],
    ['x_count 1 # {"id.x"="1"} 4', { labels: [['id.x', '1']], value: 4, time: NaN }],
  ])('exemplar %s', (body, exemplar) => expect(om(body).exemplars).toEqual([{ sample: 0, ...exemplar }]));
  test.each(['# EOF', '# EOF\n', 'm 1\n# EOF', 'm 1\n# EOF\n'])('end %j', (body) => {
    expect(problem('openmetrics', body)).toBeNull();
  });
  test('UTF-8 names anywhere in the braces', () => {
    expect(om('{q="0.9","http.status"} 1\n{"a b","l x"="v",} 2').samples.map((s) => s.labels)).toEqual([
      { __name__: 'http.status', q: '0.9' },
      { __name__: 'a b', 'l x': 'v' },
    ]);
  });
  test('_created of a gauge family is an ordinary sample; NaN in lower case', () => {
    expect(om('# TYPE fizz gauge\nfizz_created 17').samples[0].value).toBe(17);
    expect(om('nansum{quantile="0.95"} nan').samples[0].value).toBeNaN();
  });
});

describe('OpenMetrics, refused', () => {
  test.each([
    ['', 'data does not end with # EOF'],
    ['m 1', 'data does not end with # EOF'],
    ['m 1\n', 'data does not end with # EOF'],
    ['x_total 1 # {a="b"} 1\n', 'data does not end with # EOF'],
    ['# EOF\n\n', 'unexpected data after # EOF'],
    ['# EOF\na 1', 'unexpected data after # EOF'],
    ['# EOFx', 'unexpected data after # EOF'],
    ...['\n', ' a 1\n', '9a 1\n', '#\tTYPE m gauge\n', '#  TYPE m gauge\n', '#\n', '# H\n', '# hello\n'].map((body) => [
      body,
      'expected a valid start token',
    ]),
    ['# TYPE u untyped\n', 'invalid metric type "untyped"'],
    ['# TYPE c counter \n', 'invalid metric type "counter "'],
    ['# TYPE c  counter\n', 'invalid metric type " counter"'],
    ...['TYPE', 'UNIT', 'HELP'].flatMap((word) => [
      [`# ${word} \n`, `expected metric name after ${word}`],
      [`# ${word} m\n`, `expected text in ${word}`],
    ]),
    ['# UNIT m bytes\n', 'unit "bytes" not a suffix of metric "m"'],
    ['# UNIT mbytes bytes\n', 'unit "bytes" not a suffix of metric "mbytes"'],
    ['a\t1\n', 'expected value after metric'],
    ['a 1\t2\n', 'float'],
    ['a\n', 'expected value after metric'],
    ['a  1\n', 'expected value after metric'],
    ['a 1 \n', 'expected timestamp or # symbol'],
    ['a 1 2 \n', 'expected next entry after timestamp'],
    ['a 1 2 #\n', 'expected next entry after timestamp'],
    ['a 1 1 1\n', 'expected next entry after timestamp'],
    ['a{,b="c"} 1\n', 'expected label name'],
    ['a{b="c",,d="e"} 1\n', 'expected label name'],
    ['a{b="c"d="e"} 1\n', 'expected comma or brace close'],
    ['a 1 NaN\n', 'invalid timestamp'],
    ['a 1 Inf\n', 'invalid timestamp'],
    ['a 1 -Inf\n', 'invalid timestamp'],
    ['a 1 # {b="c"} 1 NaN\n', 'invalid exemplar timestamp'],
    ['a 1 # {b="c"} 1 Inf\n', 'invalid exemplar timestamp'],
    ['a 1 # {b="c"}\n', 'expected value after exemplar labels'],
    ['a 1 # {b="c"} \n', 'expected value after exemplar labels'],
    ['a 1 # {aa=bb} 1\n', 'expected label value'],
    ['a 1 # {bb} 1\n', 'expected equal'],
    ['a 1 # {"bb"} 1\n', 'expected equal'],
    ['a 1 # {b="c",,d="e"} 1\n', 'expected label name'],
    ['a 1 # {b="c"} 1_2\n', 'unsupported character in float'],
    ['a 1 # {b="c"} 0x1p-3\n', 'unsupported character in float'],
    ['a 1 # {b="c"} true\n', 'invalid syntax'],
    ['a 1 # {b="c"} 1 2 \n', 'expected next entry after exemplar timestamp'],
    ['{a="ok"} 1\n', 'metric name not set'],
  ])('%j', (body, message) => {
    expect(problem('openmetrics', body)).toContain(message);
    expect(problem('openmetrics', body)).not.toContain('BUG');
  });
});

describe('start timestamps', () => {
  const read = (body: string, startTimes = true) => {
    const reader = createReader('openmetrics', { ...DEFAULT_READER_OPTIONS, startTimes });
    return [body].map((text) => {
      const parsed = reader.read(Buffer.from(text));
      return Array.from({ length: parsed.count }, (_, i) => [
        formatSeries(reader.labelsOf(i)),
        parsed.values[i],
        parsed.startTimes === null || Number.isNaN(parsed.startTimes[i]) ? null : parsed.startTimes[i],
      ]);
    })[0];
  };

  test('come from the _created line of the same labels, le and quantile aside; the line itself is no sample', () => {
    const body = `# TYPE c counter
c_total{a="1"} 5
c_created{a="1"} 1700000000.25
c_total{a="2"} 6
c_created{a="2"} 1.7e9
# TYPE h histogram
h_bucket{a="1",le="1"} 1
h_bucket{a="1",le="+Inf"} 2
h_count{a="1"} 2
h_sum{a="1"} 3
h_created{a="1"} 1700000001
h_bucket{a="2",le="+Inf"} 2
# TYPE s summary
s{quantile="0.5"} 1
s_count 2
s_created 1700000002
s_sum 3
# EOF
`;
    expect(read(body)).toEqual([
      ['c_total{a="1"}', 5, 1700000000250],
      ['c_total{a="2"}', 6, 1700000000000],
      ['h_bucket{a="1", le="1.0"}', 1, 1700000001000],
      ['h_bucket{a="1", le="+Inf"}', 2, 1700000001000],
      ['h_count{a="1"}', 2, 1700000001000],
      ['h_sum{a="1"}', 3, 1700000001000],
      ['h_bucket{a="2", le="+Inf"}', 2, null],
      ['s{quantile="0.5"}', 1, 1700000002000],
      ['s_count', 2, 1700000002000],
      ['s_sum', 3, 1700000002000],
    ]);
    expect(read(body, false)).toHaveLength(14);
  });

  test('a gauge has none, and _created as the first line of a family gives none', () => {
    expect(read('# TYPE fizz gauge\nfizz_created 1\nfizz 2\n# EOF\n')).toEqual([
      ['fizz_created', 1, null],
      ['fizz', 2, null],
    ]);
    expect(read('# TYPE c counter\nc_created 1\nc_total 2\n# EOF\n')).toEqual([['c_total', 2, null]]);
  });

  test('body after body; exemplars stay with their samples', () => {
    const reader = createReader('openmetrics', { ...DEFAULT_READER_OPTIONS, startTimes: true });
    const body = (value: number, created: number, type = 'counter'): Buffer =>
      Buffer.from(
        `# TYPE b ${type}\nb_created 3\nb_x 1\n# TYPE c counter\nc_total{a="1"} 1\nc_created{a="1"} 5\nc_total{a="2"} ${value} # {t="x${value}"} 1\nc_created{a="2"} ${created}\n# EOF\n`,
      );
    const first = reader.read(body(1, 7));
    expect([first.count, [...(first.startTimes ?? [])], first.exemplars?.[0].sample]).toEqual([
      3,
      [NaN, 5000, 7000],
      2,
    ]);
    const { layout } = first;
    const second = reader.read(body(2, 9));
    expect([second.layout === layout, second.startTimes?.[2], second.values[2], second.exemplars?.[0].sample]).toEqual([
      true,
      9000,
      2,
      2,
    ]);
    // Another type makes an ordinary sample of a `_created` line: the same lines, and yet not the same samples.
    const third = reader.read(body(2, 9, 'gauge'));
    expect([third.count, third.layout === layout]).toEqual([4, false]);
  });
});
