import { createWireClient, type Channel, type HearthBridge } from '#shared/contract/index.ts';
import { bridgeChannel } from './bridge-channel.ts';
import { socketOpener } from './open-socket.ts';
import type { RendererClient } from './renderer-client.ts';

declare global {
  interface Window {
    /** Set by the preload script of the desktop host, absent in a browser. */
    readonly hearth?: HearthBridge;
  }
}

/** The core of the host that this page runs in: the desktop's bridge, else a WebSocket to where the page came from. */
export function findClient(): RendererClient {
  const bridge = window.hearth;
  const connect = bridge === undefined ? socketOpener() : () => Promise.resolve(bridgeChannel(bridge));
  return rendererClient(connect, bridge?.native ?? null);
}

function rendererClient(connect: () => Promise<Channel>, native: RendererClient['native']): RendererClient {
  const listeners = new Set<() => void>();
  const wire = createWireClient({
    connect,
    schedule: (millis, action) => {
      const timer = window.setTimeout(action, millis);
      return () => window.clearTimeout(timer);
    },
    onState: () => {
      for (const listener of listeners) listener();
    },
  });
  return {
    native,
    connection: {
      get: () => wire.state,
      subscribe: (listener) => {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
    },
    request: (method, params, options) => wire.request(method, params, options),
    subscribe: (topic, params, listener) => wire.subscribe(topic, params, listener),
  };
}
