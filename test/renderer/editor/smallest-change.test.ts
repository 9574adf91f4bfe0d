import fc from 'fast-check';
import { expect, test } from 'vitest';
import { smallestChange } from '#renderer/editor/code-mirror.tsx';

const text = fc.string({ unit: fc.constantFrom('a', 'b', '\n') });

test('applying the change to the old text gives the new one', () => {
  fc.assert(
    fc.property(text, text, (before, after) => {
      const { from, to, insert } = smallestChange(before, after);
      expect(before.slice(0, from) + insert + before.slice(to)).toBe(after);
    }),
  );
});

test('only what differs is replaced, so that cursor and marks elsewhere stay', () => {
  expect(smallestChange('interval: 5s', 'interval: 15s')).toEqual({ from: 10, to: 10, insert: '1' });
  expect(smallestChange('abc', 'abc')).toEqual({ from: 3, to: 3, insert: '' });
});
