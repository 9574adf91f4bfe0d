import fc from 'fast-check';
import { expect, test } from 'vitest';
import { wordsOf } from '#shared/model/index.ts';
import { ByteReader, ByteWriter, DecodeError } from '../../../src/main/storage/bytes.ts';
import { decodeColumn } from '../../../src/main/storage/column-decode.ts';
import { encodeColumn } from '../../../src/main/storage/column-encode.ts';

function fromBits(bits: readonly bigint[]): Float64Array {
  return new Float64Array(BigUint64Array.from(bits).buffer);
}

function roundTrip(values: Float64Array): Float64Array {
  const writer = new ByteWriter(4);
  encodeColumn(writer, writer, values, values.length);
  writer.u8(0xab);
  const reader = new ByteReader(writer.written().slice());
  const out = new Float64Array(values.length + 2);
  decodeColumn(reader, reader, out, 1, values.length);
  expect(reader.u8()).toBe(0xab);
  expect(reader.done).toBe(true);
  return out.slice(1, values.length + 1);
}

const words = (values: Float64Array): number[] => [...wordsOf(values)];
const comesBack = (values: Float64Array): boolean => {
  expect(words(roundTrip(values))).toEqual(words(values));
  return true;
};

const anyBits = fc.bigInt({ min: 0n, max: 0xffff_ffff_ffff_ffffn });
const special = fc.constantFrom(
  0x7ff0000000000002n,
  0x7ff8000000000000n,
  0xfff8000000000001n,
  0x8000000000000000n,
  0n,
  0x7ff0000000000000n,
  0xfff0000000000000n,
  1n,
  0x7fefffffffffffffn,
);
const ofNumber = (value: number): bigint => new BigUint64Array(new Float64Array([value]).buffer)[0];
const integer = fc.maxSafeInteger().map(ofNumber);
const decimal = fc
  .tuple(fc.integer({ min: -1_000_000, max: 1_000_000 }), fc.integer({ min: 0, max: 14 }))
  .map(([m, k]) => ofNumber(m / 10 ** k));
const any = fc.oneof({ weight: 3, arbitrary: decimal }, { weight: 2, arbitrary: integer }, special, anyBits);

test('every bit pattern comes back', () => {
  expect(() =>
    fc.assert(
      fc.property(fc.array(any, { maxLength: 300 }), (bits) => comesBack(fromBits(bits))),
      { numRuns: 500 },
    ),
  ).not.toThrow();
});

test('counters with pauses, resets and stale markers come back', () => {
  const step = fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 1000 }), fc.integer({ min: 0, max: 2 ** 33 }));
  expect(() =>
    fc.assert(
      fc.property(
        fc.array(fc.tuple(step, fc.double({ min: 0, max: 1, noNaN: true })), { minLength: 1, maxLength: 300 }),
        fc.constantFrom(1, 10, 100, 1e6),
        (steps, unit) => {
          let total = 0;
          const bits = steps.map(([by, chance]) => {
            if (chance > 0.98) return 0x7ff0000000000002n;
            if (chance > 0.96) total = 0;
            total += by;
            return ofNumber(total / unit);
          });
          comesBack(fromBits(bits));
        },
      ),
      { numRuns: 300 },
    ),
  ).not.toThrow();
});

test.each([
  ['nothing', []],
  ['one', [1.5]],
  ['two', [1, 2]],
  ['three', [1, 2, 4]],
  ['a line', [1, 3, 5, 7, 9, 11]],
  ['large integers', [2 ** 52, 2 ** 52 + 1, 2 ** 53, -(2 ** 53), 2 ** 51, 2 ** 51 - 1]],
  ['large to and fro', [2 ** 51 - 1, -(2 ** 51) + 1, 2 ** 51 - 1, -(2 ** 51) + 1, 0, 1, 2]],
  ['a small one after large ones', [1e15, 2e15, 3e15, 0.000001, 1e15, 2e15, 3e15, 4e15, 5e15]],
])('%s', (_name, values) => {
  expect(comesBack(Float64Array.from(values))).toBe(true);
});

test('small changes take small space', () => {
  const writer = new ByteWriter();
  encodeColumn(
    writer,
    writer,
    Float64Array.from({ length: 240 }, (_, i) => 1000 + i * 4096 * (i % 3)),
    240,
  );
  expect(writer.length).toBeLessThan(2 * 240 + 16);
});

test('damaged bytes are a DecodeError or other values, never a crash', () => {
  expect(() =>
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), fc.integer({ min: 0, max: 300 }), (bytes, count) => {
        const out = new Float64Array(count);
        try {
          decodeColumn(new ByteReader(bytes), new ByteReader(bytes), out, 0, count);
        } catch (error) {
          if (!(error instanceof DecodeError)) throw error;
        }
      }),
      { numRuns: 2000 },
    ),
  ).not.toThrow();
});

test('a column relative to another comes back with it, and is small', () => {
  const reference = Float64Array.from({ length: 240 }, (_, i) => 1000 * i + Math.floor(500 * Math.sin(i * i)));
  const values = Float64Array.from(reference, (value, i) => 3 * i + value);
  const writer = new ByteWriter();
  expect(encodeColumn(writer, writer, values, 240, reference)).toBe(true);
  expect(writer.length).toBeLessThan(40);
  const out = new Float64Array(240);
  const reader = new ByteReader(writer.written());
  decodeColumn(reader, reader, out, 0, 240, reference);
  expect(words(out)).toEqual(words(values));
  const again = new ByteReader(writer.written());
  expect(() => decodeColumn(again, again, out, 0, 240)).toThrow(DecodeError);
});

test('whatever the reference is, the column comes back', () => {
  const column = fc.array(fc.oneof({ weight: 8, arbitrary: decimal }, { weight: 1, arbitrary: any }), {
    minLength: 60,
    maxLength: 60,
  });
  expect(() =>
    fc.assert(
      fc.property(column, column, (bits, other) => {
        const values = fromBits(bits);
        const reference = fromBits(other);
        const writer = new ByteWriter();
        const needed = encodeColumn(writer, writer, values, 60, reference);
        const out = new Float64Array(60);
        const reader = new ByteReader(writer.written());
        decodeColumn(reader, reader, out, 0, 60, needed ? reference : null);
        expect(words(out)).toEqual(words(values));
      }),
    ),
  ).not.toThrow();
});

test('sums of arbitrary floats come back, smaller than their bits', () => {
  let sum = 1000;
  const values = Float64Array.from({ length: 240 }, (_, i) => (sum += 5 + Math.sin(i)));
  expect(comesBack(values)).toBe(true);
  const writer = new ByteWriter();
  encodeColumn(writer, writer, values, 240);
  expect(writer.length).toBeLessThan(240 * 7);
  expect(comesBack(Float64Array.from(values, (value, i) => (i % 2 === 0 ? value : -value * 1e-300)))).toBe(true);
});
