import { expect, test } from 'vitest';
import { stretchCatalogue, stretchText } from '#renderer/dev/pseudo-locale.ts';

test.each(['Settings', 'Ctrl', '{{count}} series', 'Step <b>{{step}}</b>'])('%s is 40 %% longer', (text) => {
  const letters = (words: string): number => words.replaceAll(/\{\{[^}]*\}\}|<[^>]*>/g, '').length;
  expect(letters(stretchText(text))).toBe(Math.ceil(letters(text) * 0.4) + letters(text));
  expect(stretchText(text).match(/\{\{[^}]*\}\}|<[^>]*>/g)).toEqual(text.match(/\{\{[^}]*\}\}|<[^>]*>/g));
});

test('a catalogue keeps its keys', () => {
  expect(Object.keys(stretchCatalogue({ a: 'x', b: { c: 'y' } }))).toEqual(['a', 'b']);
});
