import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatTargetUrl, isTargetAddress, parseTargetUrl, suggestJobName } from '#renderer/target-url/index.ts';

const parts = (text: string, slash: 'keep' | 'default' = 'keep') => {
  const parsed = parseTargetUrl(text, slash);
  return parsed.ok ? parsed.url : parsed.problem;
};

test('a whole URL is taken apart', () => {
  expect(parts('https://db.local:9187/stats/prom?name[]=a&name[]=b&x=#top')).toEqual({
    scheme: 'https',
    address: 'db.local:9187',
    path: '/stats/prom',
    params: [
      ['name[]', 'a'],
      ['name[]', 'b'],
      ['x', ''],
    ],
    user: null,
  });
});

test('what is missing gets the default', () => {
  expect(parts('localhost:9100')).toMatchObject({ scheme: 'http', address: 'localhost:9100', path: '/metrics' });
  expect(parts('9100')).toMatchObject({ address: 'localhost:9100' });
  expect(parts(':9100/x')).toMatchObject({ address: 'localhost:9100', path: '/x' });
  expect(parts(' node ')).toMatchObject({ address: 'node', path: '/metrics' });
});

test('a lone slash stays when typed and counts as none when pasted', () => {
  expect(parts('http://localhost:9100/')).toMatchObject({ path: '/' });
  expect(parts('http://localhost:9100/', 'default')).toMatchObject({ path: '/metrics' });
});

test('user and password are taken out of the address', () => {
  expect(parts('http://ann:p%40ss@host:1/m')).toMatchObject({
    address: 'host:1',
    user: { name: 'ann', password: 'p@ss' },
  });
});

test('IPv6 addresses keep their brackets', () => {
  expect(parts('http://[::1]:9100/metrics')).toMatchObject({ address: '[::1]:9100' });
  expect(parts('[fe80::1%eth0]')).toMatchObject({ address: '[fe80::1%eth0]' });
});

test.each([
  ['', 'empty'],
  ['ftp://host/', 'scheme'],
  ['http://', 'host'],
  ['http://:9100/metrics', 'host'],
  ['host:99999', 'port'],
  ['host:', 'port'],
  ['a b', 'space'],
  ['::1', 'host'],
])('%j is refused: %s', (text, problem) => {
  expect(parts(text)).toBe(problem);
});

test('writing a URL and reading it gives the same parts', () => {
  const name = fc.string({ minLength: 1, maxLength: 8 });
  fc.assert(
    fc.property(
      fc.constantFrom('http' as const, 'https' as const),
      fc.constantFrom('localhost:9100', 'a.b', '[::1]:80'),
      fc.constantFrom('/metrics', '/', '/a/b'),
      fc.array(fc.tuple(name, fc.string({ maxLength: 8 })), { maxLength: 4 }),
      (scheme, address, path, params) => {
        const url = { scheme, address, path, params };
        expect(parts(formatTargetUrl(url))).toEqual({ ...url, user: null });
      },
    ),
  );
});

test('an address in a list has neither scheme nor path', () => {
  expect(isTargetAddress('localhost:9100')).toBe(true);
  expect(isTargetAddress('[::1]:9100')).toBe(true);
  expect(isTargetAddress('http://localhost:9100')).toBe(false);
  expect(isTargetAddress('localhost:9100/metrics')).toBe(false);
  expect(isTargetAddress('a@b')).toBe(false);
});

test('a job without a name gets a free one from its address', () => {
  expect(suggestJobName('localhost:9100', new Set())).toBe('node');
  expect(suggestJobName('localhost:9100', new Set(['node', 'node-2']))).toBe('node-3');
  expect(suggestJobName('localhost:3905', new Set())).toBe('local-3905');
  expect(suggestJobName('shop.example:8080', new Set())).toBe('shop.example');
});
