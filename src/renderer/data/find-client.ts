import type { HearthBridge } from '#shared/contract/index.ts';
import { bridgeChannel } from './bridge-channel.ts';
import { ChannelClient } from './channel-client.ts';
import type { RendererClient } from './renderer-client.ts';
import { takeSessionToken } from './session-token.ts';
import { connectBySocket } from './socket-connector.ts';

declare global {
  interface Window {
    /** Set by the preload script of the desktop host, absent in a browser. */
    readonly hearth?: HearthBridge;
  }
}

/** Where the headless host serves the contract. */
const SOCKET_PATH = '/api/hearth/socket';

/** The core of the host that this page runs in: the desktop's bridge, else a WebSocket to where the page came from. */
export function findClient(): RendererClient {
  const bridge = window.hearth;
  const client = new ChannelClient(bridge?.native ?? null);
  if (bridge !== undefined) {
    client.attach(bridgeChannel(bridge));
    return client;
  }
  const url = new URL(SOCKET_PATH, window.location.origin.replace(/^http/, 'ws'));
  const token = takeSessionToken();
  // A browser cannot set headers on a WebSocket; the subprotocol is the one place that neither logs nor histories keep.
  connectBySocket(client, url.href, token === null ? ['hearth'] : ['hearth', `hearth.token.${token}`]);
  return client;
}
