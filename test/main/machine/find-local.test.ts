import { expect, onTestFinished, test } from 'vitest';
import { createHttpClient, PLAIN_HTTP } from '#main/http/index.ts';
import { findLocalTargets } from '#main/machine/index.ts';
import { closedPort, httpDeps, serve, serveRaw } from '../http/local-server.ts';

const portOf = (origin: string): number => Number(new URL(origin).port);

test('finds metrics pages among what listens, says what they look like and who watches them', async () => {
  const metrics = await serve((_, response) => {
    response.setHeader('content-type', 'text/plain; version=0.0.4');
    response.end('node_exporter_build_info 1\nx 2\n');
  });
  const app = await serve((request, response) => {
    response.setHeader('content-type', 'text/plain');
    if (request.url === '/metrics') response.end('my_requests_total 3\n');
    else response.writeHead(404).end();
  });
  const html = await serve((_, response) => {
    response.setHeader('content-type', 'text/html');
    response.end('<html>hello</html>');
  });
  const missing = await serve((_, response) => response.writeHead(404).end());
  const silent = await serveRaw(() => {});
  const other = await serveRaw((socket) => socket.end('SSH-2.0\r\n'));
  const skipped = await serve((_, response) => response.end('a 1\n'));
  const closed = await closedPort();
  const origins = [metrics, app, html, missing, silent, other, skipped];
  const http = createHttpClient(PLAIN_HTTP, httpDeps());
  onTestFinished(() => http.close());
  const hex = (port: number): string => port.toString(16).toUpperCase().padStart(4, '0');
  const table = [
    '  sl  local_address rem_address   st tx_queue',
    ...[...origins.map(portOf), closed].map((port, i) => `   ${i}: 0100007F:${hex(port)} 00000000:0000 0A 00000000`),
    // Another machine's address, and a connection that is not listening.
    `   8: 0200A8C0:1F90 00000000:0000 0A 00000000`,
    `   9: 0100007F:1F91 0100007F:1F92 01 00000000`,
  ].join('\n');
  const result = await findLocalTargets(
    {
      http,
      platform: 'linux',
      watchedBy: (_, port) => (port === portOf(app) ? 'my-app' : null),
      skip: new Set([portOf(skipped)]),
      readText: (path) => (path === '/proc/net/tcp' ? Promise.resolve(table) : Promise.reject(new Error('none'))),
    },
    new AbortController().signal,
  );
  expect(result.portsChecked).toBe(7);
  const wanted = [
    { url: `http://localhost:${portOf(metrics)}/metrics`, looksLike: 'node_exporter', series: 2, watchedBy: null },
    {
      url: `http://localhost:${portOf(app)}/metrics`,
      looksLike: `localhost:${portOf(app)}`,
      series: 1,
      watchedBy: 'my-app',
    },
  ].sort((a, b) => (a.url < b.url ? -1 : 1));
  expect([...result.found].sort((a, b) => (a.url < b.url ? -1 : 1))).toEqual(wanted);
});

test('where the machine does not tell what listens, the usual ports are tried', async () => {
  const origin = await serve((_, response) => {
    response.setHeader('content-type', 'text/plain');
    response.end('go_info 1\n');
  });
  const http = createHttpClient(PLAIN_HTTP, httpDeps());
  onTestFinished(() => http.close());
  const result = await findLocalTargets(
    {
      http,
      platform: 'darwin',
      watchedBy: () => null,
      skip: new Set(),
      knownPorts: [portOf(origin), await closedPort()],
    },
    new AbortController().signal,
  );
  expect(result).toMatchObject({ portsChecked: 2, found: [{ looksLike: 'a Go application' }] });
});

test('an abort ends the search', async () => {
  const silent = await serveRaw(() => {});
  const http = createHttpClient(PLAIN_HTTP, httpDeps());
  onTestFinished(() => http.close());
  const abort = new AbortController();
  const running = findLocalTargets(
    { http, platform: 'darwin', watchedBy: () => null, skip: new Set(), knownPorts: [portOf(silent)] },
    abort.signal,
  );
  abort.abort();
  expect((await running).found).toEqual([]);
});
