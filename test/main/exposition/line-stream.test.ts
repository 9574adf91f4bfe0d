import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatSeries, STALE_HI, STALE_LO, wordsOf } from '#shared/model/index.ts';
import { createReader, ExpositionError, LineStream } from '#main/exposition/index.ts';

type Format = 'text' | 'openmetrics';

function inPieces(text: string, cuts: readonly number[]): Buffer[] {
  const bytes = Buffer.from(text);
  const places = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].sort((a, b) => a - b);
  return [0, ...places].map((from, i) => bytes.subarray(from, places[i] ?? bytes.length));
}

function stream(format: Format, pieces: readonly Uint8Array[]): string[] {
  const lines = new LineStream(format);
  for (const piece of pieces) lines.push(piece);
  lines.end();
  return Array.from({ length: lines.count }, (_, i) =>
    [formatSeries(lines.labels[lines.series[i]]), lines.values[i], lines.times[i]].join(' '),
  );
}

/** What the reader of scraped bodies finds. */
function oracle(format: Format, text: string): string[] {
  const reader = createReader(format);
  const body = reader.read(Buffer.from(text));
  return Array.from({ length: body.count }, (_, i) =>
    [formatSeries(reader.labelsOf(i)), body.values[i], body.times?.[i] ?? NaN].join(' '),
  );
}

const name = fc.constantFrom('a', 'ab', 'a:b', 'http_requests_total', 'h_bucket');
const label = fc.constantFrom('l="1"', 'l="2"', 'le="1"', 'le="+Inf"', 'q="a\\"}{ \\\\b\\n"', 'm="\u00e9"');
const seriesText = fc
  .tuple(name, fc.uniqueArray(label, { maxLength: 2, selector: (one) => one.split('=')[0] }))
  .map(([metric, labels]) => (labels.length === 0 ? metric : `${metric}{${labels.join(',')}}`));
const value = fc.oneof(
  fc.integer({ min: -1000, max: 1000 }).map(String),
  fc.double({ noNaN: true }).map((number) => String(number).replace('Infinity', 'Inf')),
  fc.constantFrom('NaN', '+Inf', '-Inf', '1e3', '1.5E-7'),
);
const time = fc.integer({ min: -1_000_000, max: 2_000_000_000_000 });
const comment = fc.constantFrom('# TYPE h histogram', '# TYPE a counter', '# HELP a Something.');

describe('a stream of lines', () => {
  test('says what the reader of bodies says, wherever it is cut', () => {
    const line = fc.oneof(
      { weight: 8, arbitrary: fc.tuple(seriesText, value, time).map((parts) => parts.join(' ')) },
      { weight: 1, arbitrary: fc.tuple(seriesText, value).map((parts) => parts.join(' ')) },
      {
        weight: 1,
        arbitrary: fc.constantFrom('# TYPE h histogram', '# TYPE q summary', '# HELP a b', '', '# c', '\t'),
      },
    );
    fc.assert(
      fc.property(fc.array(line, { maxLength: 40 }), fc.array(fc.nat()), fc.boolean(), (all, cuts, whole) => {
        const text = all.join('\n') + (whole ? '\n' : '');
        expect(stream('text', inPieces(text, cuts))).toEqual(oracle('text', text));
      }),
    );
  });

  test('the same in OpenMetrics', () => {
    const line = fc.oneof(
      {
        weight: 8,
        arbitrary: fc.tuple(seriesText, value, time).map(([series, text, at]) => `${series} ${text} ${at / 1000}`),
      },
      { weight: 1, arbitrary: comment },
    );
    fc.assert(
      fc.property(fc.array(line, { maxLength: 40 }), fc.array(fc.nat()), (all, cuts) => {
        const text = [...all, '# EOF\n'].join('\n');
        expect(stream('openmetrics', inPieces(text, cuts))).toEqual(oracle('openmetrics', text));
      }),
    );
  });

  test('keeps series apart that begin alike, in whatever order they come', () => {
    const text = ['a', 'a{l="1"}', 'a {l="2"}', 'a', 'a{l="1"}', 'a {l="2"}', 'a', 'a', 'a{l="2"}']
      .map((series, i) => `${series} ${i} ${i}\n`)
      .join('');
    expect(stream('text', [Buffer.from(text)])).toEqual(oracle('text', text));
  });

  test('reads the spelling of a stale marker, and no other NaN, as one', () => {
    const lines = new LineStream('text');
    lines.push(Buffer.from('a nAN 1\na NaN 2\na nan 3\nb{c="nAN"} NaN 4\nb{c="nAN"}   nAN 5\n'));
    const words = wordsOf(lines.values);
    const stale = Array.from({ length: 5 }, (_, i) => words[2 * i] === STALE_LO && words[2 * i + 1] === STALE_HI);
    expect(stale).toEqual([true, false, false, false, true]);
  });

  test('gives metadata once', () => {
    const lines = new LineStream('openmetrics');
    lines.push(Buffer.from('# TYPE a_seconds gauge\n# UNIT a_seconds seconds\n# HELP a_seconds A.\n'));
    expect(lines.takeMetadata()).toEqual([{ family: 'a_seconds', type: 'gauge', unit: 'seconds', help: 'A.' }]);
    expect(lines.takeMetadata()).toEqual([]);
  });

  test('names the line that is wrong, over all pieces', () => {
    const lines = new LineStream('text');
    lines.push(Buffer.from('a 1 1\n'.repeat(10)));
    let error: unknown = null;
    try {
      lines.push(Buffer.from('a 2 2\nnonsense\n'));
    } catch (caught) {
      error = caught;
    }
    expect(error).toBeInstanceOf(ExpositionError);
    expect((error as ExpositionError).line).toBe(12);
    expect(lines.count).toBe(11);
  });

  test('refuses a line without end', () => {
    const lines = new LineStream('text');
    expect(() => {
      for (let i = 0; i < 200; i++) lines.push(Buffer.alloc(10_000, 0x61));
    }).toThrow('too long');
  });

  test('ends with # EOF', () => {
    const lines = new LineStream('openmetrics');
    lines.push(Buffer.from('a 1 1\n# EOF'));
    expect(lines.ended).toBe(false);
    lines.end();
    expect(lines.ended).toBe(true);
    expect(() => lines.push(Buffer.from('a 1 2\n'))).toThrow('after # EOF');
  });
});
