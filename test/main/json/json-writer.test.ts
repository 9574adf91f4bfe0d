import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatTimestamp, formatValue, JsonWriter, writeLabels } from '#main/json/index.ts';
import { labelsFromRecord, labelsToRecord } from '#shared/model/index.ts';

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

test('what was taken stays as it is while other writers are at work, one inside another', () => {
  const taken: { pieces: Uint8Array[]; text: string }[] = [];
  for (let round = 0; round < 20; round++) {
    const outer = new JsonWriter();
    outer.ascii(`outer ${round}`);
    const inner = new JsonWriter();
    inner.ascii('i'.repeat(round * 40_000));
    outer.ascii(' and more');
    taken.push({ pieces: inner.take(), text: 'i'.repeat(round * 40_000) });
    taken.push({ pieces: outer.take(), text: `outer ${round} and more` });
    outer.ascii('again');
    taken.push({ pieces: outer.take(), text: 'again' });
  }
  const buffers = new Set(taken.flatMap(({ pieces }) => pieces.map(({ buffer }) => buffer)));
  expect(buffers.size).toBe(taken.reduce((sum, { pieces }) => sum + pieces.length, 0));
  for (const { pieces, text } of taken) {
    expect(Buffer.concat(pieces).toString() === text).toBe(true);
    for (const { buffer, byteLength } of pieces) expect(buffer.byteLength).toBe(byteLength);
  }
});

test('label sets written again and again are the same JSON', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' })), (record) => {
      const labels = labelsFromRecord(record);
      const once = written((out) => writeLabels(out, labels));
      expect(JSON.parse(once)).toEqual(JSON.parse(JSON.stringify(labelsToRecord(labels))));
      for (let again = 0; again < 3; again++) expect(written((out) => writeLabels(out, labels))).toBe(once);
    }),
  );
});

test('an answer beyond the bound is refused, and nothing of it is kept', () => {
  const out = new JsonWriter(1 << 20);
  const text = 'x'.repeat(1000);
  expect(() => {
    for (let i = 0; i < 1100; i++) out.ascii(text);
  }).toThrow('the answer is larger than 1 MiB');
  expect(written((next) => next.ascii(text))).toBe(text);
});
