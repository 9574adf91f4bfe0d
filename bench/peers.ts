import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** A server under test. */
export interface Peer {
  readonly url: string;
  readonly pid: number;
  stop(): Promise<void>;
}

/** Whether a program can be started here. */
export function isInstalled(program: string): boolean {
  return spawnSync(program, ['--version']).error === undefined;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no port is free');
  return address.port;
}

const READY_WITHIN = 60_000;

/**
 * Starts a server on a free port and waits until it answers.
 * @param ready path that answers 200 once it takes queries
 */
export async function startPeer(
  command: string,
  args: (port: number) => readonly string[],
  ready: string,
): Promise<Peer> {
  const port = await freePort();
  const child: ChildProcess = spawn(command, args(port), { stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr?.on('data', (piece: Buffer) => (said = (said + piece.toString()).slice(-4000)));
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const url = `http://127.0.0.1:${port}`;
  const until = performance.now() + READY_WITHIN;
  for (;;) {
    if (child.exitCode !== null) throw new Error(`${command} ended\n${said}`);
    const answer = await fetch(url + ready).catch(() => null);
    if (answer?.ok === true) break;
    if (performance.now() > until) {
      child.kill('SIGKILL');
      throw new Error(`${command} is not ready\n${said}`);
    }
    await sleep(100);
  }
  return {
    url,
    pid: child.pid as number,
    async stop() {
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), 10_000);
      await gone;
      clearTimeout(timer);
    },
  };
}

/** A configuration that scrapes nothing. */
export function emptyConfig(folder: string): string {
  const file = join(folder, 'empty.yml');
  writeFileSync(file, 'scrape_configs: []\n');
  return file;
}

const ROOT = resolve(import.meta.dirname, '..');

/** Hearth as it is shipped, on a data folder; builds it where the build is older than the sources. */
export function startHearth(data: string, config: string): Promise<Peer> {
  return startPeer(
    process.execPath,
    (port) => [
      join(ROOT, 'bin/hearth.mjs'),
      'serve',
      `--config.file=${config}`,
      `--storage.tsdb.path=${data}`,
      '--storage.tsdb.retention.time=100y',
      `--web.listen-address=127.0.0.1:${port}`,
      '--log.level=warn',
    ],
    '/-/ready',
  );
}
