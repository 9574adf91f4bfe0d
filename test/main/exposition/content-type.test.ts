import { expect, test } from 'vitest';
import { chooseFormat } from '#main/exposition/index.ts';

test.each([
  ['text/plain', 'text'],
  ['text/plain; version=0.0.4; charset=utf-8', 'text'],
  ['Text/Plain;version="1.0.0";escaping=allow-utf-8;', 'text'],
  ['application/openmetrics-text', 'openmetrics'],
  ['application/openmetrics-text; version=1.0.0; charset=utf-8', 'openmetrics'],
  ['application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited', 'protobuf'],
])('%s is read as %s', (header, format) => {
  expect(chooseFormat(header, '')).toEqual({ ok: true, format, note: null });
});

test('a blank header needs a fallback', () => {
  expect(chooseFormat('', '')).toEqual({
    ok: false,
    message:
      'non-compliant scrape target sending blank Content-Type and no fallback_scrape_protocol specified for target',
  });
  expect(chooseFormat('', 'text/plain')).toEqual({
    ok: true,
    format: 'text',
    note: 'non-compliant scrape target sending blank Content-Type, using fallback_scrape_protocol "text/plain"',
  });
});

test.each([
  ['invalid/', 'expected token after slash'],
  ['a/b/c', 'unexpected content after media subtype'],
  ['/', 'no media type'],
  ['text/plain; charset=a; charset=b', 'duplicate parameter name'],
  ['text/plain; =x', 'invalid media parameter'],
])('%s cannot be parsed: %s', (header, problem) => {
  const choice = chooseFormat(header, '');
  expect(choice.ok ? '' : choice.message).toContain(problem);
  expect(chooseFormat(header, 'application/openmetrics-text')).toMatchObject({
    format: 'openmetrics',
    note: expect.stringContaining('using fallback_scrape_protocol "application/openmetrics-text"'),
  });
});

test('a type that is not supported', () => {
  expect(chooseFormat('text/html', '')).toEqual({
    ok: false,
    message: 'received unsupported Content-Type "text/html" and no fallback_scrape_protocol specified for target',
  });
  expect(chooseFormat('text/html; charset=utf-8', 'text/plain')).toMatchObject({ ok: true, format: 'text' });
});
