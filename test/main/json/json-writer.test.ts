import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatTimestamp, formatValue, JsonWriter } from '#main/json/index.ts';

function written(write: (out: JsonWriter) => void): string {
  const out = new JsonWriter();
  write(out);
  return Buffer.concat(out.take()).toString();
}

const decimals = fc
  .tuple(fc.integer({ min: -2_000_000_000, max: 2_000_000_000 }), fc.integer({ min: 0, max: 9 }))
  .map(([digits, places]) => digits / 10 ** places);

test('samples are written as the plain formatting writes them', () => {
  const edges = [0, -0, 1, -1, 9, 10, 0.1, 0.5, 0.001, 0.0001, 1e-6, 1e-7, 1e15, 999999999999.999, 2 ** 53, 1e21, NaN];
  const values = fc.array(
    fc.oneof(fc.double(), decimals, fc.integer(), fc.constantFrom(...edges, Infinity, -Infinity)),
  );
  fc.assert(
    fc.property(values, (list) => {
      const text = written((out) => list.forEach((value) => out.sample(value)));
      expect(text).toBe(list.map((value) => `"${formatValue(value)}"`).join(''));
    }),
    { numRuns: 2000 },
  );
});

test('texts of any kind come back from the JSON', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'binary' })), (texts) => {
      const json = written((out) => {
        out.ascii('[');
        texts.forEach((text, i) => {
          if (i > 0) out.ascii(',');
          out.string(text);
        });
        out.ascii(']');
      });
      expect(JSON.parse(json)).toEqual(texts);
    }),
  );
});

test('what is larger than a piece goes on in the next', () => {
  const count = 200_000;
  const text = written((out) => {
    for (let i = 0; i < count; i++) {
      out.timestamp(i * 500);
      out.sample(i / 8);
    }
  });
  let expected = '';
  for (let i = 0; i < count; i++) expected += `${formatTimestamp(i * 500)}"${formatValue(i / 8)}"`;
  expect(text === expected).toBe(true);
});
