import { describe, expect, test } from 'vitest';
import { parse, problem } from './parse.ts';

const samples = (body: string) => parse('text', body).samples.map((s) => ({ ...s.labels, '=': s.value, '@': s.time }));
const metadata = (body: string) => parse('text', body).metadata;
const m = (labels: object, value = 1, time: number | null = null) => [
  { __name__: 'm', ...labels, '=': value, '@': time },
];

describe('classic text format, accepted', () => {
  test.each([
    ['bare name', 'm 1\n', m({})],
    ['empty braces', 'm{} 1\n', m({})],
    ['no line feed at the end', 'm 1', m({})],
    ['label', 'm{a="b"} 1\n', m({ a: 'b' })],
    ['trailing comma', 'm{a="b",} 1\n', m({ a: 'b' })],
    ['blanks everywhere', ' m { a = "b" , c="d" } 1 \n', m({ a: 'b', c: 'd' })],
    ['tabs as blanks', 'm\t{\ta\t=\t"b"\t}\t1\n', m({ a: 'b' })],
    ['a missing comma after a blank', 'm { a = "1" b = "2" } 1\n', m({ a: '1', b: '2' })],
    ['value straight after the brace', 'm{a="b"}1\n', m({ a: 'b' })],
    ['escapes', 'm{a="\\\\ \\" \\n \\x"} 1\n', m({ a: '\\ " \n \\x' })],
    ['a brace, comma and # in a value', 'm{a="},# {"} 1\n', m({ a: '},# {' })],
    ['leading _ in names', 'm{_a="b"} 1\n', m({ _a: 'b' })],
    ['an empty label value is no label', 'm{a=""} 1\n', m({})],
    ['NUL in a value', 'm{a="\0"} 1\n', m({ a: '\0' })],
    ['UTF-8 in a value', 'm{a="grün €"} 1\n', m({ a: 'grün €' })],
    ['timestamp after blanks and tabs', 'm 33  \t1700000000123\n', m({}, 33, 1_700_000_000_123)],
    ['negative timestamp', 'm 33 -5\n', m({}, 33, -5)],
    ['blank lines', '\n  \n\nm 1\n\n', m({})],
    ['quoted name alone', '{"m"} 1\n', m({})],
    ['quoted name with label', '{"m",a="b"} 1\n', m({ a: 'b' })],
    ['quoted name after a label', '{a="b","m"} 1\n', m({ a: 'b' })],
    ['quoted name with blanks and trailing comma', '{ "m", a = "b", } 1\n', m({ a: 'b' })],
    ['quoted label name', '{"m","lab el"="v"} 1\n', m({ 'lab el': 'v' })],
    ['escapes in quoted names', '{"m","l\\"a\\nb"="v"} 1\n', m({ 'l"a\nb': 'v' })],
  ])('%s', (_, body, wanted) => expect(samples(body)).toEqual(wanted));

  test('UTF-8 names', () => {
    expect(samples('{"my.metric",a="b"} 1')).toEqual([{ __name__: 'my.metric', a: 'b', '=': 1, '@': null }]);
    expect(samples('a:b:c{x="y"} 1\n_x 2')).toEqual([
      { __name__: 'a:b:c', x: 'y', '=': 1, '@': null },
      { __name__: '_x', '=': 2, '@': null },
    ]);
    expect(metadata('# HELP "my.metric" x\n# TYPE "my.metric" summary\n')).toEqual([
      { family: 'my.metric', type: 'summary', help: 'x', unit: '' },
    ]);
  });

  test.each([
    ['# HELP m some text\n# TYPE m gauge\n', 'gauge', 'some text'],
    ['# TYPE m gauge\n# HELP m some text\n', 'gauge', 'some text'],
    ['#  \tTYPE  m summary\n#HELP m x', 'summary', 'x'],
    ['# HELP m', 'unknown', ''],
    ['# HELP m ', 'unknown', ''],
    ['# TYPE m untyped\n', 'unknown', ''],
    ['# TYPE m counter\n# HELP m a\\\\b\\nc\\"\n', 'counter', 'a\\b\nc\\"'],
    ['# HELP m nul \0 kept\n', 'unknown', 'nul \0 kept'],
  ])('metadata of %j', (body, type, help) => {
    expect(metadata(body)).toEqual([{ family: 'm', type, help, unit: '' }]);
  });

  test('other comments have no effect', () => {
    expect(parse('text', '# anything\n#\n# Help-like words\n# HELPm x\n#TYPES\nm 1')).toMatchObject({
      metadata: [],
      samples: [{ labels: { __name__: 'm' } }],
    });
  });

  test('metadata without samples, samples without metadata', () => {
    expect(parse('text', '# TYPE a counter\nm 1\n')).toMatchObject({
      metadata: [{ family: 'a' }],
      samples: [{ labels: { __name__: 'm' } }],
    });
  });

  test.each([
    ['1', 1],
    ['-1.5e-3', -0.0015],
    ['+3', 3],
    ['.5', 0.5],
    ['5.', 5],
    ['1E5', 100_000],
    ['NaN', NaN],
    ['nan', NaN],
    ['+Inf', Infinity],
    ['Inf', Infinity],
    ['-inf', -Infinity],
    ['Infinity', Infinity],
    ['-0', -0],
    ['0.1', 0.1],
    ['123456789012345678', 123456789012345680],
    ['1.7976931348623157e308', Number.MAX_VALUE],
    ['5e-324', Number.MIN_VALUE],
    ['1e-400', 0],
    ['9007199254740993', 9007199254740992],
    ['1.726839813016397e+09', 1.726839813016397e9],
  ])('value %s', (text, value) => expect(samples(`m ${text}\n`)[0]['=']).toBe(value));

  test('le and quantile are brought to float form in histograms and summaries only', () => {
    const body = [
      '# TYPE h histogram',
      'h_bucket{le="1"} 1',
      'h_bucket{le="1000000"} 1',
      'h_bucket{le="0.50"} 1',
      'h_bucket{le="+Inf"} 1',
      'h_bucket{le="x"} 1',
      '# TYPE s summary',
      's{quantile="0"} 1',
      's{quantile="0.99",le="1"} 1',
      '# TYPE foo_total counter',
      'foo_total{le="1"} 1',
    ].join('\n');
    expect(parse('text', body).samples.map((s) => [s.labels['le'], s.labels['quantile']])).toEqual([
      ['1.0', undefined],
      ['1e+06', undefined],
      ['0.5', undefined],
      ['+Inf', undefined],
      ['x', undefined],
      [undefined, '0.0'],
      ['1', '0.99'],
      ['1', undefined],
    ]);
    expect(samples('temp{le="10"} 1')[0]).toMatchObject({ le: '10' });
  });

  test('type labels come from the metadata in force, and win over explicit ones', () => {
    const body = 'x{__type__="mine"} 1\n# TYPE m gauge\nm{__type__="mine"} 1\nn 1\n';
    expect(parse('text', body, { typeAndUnitLabels: true }).samples.map((s) => s.labels['__type__'])).toEqual([
      'mine',
      'gauge',
      'gauge',
    ]);
    expect(parse('text', body).samples.map((s) => s.labels['__type__'])).toEqual(['mine', 'mine', undefined]);
  });
});

describe('classic text format, refused with the line', () => {
  test.each([
    ['a\n', 'expected value after metric'],
    ['a', 'expected value after metric'],
    ['a \n', 'expected value after metric'],
    ['a{b="c"}\n', 'expected value after metric'],
    ['a-1\n', 'expected value after metric'],
    ["a{b='c'} 1\n", 'expected label value'],
    ['a{b=\n', 'expected label value'],
    ['a{b="\n', 'expected label value'],
    ['a{b="c\n"} 1\n', 'expected label value'],
    ['a{b=c} 1\n', 'expected label value'],
    ['a{b="c"\n', 'expected label name'],
    [Buffer.from('a{\xff="x"} 1\n', 'latin1'), 'expected label name'],
    ['a{=""} 0\n', 'expected label name'],
    ['a{,} 0\n', 'expected label name'],
    ['a{b="c",,} 0\n', 'expected label name'],
    ['{A}0\n', 'expected equal'],
    ['{"a", "b = "c"}\n', 'expected equal'],
    ['{a="ok"} 1\n', 'metric name not set'],
    ['{} 1\n', 'metric name not set'],
    ['a{"b"} 1\n', 'metric name already set'],
    ['foo 0 1_2\n', 'expected next entry after timestamp'],
    ['a 0 1\0\n', 'expected next entry after timestamp'],
    ['a 0 1 2\n', 'expected next entry after timestamp'],
    ['a 0 x\n', 'expected timestamp or new record'],
    ['a 0 1.5\n', 'expected next entry after timestamp'],
    ['# TYPE #\n', 'expected metric name after TYPE'],
    ['# HELP #\n', 'expected metric name after HELP'],
    ['# TYPE m nonsense\n', 'invalid metric type "nonsense"'],
    ['# TYPE m\n', 'invalid metric type ""'],
    ['# TYPE m info\n', 'invalid metric type "info"'],
    ['a\0b 1\n', 'expected value after metric'],
    ['a{b\0="c"} 1\n', 'expected equal'],
    ['a{b=\0"c"} 1\n', 'expected label value'],
    ['\0a 1\n', 'expected a valid start token'],
    ['1a 1\n', 'expected a valid start token'],
    ['foo 1_2\n', 'unsupported character in float'],
    ['foo 0x1p-3\n', 'unsupported character in float'],
    ['foo 0x1P-3\n', 'unsupported character in float'],
    ['foo true\n', 'invalid syntax'],
    ['foo 1e\n', 'invalid syntax'],
    ['foo --1\n', 'invalid syntax'],
    ['foo +nan\n', 'invalid syntax'],
    ['foo 1e400\n', 'value out of range'],
    ['foo 1\r\n', 'invalid syntax'],
    [Buffer.from('a{b="\xff"} 1\n', 'latin1'), 'invalid UTF-8 label value'],
    [Buffer.from('# HELP a \xff\n', 'latin1'), 'invalid UTF-8 help text'],
    ['a{b="1",b="2"} 1\n', 'label name "b" is not unique'],
    ['a 1 99999999999999999999\n', 'timestamp out of range'],
  ])('%j', (body, message) => {
    const bytes = Buffer.concat([Buffer.from('ok 1\n# fine\n'), Buffer.from(body)]);
    expect(problem('text', bytes)).toMatch(/^3: /);
    expect(problem('text', bytes)).toContain(message);
  });

  test('the message shows the text up to the error', () => {
    expect(problem('text', "abc{b='c'} 1\n")).toBe('1: expected label value, got "\'" while parsing: "abc{b=\'"');
  });
});
