import fc from 'fast-check';
import { expect, test } from 'vitest';
import { lineColumnAt, offsetAt, wordEndAt } from '#renderer/editor/text-position.ts';

test('line and column count from 1', () => {
  expect(lineColumnAt('sum(\n  up\n)', 0)).toEqual({ line: 1, column: 1 });
  expect(lineColumnAt('sum(\n  up\n)', 7)).toEqual({ line: 2, column: 3 });
  expect(lineColumnAt('sum(\n  up\n)', 99)).toEqual({ line: 3, column: 2 });
});

test('offset to line and column and back is the same offset', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('a', '\n', ' ', 'é') }), fc.nat(60), (text, n) => {
      const offset = Math.min(n, text.length);
      expect(offsetAt(text, lineColumnAt(text, offset))).toBe(offset);
    }),
  );
});

test('places outside the text are moved to its nearest end', () => {
  expect(offsetAt('ab\ncd', { line: 9, column: 1 })).toBe(5);
  expect(offsetAt('ab\ncd', { line: 1, column: 50 })).toBe(2);
});

test('a problem with only a start underlines the word there', () => {
  expect('scrape_interval'.length).toBe(wordEndAt('scrape_interval: 5x', 0));
  expect(wordEndAt('a: 5x', 3)).toBe(5);
  expect(wordEndAt('a:', 2)).toBe(2);
});
