import { socketChannel, type Channel } from '#shared/contract/index.ts';
import { takeSessionToken } from './session-token.ts';

/** Where the headless host serves the wire (docs/protocols/wire.md). */
const SOCKET_PATH = '/ws';
const PROTOCOL = 'hearth.v1';

/** A way to open sockets to the host that the page came from, each with the session's token. */
export function socketOpener(): () => Promise<Channel> {
  const url = new URL(SOCKET_PATH, window.location.origin.replace(/^http/, 'ws')).href;
  const token = takeSessionToken();
  const protocols = token === null ? [PROTOCOL] : [PROTOCOL, `hearth.token.${token}`];
  return () =>
    new Promise((resolve, reject) => {
      const socket = new WebSocket(url, protocols);
      socket.addEventListener('open', () => resolve(socketChannel(socket)), { once: true });
      socket.addEventListener('close', () => reject(new Error('the socket closed')), { once: true });
    });
}
