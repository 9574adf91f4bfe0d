import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Millis } from '#shared/model/index.ts';
import { textResponse, type ApiRequest, type ApiResponse } from '#main/api/index.ts';
import { messageRequest, sendMessage } from './message-exchange.ts';
import { serveShort, type ShortConnection } from './short-connection.ts';

/** How long a connection may stand between two requests. */
const KEEP_ALIVE: Millis = 75_000;

const BAD_REQUEST = textResponse(400, 'Bad Request\n');

export interface HttpServerOptions {
  answer(request: ApiRequest): ApiResponse | Promise<ApiResponse>;
  /** How long a client may take to send a request. */
  readonly readTimeout: Millis;
  now(): Millis;
  onBug(where: string, error: unknown): void;
}

export interface HttpServer {
  /** Listens, upgrades and counts connections. */
  readonly server: Server;
  /** Closes connections once they have no answer to give. */
  closeIdle(): void;
  closeAll(): void;
}

/** A server that reads short requests itself and leaves connections that bring others to Node's. */
export function createHttpServer(options: HttpServerOptions): HttpServer {
  const answer = (request: ApiRequest): ApiResponse | Promise<ApiResponse> => options.answer(request);
  const answerMessage = async (message: IncomingMessage, response: ServerResponse): Promise<void> => {
    const request = messageRequest(message, response);
    await sendMessage(message, response, request === null ? BAD_REQUEST : await answer(request));
  };
  const server = createServer({ requestTimeout: options.readTimeout, keepAliveTimeout: KEEP_ALIVE });
  server.on('request', (message: IncomingMessage, response: ServerResponse) => {
    answerMessage(message, response).catch((error: unknown) => {
      options.onBug(message.url ?? '', error);
      response.destroy();
    });
  });
  const short = new Set<ShortConnection>();
  const byNode = server.listeners('connection') as ((socket: Socket) => void)[];
  server.removeAllListeners('connection');
  server.on('connection', (socket: Socket) => {
    const connection = serveShort(socket, {
      answer,
      handOver: () => {
        short.delete(connection);
        for (const listener of byNode) listener.call(server, socket);
      },
      onBug: (where, error) => options.onBug(where, error),
      keepAlive: KEEP_ALIVE,
      now: () => options.now(),
    });
    short.add(connection);
    socket.on('close', () => short.delete(connection));
  });
  return {
    server,
    closeIdle() {
      server.closeIdleConnections();
      for (const connection of short) connection.close();
    },
    closeAll() {
      server.closeAllConnections();
      for (const connection of short) connection.destroy();
    },
  };
}
