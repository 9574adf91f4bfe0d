import { expect, test } from 'vitest';
import { HttpError } from '#main/http/index.ts';
import { createBodyPool, OWN_BYTES } from '../../../src/main/http/body-pool.ts';
import { ResponseReader } from '../../../src/main/http/plain/response-reader.ts';

interface Outcome {
  readonly status: number | null;
  readonly body: string;
  readonly persistent: boolean;
  /** Bytes after the answer's end. */
  readonly left: number;
  readonly failure: string | null;
}

/** What a reader makes of a text that comes in pieces of the given sizes (the last one repeats), then the end. */
function read(text: string, sizes: readonly number[] = [text.length || 1], limit = 1 << 20): Outcome {
  const bytes = Buffer.from(text, 'latin1');
  const reader = new ResponseReader(OWN_BYTES, limit);
  // Like a connection's buffer: what was in it before is overwritten by each piece.
  const shared = Buffer.alloc(1 << 16);
  let at = 0;
  let failure: string | null = null;
  try {
    for (let piece = 0; at < bytes.length && !reader.done; piece++) {
      const size = Math.min(bytes.length - at, sizes[Math.min(piece, sizes.length - 1)]);
      bytes.copy(shared, 0, at, at + size);
      const taken = reader.take(shared, size);
      at += taken;
      if (taken < size && !reader.done) throw new Error('bytes were left although the answer goes on');
    }
    if (!reader.done) reader.end();
  } catch (error) {
    if (!(error instanceof HttpError)) throw error;
    failure = `${error.kind}: ${error.message}`;
  }
  const { status, persistent } = reader;
  return { status, body: reader.body.toString('latin1'), persistent, left: bytes.length - at, failure };
}

const OK = 'HTTP/1.1 200 OK\r\n';

test.each<[what: string, text: string, expected: Partial<Outcome>]>([
  ['an announced length', `${OK}Content-Length: 3\r\n\r\nabc`, { body: 'abc', persistent: true }],
  ['no length: until the connection ends', `${OK}\r\nabc`, { body: 'abc', persistent: false }],
  ['no body', `${OK}Content-Length: 0\r\n\r\n`, { body: '', persistent: true }],
  ['status without a body', 'HTTP/1.1 204 No Content\r\n\r\n', { status: 204, body: '', persistent: true }],
  ['no words after the status', 'HTTP/1.1 200\r\nContent-Length: 1\r\n\r\nx', { body: 'x' }],
  [
    'chunks, extensions, trailers',
    `${OK}Transfer-Encoding: chunked\r\n\r\n3;a="b"\r\nabc\r\n0A \r\n0123456789\r\n0\r\nX: y\r\n\r\n`,
    { body: 'abc0123456789', persistent: true },
  ],
  ['line feeds alone', `HTTP/1.1 200 OK\nContent-Length: 2\n\nab`, { body: 'ab' }],
  ['line feeds alone in chunks', `${OK}Transfer-Encoding: chunked\n\n2\nab\n0\n\n`, { body: 'ab' }],
  [
    'interim answers',
    `HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n${OK}Content-Length: 1\r\n\r\nx`,
    { status: 200, body: 'x' },
  ],
  ['the server closes', `${OK}Connection: Close\r\nContent-Length: 1\r\n\r\nx`, { persistent: false, body: 'x' }],
  ['HTTP/1.0 closes', 'HTTP/1.0 200 OK\r\nContent-Length: 1\r\n\r\nx', { persistent: false, body: 'x' }],
  ['HTTP/1.0 keeps', 'HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 1\r\n\r\nx', { persistent: true }],
  ['bytes after the end', `${OK}Content-Length: 1\r\n\r\nxHTTP/1.1 200`, { body: 'x', left: 12 }],
  ['the same length twice', `${OK}Content-Length: 1\r\nContent-Length: 1\r\n\r\nx`, { body: 'x' }],
  [
    'length and chunks',
    `${OK}Content-Length: 9\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n`,
    { body: 'x', persistent: false },
  ],
  ['a header over two lines', `${OK}Content-Length:\r\n  1\r\n\r\nx`, { body: 'x' }],
])('%s', (_, text, expected) => {
  const whole = read(text);
  expect(whole).toMatchObject({ status: 200, failure: null, left: 0, ...expected });
  // However the bytes are cut, the answer is the same.
  for (const sizes of [[1], [2], [3, 1, 7], [text.length - 1, 1], [16, 1], [17, 2, 1]])
    expect(read(text, sizes)).toEqual(whole);
});

test.each<[what: string, text: string, failure: string]>([
  ['another protocol', 'SSH-2.0-OpenSSH_9.2\r\n', 'other: malformed HTTP response: no HTTP answer'],
  ['another version', 'HTTP/2 200\r\n\r\n', 'other: malformed HTTP response: no HTTP answer'],
  ['no status', 'HTTP/1.1 abc\r\n\r\n', 'other: malformed HTTP response: no HTTP answer'],
  ['a status that is none', 'HTTP/1.1 042 x\r\n\r\n', 'other: malformed HTTP response: status 042'],
  [
    'another protocol from here on',
    'HTTP/1.1 101 x\r\n\r\n',
    'other: malformed HTTP response: the server changes the protocol',
  ],
  [
    'a blank in a header name',
    `${OK}Content-Length : 1\r\n\r\nx`,
    'other: malformed HTTP response: header "Content-Length : 1"',
  ],
  [
    'two lengths',
    `${OK}Content-Length: 1\r\nContent-Length: 2\r\n\r\nxy`,
    'other: malformed HTTP response: content length "1, 2"',
  ],
  ['a length that is none', `${OK}Content-Length: -1\r\n\r\n`, 'other: malformed HTTP response: content length "-1"'],
  ['an empty length', `${OK}Content-Length:\r\n\r\n`, 'other: malformed HTTP response: content length ""'],
  [
    'an unknown coding',
    `${OK}Transfer-Encoding: gzip, chunked\r\n\r\n`,
    'other: malformed HTTP response: transfer encoding "gzip, chunked"',
  ],
  [
    'a chunk without size',
    `${OK}Transfer-Encoding: chunked\r\n\r\nx\r\n`,
    'other: malformed HTTP response: a chunk of the body has no size',
  ],
  [
    'a chunk that is longer',
    `${OK}Transfer-Encoding: chunked\r\n\r\n1\r\nxy\r\n`,
    'other: malformed HTTP response: a chunk of the body is longer than announced',
  ],
  [
    'an end in the head',
    'HTTP/1.1 200 OK\r\nA: b\r\n',
    'closed: the connection was closed before the answer was complete',
  ],
  [
    'an end in the body',
    `${OK}Content-Length: 3\r\n\r\nab`,
    'closed: the connection was closed before the answer was complete',
  ],
  [
    'an end in a chunk',
    `${OK}Transfer-Encoding: chunked\r\n\r\n5\r\nab`,
    'closed: the connection was closed before the answer was complete',
  ],
  [
    'an end before the last chunk',
    `${OK}Transfer-Encoding: chunked\r\n\r\n1\r\na\r\n`,
    'closed: the connection was closed before the answer was complete',
  ],
  ['nothing', '', 'closed: the connection was closed before the answer was complete'],
])('fails: %s', (_, text, failure) => {
  expect(read(text).failure).toBe(failure);
  for (const sizes of [[1], [5, 2]]) expect(read(text, sizes).failure).toBe(failure);
});

test('nothing is without a bound', () => {
  const filler = 'a'.repeat(300_000);
  expect(read(`${OK}X: ${filler}`, [60_000]).failure).toContain('headers are too long');
  expect(read(`${OK}Transfer-Encoding: chunked\r\n\r\n1;${filler}`, [60_000]).failure).toContain('too long');
  expect(read(`${OK}Transfer-Encoding: chunked\r\n\r\n0\r\n${'X: y\r\n'.repeat(70_000)}`, [60_000]).failure).toContain(
    'trailers',
  );
  for (const framing of ['Content-Length: 1000', 'Transfer-Encoding: chunked', 'X: y']) {
    const body = framing.startsWith('T') ? `3e8\r\n${'x'.repeat(1000)}\r\n0\r\n\r\n` : 'x'.repeat(1000);
    expect(read(`${OK}${framing}\r\n\r\n${body}`, [100], 1000).failure).toBe(
      'body-size: body size limit exceeded (1000 bytes)',
    );
    expect(read(`${OK}${framing}\r\n\r\n${body}`, [100], 1001)).toMatchObject({
      failure: null,
      body: 'x'.repeat(1000),
    });
  }
  // What is announced is not taken at its word: memory grows with what comes.
  expect(read(`${OK}Content-Length: 900000000\r\n\r\nabc`, [30], 1 << 30).failure).toContain('closed');
});

test('a buffer comes back from the pool, and a body outgrows it', () => {
  const pool = createBodyPool();
  const once = (size: number): Buffer => {
    const reader = new ResponseReader(pool, 1 << 30);
    const answer = Buffer.from(`${OK}\r\n${'x'.repeat(size)}`);
    reader.take(answer, answer.length);
    reader.end();
    expect(reader.body.length).toBe(size);
    const { body } = reader;
    reader.release();
    return body;
  };
  const first = once(1000);
  expect(once(2000).buffer).toBe(first.buffer);
  expect(once(10_000_000).buffer).not.toBe(first.buffer);
  expect(pool.acquire(1000).buffer).not.toBe(pool.acquire(1000).buffer);
});
