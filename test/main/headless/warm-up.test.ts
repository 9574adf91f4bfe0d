import { createServer, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { warmUpServer } from '#main/headless/warm-up.ts';

let server: Server;
afterEach(() => void server.close());

/** A server that writes down what it is asked, and by how many connections. */
async function listening(answer: (path: string) => string | null) {
  const asked: string[] = [];
  const tokens = new Set<string | undefined>();
  const sockets = new Set<Socket>();
  server = createServer((request, response) => {
    sockets.add(request.socket);
    tokens.add(request.headers.authorization);
    asked.push(request.url ?? '');
    const body = answer(request.url ?? '');
    if (body === null) request.socket.destroy();
    // Every second answer goes without a length, in pieces.
    else if (asked.length % 2 === 0) response.end(body);
    else {
      response.write(body);
      response.end(body);
    }
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const { port } = server.address() as AddressInfo;
  return { address: { host: '127.0.0.1', port }, asked, tokens, sockets };
}

const own = { time: 60_000, exprs: ['{__name__="a b"}', 'sum(rate(c[5m]))'] };

test('everything is asked often, over several connections, small and large answers alike', async () => {
  const { address, asked, tokens, sockets } = await listening((path) =>
    path.includes('range') ? 'x'.repeat(3e5) : '',
  );
  await warmUpServer(address, 'secret', own);
  expect([...tokens]).toEqual(['Bearer secret']);
  expect(sockets.size).toBeGreaterThan(2);
  expect([...sockets].every((socket) => socket.destroyed || socket.readableEnded)).toBe(true);
  const times = new Map<string, number>();
  for (const path of asked) times.set(path, (times.get(path) ?? 0) + 1);
  expect(Math.min(...times.values())).toBeGreaterThan(5);
  expect(
    times
      .keys()
      .filter((path) => path.includes(encodeURIComponent(own.exprs[0])))
      .toArray(),
  ).toEqual([
    '/api/v1/query?query=%7B__name__%3D%22a%20b%22%7D&time=61',
    '/api/v1/query_range?query=%7B__name__%3D%22a%20b%22%7D&start=-3539&end=61&step=60',
  ]);
});

test('a server that goes away ends it', async () => {
  const { address, asked } = await listening((path) => (path.includes('series') ? null : 'ok'));
  await warmUpServer(address, 'secret', own);
  expect(asked).toHaveLength(3);
});
