import { once } from 'node:events';
import { createServer, request as ask, type IncomingMessage, type RequestOptions } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { ApiError, bytesResponse, textResponse, type ApiRequest, type ApiResponse } from '#main/api/index.ts';
import { createHttpServer, type HttpServer } from '../../../src/main/web/http-server.ts';
import { readShortRequest } from '../../../src/main/web/short-request.ts';

const MOST = 1000;

/** What the server saw of each request: its body, or why there is none. */
let seen: string[] = [];
let bugs: string[] = [];
let port = 0;
let http: HttpServer;
let sockets: Socket[] = [];
let answer: (request: ApiRequest) => Promise<ApiResponse>;

async function echo(request: ApiRequest): Promise<ApiResponse> {
  const { method, path, query } = request;
  try {
    const body = (await request.readBody(MOST)).toString();
    seen.push(body);
    return textResponse(200, `${method} ${path} ${query} ${request.header('x-own') ?? '-'} read ${body.length}`);
  } catch (error) {
    seen.push(String(error));
    return textResponse(error instanceof ApiError ? error.status : 500, 'no');
  }
}

beforeEach(async () => {
  seen = [];
  bugs = [];
  sockets = [];
  answer = echo;
  http = createHttpServer({
    answer: (request) => answer(request),
    readTimeout: 10_000,
    now: () => Date.UTC(2024, 0, 2, 3, 4, 5),
    onBug: (where, error) => bugs.push(`${where} ${String(error)}`),
  });
  http.server.on('connection', (socket: Socket) => sockets.push(socket));
  http.server.listen(0, '127.0.0.1');
  await once(http.server, 'listening');
  port = (http.server.address() as AddressInfo).port;
});
afterEach(async () => {
  const closed = new Promise<void>((resolve) => http.server.close(() => resolve()));
  http.closeAll();
  await closed;
});

/** Sends the pieces one after the other and returns the answer. */
function send(pieces: readonly string[], options: RequestOptions = {}): Promise<string> {
  return new Promise((resolve, reject) => {
    const outgoing = ask({ host: '127.0.0.1', port, method: 'POST', ...options }, (message: IncomingMessage) => {
      let text = '';
      message.on('data', (piece: Buffer) => (text += piece.toString()));
      message.on('end', () => resolve(`${message.statusCode} ${text}`));
    });
    outgoing.on('error', reject);
    for (const piece of pieces) outgoing.write(piece);
    outgoing.end();
  });
}

/** A connection, and all that has come over it. */
class Wire {
  readonly socket: Socket;
  text = '';
  closed = false;
  constructor() {
    this.socket = connect(port, '127.0.0.1');
    this.socket.on('data', (piece) => (this.text += piece.toString('latin1')));
    this.socket.on('error', () => {});
    this.socket.on('close', () => (this.closed = true));
  }
  write(text: string): void {
    this.socket.write(text, 'latin1');
  }
  /** Resolves with what came since the last call once it has so many answers. */
  async answers(count: number): Promise<string> {
    await vi.waitFor(() => {
      if (this.text.split(/HTTP\/1\.1 \d/).length <= count) throw new Error(`not ${count} answers: ${this.text}`);
    });
    const { text } = this;
    this.text = '';
    return text;
  }
}

const post = (body: string, more = ''): string =>
  `POST /p HTTP/1.1\r\nHost: h\r\n${more}Content-Length: ${body.length}\r\n\r\n${body}`;
const get = (path: string, more = ''): string => `GET ${path} HTTP/1.1\r\nHost: h\r\n${more}\r\n`;

describe('a body', () => {
  test('is read whole: none, in one piece, in many, in chunks', async () => {
    expect(await send([])).toBe('200 POST /  - read 0');
    expect(await send(['query=up'], { headers: { 'content-length': 8 } })).toBe('200 POST /  - read 8');
    const pieces = Array.from({ length: 50 }, (_, i) => `piece ${i},`);
    expect(await send(pieces)).toBe(`200 POST /  - read ${pieces.join('').length}`);
    expect(seen).toEqual(['', 'query=up', pieces.join('')]);
  });

  test('of every request on one connection is its own, asked for in one go too', async () => {
    const wire = new Wire();
    wire.write(post('a=1') + post('') + post('b=22') + post('c'));
    expect((await wire.answers(4)).match(/read \d+/g)).toEqual(['read 3', 'read 0', 'read 4', 'read 1']);
    expect(seen).toEqual(['a=1', '', 'b=22', 'c']);
  });

  test('that is too large is refused, short or not, and the next request is answered', async () => {
    const wire = new Wire();
    wire.write(post('x'.repeat(MOST + 1)));
    expect(await wire.answers(1)).toMatch(/^HTTP\/1\.1 400 /);
    wire.write(post('fine'));
    expect(await wire.answers(1)).toMatch(/read 4$/);
    expect(await send(['x', 'y'.repeat(MOST + 5)])).toBe('400 no');
    expect(seen[2]).toBe(`ApiError: request body larger than ${MOST} bytes`);
  });

  test('that breaks off is told', async () => {
    const wire = new Wire();
    wire.write('POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 100\r\n\r\nonly this');
    await expect.poll(() => sockets).toHaveLength(1);
    await expect.poll(() => sockets[0].bytesRead).toBeGreaterThan(20);
    wire.socket.destroy();
    await expect.poll(() => seen).toHaveLength(1);
    expect(seen[0]).toMatch(/broke off|aborted/);
  });
});

/** Whether Node's parser reads the connection. */
function isNodes(socket: Socket): boolean {
  return ((socket as { parser?: unknown }).parser ?? null) !== null;
}

describe('a connection', () => {
  test('is kept for one short request after the other, each with its own headers', async () => {
    const wire = new Wire();
    for (const [text, want] of [
      [get('/a?b=%20c'), 'GET /a b=%20c - read 0'],
      [get('/a', 'X-Own: 1\r\n'), 'GET /a  1 read 0'],
      [get('/a', 'X-Own: 1\r\n'), 'GET /a  1 read 0'],
      [get('/a', 'X-Own: 2\r\n'), 'GET /a  2 read 0'],
      [post('body', 'x-own:   spaced \t\r\n'), 'POST /p  spaced read 4'],
    ] as const) {
      wire.write(text);
      const got = await wire.answers(1);
      expect(got.split('\r\n\r\n')[1]).toBe(want);
      expect(got).toContain('\r\nDate: Tue, 02 Jan 2024 03:04:05 GMT\r\nConnection: keep-alive\r\n');
    }
    expect(isNodes(sockets[0])).toBe(false);
  });

  test.each([
    ['a body in chunks', 'POST /p HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nbody\r\n0\r\n\r\n', 4],
    ['a header twice', get('/p', 'X-Own: 1\r\nX-Own: 2\r\n'), 0],
    ['dots in the path', get('/a/../p'), 0],
    ['another method', 'PUT /p HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\n\r\nbody', 4],
    ['a GET with a body', 'GET /p HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\n\r\nbody', 4],
  ])('goes over to Node for good with %s', async (_what, text, length) => {
    const wire = new Wire();
    wire.write(get('/before'));
    expect(await wire.answers(1)).toMatch(/GET \/before {2}- read 0$/);
    wire.write(text);
    expect(await wire.answers(1)).toMatch(new RegExp(` /p .* read ${length}$`));
    wire.write(get('/after') + post('more'));
    expect(await wire.answers(2)).toMatch(/GET \/after [^]*read 4$/);
    expect(wire.closed).toBe(false);
    expect(isNodes(sockets[0])).toBe(true);
  });

  test("Node's requests have the query of their address, and nothing of what stands behind it", async () => {
    for (const [target, want] of [
      ['/a/../p?b=%20c#d', 'GET /p b=%20c - read 0'],
      [`http://127.0.0.1:${port}/p?b`, 'GET /p b - read 0'],
      ['/a/../p?', 'GET /p  - read 0'],
    ]) {
      const wire = new Wire();
      wire.write(get(target));
      expect((await wire.answers(1)).split('\r\n\r\n')[1]).toBe(want);
    }
  });

  test('goes over in the middle of a request, too', async () => {
    const wire = new Wire();
    const [first, second] = ['POST /p HTTP/1.1\r\nHost: h\r\nConte', 'nt-Length: 4\r\n\r\nbody'];
    wire.write(first);
    await expect.poll(() => sockets[0]?.bytesRead).toBe(first.length);
    wire.write(second);
    expect(await wire.answers(1)).toMatch(/POST \/p {2}- read 4$/);
  });

  test('is closed where the client wishes so', async () => {
    for (const text of [get('/', 'Connection: close\r\n'), 'GET / HTTP/1.0\r\nHost: h\r\n\r\n']) {
      const wire = new Wire();
      wire.write(text);
      expect(await wire.answers(1)).toMatch(/^HTTP\/1\.1 200 [^]*Connection: close/);
      await expect.poll(() => wire.closed).toBe(true);
    }
  });

  test('whose next request comes early answers in order', async () => {
    const go: (() => void)[] = [];
    answer = async (request) => {
      await new Promise<void>((resolve) => go.push(resolve));
      return echo(request);
    };
    const wire = new Wire();
    wire.write(get('/one'));
    await expect.poll(() => go).toHaveLength(1);
    const early = get('/two');
    wire.write(early);
    await expect.poll(() => sockets[0].bytesRead).toBe(get('/one').length + early.length);
    go[0]();
    await expect.poll(() => go).toHaveLength(2);
    go[1]();
    expect(await wire.answers(2)).toMatch(/GET \/one [^]*GET \/two /);
  });

  test('that the client gives up aborts what is made for it', async () => {
    const aborted: boolean[] = [];
    answer = async ({ signal }) => {
      await once(signal, 'abort');
      aborted.push(true);
      return textResponse(200, 'too late');
    };
    for (const text of [get('/'), get('/a/./b')]) {
      const wire = new Wire();
      wire.write(text);
      await expect.poll(() => sockets.at(-1)?.bytesRead).toBe(text.length);
      wire.socket.end();
      await expect.poll(() => wire.closed).toBe(true);
    }
    await expect.poll(() => aborted).toHaveLength(2);
    expect(bugs).toEqual([]);
  });

  test('without a request is closed at once when the server stops, another one after its answer', async () => {
    const go = Promise.withResolvers<void>();
    answer = async (request) => {
      await go.promise;
      return echo(request);
    };
    const [idle, busy] = [new Wire(), new Wire()];
    busy.write(get('/'));
    await expect.poll(() => sockets.filter(({ bytesRead }) => bytesRead > 0)).toHaveLength(1);
    await expect.poll(() => sockets).toHaveLength(2);
    http.closeIdle();
    await expect.poll(() => idle.closed).toBe(true);
    expect(busy.closed).toBe(false);
    go.resolve();
    expect(await busy.answers(1)).toMatch(/Connection: close\r\n\r\nGET \//);
    await expect.poll(() => busy.closed).toBe(true);
  });

  test('can become another protocol', async () => {
    http.server.on('upgrade', (_request, socket) => void socket.end('HTTP/1.1 101 Switching\r\n\r\nhello'));
    const wire = new Wire();
    wire.write(get('/', 'Connection: Upgrade\r\nUpgrade: own\r\n'));
    expect(await wire.answers(1)).toMatch(/hello$/);
  });
});

describe('an answer', () => {
  const both = [
    ['short', ''],
    ["Node's", 'Connection: close\r\n'],
  ] as const;

  test.each(both)('has headers only for HEAD, and no body with 204: %s', async (_name, more) => {
    answer = async ({ path }) =>
      path === '/none' ? { status: 204, headers: {}, body: null } : textResponse(200, 'text');
    const wire = new Wire();
    wire.write(`HEAD / HTTP/1.1\r\nHost: h\r\n${more}\r\n`);
    expect(await wire.answers(1)).toMatch(/^HTTP\/1\.1 200 OK\r\n[^]*Content-Length: 4\r\n[^]*\r\n\r\n$/);
    const none = new Wire();
    none.write(get('/none', more));
    expect(await none.answers(1)).toMatch(/^HTTP\/1\.1 204 No Content\r\n[^]*\r\n\r\n$/);
  });

  test.each(both)('of many pieces comes whole: %s', async (_name, more) => {
    const pieces = Array.from({ length: 40 }, (_, i) => Buffer.alloc(100_000, 97 + (i % 26)));
    answer = async () => bytesResponse(200, 'text/plain', pieces);
    const wire = new Wire();
    wire.write(get('/', more));
    await expect.poll(() => wire.text.length, { timeout: 10_000 }).toBeGreaterThan(4_000_000);
    await expect.poll(() => wire.text.slice(wire.text.indexOf('\r\n\r\n') + 4)).toBe(pieces.join(''));
  });

  test.each([
    ['short', {}],
    ["Node's", { agent: false as const }],
  ])('is compressed for those who take it: %s', async (_name, options) => {
    const text = 'compress me '.repeat(2000);
    answer = async () => textResponse(200, text);
    const got = await new Promise<{ headers: unknown; body: Buffer }>((resolve) => {
      const headers = { 'accept-encoding': 'br, gzip' };
      ask({ host: '127.0.0.1', port, headers, ...options }, (message) => {
        const body: Buffer[] = [];
        message.on('data', (piece: Buffer) => body.push(piece));
        message.on('end', () => resolve({ headers: message.headers, body: Buffer.concat(body) }));
      }).end();
    });
    expect(got.headers).toMatchObject({ 'content-encoding': 'gzip', vary: 'Accept-Encoding' });
    expect(gunzipSync(got.body).toString()).toBe(text);
  });

  test.each(both)('may be made while it is sent, and tell at its end how it went: %s', async (_name, more) => {
    let sent = 0;
    async function* text(): AsyncGenerator<string> {
      for (const piece of ['one,', 'two']) {
        await Promise.resolve();
        sent += piece.length;
        yield piece;
      }
    }
    answer = async () => ({
      status: 200,
      headers: {},
      body: { text: text(), trailerNames: ['Sent'], trailers: () => [String(sent)] },
    });
    const wire = new Wire();
    wire.write(get('/', more));
    await expect.poll(() => wire.text).toMatch(/\r\n\r\n$/);
    await expect.poll(() => wire.text).toMatch(/0\r\nSent: 7\r\n\r\n$/);
    expect(wire.text).toMatch(/Trailer: Sent\r\n[^]*4\r\none,\r\n3\r\ntwo\r\n0\r\n/);
  });

  test.each(both)('that fails on its way breaks off, and is told: %s', async (_name, more) => {
    async function* text(): AsyncGenerator<string> {
      yield 'begun';
      await Promise.resolve();
      throw new Error('broken');
    }
    answer = async () => ({ status: 200, headers: {}, body: { text: text(), trailerNames: [], trailers: () => [] } });
    const wire = new Wire();
    wire.write(get('/x', more));
    await expect.poll(() => wire.closed).toBe(true);
    expect(wire.text).not.toMatch(/0\r\n\r\n$/);
    expect(bugs).toEqual(['/x Error: broken']);
  });
});

describe('what is short', () => {
  const read = (text: string) => readShortRequest(Buffer.from(text, 'latin1'));

  test.each([
    ['no host', 'GET / HTTP/1.1\r\nAccept: */*\r\n\r\n'],
    ['bare line feeds', 'GET / HTTP/1.1\nHost: h\n\n'],
    ['a line feed in a header', 'GET / HTTP/1.1\r\nHost: h\nX: y\r\n\r\n'],
    ['a folded header', 'GET / HTTP/1.1\r\nHost: h\r\nX: y\r\n z\r\n\r\n'],
    ['a space before the colon', 'GET / HTTP/1.1\r\nHost : h\r\n\r\n'],
    ['a null', 'GET / HTTP/1.1\r\nHost: h\0\r\n\r\n'],
    ['two spaces', 'GET  / HTTP/1.1\r\nHost: h\r\n\r\n'],
    ['an absolute address', 'GET http://h/ HTTP/1.1\r\nHost: h\r\n\r\n'],
    ['two slashes', 'GET //evil/ HTTP/1.1\r\nHost: h\r\n\r\n'],
    ['an encoded dot', 'GET /a/%2E%2e/b HTTP/1.1\r\nHost: h\r\n\r\n'],
    ['a back slash', 'GET /a\\b HTTP/1.1\r\nHost: h\r\n\r\n'],
    ['a fragment', 'GET /a?b#c HTTP/1.1\r\nHost: h\r\n\r\n'],
    ['two lengths', 'POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\na'],
    ['a signed length', 'POST / HTTP/1.1\r\nHost: h\r\nContent-Length: +1\r\n\r\na'],
    ['a length and chunks', 'POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\na'],
    ['more than its length', 'POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\n\r\nab'],
    ['less than its length', 'POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\na'],
    ['an expectation', 'POST / HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\na'],
    ['a head that is too long', `GET / HTTP/1.1\r\nHost: h\r\nX: ${'y'.repeat(20_000)}\r\n\r\n`],
  ])('is not one with %s', (_what, text) => expect(read(text)).toBeNull());

  test('headers are those of the request, whatever the one before had', () => {
    const first = read(get('/', 'X-Own: 1\r\n'));
    expect(read(get('/other', 'X-Own: 1\r\n'))?.headers).toEqual(first?.headers);
    expect(read(get('/other', 'X-Own: 2\r\n'))?.headers.get('x-own')).toBe('2');
    expect(read(get('/other', 'Expect: x\r\n'))).toBeNull();
  });

  test("says what Node's parser says, whatever the bytes", async () => {
    const byNode: unknown[] = [];
    const server = createServer((message, response) => {
      const body: Buffer[] = [];
      message.on('data', (piece: Buffer) => body.push(piece));
      message.on('end', () => {
        const { method, url, headers } = message;
        byNode.push({ method, url, headers: { ...headers }, body: Buffer.concat(body).toString('latin1') });
        response.end();
      });
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port: nodePort } = server.address() as AddressInfo;
    const byOne = async (bytes: string): Promise<unknown> => {
      byNode.length = 0;
      const socket = connect(nodePort, '127.0.0.1');
      socket.on('error', () => {});
      socket.end(bytes, 'latin1');
      socket.resume();
      await once(socket, 'close');
      return byNode.length === 1 ? byNode[0] : byNode;
    };
    const odd = fc.constantFrom(
      '\r',
      '\n',
      '\r\n',
      ' ',
      '\t',
      ':',
      '\0',
      '\x7f',
      '\xff',
      ',',
      ';',
      '%',
      '#',
      '?',
      '/',
      '..',
    );
    const word = fc
      .array(
        fc.oneof(
          { weight: 30, arbitrary: fc.constantFrom(...'abcXYZ019-_=&?'.split(''), '/a', '%2e') },
          { weight: 1, arbitrary: odd },
        ),
        { maxLength: 6 },
      )
      .map((parts) => parts.join(''));
    const header = fc.oneof(
      fc.tuple(word, word).map(([name, value]) => `${name}: ${value}`),
      fc.constantFrom(
        'Content-Length: 3',
        'content-length:3 ',
        'Transfer-Encoding: chunked',
        'Connection: keep-alive',
        'Connection: x',
        'Accept: */*',
      ),
    );
    const request = fc
      .record({
        method: fc.constantFrom('GET', 'GET', 'GET', 'POST', 'HEAD', 'get', 'PUT'),
        target: word.map((text) => `/${text}`),
        headers: fc.array(header, { maxLength: 4 }),
        body: fc.constantFrom('', '', '', 'abc', 'abcd'),
        end: fc.constantFrom('\r\n', '\r\n', '\r\n', '\r\n', '\r\n', '\n'),
      })
      .map(({ method, target, headers, body, end }) =>
        [`${method} ${target} HTTP/1.1`, 'Host: h', ...headers, '', body].join(end),
      );
    let short = 0;
    await fc.assert(
      fc.asyncProperty(request, async (text) => {
        const own = read(text);
        if (own === null) return;
        short++;
        const { method, path, query, headers, body } = own;
        expect(await byOne(text)).toEqual({
          method,
          url: text.split(' ')[1],
          headers: Object.fromEntries(headers),
          body: body.toString('latin1'),
        });
        const url = new URL(text.split(' ')[1], 'http://h');
        expect([path, query]).toEqual([url.pathname, url.search.slice(1)]);
      }),
      { numRuns: 6000 },
    );
    expect(short).toBeGreaterThan(300);
    await new Promise<void>((resolve) => server.close(() => resolve()));
  });
});
