import { describe, expect, test } from 'vitest';
import type { BodyFormat } from '#main/exposition/index.ts';
import { parse, problem } from './parse.ts';

/*
 * The behaviours that `../shared/conformance/exposition-checklist.md` lists, item by item, for the text formats: what is
 * taken, as `name{label="value"} value @time` of its samples, and how what is refused begins its message. Protobuf is in
 * protobuf.test.ts, custom buckets in custom-buckets.test.ts, content types in content-type.test.ts.
 */

function shown(format: BodyFormat, body: string, typeLabels = false): string[] {
  return parse(format, body, { typeAndUnitLabels: typeLabels }).samples.map(({ labels, value, time }) => {
    const { __name__: name, ...rest } = labels;
    const pairs = Object.entries(rest).map(([label, text]) => `${label}=${JSON.stringify(text)}`);
    return `${name}{${pairs.join()}} ${Object.is(value, -0) ? '-0' : value}${time === null ? '' : ` @${time}`}`;
  });
}

type Taken = readonly [item: string, body: string, ...samples: string[]];
type Refused = readonly [item: string, body: string, message: string];

const COMMON: readonly Taken[] = [
  ['le of a bucket', '# TYPE h histogram\nh_bucket{le="1"} 2\n', 'h_bucket{le="1.0"} 2'],
  ['le is formatted anew', '# TYPE h histogram\nh_bucket{le="1e+06"} 2\n', 'h_bucket{le="1e+06"} 2'],
  ['le +Inf stays', '# TYPE h histogram\nh_bucket{le="+Inf"} 2\n', 'h_bucket{le="+Inf"} 2'],
  ['quantile', '# TYPE s summary\ns{quantile="0"} 2\n', 's{quantile="0.0"} 2'],
  ['le of no histogram', 'temp{le="10"} 1\n', 'temp{le="10"} 1'],
  ['le of a counter', '# TYPE foo_total counter\nfoo_total{le="1"} 1\n', 'foo_total{le="1"} 1'],
  ['an explicit type label', 'a{__type__="x"} 1\n', 'a{__type__="x"} 1'],
  ['NUL in a label value', 'a{b="x\0y"} 1\n', 'a{b="x\\u0000y"} 1'],
  ['an empty label value', 'a{b="",c="d"} 1\n', 'a{c="d"} 1'],
  ['NaN', 'a nan\n', 'a{} NaN'],
  ['+Inf', 'a +Inf\n', 'a{} Infinity'],
  ['-Inf', 'a -Inf\n', 'a{} -Infinity'],
  ['Inf', 'a Inf\n', 'a{} Infinity'],
];

const BAD_NUMBERS: readonly Refused[] = [
  ['separators', 'foo 1_2\n', 'unsupported character in float'],
  ['hexadecimal', 'foo 0x1p-3\n', 'unsupported character in float'],
  ['hexadecimal, capital', 'foo 0x1P-3\n', 'unsupported character in float'],
  ['words', 'foo true\n', 'invalid syntax'],
  ['UTF-8', 'a{b="\xff"} 1\n', 'invalid UTF-8 label value'],
];

describe.each(['text', 'openmetrics'] as const)('common rules (%s)', (format) => {
  const end = format === 'openmetrics' ? '# EOF\n' : '';
  test.each(COMMON)('%s', (_, body, ...samples) => {
    expect(shown(format, body + end)).toEqual(samples);
  });
  test.each(BAD_NUMBERS)('%s', (_, body, message) => {
    expect(problem(format, Buffer.from(body + end, 'latin1'))).toMatch(new RegExp(`^1: .*${message}`));
  });
  test('type and unit labels: the metadata in force win, unknown adds nothing', () => {
    expect(shown(format, `# TYPE a gauge\na{__type__="x"} 1\n${end}`, true)).toEqual(['a{__type__="gauge"} 1']);
    expect(shown(format, `a 1\n${end}`, true)).toEqual(['a{} 1']);
  });
});

const CLASSIC: readonly Taken[] = [
  ['HELP, then TYPE', '# HELP m some text\n# TYPE m gauge\nm 1\n', 'm{} 1'],
  ['TYPE, then HELP', '# TYPE m gauge\n# HELP m some text\nm 1\n', 'm{} 1'],
  ['HELP without a text', '# HELP m\n# HELP n \nm 1\n', 'm{} 1'],
  ['blanks and tabs before the keyword', '#  \tTYPE m summary\nm{quantile="1"} 1\n', 'm{quantile="1.0"} 1'],
  ['other comments', '# anything\n#\n# Help-like words\nm 1\n', 'm{} 1'],
  ['escapes in label values', 'm{a="\\\\ \\n \\""} 1\n', 'm{a="\\\\ \\n \\""} 1'],
  ['no labels in braces', 'm{} 1\n', 'm{} 1'],
  ['a comma at the end', 'm{a="b",} 1\n', 'm{a="b"} 1'],
  ['blanks everywhere', 'm { a = "b" , c="d" } 1\n', 'm{a="b",c="d"} 1'],
  ['a comma that is missing', 'm { a = "1" b = "2" } 3\n', 'm{a="1",b="2"} 3'],
  ['colons', 'a:b:c{x="y"} 1\n', 'a:b:c{x="y"} 1'],
  ['underscores', '_m{_a="b"} 1\n', '_m{_a="b"} 1'],
  ['times', 'm 33  \t1700000000123\n', 'm{} 33 @1700000000123'],
  ['no line feed at the end', 'm 1', 'm{} 1'],
  ['untyped', '# TYPE m untyped\nm 1\n', 'm{} 1'],
  ['metadata without samples', '# TYPE m gauge\n'],
  ['NUL in HELP', '# HELP m a\0b\nm 1\n', 'm{} 1'],
  ['quoted metadata', '# HELP "my.metric" x\n# TYPE "my.metric" summary\n{"my.metric"} 1\n', 'my.metric{} 1'],
  ['a quoted name with labels', '{"my.metric",a="b"} 1\n', 'my.metric{a="b"} 1'],
  ['blanks around a quoted name', '{ "my.metric", a = "b", } 1\n', 'my.metric{a="b"} 1'],
  ['quoted label names', '{"m","lab el"="v"} 1\n', 'm{lab el="v"} 1'],
  ['escapes in quoted names', '{"a\\n\\"b"} 1\n', 'a\n"b{} 1'],
];

const CLASSIC_ERRORS: readonly Refused[] = [
  ['a name alone', 'a\n', 'expected value after metric'],
  ['single quotes', "a{b='c'} 1\n", 'expected label value'],
  ['no label value', 'a{b=\n', 'expected label value'],
  ['an open label value', 'a{b="\n', 'expected label value'],
  ['bytes in a label name', 'a{\xff="x"} 1\n', 'expected label name'],
  ['an empty label name', 'a{=""} 0\n', 'expected label name'],
  ['a bare name in braces', '{A}0\n', 'expected equal'],
  ['a quoted name that is none', '{"a", "b = "c"}\n', 'expected equal'],
  ['no metric name', '{a="ok"} 1\n', 'metric name not set'],
  ['text after the time', 'foo 0 1_2\n', 'expected next entry after timestamp'],
  ['NUL after the time', 'a 0 1\0\n', 'expected next entry after timestamp'],
  ['TYPE without a name', '# TYPE #\n', 'expected metric name after TYPE'],
  ['HELP without a name', '# HELP #\n', 'expected metric name after HELP'],
  ['NUL in a name', 'a\0b 1\n', 'expected'],
  ['NUL before the equal sign', 'a{b\0="c"} 1\n', 'expected equal'],
  ['NUL after the name', 'a\0{b="c"} 1\n', 'expected'],
];

describe('classic text format', () => {
  test.each(CLASSIC)('%s', (_, body, ...samples) => {
    expect(shown('text', body)).toEqual(samples);
  });
  test.each(CLASSIC_ERRORS)('%s', (_, body, message) => {
    const said = problem('text', Buffer.from(body, 'latin1'));
    expect(said).toMatch(new RegExp(`^1: ${message}`));
    expect(said).toContain(' while parsing: "');
  });
  test('a sample without a TYPE of its own inherits the one before', () => {
    expect(shown('text', '# TYPE a gauge\na 1\nb 2\n', true)).toEqual([
      'a{__type__="gauge"} 1',
      'b{__type__="gauge"} 2',
    ]);
  });
  test('escapes in HELP', () => {
    expect(parse('text', '# HELP m a \\\\ b \\n c\n').metadata).toMatchObject([{ family: 'm', help: 'a \\ b \n c' }]);
  });
});

const OPENMETRICS_ERRORS: readonly Refused[] = [
  ['nothing', '', 'data does not end with # EOF'],
  ['no EOF', 'm 1', 'data does not end with # EOF'],
  ['no EOF after a line feed', 'm 1\n', 'data does not end with # EOF'],
  ['an exemplar, then the end', 'm_total 1 # {a="b"} 1\n', 'data does not end with # EOF'],
  ['an empty line after EOF', '# EOF\n\n', 'unexpected data after # EOF'],
  ['a sample after EOF', '# EOF\na 1', 'unexpected data after # EOF'],
  ['EOFx', '# EOFx\n', 'unexpected data after # EOF'],
  ['an empty line', '\n# EOF\n', 'expected a valid start token'],
  ['a blank in front', ' a 1\n# EOF\n', 'expected a valid start token'],
  ['a digit in front', '9a 1\n# EOF\n', 'expected a valid start token'],
  ['a tab after #', '#\tTYPE a gauge\n# EOF\n', 'expected a valid start token'],
  ['two blanks after #', '#  TYPE a gauge\n# EOF\n', 'expected a valid start token'],
  ['# alone', '#\n# EOF\n', 'expected a valid start token'],
  ['another word', '# H\n# EOF\n', 'expected a valid start token'],
  ['untyped', '# TYPE u untyped\n# EOF\n', 'invalid metric type'],
  ['a blank after the type', '# TYPE c counter \n# EOF\n', 'invalid metric type'],
  ['two blanks before the type', '# TYPE c  counter\n# EOF\n', 'invalid metric type'],
  ['TYPE without a name', '# TYPE \n# EOF\n', 'expected metric name after TYPE'],
  ['UNIT without a name', '# UNIT \n# EOF\n', 'expected metric name after UNIT'],
  ['HELP without a name', '# HELP \n# EOF\n', 'expected metric name after HELP'],
  ['TYPE without a text', '# TYPE m\n# EOF\n', 'expected text in TYPE'],
  ['UNIT without a text', '# UNIT m\n# EOF\n', 'expected text in UNIT'],
  ['HELP without a text', '# HELP m\n# EOF\n', 'expected text in HELP'],
  ['a unit that is no suffix', '# UNIT m bytes\n# EOF\n', 'unit "bytes" not a suffix of metric'],
  ['a unit without an underscore', '# UNIT mbytes bytes\n# EOF\n', 'unit "bytes" not a suffix of metric'],
  ['a tab before the value', 'a\t1\n# EOF\n', 'expected value after metric'],
  ['a tab after the value', 'a 1\t2\n# EOF\n', '(?:invalid syntax|unsupported character) in float'],
  ['a blank after the time', 'a 1 2 \n# EOF\n', 'expected next entry after timestamp'],
  ['# after the time', 'a 1 2 #\n# EOF\n', 'expected next entry after timestamp'],
  ['two times', 'a 1 1 1\n# EOF\n', 'expected next entry after timestamp'],
  ['a comma in front', 'a{,b="c"} 1\n# EOF\n', 'expected label name'],
  ['two commas', 'a{b="c",,d="e"} 1\n# EOF\n', 'expected label name'],
  ['no comma', 'a{b="c"d="e"} 1\n# EOF\n', 'expected comma or brace close'],
  ['NaN as time', 'a 1 NaN\n# EOF\n', 'invalid timestamp'],
  ['Inf as time', 'a 1 Inf\n# EOF\n', 'invalid timestamp'],
  ['-Inf as time', 'a 1 -Inf\n# EOF\n', 'invalid timestamp'],
  ['NaN as an exemplar time', 'a_total 1 # {b="c"} 1 NaN\n# EOF\n', 'invalid exemplar timestamp'],
  ['Inf as an exemplar time', 'a_total 1 # {b="c"} 1 Inf\n# EOF\n', 'invalid exemplar timestamp'],
  ['an exemplar without a value', 'a_total 1 # {b="c"}\n# EOF\n', 'expected value after exemplar labels'],
  ['an exemplar label without quotes', 'a_total 1 # {aa=bb} 1\n# EOF\n', 'expected label value'],
  ['an exemplar label without a value', 'a_total 1 # {bb} 1\n# EOF\n', 'expected equal'],
  ['two commas in an exemplar', 'a_total 1 # {a="b",,c="d"} 1\n# EOF\n', 'expected label name'],
  ['separators in an exemplar', 'a_total 1 # {a="b"} 1_2\n# EOF\n', 'unsupported character in float'],
  ['a hexadecimal exemplar', 'a_total 1 # {a="b"} 0x1p-3\n# EOF\n', 'unsupported character in float'],
  ['a word as exemplar', 'a_total 1 # {a="b"} true\n# EOF\n', 'invalid syntax'],
];

describe('OpenMetrics', () => {
  test.each(OPENMETRICS_ERRORS)('refused: %s', (_, body, message) => {
    expect(problem('openmetrics', body)).toMatch(new RegExp(`^\\d+: ${message}`));
  });
  test.each(['counter', 'gauge', 'histogram', 'gaugehistogram', 'summary', 'info', 'stateset', 'unknown'])(
    'type %s',
    (type) => {
      expect(parse('openmetrics', `# TYPE m ${type}\n# EOF\n`).metadata).toMatchObject([{ family: 'm', type }]);
    },
  );
  test.each<Taken>([
    ['a unit, and an empty one', '# UNIT m_seconds seconds\n# UNIT n \nm_seconds 1\n# EOF\n', 'm_seconds{} 1'],
    ['times in seconds', 'g 33 123.123\n# EOF\n', 'g{} 33 @123123'],
    ['EOF without a line feed', 'g 33\n# EOF', 'g{} 33'],
    ['a UTF-8 name in the middle', '{q="0.9","http.status"} 1\n# EOF\n', 'http.status{q="0.9"} 1'],
    ['_created of a gauge', '# TYPE fizz gauge\nfizz_created 17\n# EOF\n', 'fizz_created{} 17'],
    ['nan in small letters', 'nansum{quantile="0.95"} nan\n# EOF\n', 'nansum{quantile="0.95"} NaN'],
  ])('%s', (_, body, ...samples) => {
    expect(shown('openmetrics', body)).toEqual(samples);
  });
  test('HELP keeps escapes it does not know', () => {
    const body = '# HELP m \\\\ \\n \\" \\x\n# EOF\n';
    expect(parse('openmetrics', body).metadata).toMatchObject([{ help: '\\ \n " \\x' }]);
  });
  test.each([
    ['counter', 'x_total'],
    ['histogram', 'x_bucket'],
    ['gaugehistogram', 'x_bucket'],
    ['histogram', 'x_count'],
    ['histogram', 'x_sum'],
  ])('exemplars of a %s: %s', (type, name) => {
    const labels = name === 'x_bucket' ? '{le="1.0"}' : '';
    const { exemplars } = parse(
      'openmetrics',
      `# TYPE x ${type}\n${name}${labels} 1 # {id="7","k.x"="v"} 4 123.5\n# EOF\n`,
    );
    expect(exemplars).toEqual([{ sample: 0, labels: [['id', '7'], ['k.x', 'v']], value: 4, time: 123_500 }]); // prettier-ignore
  });
});
