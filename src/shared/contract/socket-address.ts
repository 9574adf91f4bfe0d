/** Where the headless host serves the wire to pages, and how a page introduces itself there. */
export const SOCKET_PATH = '/ws';
export const SOCKET_PROTOCOL = 'hearth.v1';
/**
 * A second subprotocol offered by pages that hold the session token: browsers can set no headers on a WebSocket, and
 * this is the one place that neither logs nor histories keep.
 */
export const SOCKET_TOKEN_PREFIX = 'hearth.token.';
