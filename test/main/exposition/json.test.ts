import { describe, expect, test } from 'vitest';
import type { JsonRule } from '#shared/contract/index.ts';
import { chooseFormat, jsonExpressionProblem, recognizeText } from '#main/exposition/index.ts';
import { parse, problem } from './parse.ts';

const json = (value: unknown, jsonRules: readonly JsonRule[] = []) =>
  parse('json', JSON.stringify(value), { jsonRules });
const rule = (more: Partial<JsonRule> & { name: string }): JsonRule => ({
  each: '',
  value: '',
  time: '',
  labels: [],
  type: '',
  help: '',
  ...more,
});
const refused = (value: unknown, jsonRules: readonly JsonRule[] = []): string | null =>
  problem('json', typeof value === 'string' ? value : JSON.stringify(value), { jsonRules });

describe('forms that need no mapping', () => {
  test('an array of samples, and one alone', () => {
    expect(
      json([
        { name: 'a', value: 1 },
        { name: 'a', value: 2.5, labels: { x: 'y', n: 7, on: true }, timestamp: 1700000000 },
      ]).samples,
    ).toEqual([
      { labels: { __name__: 'a' }, value: 1, time: null },
      { labels: { __name__: 'a', x: 'y', n: '7', on: 'true' }, value: 2.5, time: 1700000000000 },
    ]);
    expect(json({ name: 'b', value: '-Inf' }).samples).toEqual([
      { labels: { __name__: 'b' }, value: -Infinity, time: null },
    ]);
    expect(json([]).samples).toEqual([]);
  });

  test('an object of numbers, samples and arrays of samples: its keys name them', () => {
    expect(
      json({
        up: true,
        load: 0.5,
        temp: { value: 21, labels: { room: 'a' } },
        disk: [
          { value: 1, tags: { d: 'sda' } },
          { name: 'other', value: 2 },
        ],
        gone: null,
      }).samples.map(({ labels, value }) => [labels, value]),
    ).toEqual([
      [{ __name__: 'up' }, 1],
      [{ __name__: 'load' }, 0.5],
      [{ __name__: 'temp', room: 'a' }, 21],
      [{ __name__: 'disk', d: 'sda' }, 1],
      [{ __name__: 'other' }, 2],
    ]);
  });

  test('names and labels of any kind; an empty label is none; a sample without a value is left out', () => {
    expect(
      json([
        { metric: 'my.metric é', value: 1, labels: { 'a b': '', c: null } },
        { name: 'x', value: null },
        { value: 3, labels: { __name__: 'y' } },
        { name: '__proto__', value: 4, labels: { constructor: 'c' } },
      ]).samples.map(({ labels, value }) => [labels['__name__'], Object.keys(labels).length, value]),
    ).toEqual([
      ['my.metric é', 1, 1],
      ['y', 1, 3],
      ['__proto__', 2, 4],
    ]);
  });

  test.each([
    [1700000000, 1700000000000],
    [1700000000.25, 1700000000250],
    [1700000000123, 1700000000123],
    ['1700000000123', 1700000000123],
    [1700000000123456, 1700000000123],
    [1700000000123456768, 1700000000123],
    ['2023-11-14T22:13:20Z', 1700000000000],
    ['2023-11-14T22:13:20.5', 1700000000500],
    ['2023-11-14 23:13:20+01:00', 1700000000000],
    ['2023-11-14', 1699920000000],
    [null, null],
  ])('the time %s', (timestamp, time) => {
    expect(json({ name: 'a', value: 1, timestamp }).samples[0].time).toBe(time);
  });

  test('type, help and unit become metadata, told when they change', () => {
    expect(json({ name: 'a_total', value: 1, type: 'counter', help: 'Text.', unit: '' }).metadata).toEqual([
      { family: 'a_total', type: 'counter', help: 'Text.', unit: '' },
    ]);
  });

  test.each([
    ['nothing at all', '', /^1: not valid JSON/],
    ['a line that is wrong', '{\n "a": 1,\n oops }', /^3: not valid JSON/],
    ['what is no UTF-8', Buffer.from([0x22, 0xff, 0x22]), /not UTF-8/],
    ['a number alone', 5, /^0: \$ is 5: say in hearth\.yml/],
    ['a text in an object', { a: 'x' }, /^0: \$\["a"\] is "x": say in/],
    ['a key that says nothing', [{ name: 'a', value: 1, host: 'b' }], /\$\[0\]\["host"\] is not a key of a sample/],
    ['no value', [{ name: 'a' }], /\$\[0\] has no value/],
    ['no name', [{ value: 1 }], /\$\[0\]\["name"\] must name the metric/],
    ['a value that is no number', [{ name: 'a', value: '1,5' }], /\$\[0\]\["value"\] must be a number, and is "1,5"/],
    ['hexadecimal', [{ name: 'a', value: '0x10' }], /must be a number/],
    ['a label that is an object', [{ name: 'a', value: 1, labels: { b: {} } }], /\["labels"\]\["b"\] must be a text/],
    ['labels that are none', [{ name: 'a', value: 1, labels: [] }], /must be an object of texts, and is an array/],
    ['a time that is none', [{ name: 'a', value: 1, time: 'noon' }], /must be a time .*"noon"/],
    ['two names for one thing', [{ name: 'a', value: 1, time: 1, timestamp: 2 }], /says the time a second time/],
    ['half a character', '[{"name":"a\\ud800","value":1}]', /not valid Unicode/],
  ])('%s is refused', (_, value, message) => {
    expect(Buffer.isBuffer(value) ? problem('json', value) : refused(value)).toMatch(message);
  });

  test('the old naming scheme gets underscores', () => {
    expect(parse('json', '{"9 my.metric":1}', { legacyNames: true }).samples[0].labels).toEqual({
      __name__: '_9_my_metric',
    });
  });
});

describe('a mapping', () => {
  const document = {
    host: 'h1',
    at: '2023-11-14T22:13:20Z',
    stations: [
      { id: 7, temp: 21.5, on: true, tags: ['x', 'y'] },
      { id: 'b', temp: null, on: false, tags: [] },
      { id: 'c', on: false },
    ],
    pools: { hot: { size: 3 }, cold: { size: 4 } },
  };

  test('items, values, labels from the item, its key and the whole document', () => {
    expect(
      json(document, [
        rule({
          each: '$.stations[*]',
          name: 'temp',
          value: '$.temp',
          time: '$$.at',
          labels: [
            ['station', '$.id'],
            ['host', '$$.host'],
            ['place', 'roof'],
          ],
          type: 'gauge',
          help: 'Degrees.',
        }),
        rule({ each: '$.pools.*', name: 'pool_size', value: '$.size', labels: [['pool', '$key']] }),
        rule({ each: '$.stations[?@.on == true].id', name: 'on' }),
        rule({ name: 'stations', value: '$.stations.length' }),
      ]),
    ).toMatchObject({
      samples: [
        { labels: { __name__: 'temp', station: '7', host: 'h1', place: 'roof' }, value: 21.5, time: 1700000000000 },
        { labels: { __name__: 'pool_size', pool: 'hot' }, value: 3, time: null },
        { labels: { __name__: 'pool_size', pool: 'cold' }, value: 4, time: null },
        { labels: { __name__: 'on' }, value: 7 },
      ],
      metadata: [{ family: 'temp', type: 'gauge', help: 'Degrees.', unit: '' }],
    });
  });

  test('the name may come from the document too', () => {
    const samples = json({ m: { a: 1, b: 2 } }, [rule({ each: '$.m.*', name: '$key' })]).samples;
    expect(samples.map(({ labels, value }) => [labels['__name__'], value])).toEqual([
      ['a', 1],
      ['b', 2],
    ]);
  });

  test.each([
    [
      'several values where one is due',
      rule({ name: 'a', value: '$.stations[*].id' }),
      /gives 3 values at \$: .*"each"/,
    ],
    [
      'a value that is no number',
      rule({ each: '$.stations[*]', name: 'a', value: '$.id' }),
      /^0: \$\['stations'\]\[1\]\['id'\] must be a number/,
    ],
    [
      'a label that is an array',
      rule({ name: 'a', value: '$.pools.hot.size', labels: [['l', '$.stations']] }),
      /must be a text, and is an array/,
    ],
    ['no name', rule({ name: '$.nope', value: '$.pools.hot.size' }), /must name the metric/],
  ])('%s is refused', (_, one, message) => {
    expect(refused(document, [one])).toMatch(message);
  });

  test('what is nested without end fails, and nothing more', () => {
    const deep = `${'['.repeat(50_000)}${']'.repeat(50_000)}`;
    expect(refused(deep, [rule({ each: '$..x', name: 'a' })])).toMatch(/\$\.\.x cannot be followed/);
    expect(refused(deep)).toMatch(/is an array: say in/);
  });

  test('expressions are checked by the standard, and run nothing', () => {
    expect(jsonExpressionProblem('$.a[?@.b > 1]')).toBeNull();
    expect(jsonExpressionProblem('plain text')).toBeNull();
    expect(jsonExpressionProblem('$$.a')).toBeNull();
    expect(jsonExpressionProblem('$.a[')).toMatch(/bracket/);
    expect(jsonExpressionProblem('$[(process.exit())]')).not.toBeNull();
    expect(jsonExpressionProblem('$[?process.exit()]')).not.toBeNull();
  });
});

describe('which bodies are JSON', () => {
  test.each(['application/json', 'application/json; charset=utf-8', 'text/json', 'application/geo+json'])(
    '%s',
    (type) => {
      expect(chooseFormat(type, '')).toMatchObject({ ok: true, format: 'json' });
      // Who names a fallback gets what Prometheus does with an unknown type.
      expect(chooseFormat(type, 'text/plain')).toMatchObject({ ok: true, format: 'text' });
    },
  );
  test('other types stay refused', () => {
    expect(chooseFormat('application/jsonp', '').ok).toBe(false);
    expect(chooseFormat('text/html', '').ok).toBe(false);
  });
  test.each([
    ['[', 'json'],
    ['\n  [{"name":"a","value":1}]', 'json'],
    ['{ "a" : 1}', 'json'],
    ['{}', 'json'],
    ['cpu,host=a usage=1 17\n', 'influx'],
    ['# comment\n\ncpu usage="x, y"', 'influx'],
    ['cpu\\ x value=1', 'influx'],
    ['{"my.metric"} 1', null],
    ['{"my.metric",a="b"} 1', null],
    ['a{b="c d=e"} 1', null],
    ['a 1', null],
    ['a { b = "c" } 1', null],
    ['# HELP a text a=1\na 1', null],
    ['', null],
    ['a', null],
  ])('%j called text', (body, format) => {
    expect(recognizeText(Buffer.from(body))).toBe(format);
  });
});
