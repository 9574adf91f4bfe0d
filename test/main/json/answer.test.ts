import { expect, test } from 'vitest';
import { successBody } from '#main/json/index.ts';

test('an answer tells ten warnings and ten infos, and how many more there were', () => {
  const texts = (n: number): string[] => Array.from({ length: n }, (_, i) => `note ${i}`);
  const bytes = successBody((out) => out.value(1), { warnings: texts(13), infos: texts(10) });
  expect(JSON.parse(Buffer.concat(bytes).toString())).toEqual({
    status: 'success',
    data: 1,
    warnings: [...texts(10), '3 more warning annotations omitted'],
    infos: texts(10),
  });
});
