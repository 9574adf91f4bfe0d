import { promisify } from 'node:util';
import { gunzip, gunzipSync } from 'node:zlib';
import type { Dispatcher } from 'undici';
import type { Millis } from '#shared/model/index.ts';
import { OWN_BYTES, type BodyPool } from './body-pool.ts';
import { authorizationHeader, headerValue } from './credentials.ts';
import { createDispatcher } from './dispatcher.ts';
import { exchange, type Exchange } from './exchange.ts';
import { HttpError } from './errors.ts';
import { OAuth2Tokens } from './oauth2.ts';
import { Connections } from './plain/connections.ts';
import { endpointOf, plainExchange, requestHead } from './plain/plain-exchange.ts';
import { isLocal, proxyFor } from './proxy.ts';
import type { HttpDeps, HttpSettings } from './settings.ts';
import { tlsOptions } from './tls.ts';

export interface HttpRequest {
  readonly url: string;
  readonly method?: 'GET' | 'POST' | 'PUT' | 'DELETE' | 'HEAD';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array | string;
  /** For the whole of it: connecting, redirects, body. */
  readonly timeout: Millis;
  /** An answer of this many bytes or more (unpacked) is refused; 0: only a bound far beyond reason holds. */
  readonly maxBytes?: number;
  /** Whether to ask for gzip; never asked of this machine itself, where it costs more than it saves. */
  readonly compression?: boolean;
  readonly signal?: AbortSignal;
  /** Path of a Unix socket to connect to instead of the URL's host. */
  readonly unixSocket?: string;
  /** Where the body's bytes may come from, if they are given back once read; otherwise each body has its own. */
  readonly pool?: BodyPool;
}

export interface HttpAnswer {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** Unpacked. */
  readonly body: Buffer;
  /** Bytes of the body as they came over the wire. */
  readonly wireBytes: number;
  /** URL that answered, after redirects. */
  readonly url: string;
  /** Gives the body's bytes back to the request's pool: they must not be used afterwards. */
  release(): void;
}

/** Sends requests with one set of settings over connections that are kept. */
export interface HttpClient {
  /** @throws HttpError when no complete answer comes; any status is an answer */
  request(request: HttpRequest): Promise<HttpAnswer>;
  /** Takes no more requests; those that run are finished, then the connections are closed. */
  retire(): void;
  /** Closes its connections; requests that run fail. */
  close(): Promise<void>;
}

const MAX_REDIRECTS = 10;
/** No metrics page is so large; what is, would only take the memory from everybody else. */
const HARD_LIMIT = 1 << 30;
const MAX_DISPATCHERS = 4096;
/** Plain URLs of which is kept what does not change from request to request. */
const MAX_ROUTES = 8192;
const SYNC_GUNZIP_BYTES = 256 * 1024;
const gunzipAsync = promisify(gunzip);

/** What is known of a plain URL before a request is made. */
interface Route {
  readonly url: URL;
  readonly proxy: string | null;
  readonly endpoint: ReturnType<typeof endpointOf>;
  /** The request as it was sent last, and what it was made of; null where secrets are part of it. */
  last: { readonly headers: HttpRequest['headers']; readonly compression: boolean; readonly head: string } | null;
}

export function createHttpClient(settings: HttpSettings, deps: HttpDeps): HttpClient {
  const dispatchers = new Map<string, Dispatcher>();
  const connections = new Connections(() => deps.now());
  const routes = new Map<string, Route>();
  const withoutSecrets =
    settings.basicAuth === null &&
    settings.authorization === null &&
    settings.oauth2 === null &&
    settings.headers.size === 0;
  const tokens = settings.oauth2 === null ? null : new OAuth2Tokens(settings.oauth2, deps, createHttpClient);
  let closed = false;

  async function dispatcherFor(url: URL, unixSocket: string, proxy: string | null): Promise<Dispatcher> {
    const secure = url.protocol === 'https:';
    const tls = secure || proxy?.startsWith('https:') === true ? await tlsOptions(deps, settings.tls) : {};
    // Certificates are part of the key: a renewed file opens new connections, the old pool runs dry.
    const key = JSON.stringify([url.origin, unixSocket, proxy, tls]);
    const known = dispatchers.get(key);
    if (known !== undefined) return known;
    if (closed) throw new HttpError('aborted', 'the client is closed');
    const options = { origin: url.origin, unixSocket, proxy, proxySettings: settings.proxy, tls };
    const created = await createDispatcher(options);
    // Another request may have made one while the library was loaded.
    const other = dispatchers.get(key);
    if (other !== undefined || closed) {
      void created.close();
      if (other !== undefined) return other;
      throw new HttpError('aborted', 'the client is closed');
    }
    if (dispatchers.size >= MAX_DISPATCHERS) {
      const [oldest, dispatcher] = dispatchers.entries().next().value as [string, Dispatcher];
      dispatchers.delete(oldest);
      void dispatcher.close();
    }
    dispatchers.set(key, created);
    return created;
  }

  function ownHeaders(request: HttpRequest, url: URL): Record<string, string> {
    const headers: Record<string, string> = { 'user-agent': deps.userAgent };
    headers['accept-encoding'] = request.compression === true && !isLocal(url.hostname) ? 'gzip' : 'identity';
    for (const [name, value] of Object.entries(request.headers ?? {})) headers[name.toLowerCase()] = value;
    return headers;
  }

  async function headersFor(request: HttpRequest, url: URL, trusted: boolean): Promise<Record<string, string>> {
    const headers = ownHeaders(request, url);
    if (!trusted) return headers;
    for (const [name, header] of settings.headers) headers[name.toLowerCase()] = await headerValue(deps, header);
    const authorization = (await authorizationHeader(deps, settings)) ?? (await tokens?.authorization(request)) ?? null;
    if (authorization !== null) headers['authorization'] = authorization;
    else if (url.username !== '') headers['authorization'] = userOf(url);
    return headers;
  }

  /** The route of a plain URL; null for any other. */
  function routeOf(request: HttpRequest): Route | null {
    const unixSocket = request.unixSocket ?? '';
    const key = unixSocket === '' ? request.url : `${unixSocket}\n${request.url}`;
    const known = routes.get(key);
    if (known !== undefined) return known;
    const url = parseUrl(request.url);
    if (url.protocol !== 'http:') return null;
    const proxy = unixSocket === '' ? proxyFor(url, settings.proxy, deps.env) : null;
    if (routes.size >= MAX_ROUTES) routes.clear();
    const route = { url, proxy, endpoint: endpointOf(url, unixSocket), last: null };
    routes.set(key, route);
    return route;
  }

  /** The text of a request to its first URL. Who asks again and again hands over the same headers each time. */
  function headOf(request: HttpRequest, route: Route): string | Promise<string> {
    const { url, last } = route;
    const { headers, compression = false } = request;
    if (!withoutSecrets) return headersFor(request, url, true).then((all) => requestHead(url, all));
    if (last !== null && last.headers === headers && last.compression === compression) return last.head;
    const all = ownHeaders(request, url);
    if (url.username !== '') all['authorization'] = userOf(url);
    const head = requestHead(url, all);
    route.last = { headers, compression, head };
    return head;
  }

  async function request(request: HttpRequest): Promise<HttpAnswer> {
    const limit = request.maxBytes === undefined || request.maxBytes === 0 ? HARD_LIMIT : request.maxBytes;
    const describeTimeout = `no answer within ${request.timeout} ms`;
    const { signal } = request;
    const started = deps.now();
    let route = routeOf(request);
    const first = route?.url ?? parseUrl(request.url);
    let url = first;
    let method = request.method ?? 'GET';
    let { body } = request;
    for (let hops = 0; ; hops++) {
      const timeout = request.timeout - (deps.now() - started);
      if (timeout <= 0) throw new HttpError('timeout', describeTimeout);
      // Credentials go only to the host they were meant for, and never from TLS to plain text.
      const trusted = url.hostname === first.hostname && !(first.protocol === 'https:' && url.protocol !== 'https:');
      const unixSocket = hops === 0 ? (request.unixSocket ?? '') : '';
      const proxy = route !== null ? route.proxy : unixSocket === '' ? proxyFor(url, settings.proxy, deps.env) : null;
      const limits = { timeout, describeTimeout, limit, signal };
      const headers = (): Promise<Record<string, string>> => headersFor(request, url, trusted);
      let given: Exchange;
      if (url.protocol === 'http:' && proxy === null && method === 'GET' && body === undefined) {
        if (closed) throw new HttpError('aborted', 'the client is closed');
        const { key, endpoint } = route?.endpoint ?? endpointOf(url, unixSocket);
        const to = url;
        const head = route === null ? headers().then((all) => requestHead(to, all)) : headOf(request, route);
        given = await plainExchange(connections, { ...limits, key, endpoint, head, pool: request.pool ?? OWN_BYTES });
      } else
        given = await exchange({
          ...limits,
          dispatcher: () => dispatcherFor(url, unixSocket, proxy),
          options: async () => ({
            origin: url.origin,
            path: `${url.pathname}${url.search}`,
            method,
            headers: await headers(),
            body: body ?? null,
          }),
        });
      const location = given.headers['location'];
      if (settings.followRedirects && isRedirect(given.status) && typeof location === 'string') {
        given.release();
        if (hops === MAX_REDIRECTS) throw new HttpError('redirect', `stopped after ${hops} redirects`, given.status);
        url = parseUrl(location, url, given.status);
        route = null;
        if (given.status === 303 || (method === 'POST' && given.status < 303)) {
          method = 'GET';
          body = undefined;
        }
        continue;
      }
      return isUnpacked(given) ? answerOf(given, given.body, url.href) : unpacked(given, limit, url.href);
    }
  }

  return {
    request,
    retire() {
      closed = true;
      connections.retire();
      for (const dispatcher of dispatchers.values()) void dispatcher.close();
      tokens?.retire();
    },
    async close() {
      closed = true;
      connections.destroy();
      const all = [...dispatchers.values()];
      dispatchers.clear();
      await Promise.all([...all.map((dispatcher) => dispatcher.destroy()), tokens?.close()]);
    },
  };
}

function isRedirect(status: number): boolean {
  return status === 301 || status === 302 || status === 303 || status === 307 || status === 308;
}

function parseUrl(text: string, base?: URL, status: number | null = null): URL {
  const url = URL.parse(text, base?.href);
  const what = base === undefined ? 'URL' : 'redirect';
  if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:'))
    throw new HttpError(base === undefined ? 'other' : 'redirect', `not an http or https ${what}: ${text}`, status);
  return url;
}

function isUnpacked({ headers }: Exchange): boolean {
  const encoding = headers['content-encoding'];
  return encoding === undefined || encoding === 'identity' || encoding === '';
}

function answerOf(given: Exchange, body: Buffer, url: string): HttpAnswer {
  const { status, headers } = given;
  return { status, headers, wireBytes: given.body.length, url, body, release: () => given.release() };
}

/** The answer with its body unpacked. @throws HttpError, and then the body's buffer has been given back */
async function unpacked(given: Exchange, limit: number, url: string): Promise<HttpAnswer> {
  const { status, headers } = given;
  const encoding = headers['content-encoding'];
  try {
    if (encoding !== 'gzip') throw new HttpError('other', `unknown content encoding ${String(encoding)}`, status);
    return { ...answerOf(given, await unzip(given.body, limit, status), url), release() {} };
  } finally {
    given.release();
  }
}

/** Basic credentials of a URL that has some. */
function userOf(url: URL): string {
  const pair = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
  return `Basic ${Buffer.from(pair).toString('base64')}`;
}

async function unzip(packed: Buffer, limit: number, status: number): Promise<Buffer> {
  const options = { maxOutputLength: limit };
  try {
    if (packed.length <= SYNC_GUNZIP_BYTES) return atMost(gunzipSync(packed, options), limit, status);
    return atMost(await gunzipAsync(packed, options), limit, status);
  } catch (error) {
    if (error instanceof HttpError) throw error;
    if (error instanceof RangeError) throw new HttpError('body-size', tooLarge(limit), status);
    throw new HttpError('other', `the body is not valid gzip: ${(error as Error).message}`, status);
  }
}

function atMost(body: Buffer, limit: number, status: number): Buffer {
  if (body.length >= limit) throw new HttpError('body-size', tooLarge(limit), status);
  return body;
}

function tooLarge(limit: number): string {
  return `body size limit exceeded (${limit} bytes)`;
}
