import { expect, test } from 'vitest';
import { HttpError } from '#main/http/index.ts';
import { OWN_BYTES } from '../../src/main/http/body-pool.ts';
import { ResponseReader } from '../../src/main/http/plain/response-reader.ts';
import { random } from './random.ts';

/**
 * Bytes changed in answers, and answers cut anywhere: the reader never crashes, never takes more than was sent, and
 * gives the same however the bytes come. HEARTH_FUZZ_CASES and HEARTH_FUZZ_SEED as for the metrics pages.
 */
const CASES = Number(process.env['HEARTH_FUZZ_CASES'] ?? 20_000);
const SEED = Number(process.env['HEARTH_FUZZ_SEED'] ?? 1);

const ANSWERS = [
  'HTTP/1.1 200 OK\r\nContent-Type: text/plain; version=0.0.4\r\nContent-Length: 12\r\n\r\na 1\nb 2\nc 3\n',
  'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X\r\n\r\n4\r\na 1\n\r\n8;x=y\r\nb 2\nc 3\n\r\n0\r\nX: 1\r\n\r\n',
  'HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\n\r\na 1\nb 2\n',
  'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 503 Busy\r\nConnection: close\r\nContent-Length: 2\r\n\r\nno',
].map((text) => Buffer.from(text));
const PIECES = [
  '\r\n',
  '\n',
  '\r',
  ' ',
  ':',
  '0',
  '-',
  'ffffffff',
  '\0',
  '\xff',
  'Content-Length: 3\r\n',
  'Transfer-Encoding: chunked\r\n',
  '\r\n\r\n',
].map((text) => Buffer.from(text, 'latin1'));

function outcome(bytes: Buffer, cut: (rest: number) => number): string {
  const reader = new ResponseReader(OWN_BYTES, 10_000);
  let at = 0;
  try {
    while (at < bytes.length && !reader.done) {
      const size = cut(bytes.length - at);
      at += reader.take(Buffer.from(bytes.subarray(at, at + size)), size);
    }
    if (!reader.done) reader.end();
    if (reader.body.length > bytes.length) throw new Error('more than was sent');
    return JSON.stringify([reader.status, reader.headers, reader.body.toString('latin1'), reader.persistent, at]);
  } catch (error) {
    if (error instanceof HttpError) return `${error.kind} ${error.message}`;
    throw error;
  }
}

test(`${CASES} changed answers (seed ${SEED})`, () => {
  const next = random(SEED);
  const below = (bound: number): number => Math.floor(next() * bound);
  let read = 0;
  for (let i = 0; i < CASES; i++) {
    let bytes = ANSWERS[below(ANSWERS.length)];
    for (let changes = below(4); changes > 0; changes--) {
      const at = below(bytes.length);
      const piece = next() < 0.5 ? PIECES[below(PIECES.length)] : Buffer.from([below(256)]);
      bytes = Buffer.concat([bytes.subarray(0, at), piece, bytes.subarray(at + below(4))]);
    }
    const whole = outcome(bytes, (rest) => rest);
    const text = JSON.stringify(bytes.toString('latin1'));
    expect([text, outcome(bytes, () => 1)]).toEqual([text, whole]);
    expect([text, outcome(bytes, (rest) => 1 + below(rest))]).toEqual([text, whole]);
    if (whole.startsWith('[')) read++;
  }
  // Most changes break an answer, some do not: both kinds were there.
  expect(read).toBeGreaterThan(CASES / 10);
  expect(read).toBeLessThan(CASES);
});
