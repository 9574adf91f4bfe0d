import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { jaroWinkler, subsequence } from '#main/api/search-score.ts';

const text = fc.string({ minLength: 1, maxLength: 12 });

describe.each([
  ['subsequence', subsequence],
  ['jarowinkler', jaroWinkler],
])('%s', (_, score) => {
  test('lies between 0 and 1, and is 1 for what is the same only', () => {
    fc.assert(
      fc.property(text, text, (a, b) => {
        const value = score(a, b);
        expect(value).toBeGreaterThanOrEqual(0);
        expect(value).toBeLessThanOrEqual(1);
        expect(value === 1).toBe(a === b);
      }),
    );
  });
});

test('a subsequence scores when its characters come in order, and better the more of them stand together', () => {
  fc.assert(
    fc.property(text, text, (name, term) => {
      let at = 0;
      for (const char of name) if (term.slice(at).startsWith(char)) at += char.length;
      expect(subsequence(name, term) > 0).toBe(at >= term.length);
    }),
  );
  const best = ['http_requests_total', 'prometheus_http_requests_total', 'h_t_t_p_other', 'node_load1'];
  const scores = best.map((name) => subsequence(name, 'http'));
  expect(scores.toSorted((a, b) => b - a)).toEqual(scores);
  expect(scores[3]).toBe(0);
});

test('similarities known from the literature', () => {
  expect(jaroWinkler('MARTHA', 'MARHTA')).toBeCloseTo(0.9611, 4);
  expect(jaroWinkler('DWAYNE', 'DUANE')).toBeCloseTo(0.84, 4);
  expect(jaroWinkler('DIXON', 'DICKSONX')).toBeCloseTo(0.8133, 4);
  expect(jaroWinkler('abc', 'xyz')).toBe(0);
});
