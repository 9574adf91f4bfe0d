import { expect, test } from 'vitest';
import { Parameters, readPairs } from '../../../src/main/api/parameters.ts';

test('names and values come in their order, decoded', () => {
  const text = 'query=sum+by%20(a)%28x%29&time=1&&match[]=a&match[]=b=c&flag&=';
  expect([...readPairs(text)].flat()).toEqual('query|sum by (a)(x)|time|1|match[]|a|match[]|b=c|flag|||'.split('|'));
  const parameters = new Parameters(readPairs(text));
  expect(parameters.text('query')).toBe('sum by (a)(x)');
  expect(parameters.all('match[]')).toEqual(['a', 'b=c']);
  expect([parameters.text('flag'), parameters.text('none'), parameters.all('none')]).toEqual(['', '', []]);
});

test('nothing is nothing, and a question mark is a character like any other', () => {
  expect([...readPairs('')]).toEqual([]);
  expect([...readPairs('?a=1')]).toEqual([['?a', '1']]);
});

test('what is no text is read as far as it is one', () => {
  expect([...readPairs('a=%ff%C3%A9&b=%zz%2')]).toEqual([
    ['a', '\ufffdé'],
    ['b', '%zz%2'],
  ]);
});
