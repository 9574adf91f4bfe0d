import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startHearth } from './peers.ts';
import { hearthData, makeHistory } from './query-history.ts';

/**
 * Latency of a light query while 1,000 series are scraped each second: alone, and beside a heavy query over a day of
 * 240 series that is asked again as soon as it is answered. `node bench/query-contention.ts [seconds]`
 */
const SECONDS = Number(process.argv[2] ?? 20);
const KIT = resolve(import.meta.dirname, '../../shared/bench');
const SCRAPED = 1000;
const LIGHT = 'sum by (zone) (rate(bench_total[30s]))';
const HEAVY = 'quantile_over_time(0.9, http_requests_total[1h])';

async function startExporter(): Promise<{ readonly port: number; stop(): void }> {
  let round = 0;
  const server = createServer((_request, response) => {
    round++;
    const lines = Array.from(
      { length: SCRAPED },
      (_, i) => `bench_total{zone="${i % 10}",i="${i}"} ${round * (i + 1)}`,
    );
    response.setHeader('Content-Type', 'text/plain; version=0.0.4');
    response.end(`# TYPE bench_total counter\n${lines.join('\n')}\n`);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  return { port, stop: () => void server.close() };
}

async function ask(url: string, path: string, parameters: Record<string, string>): Promise<string> {
  const answer = await fetch(`${url}${path}?${new URLSearchParams(parameters).toString()}`);
  const text = await answer.text();
  if (answer.status !== 200) throw new Error(text);
  return text;
}

function line(name: string, millis: number[]): void {
  const sorted = [...millis].sort((a, b) => a - b);
  const at = (share: number): string => sorted[Math.floor(share * (sorted.length - 1))].toFixed(1).padStart(7);
  console.log(
    `${name.padEnd(24)} ${String(sorted.length).padStart(6)} asked  p50 ${at(0.5)}  p99 ${at(0.99)}  most ${at(1)} ms`,
  );
}

async function lightFor(url: string, seconds: number): Promise<number[]> {
  const spent: number[] = [];
  const until = performance.now() + seconds * 1000;
  while (performance.now() < until) {
    const started = performance.now();
    await ask(url, '/api/v1/query', { query: LIGHT });
    spent.push(performance.now() - started);
    await sleep(20);
  }
  return spent;
}

async function main(): Promise<void> {
  if (!existsSync(KIT)) {
    console.log('skipped: the benchmark kit is not here');
    return;
  }
  const history = makeHistory(KIT, join(tmpdir(), 'hearth-query-bench'), 1000);
  const { end } = JSON.parse(readFileSync(`${history}.json`, 'utf8')) as { end: number };
  const folder = mkdtempSync(join(tmpdir(), 'hearth-contention-'));
  const exporter = await startExporter();
  cpSync(await hearthData(history), join(folder, 'data'), { recursive: true });
  const config = join(folder, 'prometheus.yml');
  writeFileSync(
    config,
    `global: {scrape_interval: 1s, scrape_timeout: 1s}\nscrape_configs:\n  - job_name: live\n    static_configs: [{targets: ['127.0.0.1:${exporter.port}']}]\n`,
  );
  const hearth = await startHearth(join(folder, 'data'), config);
  try {
    await sleep(5000);
    await lightFor(hearth.url, 3);
    line('light, alone', await lightFor(hearth.url, SECONDS));
    const load = { going: true };
    const heavy: number[] = [];
    const loading = (async (): Promise<void> => {
      while (load.going) {
        const started = performance.now();
        await ask(hearth.url, '/api/v1/query_range', {
          query: HEAVY,
          start: String(end - 86_400),
          end: String(end),
          step: '300',
        });
        heavy.push(performance.now() - started);
      }
    })();
    line('light, beside the heavy', await lightFor(hearth.url, SECONDS));
    load.going = false;
    await loading;
    line('the heavy', heavy);
    const missed = `count_over_time(up{job="live"}[${SECONDS * 2}s])`;
    console.log(`scrapes in the last ${SECONDS * 2} s: ${await ask(hearth.url, '/api/v1/query', { query: missed })}`);
  } finally {
    await hearth.stop();
    exporter.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

await main();
