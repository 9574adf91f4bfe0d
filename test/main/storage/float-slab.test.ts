import { expect, test } from 'vitest';
import { FloatSlab } from '../../../src/main/storage/float-slab.ts';

test('columns lie apart from each other, and large ones have a buffer of their own', () => {
  const slab = new FloatSlab();
  const columns: Float64Array[] = [];
  for (let i = 0; i < 500; i++) {
    const length = 1 + ((i * 37) % 90);
    const at = slab.take(length);
    expect(slab.words.buffer).toBe(slab.values.buffer);
    const column = slab.values.subarray(at, at + length);
    columns.push(column.fill(i));
  }
  expect(columns.every((column, i) => column.every((value) => value === i))).toBe(true);
  expect(new Set(columns.map(({ buffer }) => buffer)).size).toBeLessThan(12);
  const large = slab.take(5000);
  expect([large, slab.values.length]).toEqual([0, 5000]);
  expect(slab.take(1)).toBe(0);
});

test('what was given back is handed out again', () => {
  const slab = new FloatSlab();
  const first = slab.take(10);
  slab.giveBack(10);
  expect(slab.take(20)).toBe(first);
});
