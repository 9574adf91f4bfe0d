import { createChannelQueue } from './channel-queue.ts';
import type { Channel } from './client.ts';
import { decodeMessage, encodeMessage } from './wire-codec.ts';

/** What a channel needs of an open WebSocket: the browser's own, or `ws` (with `binaryType` 'arraybuffer'). */
export interface SocketLike {
  binaryType: string;
  readonly bufferedAmount: number;
  send(data: Uint8Array<ArrayBuffer>): void;
  close(code?: number, reason?: string): void;
  addEventListener(type: 'message', listener: (event: { readonly data: unknown }) => void): void;
  addEventListener(type: 'close', listener: () => void): void;
}

/** Close codes of ours (docs/protocols/wire.md). */
export const CLOSE_MALFORMED = 4400;
export const CLOSE_SLOW = 4408;

export interface SocketChannelOptions {
  /**
   * Bytes that may wait to be sent. A reader that falls further behind is cut off: it connects again and gets whole
   * windows instead of an endless backlog.
   */
  readonly maxBuffered?: number;
}

/** A channel over a WebSocket that is open. One binary message is one CBOR item; anything else closes the socket. */
export function socketChannel(socket: SocketLike, options: SocketChannelOptions = {}): Channel {
  const maxBuffered = options.maxBuffered ?? 64 * 1024 * 1024;
  const queue = createChannelQueue();
  socket.binaryType = 'arraybuffer';
  socket.addEventListener('message', ({ data }) => {
    const message = data instanceof ArrayBuffer ? decodeMessage(new Uint8Array(data)) : null;
    if (message === null) {
      socket.close(CLOSE_MALFORMED, 'not a message of the wire');
      queue.end();
    } else queue.deliver(message);
  });
  socket.addEventListener('close', () => queue.end());
  return {
    send(message) {
      if (queue.closed) return;
      if (socket.bufferedAmount > maxBuffered) {
        socket.close(CLOSE_SLOW, 'reader too slow');
        queue.end();
        return;
      }
      socket.send(encodeMessage(message) as Uint8Array<ArrayBuffer>);
    },
    onMessage: queue.onMessage,
    onClose: queue.onClose,
    close() {
      socket.close(1000);
      queue.end();
    },
  };
}
