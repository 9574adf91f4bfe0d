import type { Channel } from './client.ts';
import { createChannelQueue } from './channel-queue.ts';
import type { WireMessage } from './client.ts';
import { transferOf } from './transfer.ts';

/** What a channel needs of a MessagePort or Worker of `node:worker_threads`. */
export interface PortLike {
  postMessage(value: unknown, transfer: readonly ArrayBuffer[]): void;
  on(event: string, listener: (value: unknown) => void): unknown;
}

/**
 * A channel over a port whose other end is our own code, so messages are taken as they are.
 * @param close what ends it; a worker's parent passes its `terminate`
 */
export function portChannel(port: PortLike, close: () => void): Channel {
  const queue = createChannelQueue();
  port.on('message', (message) => queue.deliver(message as WireMessage));
  port.on('close', () => queue.end());
  port.on('exit', () => queue.end());
  return {
    send(message) {
      if (!queue.closed) port.postMessage(message, message.kind === 'reply' ? transferOf(message.result) : []);
    },
    onMessage: queue.onMessage,
    onClose: queue.onClose,
    close() {
      close();
      queue.end();
    },
  };
}
