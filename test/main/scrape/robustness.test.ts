import { gzipSync } from 'node:zlib';
import { expect, onTestFinished, test } from 'vitest';
import { DEFAULT_LOAD } from '#main/config/index.ts';
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

const HANGING: ReadonlySet<string> = new Set(['silent', 'trickling', 'slowHeaders']);
const NOTHING_SAID = { jobs: new Map(), builtin: [], load: DEFAULT_LOAD, shard: null } as const;

const GOOD = '# TYPE a gauge\na 1\n';
const text = { 'content-type': 'text/plain' };
const json = { 'content-type': 'application/json' };

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
    slowHeaders: await serveRaw((socket) => {
      socket.write('HTTP/1.1 200 OK\r\n');
      const timer = setInterval(() => socket.write('X-More: 1\r\n'), 20);
      socket.on('close', () => clearInterval(timer)).on('error', () => {});
    }),
    headers: await serveRaw((socket) => {
      socket.write(`HTTP/1.1 200 OK\r\n${`X-Much: ${'a'.repeat(1000)}\r\n`.repeat(2000)}\r\n`);
      socket.on('error', () => {});
    }),
    badGzip: await serve((_, response) =>
      response.writeHead(200, { ...text, 'content-encoding': 'gzip' }).end('not packed at all'),
    ),
    elsewhere: await serve((_, response) => response.writeHead(302, { location: 'ftp://x/metrics' }).end()),
    json: await serve((_, response) => response.writeHead(200, json).end('{"a":1}')),
    deepJson: await serve((_, response) => response.writeHead(200, json).end('['.repeat(400_000))),
    otherJson: await serve((_, response) => response.writeHead(200, json).end('{"status":"fine"}')),
    badInflux: await serve((_, response) => response.writeHead(200, text).end('cpu,host=a usage=1\ncpu usage=x\n')),
  };
  const manager = realManager();
  // Only what never ends is cut off soon: all else has the time that a busy machine may need.
  const timing = (name: string): string =>
    HANGING.has(name) ? 'scrape_interval: 400ms, scrape_timeout: 300ms' : 'scrape_interval: 60s, scrape_timeout: 60s';
  manager.apply(
    config(`
global: { body_size_limit: 1MB }
scrape_configs:
${Object.entries(targets)
  .map(
    ([name, origin]) =>
      `  - { job_name: ${name}, ${timing(name)}, static_configs: [{ targets: ['${new URL(origin).host}'] }] }`,
  )
  .join('\n')}
`),
    NOTHING_SAID,
  );
  const state = (): Record<string, TargetView> =>
    Object.fromEntries(manager.targets().active.map((target) => [target.job, target]));
  const ended = (): Promise<void> =>
    expect
      .poll(() => Object.values(state()).every((target) => target.lastScrape !== null), {
        timeout: 60_000,
        interval: 20,
      })
      .toBe(true);
  for (const { id } of manager.targets().active) manager.scrapeNow(id);
  await ended();
  // The good one goes on being scraped while the others misbehave.
  for (let i = 0; i < 5; i++) {
    const before = state()['good'].pulse.length;
    for (const { id } of manager.targets().active) manager.scrapeNow(id);
    await expect.poll(() => state()['good'].pulse.length, { timeout: 60_000, interval: 20 }).toBeGreaterThan(before);
  }
  const kinds = Object.fromEntries(
    Object.values(state()).map((target) => [target.job, target.lastError?.kind ?? target.health]),
  );
  expect(kinds).toEqual({
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
    slowHeaders: 'timeout',
    headers: 'other',
    badGzip: 'other',
    elsewhere: 'redirect',
    json: 'up',
    deepJson: 'parse',
    otherJson: 'parse',
    badInflux: 'parse',
  });
  const good = state()['good'];
  expect([...good.pulse].every((duration) => duration >= 0)).toBe(true);
}, 120_000);

test('stopping ends scrapes under way at once', async () => {
  const silent = await serveRaw(() => {});
  const manager = realManager();
  manager.apply(
    config(`
global: { scrape_interval: 100s, scrape_timeout: 100s }
scrape_configs: [{ job_name: j, static_configs: [{ targets: ['${new URL(silent).host}'] }] }]
`),
    NOTHING_SAID,
  );
  manager.scrapeNow(manager.targets().active[0].id);
  const started = performance.now();
  await manager.stop();
  expect(performance.now() - started).toBeLessThan(5000);
});
