import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ExpositionError } from '#main/exposition/index.ts';
import { simdRunner } from '#main/exposition/simd-runner.ts';
import { TextReader } from '#main/exposition/text-reader.ts';
import { labelsKey, wordsOf } from '#shared/model/index.ts';
import { scanModule } from '../../../assembly/build.ts';

const OPTIONS = { typeAndUnitLabels: false };

/** All that a reader says of a body: values as bits. */
function outcome(reader: TextReader, body: Uint8Array): unknown {
  try {
    const { count, series, values, times, layout, exemplars, metadata } = reader.read(body);
    return {
      labels: Array.from({ length: count }, (_, i) => labelsKey(reader.labelsOf(i))),
      series: [...series.subarray(0, count)],
      bits: [...wordsOf(values.slice(0, count))],
      times: times === null ? null : [...times.subarray(0, count)],
      layout,
      exemplars,
      metadata,
    };
  } catch (error) {
    if (!(error instanceof ExpositionError)) throw error;
    return { line: error.line, message: error.message };
  }
}

const digits = fc.stringMatching(/^\d{0,21}$/);
const number = fc
  .tuple(
    fc.constantFrom('', '', '-', '+'),
    digits,
    fc.option(digits, { nil: null }),
    fc.option(fc.tuple(fc.constantFrom('e', 'E'), fc.constantFrom('', '+', '-'), fc.integer({ min: 0, max: 70 })), {
      nil: null,
    }),
  )
  .map(([sign, whole, fraction, exponent]) =>
    [sign, whole, fraction === null ? '' : `.${fraction}`, exponent?.join('') ?? ''].join(''),
  );
const value = fc.oneof(
  number,
  fc.double().map(String),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((each) => each.toPrecision(17)),
  fc.integer().map(String),
  fc.constantFrom('NaN', '+Inf', '-Inf', '0', '-0', '00', '.', 'e5', '1e', '0x1', '1_0', ''),
);
const time = fc.oneof(
  { weight: 6, arbitrary: fc.constant('') },
  fc.integer({ min: -1e12, max: 2e12 }).map((each) => ` ${each}`),
  fc.constantFrom(' ', ' 1234567890123456', ' 12345678901234567890', ' 1.5', ' x', '  7', ' -'),
);

test('there is a runner with vectors here', () => {
  expect(simdRunner()).not.toBeNull();
});

test('the compiled module is what its source makes', () => {
  const kept = join(import.meta.dirname, '../../../src/main/exposition/scan-wasm.ts');
  expect(scanModule()).toBe(readFileSync(kept, 'utf8'));
});

test.each(['text', 'openmetrics'] as const)('both runners read the same values (%s)', (format) => {
  const end = format === 'openmetrics' ? '# EOF\n' : '';
  fc.assert(
    fc.property(fc.array(fc.tuple(value, time), { minLength: 1, maxLength: 12 }), (values) => {
      const [fast, plain] = [simdRunner(), null].map((runner) => new TextReader(format, OPTIONS, runner));
      const body = (text: (i: number) => string): Buffer =>
        Buffer.from(`# TYPE a gauge\n${values.map((_, i) => `a{n="${i}"}${text(i)}\n`).join('')}${end}`);
      const first = body(() => ' 7');
      expect(outcome(fast, first)).toEqual(outcome(plain, first));
      // One at a time too: where one is refused the others must be read all the same.
      for (const changed of [
        body((i) => ` ${values[i].join('')}`),
        ...values.map((_, at) => body((i) => (i === at ? ` ${values[i].join('')}` : ' 7'))),
      ])
        expect(outcome(fast, changed)).toEqual(outcome(plain, changed));
    }),
    { numRuns: 600 },
  );
});

test('numbers are rounded as the language rounds them', () => {
  fc.assert(
    fc.property(
      fc.bigInt({ min: 0n, max: (1n << 64n) - 1n }),
      fc.integer({ min: -40, max: 60 }),
      (mantissa, exponent) => {
        const reader = new TextReader('text', OPTIONS);
        const text = `${mantissa}e${exponent}`;
        reader.read(Buffer.from('a 1\n'));
        expect(reader.read(Buffer.from(`a ${text}\n`)).values[0]).toBe(Number(text));
      },
    ),
    { numRuns: 5000 },
  );
});

test('numbers half-way between two doubles go to the even one', () => {
  const reader = new TextReader('text', OPTIONS);
  for (let shift = 0n; shift <= 10n; shift++)
    for (let i = 0n; i < 200n; i++) {
      const half = ((1n << 53n) + 2n * i + 1n) << shift;
      for (const n of [half - 1n, half, half + 1n]) {
        reader.read(Buffer.from('a 1\n'));
        expect(reader.read(Buffer.from(`a ${n}\n`)).values[0]).toBe(Number(n));
        expect(reader.read(Buffer.from(`a ${n}e-3\n`)).values[0]).toBe(Number(`${n}e-3`));
      }
    }
});

test('a body of many more lines than the one before is read whole', () => {
  const lines = (count: number, round: number): Buffer =>
    Buffer.from(Array.from({ length: count }, (_, i) => `a{n="${i}"} ${i * round}\n`).join(''));
  const [fast, plain] = [simdRunner(), null].map((runner) => new TextReader('text', OPTIONS, runner));
  for (const [count, round] of [
    [10, 1],
    [10, 2],
    [20_000, 3],
    [20_000, 4],
    [60_000, 5],
    [60_000, 6],
    [5, 7],
    [5, 8],
  ])
    expect(outcome(fast, lines(count, round))).toEqual(outcome(plain, lines(count, round)));
});
