import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';
import { serveChannel, SOCKET_PROTOCOL, socketChannel, type Access, type CoreClient } from '#shared/contract/index.ts';

/** Bytes of one message from a window at most. */
const MAX_MESSAGE = 16 * 1024 * 1024;

/** The WebSockets of open pages. */
export interface Sockets {
  /** Makes a WebSocket of a connection that may have one, and serves the core over it. */
  adopt(request: IncomingMessage, socket: Duplex, head: Buffer, access: Access): void;
  /** Says good-bye to every page. */
  close(): void;
  terminate(): void;
}

export function createSockets(core: CoreClient, onBug: (where: string, error: unknown) => void): Sockets {
  const server = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_MESSAGE,
    handleProtocols: (offered) => (offered.has(SOCKET_PROTOCOL) ? SOCKET_PROTOCOL : false),
  });
  return {
    adopt(request, socket, head, access) {
      server.handleUpgrade(request, socket, head, (client: WebSocket) => {
        client.on('error', () => client.terminate());
        serveChannel(socketChannel(client), core, { access, onBug });
      });
    },
    close() {
      for (const client of server.clients) client.close(1001, 'stopping');
    },
    terminate() {
      for (const client of server.clients) client.terminate();
    },
  };
}
