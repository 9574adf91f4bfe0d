import { createReader } from '#main/exposition/index.ts';
import { createHttpClient, PLAIN_HTTP } from '#main/http/index.ts';
import { DEFAULT_LOAD, loadPrometheusConfig } from '#main/config/index.ts';
import { createScrapeManager } from '#main/scrape/index.ts';
import type { Storage, Writer } from '#main/storage/index.ts';
import { SILENT } from '#main/telemetry/index.ts';
import { Worker } from 'node:worker_threads';

/**
 * What a scrape costs: reading alone, and the whole way from the socket to the writer (a store that takes everything and
 * keeps nothing). The server runs in a thread of its own; CPU is that of the process without it, as near as can be told.
 * Run: node bench/scrape-cost.ts [changed share, 0.15]
 */
const CHANGED = Number(process.argv[2] ?? 0.15);
const SCRAPES = 2000;

/** A body of about 58 kB and 1000 series, in which a share of the values differs from round to round. */
function makeBody(round: number): Buffer {
  let text = '';
  for (let family = 0; family < 50; family++) {
    text += `# HELP node_example_${family}_seconds_total Seconds that example ${family} spent.\n# TYPE node_example_${family}_seconds_total counter\n`;
    for (let i = 0; i < 20; i++) {
      const changes = (family * 20 + i) % 100 < CHANGED * 100;
      const value = changes ? (family * 1000 + i + round * 0.25).toFixed(2) : String(family * i);
      text += `node_example_${family}_seconds_total{cpu="${i}",mode="m"} ${value}\n`;
    }
  }
  return Buffer.from(text);
}

const bodies = Array.from({ length: 50 }, (_, round) => makeBody(round));
console.log(`body: ${bodies[0].length} bytes, 1000 series, ${CHANGED * 100} % of the values change`);

function microsPer(count: number, before: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(before);
  return (user + system) / count;
}

function reading(): void {
  const reader = createReader('text');
  for (let i = 0; i < 300; i++) reader.read(bodies[i % bodies.length]);
  let start = process.cpuUsage();
  for (let i = 0; i < SCRAPES; i++) reader.read(bodies[i % bodies.length]);
  console.log(`reading, compared with the body before: ${microsPer(SCRAPES, start).toFixed(1)} us`);
  start = process.cpuUsage();
  for (let i = 0; i < 200; i++) createReader('text').read(bodies[i % bodies.length]);
  console.log(`reading a first body: ${microsPer(200, start).toFixed(1)} us`);
}

const swallowing: Pick<Storage, 'writer' | 'putMetadata'> = {
  putMetadata() {},
  writer(): Writer {
    let next = 0;
    return {
      resolve: () => next++ as ReturnType<Writer['resolve']>,
      append: (batch) => ({ appended: batch.length, outOfOrder: 0, duplicate: 0, tooOld: 0 }),
      release() {},
    };
  },
};

async function wholeWay(): Promise<void> {
  const server = new Worker(
    `const { createServer } = require('node:http'); const { parentPort, workerData } = require('node:worker_threads');
     let n = 0; const s = createServer((q, r) => { const b = Buffer.from(workerData[n++ % workerData.length]);
     r.writeHead(200, { 'content-type': 'text/plain; version=0.0.4', 'content-length': b.length }); r.end(b); });
     let before; parentPort.on('message', (m) => { parentPort.postMessage(process.threadCpuUsage()); });
     s.keepAliveTimeout = 60000; s.listen(0, '127.0.0.1', () => parentPort.postMessage(s.address().port));`,
    { eval: true, workerData: bodies },
  );
  const message = <T>(): Promise<T> => new Promise((resolve) => server.once('message', (value: T) => resolve(value)));
  const port = await message<number>();
  const loaded = loadPrometheusConfig(
    `scrape_configs: [{ job_name: j, scrape_interval: 1000s, scrape_timeout: 10s, static_configs: [{ targets: ['127.0.0.1:${port}'] }] }]`,
    { file: '/prometheus.yml', readFile: () => '', glob: () => [], env: {} },
  );
  if (!loaded.ok) throw new Error('the configuration of the benchmark is wrong');
  const manager = createScrapeManager({
    storage: swallowing,
    http: () =>
      createHttpClient(PLAIN_HTTP, {
        readFile: () => Promise.reject(new Error('no files')),
        resolveSecret: (secret) => Promise.resolve(secret),
        env: {},
        userAgent: 'bench',
        now: () => Date.now(),
      }),
    clock: { now: () => Date.now(), monotonic: () => performance.now() },
    timers: {
      set: (callback, millis) => setTimeout(callback, millis),
      clear: (handle) => clearTimeout(handle as NodeJS.Timeout),
    },
    hostname: 'h',
    log: SILENT,
  });
  manager.apply(loaded.config, { jobs: new Map(), load: DEFAULT_LOAD, shard: null, builtin: [] });
  const [{ id }] = manager.targets().active;
  const scrape = (): Promise<void> =>
    new Promise((resolve) => {
      const leave = manager.onScrape(() => {
        leave();
        setImmediate(resolve);
      });
      manager.scrapeNow(id);
    });
  const serverCpu = async (): Promise<number> => {
    const answer = message<NodeJS.CpuUsage>();
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker thread, not a window
    server.postMessage('cpu');
    const { user, system } = await answer;
    return user + system;
  };
  for (let i = 0; i < 300; i++) await scrape();
  const serverBefore = await serverCpu();
  const start = process.cpuUsage();
  for (let i = 0; i < SCRAPES; i++) await scrape();
  const total = microsPer(SCRAPES, start);
  const served = ((await serverCpu()) - serverBefore) / SCRAPES;
  const { failures } = manager.stats();
  console.log(
    `whole way, socket to writer: ${(total - served).toFixed(1)} us (${((total - served) / 1000).toFixed(2)} CPU seconds a million samples); ${failures} failed`,
  );
  await manager.stop();
  await server.terminate();
}

reading();
await wholeWay();
