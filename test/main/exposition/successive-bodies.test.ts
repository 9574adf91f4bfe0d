import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createReader, ExpositionError, type BodyReader } from '#main/exposition/index.ts';
import { labelsFromRecord, labelsKey } from '#shared/model/index.ts';

/** A body read after others must say what it says when it is read alone. */
function columns(reader: BodyReader, body: Uint8Array) {
  try {
    const parsed = reader.read(body);
    return Array.from({ length: parsed.count }, (_, i) => [
      labelsKey(reader.labelsOf(i)),
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

test('a body that fails leaves the reader as it was, and the next good one is read whole', () => {
  const reader = createReader('text');
  const good = Buffer.from('a 1\nb 2\n');
  const before = reader.read(good);
  const series = [...before.series.subarray(0, before.count)];
  expect(() => reader.read(Buffer.from('c 3\na 1\nb x\n'))).toThrow(ExpositionError);
  const after = reader.read(good);
  expect([...after.series.subarray(0, after.count)]).toEqual(series);
  expect(after.layout).toBe(before.layout);
});

test('nothing of a body is kept by reference: its bytes may change after it was read', () => {
  const reader = createReader('text');
  const bytes = Buffer.from('a{x="1"} 1\nb 2\n');
  reader.read(bytes);
  bytes.fill(0);
  expect(labelsKey(reader.labelsOf(0))).toBe(labelsKey(labelsFromRecord({ __name__: 'a', x: '1' })));
  expect(labelsKey(reader.labelsOf(0))).toBe(labelsKey(labelsFromRecord({ __name__: 'a', x: '1' })));
  const next = reader.read(Buffer.from('b 3\na{x="1"} 1\n'));
  expect([...next.series.subarray(0, 2)]).toEqual([1, 0]);
});

test('handles are spent by series that come and go, labels are not kept', () => {
  const reader = createReader('text');
  for (let round = 0; round < 50; round++) {
    const parsed = reader.read(Buffer.from(`a 1\nb{round="${round}"} 2\nc 3\n`));
    expect([...parsed.series.subarray(0, 3)]).toEqual(round === 0 ? [0, 1, 2] : [0, round + 2, 2]);
    expect(labelsKey(reader.labelsOf(1))).toContain(String(round));
  }
});

test('large bodies, with many lines moved, say what they say alone', () => {
  const reader = createReader('text');
  const lines = Array.from({ length: 9000 }, (_, i) => `m_${i % 90}{i="${i}",path="/x"} ${i}`);
  let state = 7;
  for (let round = 0; round < 4; round++) {
    const body = Buffer.from(lines.map((line) => `${line}${round}`).join('\n'));
    expect(columns(reader, body)).toEqual(columns(createReader('text'), body));
    for (let moves = 0; moves < 200; moves++) {
      state = (state * 48271) % 2147483647;
      const [line] = lines.splice(state % lines.length, 1);
      lines.splice((state >> 3) % lines.length, 0, line);
    }
  }
});
