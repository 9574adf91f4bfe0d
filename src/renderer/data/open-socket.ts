import {
  SOCKET_PATH,
  SOCKET_PROTOCOL,
  SOCKET_TOKEN_PREFIX,
  socketChannel,
  type Channel,
} from '#shared/contract/index.ts';
import { takeSessionToken } from './session-token.ts';

/** A way to open sockets to the host that the page came from, each with the session's token. */
export function socketOpener(): () => Promise<Channel> {
  const url = new URL(SOCKET_PATH, window.location.origin.replace(/^http/, 'ws')).href;
  const token = takeSessionToken();
  const protocols = token === null ? [SOCKET_PROTOCOL] : [SOCKET_PROTOCOL, `${SOCKET_TOKEN_PREFIX}${token}`];
  return () =>
    new Promise((resolve, reject) => {
      const socket = new WebSocket(url, protocols);
      socket.addEventListener('open', () => resolve(socketChannel(socket)), { once: true });
      socket.addEventListener('close', () => reject(new Error('the socket closed')), { once: true });
    });
}
