import { describe, expect, test } from 'vitest';
import {
  ALL_PARSER_OPTIONS,
  DEFAULT_PARSER_OPTIONS,
  parseExpr,
  parseSelector,
  PromqlParseError,
  type Expr,
} from '#shared/promql/index.ts';
import { conformancePath } from '../../conformance/material.ts';
import { promqlParse } from '../../conformance/promql-parse.ts';

function parse(text: string): Expr {
  return parseExpr(text, ALL_PARSER_OPTIONS);
}

function problemOf(text: string, options = ALL_PARSER_OPTIONS): PromqlParseError {
  try {
    parseExpr(text, options);
  } catch (error) {
    if (error instanceof PromqlParseError) return error;
    throw error;
  }
  throw new Error(`parses: ${text}`);
}

const binary = (left: unknown, op: string, right: unknown) => ({ kind: 'binary', op, left, right });
const name = (metric: string) => ({ kind: 'selector', name: metric });

describe('operators', () => {
  test('bind by precedence, to the left but for ^', () => {
    expect(parse('a + b * c')).toMatchObject(binary(name('a'), '+', binary(name('b'), '*', name('c'))));
    expect(parse('a - b - c')).toMatchObject(binary(binary(name('a'), '-', name('b')), '-', name('c')));
    expect(parse('a ^ b ^ c')).toMatchObject(binary(name('a'), '^', binary(name('b'), '^', name('c'))));
    expect(parse('a or b and c')).toMatchObject(binary(name('a'), 'or', binary(name('b'), 'and', name('c'))));
    expect(parse('a == b + c')).toMatchObject(binary(name('a'), '==', binary(name('b'), '+', name('c'))));
    expect(parse('a atan2 b % c')).toMatchObject(binary(binary(name('a'), 'atan2', name('b')), '%', name('c')));
  });

  test('a sign binds looser than ^ and tighter than *', () => {
    expect(parse('-a ^ b')).toMatchObject({ kind: 'unary', expr: { kind: 'binary', op: '^' } });
    expect(parse('-a * b')).toMatchObject(binary({ kind: 'unary' }, '*', name('b')));
    expect(parse('-1')).toMatchObject({ kind: 'number', value: -1, from: 0, to: 2 });
  });

  test('keep their matching, cardinality and fill values', () => {
    expect(parse('a / on (x, y) group_left (z) b')).toMatchObject({
      matching: { card: 'many-to-one', on: true, labels: ['x', 'y'], include: ['z'] },
    });
    expect(parse('a and b')).toMatchObject({ matching: { card: 'many-to-many' } });
    expect(parse('a > bool 1')).toMatchObject({ bool: true, matching: null });
    expect(parse('a + fill_left (-1) fill_right (2) b')).toMatchObject({ matching: { fillLeft: -1, fillRight: 2 } });
    expect(parse('fill + fill')).toMatchObject(binary(name('fill'), '+', name('fill')));
  });
});

describe('selectors', () => {
  test('take names in and before the braces', () => {
    expect(parse('a{b="c", "d.e"!~"f"}')).toMatchObject({
      name: 'a',
      matchers: [
        { name: 'b', type: '=', value: 'c' },
        { name: 'd.e', type: '!~', value: 'f' },
        { name: '__name__', type: '=', value: 'a' },
      ],
    });
    expect(parse('{"a.b"}')).toMatchObject({ name: '', matchers: [{ name: '__name__', type: '=', value: 'a.b' }] });
  });

  test('keep offset, @ and mode in any order', () => {
    expect(parse('a @ 1.5 offset -1m')).toMatchObject({ offset: -60_000, at: { type: 'time', time: 1500 } });
    expect(parse('a[5m] anchored offset 1h @ end()')).toMatchObject({
      range: 300_000,
      selector: { mode: 'anchored', offset: 3_600_000, at: { type: 'end' } },
    });
    expect(parse('rate(a[5m])[1h:30s] offset 7')).toMatchObject({ range: 3_600_000, step: 30_000, offset: 7000 });
  });

  test('durations may be computed', () => {
    expect(parse('a[5m + step() * 2]')).toMatchObject({
      range: 0,
      rangeExpr: {
        kind: 'duration-binary',
        op: '+',
        left: { kind: 'number', value: 300, duration: true },
        right: { op: '*', left: { kind: 'duration-query', of: 'step' } },
      },
    });
    expect(parse('a offset 1m + 5')).toMatchObject({ kind: 'binary', left: { offset: 60_000 } });
    expect(parse('a offset (1m) + 5')).toMatchObject({ kind: 'selector', offsetExpr: { op: '+' } });
  });
});

describe('literals', () => {
  test.each([
    ['0x1F', 31],
    ['0755', 493],
    ['1_000', 1000],
    ['08', 8],
    ['1e3', 1000],
    ['5m30s', 330],
    ['.5', 0.5],
    ['Inf', Infinity],
  ])('%s is %d', (text, value) => {
    expect(parse(text)).toMatchObject({ kind: 'number', value });
  });

  test('strings know Go escapes and bytes', () => {
    expect(parse('"\\x41\\101\\u00e9\\n\\xc3\\xa9"')).toMatchObject({ value: 'AAé\né' });
    expect(parse("'it\\'s'")).toMatchObject({ value: "it's" });
    expect(parse('`a\\n`')).toMatchObject({ value: 'a\\n' });
    expect(parse('"a\\xffb\\xe2\\x82"')).toMatchObject({ value: 'a\udcffb\udce2\udc82' });
  });
});

describe('problems', () => {
  test('are told with place and cause', () => {
    const error = problemOf('sum(\n  rate(a))');
    expect(error.message).toBe('expected type range vector in call to function "rate", got instant vector');
    expect([error.from, error.to]).toEqual([12, 13]);
    expect(error.located).toMatch(/^2:8: parse error: expected type/);
  });

  test('columns count bytes', () => {
    expect(problemOf('{"ü"="ü"} +').located).toBe('1:14: parse error: unexpected end of input');
  });

  test('are all told', () => {
    expect(problemOf('rate(1) + abs("x")').problems).toHaveLength(2);
  });

  test('inside an aggregation say so', () => {
    expect(problemOf('sum(a + group_left b)').message).toBe('unexpected <group_left> in aggregation');
    expect(problemOf('a + on(b) group_left bool c').message).toBe('unexpected <bool> in grouping opts, expected "("');
    expect(problemOf('sum 5').message).toBe('unexpected number "5"');
  });

  test('experimental parts are off unless allowed', () => {
    expect(problemOf('step()', DEFAULT_PARSER_OPTIONS).message).toBe('function "step" is not enabled');
    expect(problemOf('a[5m] smoothed', DEFAULT_PARSER_OPTIONS).message).toBe(
      'smoothed modifier is experimental and not enabled',
    );
    expect(problemOf('limitk(1, a)', DEFAULT_PARSER_OPTIONS).message).toContain('limitk() is experimental');
    expect(problemOf('a + fill(1) b', DEFAULT_PARSER_OPTIONS).message).toContain('fill modifiers are experimental');
    const noDurations = { ...ALL_PARSER_OPTIONS, durationExpressions: false };
    expect(problemOf('a[5m*2]', noDurations).message).toBe('experimental duration expression is not enabled');
  });

  test('an expression without end of nesting is refused, not a crash', () => {
    expect(problemOf('('.repeat(200_000)).message).toBe('expression is nested too deeply');
  });
});

test('selectors of match[] have conditions only', () => {
  expect(parseSelector('up{job="x"}')).toEqual([
    { name: 'job', type: '=', value: 'x' },
    { name: '__name__', type: '=', value: 'up' },
  ]);
  expect(() => parseSelector('up offset 5m')).toThrow('unexpected <offset>');
  expect(() => parseSelector('rate(up[5m])')).toThrow('unexpected "("');
});

test('conformance: every expression gives its root, or its error at its place', ({ skip }) => {
  const path = conformancePath('promql-parse.json');
  if (path === null) return skip();
  expect(promqlParse(path).filter(({ failure }) => failure !== null)).toEqual([]);
});
