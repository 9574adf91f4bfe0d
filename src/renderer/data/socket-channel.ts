import { Decoder, Encoder } from 'cbor-x';
import type { Channel, WireMessage } from '#shared/contract/index.ts';

const encoder = new Encoder({ useRecords: false, structuredClone: false });
const decoder = new Decoder({ useRecords: false, structuredClone: false });

/** A WebSocket that is open, as a channel: one binary CBOR message for each wire message; typed arrays are kept. */
export function socketChannel(socket: WebSocket): Channel {
  socket.binaryType = 'arraybuffer';
  return {
    send: (message) => {
      if (socket.readyState === WebSocket.OPEN) socket.send(new Uint8Array(encoder.encode(message)));
    },
    onMessage: (listener) => {
      socket.addEventListener('message', (event: MessageEvent<ArrayBuffer>) => {
        // The core is the only one who answers on this socket; what it says is typed by the contract.
        listener(decoder.decode(new Uint8Array(event.data)) as WireMessage);
      });
    },
    onClose: (listener) => socket.addEventListener('close', () => listener(), { once: true }),
    close: () => socket.close(),
  };
}
