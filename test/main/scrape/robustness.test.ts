import { gzipSync } from 'node:zlib';
import { expect, onTestFinished, test } from 'vitest';
import { createHttpClient } from '#main/http/index.ts';
import { createScrapeManager, type ScrapeManager } from '#main/scrape/index.ts';
import { openMemoryStorage } from '#main/storage/index.ts';
import { SILENT } from '#main/telemetry/index.ts';
import type { TargetView } from '#shared/contract/index.ts';
import { closedPort, httpDeps, serve, serveRaw } from '../http/local-server.ts';
import { config } from './world.ts';

/** A manager over real sockets and real time. */
function realManager(): ScrapeManager {
  const deps = httpDeps();
  const manager = createScrapeManager({
    storage: openMemoryStorage(),
    http: (settings) => createHttpClient(settings, deps),
    clock: { now: () => Date.now(), monotonic: () => performance.now() },
    timers: {
      set: (callback, millis) => setTimeout(callback, millis),
      clear: (handle) => clearTimeout(handle as NodeJS.Timeout),
    },
    hostname: 'host',
    log: SILENT,
  });
  onTestFinished(() => manager.stop());
  return manager;
}

const GOOD = '# TYPE a gauge\na 1\n';
const text = { 'content-type': 'text/plain' };

test('each bad target fails for its own reason, in bounded time, and the good one is not held up', async () => {
  const endless = await serve((_, response) => {
    response.writeHead(200, text);
    const push = (): void => {
      while (!response.destroyed && response.write('a 1\n'.repeat(10_000)));
    };
    response.on('drain', push);
    push();
  });
  const targets: Readonly<Record<string, string>> = {
    good: await serve((_, response) => response.writeHead(200, text).end(GOOD)),
    zipped: await serve((_, response) =>
      response.writeHead(200, { ...text, 'content-encoding': 'gzip' }).end(gzipSync(GOOD)),
    ),
    moved: await serve((request, response) => {
      if (request.url === '/there') response.writeHead(200, text).end(GOOD);
      else response.writeHead(301, { location: '/there' }).end();
    }),
    refused: `http://127.0.0.1:${await closedPort()}`,
    silent: await serveRaw(() => {}),
    trickling: await serve((_, response) => {
      response.writeHead(200, text);
      const timer = setInterval(() => response.write('a'), 20);
      response.on('close', () => clearInterval(timer));
    }),
    endless,
    bomb: await serve((_, response) =>
      response.writeHead(200, { ...text, 'content-encoding': 'gzip' }).end(gzipSync(Buffer.alloc(5_000_000, 'a'))),
    ),
    cut: await serveRaw((socket) =>
      socket.end('HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 99\r\n\r\na 1\n'),
    ),
    hangingUp: await serveRaw((socket) => socket.destroy()),
    halfClosed: await serveRaw((socket) => void socket.end()),
    looping: await serve((_, response) => response.writeHead(302, { location: '/metrics' }).end()),
    garbage: await serve((_, response) => response.writeHead(200, text).end(Buffer.from([0, 255, 1, 254, 10, 9]))),
    truncated: await serve((_, response) => response.writeHead(200, text).end('a 1\nb{x="')),
    html: await serve((_, response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<html></html>')),
    untyped: await serve((_, response) => response.writeHead(200).end(GOOD)),
    secret: await serve((_, response) => response.writeHead(401).end()),
    broken: await serve((_, response) => response.writeHead(500).end('oops')),
    ssh: await serveRaw((socket) => socket.end('SSH-2.0-OpenSSH_9.2\r\n')),
  };
  const manager = realManager();
  manager.apply(
    config(`
global: { scrape_interval: 800ms, scrape_timeout: 700ms, body_size_limit: 1MB }
scrape_configs:
${Object.entries(targets)
  .map(([name, origin]) => `  - { job_name: ${name}, static_configs: [{ targets: ['${new URL(origin).host}'] }] }`)
  .join('\n')}
`),
    { pausedJobs: new Set(), builtin: [] },
  );
  const state = (): Record<string, TargetView> =>
    Object.fromEntries(manager.targets().active.map((target) => [target.job, target]));
  await expect
    .poll(() => Object.values(state()).every((target) => target.lastScrape !== null), { timeout: 20_000 })
    .toBe(true);
  const before = manager.stats().scrapes;
  await expect.poll(() => manager.stats().scrapes, { timeout: 20_000 }).toBeGreaterThan(before + 40);
  const kinds = (): Record<string, string> =>
    Object.fromEntries(Object.values(state()).map((target) => [target.job, target.lastError?.kind ?? target.health]));
  // On a busy machine a scrape or two of any target may come too late; the next one says why it fails.
  await expect.poll(kinds, { timeout: 20_000 }).toEqual({
    good: 'up',
    zipped: 'up',
    moved: 'up',
    refused: 'refused',
    silent: 'timeout',
    trickling: 'timeout',
    endless: 'body-size',
    bomb: 'body-size',
    cut: 'closed',
    hangingUp: 'closed',
    halfClosed: 'closed',
    looping: 'redirect',
    garbage: 'parse',
    truncated: 'parse',
    html: 'content-type',
    untyped: 'content-type',
    secret: 'unauthorized',
    broken: 'status',
    ssh: 'other',
  });
  const good = state()['good'];
  expect([...good.pulse].filter((duration) => duration >= 0).length).toBeGreaterThan(good.pulse.length / 2);
});

test('stopping ends scrapes under way at once', async () => {
  const silent = await serveRaw(() => {});
  const manager = realManager();
  manager.apply(
    config(`
global: { scrape_interval: 100s, scrape_timeout: 100s }
scrape_configs: [{ job_name: j, static_configs: [{ targets: ['${new URL(silent).host}'] }] }]
`),
    { pausedJobs: new Set(), builtin: [] },
  );
  manager.scrapeNow(manager.targets().active[0].id);
  const started = performance.now();
  await manager.stop();
  expect(performance.now() - started).toBeLessThan(5000);
});
