import { createVerify, generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, onTestFinished, test } from 'vitest';
import {
  createBodyPool,
  createHttpClient,
  HttpError,
  PLAIN_HTTP,
  type HttpRequest,
  type HttpSettings,
} from '#main/http/index.ts';
import { closedPort, httpDeps, serve, serveRaw } from './local-server.ts';

function client(settings: Partial<HttpSettings> = {}, files: Record<string, string> = {}) {
  const made = createHttpClient({ ...PLAIN_HTTP, ...settings }, httpDeps(files));
  onTestFinished(() => made.close());
  return made;
}

const get = (url: string, more: Partial<HttpRequest> = {}): HttpRequest => ({ url, timeout: 5000, ...more });

async function failure(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof HttpError) return error.kind;
    throw error;
  }
  return 'no failure';
}

test('gives status, headers and body, and keeps the connection', async () => {
  const ports = new Set<number | undefined>();
  const origin = await serve((request, response) => {
    ports.add(request.socket.remotePort);
    response.writeHead(418, { 'content-type': 'text/plain' }).end(`at ${request.url}`);
  });
  const http = client();
  for (let i = 0; i < 5; i++) {
    const answer = await http.request(get(`${origin}/m?a=1`));
    expect([answer.status, answer.headers['content-type'], answer.body.toString()]).toEqual([
      418,
      'text/plain',
      'at /m?a=1',
    ]);
  }
  // A request that is made while the answer before it ends may open a second one.
  expect(ports.size).toBeLessThanOrEqual(2);
});

test('requests to one origin do not wait for each other', async () => {
  let waiting = 0;
  const origin = await serve((_, response) => {
    waiting++;
    const poll = setInterval(() => {
      if (waiting === 3) {
        clearInterval(poll);
        response.end('x');
      }
    }, 2);
    response.on('close', () => clearInterval(poll));
  });
  const http = client();
  const answers = await Promise.all([1, 2, 3].map(() => http.request(get(origin))));
  expect(answers.map((answer) => answer.status)).toEqual([200, 200, 200]);
});

test('gzip is unpacked, and not asked for from this machine', async () => {
  let accept: string | undefined;
  const origin = await serve((request, response) => {
    accept = request.headers['accept-encoding'];
    response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync('hello'));
  });
  const answer = await client().request(get(origin, { compression: true }));
  expect(answer.body.toString()).toBe('hello');
  expect(answer.wireBytes).toBeGreaterThan(5);
  expect(accept).toBe('identity');
});

test('a body at the limit is refused, packed or not, announced or not', async () => {
  const origin = await serve((request, response) => {
    if (request.url === '/gzip')
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(Buffer.alloc(5000)));
    else if (request.url === '/chunked') {
      response.write(Buffer.alloc(500));
      response.end(Buffer.alloc(500));
    } else response.end(Buffer.alloc(1000));
  });
  const http = client();
  for (const path of ['/', '/chunked', '/gzip'])
    expect(await failure(http.request(get(origin + path, { maxBytes: 1000 })))).toBe('body-size');
  expect((await http.request(get(origin, { maxBytes: 1001 }))).body.length).toBe(1000);
});

test('basic and bearer credentials, from files read anew', async () => {
  const seen: (string | undefined)[] = [];
  const origin = await serve((request, response) => {
    seen.push(request.headers.authorization);
    response.end();
  });
  const files: Record<string, string> = { '/pw': 'one\n', '/token': 'tok\n' };
  const basic = client({ basicAuth: { username: 'u', usernameFile: '', password: '', passwordFile: '/pw' } }, files);
  await basic.request(get(origin));
  files['/pw'] = 'two';
  await basic.request(get(origin));
  const bearer = { type: 'Bearer', credentials: '', credentialsFile: '/token' };
  await client({ authorization: bearer }, files).request(get(origin));
  const base64 = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`;
  expect(seen).toEqual([base64('u:one'), base64('u:two'), 'Bearer tok']);
  const missing = client({ authorization: { ...bearer, credentialsFile: '/none' } });
  expect(await failure(missing.request(get(origin)))).toBe('credentials');
});

test('configured headers carry values, secrets and the contents of files', async () => {
  const seen: IncomingHttpHeaders[] = [];
  const origin = await serve((request, response) => {
    seen.push(request.headers);
    response.end();
  });
  const headers = new Map([['X-Scope', { values: ['a'], secrets: ['b'], files: ['/c'] }]]);
  await client({ headers }, { '/c': 'c\n' }).request(get(origin));
  expect(seen[0]['x-scope']).toBe('a, b, c');
  expect(await failure(client({ headers }).request(get(origin)))).toBe('credentials');
});

test('redirects are followed; credentials and headers do not go to another host', async () => {
  const seen: IncomingHttpHeaders[] = [];
  const target = await serve((request, response) => {
    seen.push(request.headers);
    response.end('there');
  });
  const origin = await serve((request, response) => {
    const other = target.replace('127.0.0.1', 'localhost');
    response.writeHead(302, { location: request.url === '/same' ? `${target}/x` : `${other}/x` }).end();
  });
  const http = client({
    authorization: { type: 'Bearer', credentials: 'secret', credentialsFile: '' },
    headers: new Map([['X-Key', { values: ['k'], secrets: [], files: [] }]]),
  });
  expect((await http.request(get(`${origin}/same`))).url).toBe(`${target}/x`);
  expect((await http.request(get(`${origin}/other`))).body.toString()).toBe('there');
  expect(seen.map((headers) => [headers.authorization, headers['x-key']])).toEqual([
    ['Bearer secret', 'k'],
    [undefined, undefined],
  ]);
  const strict = client({ followRedirects: false });
  expect((await strict.request(get(origin))).status).toBe(302);
});

test('endless and unusable redirects fail', async () => {
  const origin = await serve((request, response) => {
    response.writeHead(301, { location: request.url === '/file' ? 'file:///etc/passwd' : '/again' }).end();
  });
  expect(await failure(client().request(get(origin)))).toBe('redirect');
  expect(await failure(client().request(get(`${origin}/file`)))).toBe('redirect');
});

test('failures are told apart', async () => {
  const http = client();
  expect(await failure(http.request(get(`http://127.0.0.1:${await closedPort()}/`)))).toBe('refused');
  expect(await failure(http.request(get('http://name.invalid/')))).toBe('dns');
  const hanging = await serveRaw(() => {});
  expect(await failure(http.request(get(hanging, { timeout: 50 })))).toBe('timeout');
  const closing = await serveRaw((socket) => socket.end());
  expect(await failure(http.request(get(closing)))).toBe('closed');
  const cut = await serveRaw((socket) => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf'));
  expect(await failure(http.request(get(cut)))).toBe('closed');
  const garbage = await serveRaw((socket) => socket.end('SSH-2.0-OpenSSH_9.2\r\n'));
  expect(await failure(http.request(get(garbage)))).toBe('other');
  const plain = await serve((_, response) => response.end());
  expect(await failure(http.request(get(plain.replace('http:', 'https:'))))).toBe('tls');
  expect(await failure(http.request(get('ftp://127.0.0.1/')))).toBe('other');
});

test('a slow body ends at the timeout, an endless one at the limit', async () => {
  const endless = await serve((_, response) => {
    const push = (): void => {
      while (!response.destroyed && response.write(Buffer.alloc(65_536, 'a')));
    };
    response.on('drain', push);
    push();
  });
  expect(await failure(client().request(get(endless, { maxBytes: 1_000_000 })))).toBe('body-size');
  const slow = await serve((_, response) => {
    response.write('a');
  });
  expect(await failure(client().request(get(slow, { timeout: 60 })))).toBe('timeout');
});

test('an abort ends the request', async () => {
  const hanging = await serveRaw(() => {});
  const abort = new AbortController();
  const running = failure(client().request(get(hanging, { signal: abort.signal })));
  abort.abort();
  expect(await running).toBe('aborted');
});

const OAUTH2 = {
  clientId: 'id',
  clientSecret: '',
  clientSecretFile: '',
  grantType: '',
  clientCertificateKeyId: '',
  clientCertificateKey: '',
  clientCertificateKeyFile: '',
  signatureAlgorithm: '',
  iss: '',
  audience: '',
  claims: new Map<string, string>(),
  scopes: ['a'],
  endpointParams: new Map<string, string>(),
  tls: PLAIN_HTTP.tls,
  proxy: PLAIN_HTTP.proxy,
};

test('a token is fetched once for OAuth 2', async () => {
  let issued = 0;
  const seen: (string | undefined)[] = [];
  const origin = await serve((request, response) => {
    if (request.url === '/token') response.end(JSON.stringify({ access_token: `t${++issued}`, expires_in: 3600 }));
    else {
      seen.push(request.headers.authorization);
      response.end();
    }
  });
  const http = client({ oauth2: { ...OAUTH2, clientSecret: 's', tokenUrl: `${origin}/token` } });
  await http.request(get(origin));
  await http.request(get(origin));
  expect(seen).toEqual(['Bearer t1', 'Bearer t1']);
});

test('a token signed by the key of the client is what a token is asked for with', async () => {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  let form = new URLSearchParams();
  const origin = await serve((request, response) => {
    if (request.url !== '/token') {
      response.end(request.headers.authorization);
      return;
    }
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      form = new URLSearchParams(body);
      response.end(JSON.stringify({ access_token: 'given', token_type: 'bearer', expires_in: 60 }));
    });
  });
  const jwt = {
    ...OAUTH2,
    grantType: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
    clientCertificateKeyId: 'k1',
    clientCertificateKey: privateKey,
    signatureAlgorithm: 'RS384',
    claims: new Map([['sub', 'somebody']]),
    endpointParams: new Map([['extra', '1']]),
    tokenUrl: `${origin}/token`,
  };
  expect((await client({ oauth2: jwt }).request(get(origin))).body.toString()).toBe('Bearer given');
  expect(form.get('grant_type')).toBe(jwt.grantType);
  expect(form.get('extra')).toBe('1');
  const [header, claims, signature] = (form.get('assertion') ?? '').split('.');
  const read = (part: string): unknown => JSON.parse(Buffer.from(part, 'base64url').toString());
  expect(read(header)).toEqual({ alg: 'RS384', typ: 'JWT', kid: 'k1' });
  const said = read(claims) as Record<string, number>;
  expect(said).toMatchObject({ iss: 'id', aud: `${origin}/token`, scope: 'a', sub: 'somebody' });
  expect(said['exp'] - said['iat']).toBe(3600);
  expect(
    createVerify('RSA-SHA384').update(`${header}.${claims}`).verify(publicKey, Buffer.from(signature, 'base64url')),
  ).toBe(true);
  for (const bad of [{ clientCertificateKey: 'no key' }, { signatureAlgorithm: 'none' }])
    expect(await failure(client({ oauth2: { ...jwt, ...bad } }).request(get(origin)))).toBe('credentials');
});

test('a plain proxy is asked for the whole URL', async () => {
  const asked: (string | undefined)[] = [];
  const proxy = await serve((request, response) => {
    asked.push(request.url);
    response.end('proxied');
  });
  const http = client({
    proxy: { url: proxy, noProxy: '127.0.0.1', fromEnvironment: false, connectHeader: new Map() },
  });
  expect((await http.request(get('http://example.invalid/metrics'))).body.toString()).toBe('proxied');
  const direct = await serve((_, response) => response.end('direct'));
  expect((await http.request(get(direct))).body.toString()).toBe('direct');
  expect(asked).toEqual(['http://example.invalid/metrics']);
});

test('a kept connection that the server closes in the meantime costs no failure', async () => {
  let connections = 0;
  const origin = await serveRaw((socket) => {
    connections++;
    let requests = 0;
    socket.on('data', () => {
      // The second request on a connection meets its end.
      if (++requests === 2) socket.resetAndDestroy();
      else socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok');
    });
  });
  const http = client();
  for (let i = 0; i < 4; i++) expect((await http.request(get(origin))).body.toString()).toBe('ok');
  expect(connections).toBe(4);
  // One that fails at once is not asked again and again.
  let asked = 0;
  const broken = await serveRaw((socket) => {
    socket.on('data', () => {
      asked++;
      socket.resetAndDestroy();
    });
  });
  expect(await failure(http.request(get(broken)))).toBe('closed');
  expect(asked).toBe(1);
});

test('a connection on which more came than the answer is not used again', async () => {
  let connections = 0;
  const origin = await serveRaw((socket) => {
    connections++;
    socket.on('data', () => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokHTTP/1.1 200 OK\r\n'));
  });
  const http = client();
  for (let i = 0; i < 3; i++) expect((await http.request(get(origin))).body.toString()).toBe('ok');
  expect(connections).toBe(3);
});

test('an answer that stops halfway ends at the timeout; closing the client ends what runs', async () => {
  const halfway = await serveRaw((socket) => {
    socket.on('data', () => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf'));
  });
  const http = client();
  await expect(http.request(get(halfway, { timeout: 50 }))).rejects.toMatchObject({ kind: 'timeout', status: 200 });
  const running = failure(http.request(get(halfway)));
  await expect.poll(() => http.request(get(halfway, { timeout: 30 })).catch(() => true)).toBe(true);
  await http.close();
  expect(await running).toBe('aborted');
  expect(await failure(http.request(get(halfway)))).toBe('aborted');
});

test('many answers at the same time keep their bytes apart', async () => {
  const origin = await serve((request, response) => {
    const one = request.url?.slice(1) ?? '';
    response.write(one.repeat(5000));
    setImmediate(() => response.end(one.repeat(5000)));
  });
  const pool = createBodyPool();
  const names = 'abcdefgh'.split('');
  const http = client();
  for (let round = 0; round < 3; round++) {
    const answers = await Promise.all(names.map((one) => http.request(get(`${origin}/${one}`, { pool }))));
    for (const [i, answer] of answers.entries()) {
      expect(answer.body.toString()).toBe(names[i].repeat(10_000));
      answer.release();
    }
  }
});

test.skipIf(process.platform === 'win32')('a Unix socket is connected to instead of the host', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'hearth-http-'));
  const path = join(folder, 's');
  const server = createServer((request, response) => response.end(`${request.headers.host} ${request.url}`));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
    rmSync(folder, { recursive: true });
  });
  await new Promise<void>((resolve) => server.listen(path, resolve));
  const answer = await client().request(get('http://app.invalid/metrics', { unixSocket: path }));
  expect(answer.body.toString()).toBe('app.invalid /metrics');
});

test('a configured header that would begin another one is refused', async () => {
  const headers = new Map([['X-Scope', { values: ['a\r\nX-Other: b'], secrets: [], files: [] }]]);
  expect(await failure(client({ headers }).request(get('http://127.0.0.1:1/')))).toBe('other');
});
