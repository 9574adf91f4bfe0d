import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readForm } from '../../../src/main/api/form.ts';

test('names and values come in their order, decoded', () => {
  expect(readForm('query=sum+by%20(a)%28x%29&time=1&&match[]=a&match[]=b=c&flag&=')).toEqual([
    'query',
    'sum by (a)(x)',
    'time',
    '1',
    'match[]',
    'a',
    'match[]',
    'b=c',
    'flag',
    '',
    '',
    '',
  ]);
  expect(readForm('')).toEqual([]);
  expect(readForm('?a=1')).toEqual(['?a', '1']);
});

test('whatever the text, it is read as URLSearchParams reads it', () => {
  const part = fc.constantFrom(
    'a',
    '=',
    '&',
    '+',
    '%',
    '%2',
    '%26',
    '%C3%A9',
    '%ff',
    '%E2%82',
    'é',
    '?',
    ' ',
    '%00',
    '%zz',
  );
  fc.assert(
    fc.property(fc.array(part, { maxLength: 12 }), (parts) => {
      const text = parts.join('');
      expect(readForm(text)).toEqual([...new URLSearchParams(`?${text}`)].flat());
    }),
    { numRuns: 3000 },
  );
});
