import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createReader, ExpositionError, type BodyReader } from '#main/exposition/index.ts';
import { labelsKey } from '#shared/model/index.ts';

/** A body read after others must say what it says when it is read alone. */
function columns(reader: BodyReader, body: Uint8Array) {
  try {
    const parsed = reader.read(body);
    return Array.from({ length: parsed.count }, (_, i) => [
      labelsKey(reader.labels[parsed.series[i]]),
      parsed.values[i],
      parsed.times === null ? NaN : parsed.times[i],
    ]);
  } catch (error) {
    if (!(error instanceof ExpositionError)) throw error;
    return `${error.line} ${error.message}`;
  }
}

const line = fc.oneof(
  {
    weight: 80,
    arbitrary: fc
      .tuple(
        fc.constantFrom(
          'a',
          'ab',
          'h_bucket',
          'a{x="1"}',
          'a {x="1"}',
          'a{x="2"}',
          'h_bucket{le="1"}',
          '{"q.r"}',
          'ab{x="1",y="#"}',
        ),
        fc.constantFrom(' ', '  ', '\t'),
        fc.constantFrom('1', '12', '123', '1.5', 'NaN', '-7', '1e9', '0'),
        fc.constantFrom('', '', '', ' 1700000000000', ' 1700000000001'),
      )
      .map((parts) => parts.join('')),
  },
  {
    weight: 15,
    arbitrary: fc.constantFrom(
      '# TYPE h histogram',
      '# TYPE h summary',
      '# TYPE a gauge',
      '# HELP a x',
      '# HELP a y',
      '#',
      '',
    ),
  },
  { weight: 3, arbitrary: fc.constantFrom('a', 'a 1 x', '{x="1"} 1', 'a{x="1"', '# TYPE a foo') },
);
const edits = fc.array(fc.record({ at: fc.nat(40), remove: fc.nat(3), insert: fc.array(line, { maxLength: 3 }) }), {
  maxLength: 4,
});

test('a body read after others says what it says alone (classic)', () => {
  fc.assert(
    fc.property(fc.array(line, { maxLength: 30 }), fc.array(edits, { maxLength: 6 }), (first, rounds) => {
      const reader = createReader('text');
      let lines = first;
      for (const round of [[], ...rounds]) {
        lines = [...lines];
        for (const { at, remove, insert } of round) lines.splice(Math.min(at, lines.length), remove, ...insert);
        const body = Buffer.from(lines.join('\n'));
        expect(columns(reader, body)).toEqual(columns(createReader('text'), body));
      }
    }),
    { numRuns: 1500 },
  );
});

test('flipped bytes too, in both formats', () => {
  const lines = [
    '# TYPE a gauge',
    'a{x="1"} 1',
    'a{x="2"} 2 17',
    '# TYPE h histogram',
    'h_bucket{le="1"} 1',
    'h_sum 3',
    '# EOF',
    '',
  ];
  const base = Buffer.from(lines.join('\n'));
  fc.assert(
    fc.property(
      fc.constantFrom('text' as const, 'openmetrics' as const),
      fc.array(fc.tuple(fc.nat(base.length - 1), fc.constantFrom(...Buffer.from('a1 \t\n"{}=,#\\.xE\0'))), {
        minLength: 1,
        maxLength: 8,
      }),
      (format, flips) => {
        const reader = createReader(format);
        reader.read(base);
        const body = Buffer.from(base);
        for (const [at, byte] of flips) {
          body[at] = byte;
          const copy = Buffer.from(body);
          expect(columns(reader, copy)).toEqual(columns(createReader(format), copy));
        }
      },
    ),
    { numRuns: 1500 },
  );
});

test('the layout number stays while the same series stand in the same places', () => {
  const reader = createReader('text');
  const layout = (body: string) => reader.read(Buffer.from(body)).layout;
  const first = layout('# TYPE a gauge\na 1\nb 2\n');
  expect(layout('# TYPE a gauge\na 10\nb 2\n')).toBe(first);
  expect(layout('# HELP a new\n# TYPE a gauge\na 10\nb 3\n')).toBe(first);
  expect(layout('# TYPE a gauge\na 10\nb 3\nc 1\n')).not.toBe(first);
  const third = layout('a 10\nb 3\nc 1\n');
  expect(layout('b 10\na 3\nc 1\n')).not.toBe(third);
});

test('metadata is given when it is new or changed', () => {
  const reader = createReader('text');
  const given = (body: string) => reader.read(Buffer.from(body)).metadata.map((m) => `${m.family} ${m.type} ${m.help}`);
  expect(given('# TYPE a gauge\n# HELP a x\na 1\n')).toEqual(['a gauge x']);
  expect(given('# TYPE a gauge\n# HELP a x\na 2\n')).toEqual([]);
  expect(given('# TYPE a counter\n# HELP a x\na 2\n')).toEqual(['a counter x']);
});

test('after a body that fails the next good one is read whole', () => {
  const reader = createReader('text');
  const good = Buffer.from('a 1\nb 2\n');
  reader.read(good);
  expect(() => reader.read(Buffer.from('a 1\nb x\n'))).toThrow(ExpositionError);
  expect(reader.read(good).count).toBe(2);
});
