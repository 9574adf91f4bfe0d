import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compileAnchored, compileAnchoredByRe2, RegexError, type AnchoredRegex } from '#shared/model/index.ts';

/** Patterns of all shapes, plain ones and those that only RE2 runs. */
const literal = fc.constantFrom('a', 'b', 'ab', 'foo', '\\.', '-', 'é', '日', ':', '1', '\\n', '😀');
const charClass = fc.constantFrom(
  '.',
  '\\d',
  '\\w',
  '\\s',
  '\\D',
  '\\W',
  '[ab]',
  '[^a]',
  '[a-f0-9_-]',
  '[^:;]',
  '[\\d.]',
);
const { pattern } = fc.letrec<{ pattern: string }>((tie) => ({
  pattern: fc.oneof(
    { depthSize: 'small', maxDepth: 4 },
    literal,
    charClass,
    fc.constantFrom('.*', '.+', '.*?', ''),
    fc.array(tie('pattern'), { minLength: 2, maxLength: 4 }).map((parts) => parts.join('')),
    fc.array(tie('pattern'), { minLength: 2, maxLength: 3 }).map((parts) => `(?:${parts.join('|')})`),
    tie('pattern').map((inner) => `(${inner})`),
    tie('pattern').map((inner) => `(?P<n>${inner})`),
    fc
      .tuple(tie('pattern'), fc.constantFrom('*', '+', '?', '{2}', '{0,2}', '{1,}', '*?', '+?', '??'))
      .map(([inner, times]) => `(?:${inner})${times}`),
    fc.constantFrom('\\bfoo', 'a$', '^b', '(?i:aB)', '[[:alpha:]]', '\\pL', '(?s).'),
  ),
}));
const whole = fc
  .tuple(fc.constantFrom('', '', '', '(?i)', '^'), pattern, fc.constantFrom('', '', '$'))
  .map((parts) => parts.join(''));
const text = fc
  .array(
    fc.constantFrom(
      'a',
      'b',
      'A',
      'foo',
      'FOO',
      '.',
      '-',
      'é',
      '日',
      ':',
      ';',
      '1',
      '\n',
      ' ',
      '\v',
      'K',
      'ſ',
      's',
      '😀',
    ),
    {
      maxLength: 8,
    },
  )
  .map((parts) => parts.join(''));

/** What is made, or null when the pattern is refused. */
function outcome(make: () => AnchoredRegex): AnchoredRegex | null {
  try {
    return make();
  } catch (error) {
    if (error instanceof RegexError) return null;
    throw error;
  }
}

describe('every way of matching says what RE2 says', () => {
  test('about generated patterns and texts', () => {
    fc.assert(
      fc.property(whole, fc.array(text, { minLength: 4, maxLength: 8 }), (source, texts) => {
        const oracle = outcome(() => compileAnchoredByRe2(source));
        const fast = outcome(() => compileAnchored(source));
        expect(fast === null).toBe(oracle === null);
        if (fast === null || oracle === null) return;
        const template = '$0|${1}|$2|$n|$';
        for (const one of [...texts, ...(fast.literals ?? []).slice(0, 5)]) {
          expect(fast.test(one)).toBe(oracle.test(one));
          expect(fast.expand(one, template)).toBe(oracle.expand(one, template));
        }
      }),
      { numRuns: 1000 },
    );
  });

  test.each([
    'node.*',
    '.*:9100',
    'go_.*_bytes',
    '.*error.*|.*warn.+',
    '([^:]+)(?::\\d+)?;(\\d+)',
    '(.*)-(.*)',
    '[a-z]+\\d{2,4}',
    '(?i)get|post',
    '(?:a|b)+c',
    'a.b.c?',
    'x*',
    '.+.*',
    '.*.+',
    '.+.+',
    'a.+.*',
    '.+.*a',
  ])('about %s', (source) => {
    const texts = [
      'node1',
      'x:9100',
      'go_a_b_bytes',
      'some warn',
      'an error',
      'h:80;90',
      'h;90',
      'a-b-c',
      'ab12',
      'ab12345',
    ];
    texts.push('GET', 'Post', 'abac', 'axbxc', 'axbx', '', 'xxx', 'go_bytes', 'a warn', 'a', 'aa');
    const fast = compileAnchored(source);
    const oracle = compileAnchoredByRe2(source);
    for (const one of texts) {
      expect([one, fast.test(one)]).toEqual([one, oracle.test(one)]);
      expect(fast.expand(one, '$1/$2')).toBe(oracle.expand(one, '$1/$2'));
    }
  });
});

test('patterns of few texts list them', () => {
  expect(compileAnchored('a|b|cd').literals).toEqual(['a', 'b', 'cd']);
  expect(compileAnchored('node(1|2)').literals).toEqual(['node1', 'node2']);
  expect(compileAnchored('v[1-3]\\.0').literals).toEqual(['v1.0', 'v2.0', 'v3.0']);
  expect(compileAnchored('ab?').literals).toEqual(['a', 'ab']);
  expect(compileAnchored('a|').literals).toEqual(['a', '']);
  expect(compileAnchored('a.*').literals).toBeNull();
  expect(compileAnchored('.').literals).toBeNull();
});

test('both ends are anchored, dots match newlines', () => {
  const regex = compileAnchored('a|b.c');
  expect(['a', 'b\nc', 'xa', 'ax', 'b.cd'].map((one) => regex.test(one))).toEqual([true, true, false, false, false]);
});

describe('replacements are expanded as by Go', () => {
  test.each([
    ['(.*)', 'v', 'p$1x', 'p'],
    ['(.*)', 'v', 'p${1}x', 'pvx'],
    ['(.*)', 'v', '$$${1}$', '$v$'],
    ['(?P<host>[^:]+):(?P<port>\\d+)', 'h:80', '$port/${host}/$hosts', '80/h/'],
    ['(?<a>x)(y)?', 'x', '[$a][$2][$3][$0]', '[x][][][x]'],
    ['(.*)', 'v', '${1', '${1'],
    ['(.*)', 'v', '${}$-$01', '${}$-'],
    ['(.*)', 'é', '$1é $1', ' é'],
  ])('%s on %s: %s gives %s', (source, one, template, expanded) => {
    expect(compileAnchored(source).expand(one, template)).toBe(expanded);
  });

  test('texts that do not match have none', () => {
    expect(compileAnchored('a(.)').expand('b', '$1')).toBeNull();
  });
});

test.each([
  ['[a', 'error parsing regexp: missing closing ]: `[a`'],
  ['a(', 'error parsing regexp: missing closing ): `a(`'],
  ['a)(b', 'error parsing regexp: unexpected ): `a)(b`'],
  ['a**', 'error parsing regexp: invalid nested repetition operator: `**`'],
  ['*', 'error parsing regexp: missing argument to repetition operator: `*`'],
  ['a(?=b)', 'error parsing regexp: invalid or unsupported Perl syntax: `(?=`'],
  ['\\8', 'error parsing regexp: invalid escape sequence: `\\8`'],
])('%s is refused with the words of Go', (source, message) => {
  expect(() => compileAnchored(source)).toThrow(new RegexError(source, message));
});

test('hostile patterns and texts take no longer than their length warrants', () => {
  const long = `${'a'.repeat(10_000)}!`;
  const started = performance.now();
  for (const source of [
    '(a+)+b',
    '(a|a)*b',
    '(.*)(.*)(.*)(.*)(.*)b',
    '.*a.*a.*a.*a.*b',
    '(?:a?){30}a{30}',
    '([ab]*a)*c',
  ])
    expect(compileAnchored(source).test(long)).toBe(false);
  // Backtracking would take longer than anyone waits.
  expect(performance.now() - started).toBeLessThan(15_000);
});
