import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { SOCKET_PATH, SOCKET_TOKEN_PREFIX, type CoreClient } from '#shared/contract/index.ts';
import { ApiRequest, sendText, type Api } from '#main/api/index.ts';
import { decideAccess, type AccessDecision, type AccessPolicy } from './access.ts';
import type { ListenAddress } from './listen-address.ts';
import type { Sockets } from './sockets.ts';
import type { StaticFiles } from './static-files.ts';

/** Answered without any right: they tell nothing but that something runs here. */
const OPEN_PATHS: ReadonlySet<string> = new Set(['/-/healthy', '/-/ready']);

export interface WebServerOptions {
  readonly listen: readonly ListenAddress[];
  readonly policy: AccessPolicy;
  readonly api: Api;
  /** The pages and what their WebSocket talks to; null to serve the API alone. */
  readonly pages: { readonly files: StaticFiles; readonly core: CoreClient } | null;
  readonly maxConnections: number;
  readonly readTimeout: number;
  readonly onBug: (where: string, error: unknown) => void;
}

export interface WebServer {
  /** The addresses with the ports that were given. */
  readonly addresses: readonly ListenAddress[];
  /** Closes listeners and connections. */
  stop(): Promise<void>;
}

/** An address cannot be listened on. */
export class ListenError extends Error {
  override readonly name = 'ListenError';
  readonly kind: 'in-use' | 'denied' | 'not-here' | 'other';
  readonly address: ListenAddress;
  constructor(kind: ListenError['kind'], address: ListenAddress, message: string) {
    super(message);
    this.kind = kind;
    this.address = address;
  }
}

const LISTEN_KINDS: Readonly<Record<string, ListenError['kind']>> = {
  EADDRINUSE: 'in-use',
  EACCES: 'denied',
  EADDRNOTAVAIL: 'not-here',
};

function listen(server: Server, address: ListenAddress): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (error: NodeJS.ErrnoException): void =>
      reject(new ListenError(LISTEN_KINDS[error.code ?? ''] ?? 'other', address, error.message));
    server.once('error', fail);
    server.listen({ host: address.host, port: address.port }, () => {
      server.off('error', fail);
      resolve();
    });
  });
}

/** The token among the offered subprotocols. */
function offeredToken(request: IncomingMessage): string | null {
  const offered = (request.headers['sec-websocket-protocol'] ?? '').split(/\s*,\s*/);
  return offered.find((name) => name.startsWith(SOCKET_TOKEN_PREFIX))?.slice(SOCKET_TOKEN_PREFIX.length) ?? null;
}

function decide(policy: AccessPolicy, request: IncomingMessage, token: string | null): AccessDecision {
  return decideAccess(policy, {
    host: request.headers.host ?? '',
    origin: request.headers.origin ?? null,
    authorization: request.headers.authorization ?? null,
    token,
  });
}

/** The API, and pages with their WebSocket where there are some, on one or more addresses. @throws ListenError */
export async function startWebServer(options: WebServerOptions): Promise<WebServer> {
  const { pages } = options;
  let sockets: Promise<Sockets> | null = null;
  let stopped = false;
  // A server that no page ever asks does without what pages need.
  const openSockets = async (core: CoreClient): Promise<Sockets> => {
    const { createSockets } = await import('./sockets.ts');
    return createSockets(core, options.onBug);
  };

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const url = URL.parse(request.url ?? '/', 'http://hearth.invalid');
    if (url === null) return sendText(request, response, 400, 'Bad Request\n');
    const decision = decide(options.policy, request, null);
    if (decision.kind === 'refused') return sendText(request, response, 403, `Forbidden: ${decision.reason}\n`);
    // The pages hold no data, and have to load before they can show where the token goes.
    const isPage = pages !== null && !url.pathname.startsWith('/api/');
    if (isPage && (await pages.files.handle(request, response, url.pathname))) return;
    if (decision.kind === 'token-needed' && !OPEN_PATHS.has(url.pathname)) {
      response.setHeader('WWW-Authenticate', 'Bearer realm="hearth", Basic realm="hearth"');
      return sendText(request, response, 401, 'Unauthorized: this needs the session token\n');
    }
    const access = decision.kind === 'granted' ? decision.access : 'read';
    const caller = { access, local: options.policy.loopbackOnly };
    if (await options.api.handle(request, response, url.pathname, url.searchParams, caller)) return;
    if (url.pathname === '/' && pages?.files.complete === false)
      return sendText(request, response, 404, 'The pages are not built (npm run build); the API is under /api/v1.\n');
    return sendText(request, response, 404, 'Not Found\n');
  };

  const refuse = (socket: Duplex, status: string): void => {
    socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
  };

  const upgrade = async (request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> => {
    socket.on('error', () => socket.destroy());
    const path = URL.parse(request.url ?? '/', 'http://hearth.invalid')?.pathname;
    const decision = decide(options.policy, request, offeredToken(request));
    if (pages === null || path !== SOCKET_PATH) return refuse(socket, '404 Not Found');
    if (decision.kind === 'refused') return refuse(socket, '403 Forbidden');
    if (decision.kind === 'token-needed') return refuse(socket, '401 Unauthorized');
    sockets ??= openSockets(pages.core);
    try {
      const ready = await sockets;
      if (stopped) socket.destroy();
      else ready.adopt(request, socket, head, decision.access);
    } catch (error) {
      options.onBug(SOCKET_PATH, error);
      socket.destroy();
    }
    return undefined;
  };

  const servers: Server[] = [];
  const stop = async (): Promise<void> => {
    stopped = true;
    const open = await sockets?.catch(() => null);
    open?.close();
    const closed = servers.map(
      (server) =>
        new Promise<void>((resolve) => {
          if (!server.listening) resolve();
          else server.close(() => resolve());
        }),
    );
    for (const server of servers) server.closeIdleConnections();
    const timer = setTimeout(() => {
      open?.terminate();
      for (const server of servers) server.closeAllConnections();
    }, 500);
    await Promise.all(closed);
    clearTimeout(timer);
  };

  try {
    for (const address of options.listen) {
      const server = createServer({
        IncomingMessage: ApiRequest,
        requestTimeout: options.readTimeout,
        keepAliveTimeout: 75_000,
      });
      server.maxConnections = options.maxConnections;
      server.on('request', (request: IncomingMessage, response: ServerResponse) => {
        answer(request, response).catch((error: unknown) => {
          options.onBug(request.url ?? '', error);
          response.destroy();
        });
      });
      server.on('upgrade', (request, socket, head) => void upgrade(request, socket, head));
      await listen(server, address);
      servers.push(server);
    }
  } catch (error) {
    await stop();
    throw error;
  }
  const addresses = servers.map((server, i) => ({
    host: options.listen[i].host,
    port: (server.address() as AddressInfo).port,
  }));
  return { addresses, stop };
}
