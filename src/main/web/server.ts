import type { IncomingMessage, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { SOCKET_PATH, SOCKET_TOKEN_PREFIX, type CoreClient } from '#shared/contract/index.ts';
import type { Millis } from '#shared/model/index.ts';
import { textResponse, type Api, type ApiRequest, type ApiResponse } from '#main/api/index.ts';
import { decideAccess, type AccessPolicy, type RequestFacts } from './access.ts';
import { createHttpServer, type HttpServer } from './http-server.ts';
import type { ListenAddress } from './listen-address.ts';
import { headerOf } from './message-exchange.ts';
import type { Sockets } from './sockets.ts';
import type { StaticFiles } from './static-files.ts';

/** Answered without any right: they tell nothing but that something runs here. */
const OPEN_PATHS: ReadonlySet<string> = new Set(['/-/healthy', '/-/ready']);

const CHALLENGE = 'Bearer realm="hearth", Basic realm="hearth"';

export interface WebServerOptions {
  readonly listen: readonly ListenAddress[];
  readonly policy: AccessPolicy;
  readonly api: Api;
  /** The pages and what their WebSocket talks to; null to serve the API alone. */
  readonly pages: { readonly files: StaticFiles; readonly core: CoreClient } | null;
  readonly maxConnections: number;
  readonly readTimeout: Millis;
  now(): Millis;
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

function factsOf(header: ApiRequest['header'], token: string | null): RequestFacts {
  return { host: header('host') ?? '', origin: header('origin'), authorization: header('authorization'), token };
}

/** The API, and pages with their WebSocket where there are some, on one or more addresses. @throws ListenError */
export async function startWebServer(options: WebServerOptions): Promise<WebServer> {
  const { pages, onBug } = options;
  let sockets: Promise<Sockets> | null = null;
  let stopped = false;
  // A server that no page ever asks does without what pages need.
  const openSockets = async (core: CoreClient): Promise<Sockets> => {
    const { createSockets } = await import('./sockets.ts');
    return createSockets(core, onBug);
  };

  const respond = (request: ApiRequest): ApiResponse | Promise<ApiResponse> => {
    const { path } = request;
    const decision = decideAccess(
      options.policy,
      factsOf((name) => request.header(name), null),
    );
    if (decision.kind === 'refused') return textResponse(403, `Forbidden: ${decision.reason}\n`);
    // The pages hold no data, and have to load before they can show where the token goes.
    const file = pages === null || path.startsWith('/api/') ? null : pages.files.find(request.method, path);
    if (file !== null) return file;
    if (decision.kind === 'token-needed' && !OPEN_PATHS.has(path)) {
      const refused = textResponse(401, 'Unauthorized: this needs the session token\n');
      return { ...refused, headers: { ...refused.headers, 'WWW-Authenticate': CHALLENGE } };
    }
    const access = decision.kind === 'granted' ? decision.access : 'read';
    const answered = options.api.answer(request, { access, local: options.policy.loopbackOnly });
    if (answered !== null) return answered;
    if (path === '/' && pages?.files.complete === false)
      return textResponse(404, 'The pages are not built (npm run build); the API is under /api/v1.\n');
    return textResponse(404, 'Not Found\n');
  };

  const refuse = (socket: Duplex, status: string): void => {
    socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
  };

  const upgrade = async (request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> => {
    socket.on('error', () => socket.destroy());
    const path = URL.parse(request.url ?? '/', 'http://hearth.invalid')?.pathname;
    const decision = decideAccess(
      options.policy,
      factsOf((name) => headerOf(request, name), offeredToken(request)),
    );
    if (pages === null || path !== SOCKET_PATH) return refuse(socket, '404 Not Found');
    if (decision.kind === 'refused') return refuse(socket, '403 Forbidden');
    if (decision.kind === 'token-needed') return refuse(socket, '401 Unauthorized');
    sockets ??= openSockets(pages.core);
    try {
      const ready = await sockets;
      if (stopped) socket.destroy();
      else ready.adopt(request, socket, head, decision.access);
    } catch (error) {
      onBug(SOCKET_PATH, error);
      socket.destroy();
    }
    return undefined;
  };

  const servers: HttpServer[] = [];
  const stop = async (): Promise<void> => {
    stopped = true;
    const open = await sockets?.catch(() => null);
    open?.close();
    const closed = servers.map(
      ({ server }) =>
        new Promise<void>((resolve) => {
          if (!server.listening) resolve();
          else server.close(() => resolve());
        }),
    );
    for (const server of servers) server.closeIdle();
    const timer = setTimeout(() => {
      open?.terminate();
      for (const server of servers) server.closeAll();
    }, 500);
    await Promise.all(closed);
    clearTimeout(timer);
  };

  try {
    for (const address of options.listen) {
      const http = createHttpServer({
        answer: respond,
        readTimeout: options.readTimeout,
        now: () => options.now(),
        onBug,
      });
      const { server } = http;
      server.maxConnections = options.maxConnections;
      server.on('upgrade', (request, socket, head) => void upgrade(request, socket, head));
      await listen(server, address);
      servers.push(http);
    }
  } catch (error) {
    await stop();
    throw error;
  }
  const addresses = servers.map(({ server }, i) => ({
    host: options.listen[i].host,
    port: (server.address() as AddressInfo).port,
  }));
  return { addresses, stop };
}
