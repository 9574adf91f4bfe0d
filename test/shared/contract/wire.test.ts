import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { MessageChannel, type MessagePort } from 'node:worker_threads';
import { expect, test } from 'vitest';
import { WebSocketServer, type WebSocket as ServerSocket } from 'ws';
import {
  decodeMessage,
  encodeMessage,
  memoryChannels,
  portChannel,
  socketChannel,
  type Channel,
} from '#shared/contract/index.ts';
import { wireSuite } from './wire-suite.ts';

wireSuite('an in-process pair', () =>
  Promise.resolve({
    connect: () => {
      const [near, far] = memoryChannels();
      return Promise.resolve({ near, far });
    },
    close: () => Promise.resolve(),
  }),
);

wireSuite('ports of worker threads', () => {
  const ports: MessagePort[] = [];
  return Promise.resolve({
    connect: () => {
      const { port1, port2 } = new MessageChannel();
      ports.push(port1, port2);
      return Promise.resolve({
        near: portChannel(port1, () => port1.close()),
        far: portChannel(port2, () => port2.close()),
      });
    },
    close: () => {
      for (const port of ports) port.close();
      return Promise.resolve();
    },
  });
});

wireSuite('WebSocket', async () => {
  const http = createServer();
  const server = new WebSocketServer({ server: http });
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  const { port } = http.address() as AddressInfo;
  return {
    connect: async () => {
      const accepted = once(server, 'connection') as Promise<[ServerSocket]>;
      const socket = new WebSocket(`ws://127.0.0.1:${port}`);
      await once(socket, 'open');
      const [serverSocket] = await accepted;
      return { near: socketChannel(socket), far: socketChannel(serverSocket) };
    },
    close: async () => {
      for (const client of server.clients) client.terminate();
      server.close();
      http.close();
      await once(http, 'close');
    },
  };
});

test('bytes that are no message of the wire are refused', () => {
  expect(decodeMessage(new Uint8Array([0xff, 0x00]))).toBeNull();
  expect(decodeMessage(new TextEncoder().encode('{"kind":"cancel","id":1}'))).toBeNull();
  expect(decodeMessage(encodeMessage({ kind: 'cancel', id: -1 }))).toBeNull();
  expect(decodeMessage(encodeMessage({ kind: 'cancel', id: 1 }))).toEqual({ kind: 'cancel', id: 1 });
});

test('a decoded message does not point into the bytes it came from', () => {
  const bytes = Uint8Array.from(encodeMessage({ kind: 'event', id: 1, event: new Uint8Array([1, 2, 3]) }));
  const message = decodeMessage(bytes);
  bytes.fill(0);
  expect(message).toEqual({ kind: 'event', id: 1, event: new Uint8Array([1, 2, 3]) });
});

test('a reader that falls behind is cut off', () => {
  let closedWith = 0;
  const sent: unknown[] = [];
  const socket = {
    binaryType: '',
    bufferedAmount: 0,
    send: (data: unknown) => sent.push(data),
    close: (code?: number) => {
      closedWith = code ?? 0;
    },
    addEventListener: () => {},
  };
  const channel: Channel = socketChannel(socket, { maxBuffered: 10 });
  channel.send({ kind: 'cancel', id: 1 });
  socket.bufferedAmount = 11;
  channel.send({ kind: 'cancel', id: 2 });
  channel.send({ kind: 'cancel', id: 3 });
  expect(sent).toHaveLength(1);
  expect(closedWith).toBe(4408);
});
