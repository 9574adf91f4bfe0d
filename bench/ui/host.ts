import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const ROOT = resolve(import.meta.dirname, '../..');

/** Hearth as it is built, in a folder of its own. */
export interface BenchHost {
  /** The page's address with the session's token. */
  readonly page: URL;
  /** Takes samples as text with times. @throws Error when they are refused */
  importText(text: string): Promise<void>;
  stop(): Promise<void>;
}

/** @param scrape targets that are scraped each second */
export async function startHost(scrape: readonly string[]): Promise<BenchHost> {
  const home = mkdtempSync(join(tmpdir(), 'hearth-bench-ui-'));
  const config = join(home, 'prometheus.yml');
  const jobs = scrape.map((target, i) => `  - job_name: bench-${i}\n    static_configs: [{targets: ['${target}']}]\n`);
  writeFileSync(
    config,
    `global: {scrape_interval: 1s, scrape_timeout: 1s}\n${jobs.length === 0 ? 'scrape_configs: []\n' : `scrape_configs:\n${jobs.join('')}`}`,
  );
  const child = spawn(
    process.execPath,
    [
      join(ROOT, 'bin/hearth.mjs'),
      'serve',
      `--config.file=${config}`,
      '--web.listen-address=127.0.0.1:0',
      `--storage.tsdb.path=${join(home, 'data')}`,
    ],
    { env: { ...process.env, HEARTH_HOME: home }, stdio: ['ignore', 'pipe', 'inherit'], detached: true },
  );
  const page = await new Promise<URL>((found, failed) => {
    let said = '';
    child.stdout.on('data', (piece: Buffer) => {
      said += piece.toString();
      const match = /http:\/\/\S+/.exec(said);
      if (match !== null) found(new URL(match[0]));
    });
    child.once('exit', (code) => failed(new Error(`hearth ended with ${code}\n${said}`)));
  });
  return {
    page,
    async importText(text) {
      const token = new URLSearchParams(page.hash.slice(1)).get('token') ?? '';
      const answer = await fetch(new URL('/api/v1/import/prometheus', page), {
        method: 'POST',
        body: text,
        headers: { Authorization: `Bearer ${token}` },
      });
      if (!answer.ok) throw new Error(`import: ${answer.status} ${await answer.text()}`);
    },
    async stop() {
      const gone = new Promise((done) => child.once('exit', done));
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGTERM');
      await gone;
      rmSync(home, { recursive: true, force: true });
    },
  };
}

/** A target of so many charts, all of which move with each scrape: counters and gauges, one to seven series each. */
export async function startTarget(charts: number): Promise<{ readonly address: string; stop(): void }> {
  let turn = 0;
  const server = createServer((_request, response) => {
    turn++;
    const lines: string[] = [];
    for (let i = 0; i < charts; i++) {
      const counter = i % 2 === 0;
      const name = counter ? `bench_stage_${i}_items_total` : `bench_stage_${i}_waiting`;
      lines.push(`# HELP ${name} Stage ${i}.`, `# TYPE ${name} ${counter ? 'counter' : 'gauge'}`);
      for (let k = 0; k <= i % 7; k++) {
        const value = counter
          ? turn * (k + 1) * 10 + ((turn * 7 + i) % 13)
          : 20 + 10 * Math.sin((turn + i + k) / 9) + (turn % (k + 3));
        lines.push(`${name}{worker="worker-${k + 1}"} ${value}`);
      }
    }
    response.setHeader('Content-Type', 'text/plain; version=0.0.4');
    response.end(`${lines.join('\n')}\n`);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
