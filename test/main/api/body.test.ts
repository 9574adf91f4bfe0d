import { createServer, request as ask, type IncomingMessage, type RequestOptions } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ApiRequest } from '#main/api/index.ts';
import { readBody } from '../../../src/main/api/body.ts';

const MOST = 1000;

/** What the server saw of each request: its body, or why there is none. */
let seen: string[] = [];
let sizes: number[] = [];
let close = (): Promise<void> => Promise.resolve();
let port = 0;
/** Done before the body is asked for. */
let before: () => Promise<void> | null = () => null;

beforeEach(async () => {
  seen = [];
  sizes = [];
  before = () => null;
  const server = createServer({ IncomingMessage: ApiRequest }, (request, response) => {
    const read = async (): Promise<void> => {
      const wait = before();
      if (wait !== null) await wait;
      const body = await readBody(request, MOST);
      seen.push(body.toString());
      sizes.push(body.length);
      response.end(`read ${body.length}`);
    };
    read().catch((error: unknown) => {
      seen.push(String(error));
      if (!response.destroyed) response.writeHead(400).end('no');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  port = (server.address() as AddressInfo).port;
  close = () =>
    new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
});
afterEach(() => close());

/** Sends the pieces one after the other and returns the answer. */
function send(pieces: readonly string[], options: RequestOptions = {}): Promise<string> {
  return new Promise((resolve, reject) => {
    const outgoing = ask({ host: '127.0.0.1', port, method: 'POST', ...options }, (answer: IncomingMessage) => {
      let text = '';
      answer.on('data', (piece: Buffer) => (text += piece.toString()));
      answer.on('end', () => resolve(`${answer.statusCode} ${text}`));
    });
    outgoing.on('error', reject);
    for (const piece of pieces) outgoing.write(piece);
    outgoing.end();
  });
}

/** Sends text as it is over one connection; resolves with all that came when it is closed or `count` answers are there. */
function raw(text: string, count: number): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(text));
    let got = '';
    socket.on('data', (piece) => {
      got += piece.toString();
      if (got.split('HTTP/1.1').length > count) socket.destroy();
    });
    socket.on('close', () => resolve(got));
  });
}

const post = (body: string): string => `POST / HTTP/1.1\r\nHost: h\r\nContent-Length: ${body.length}\r\n\r\n${body}`;

describe('the body of a request', () => {
  test('is read whole: none, in one piece, in many, in chunks', async () => {
    expect(await send([])).toBe('200 read 0');
    expect(await send(['query=up'], { headers: { 'content-length': 8 } })).toBe('200 read 8');
    const pieces = Array.from({ length: 50 }, (_, i) => `piece ${i},`);
    expect(await send(pieces)).toBe(`200 read ${pieces.join('').length}`);
    expect(seen).toEqual(['', 'query=up', pieces.join('')]);
  });

  test('of every request on one connection is its own, asked for in one go too', async () => {
    const got = await raw(post('a=1') + post('') + post('b=22') + post('c'), 4);
    expect(got.match(/read \d+/g)).toEqual(['read 3', 'read 0', 'read 4', 'read 1']);
    expect(seen).toEqual(['a=1', '', 'b=22', 'c']);
  });

  test('is whole as well where it is asked for after it came', async () => {
    before = () => new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
    expect(await raw(post('late') + post('later'), 2)).toMatch(/read 4[^]*read 5/);
    expect(seen).toEqual(['late', 'later']);
  });

  test('too large a one is refused, and the next request is answered', async () => {
    expect(await send(['x'.repeat(MOST + 1)])).toBe('400 no');
    expect(seen).toEqual([`ApiError: request body larger than ${MOST} bytes`]);
    expect(await raw(post('y'.repeat(MOST + 5)) + post('fine'), 2)).toMatch(/400 Bad Request[^]*read 4$/);
    expect(sizes).toEqual([4]);
  });

  test('one that breaks off is told', async () => {
    await new Promise<void>((resolve) => {
      const socket = connect(port, '127.0.0.1', () => {
        socket.write('POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 100\r\n\r\nonly this', () => socket.destroy());
      });
      socket.on('close', () => resolve());
    });
    await expect.poll(() => seen).toHaveLength(1);
    expect(seen[0]).toMatch(/broke off|aborted/);
  });
});
