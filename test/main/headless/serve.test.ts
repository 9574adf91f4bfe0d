import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createWireClient, HearthError, socketChannel, type Channel, type WireClient } from '#shared/contract/index.ts';

const ENTRY = resolve(import.meta.dirname, '../../../src/main/headless/index.ts');
const WAIT = { timeout: 25_000, interval: 30 };

let folder: string;
let running: ChildProcess[];
let clients: WireClient[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hearth-serve-'));
  running = [];
  clients = [];
  await writeFile(join(folder, 'p.yml'), 'scrape_configs: []\n');
});

afterEach(async () => {
  for (const client of clients) client.close();
  for (const child of running) {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
  }
  await rm(folder, { recursive: true });
});

interface Served {
  readonly child: ChildProcess;
  readonly base: string;
  readonly token: string;
  readonly errors: () => string;
  readonly exit: Promise<number | null>;
}

function run(
  flags: readonly string[],
  env: NodeJS.ProcessEnv = {},
): {
  child: ChildProcess;
  out: () => string;
  errors: () => string;
  exit: Promise<number | null>;
} {
  const child = spawn(process.execPath, [ENTRY, ...flags], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.push(child);
  let out = '';
  let errors = '';
  child.stdout?.on('data', (piece: Buffer) => (out += piece.toString()));
  child.stderr?.on('data', (piece: Buffer) => (errors += piece.toString()));
  const exit = once(child, 'exit').then(([code]) => code as number | null);
  return { child, out: () => out, errors: () => errors, exit };
}

async function serve(...flags: readonly string[]): Promise<Served> {
  const { child, out, errors, exit } = run([
    `--config.file=${join(folder, 'p.yml')}`,
    '--storage.tsdb.path',
    join(folder, 'data'),
    '--web.listen-address=127.0.0.1:0',
    ...flags,
  ]);
  await vi.waitFor(() => expect(out()).toMatch(/#token=/), WAIT);
  const [, base, token] = /(http:\S+)\/#token=(\S+)/.exec(out()) as unknown as [string, string, string];
  return { child, base, token, errors, exit };
}

async function connect({ base }: Served, token: string | null, origin?: string): Promise<WireClient> {
  const url = `${base.replace('http', 'ws')}/ws`;
  const protocols = token === null ? ['hearth.v1'] : ['hearth.v1', `hearth.token.${token}`];
  const { default: Socket } = await import('ws');
  const socket = new Socket(url, protocols, origin === undefined ? {} : { origin });
  await new Promise<void>((done, fail) => {
    socket.once('open', done);
    socket.once('error', fail);
  });
  const channel: Channel = socketChannel(socket);
  const client = createWireClient({ connect: () => Promise.resolve(channel), schedule: () => () => {} });
  clients.push(client);
  return client;
}

function statusWithHost(base: string, host: string): Promise<number> {
  return new Promise((done, fail) => {
    const asked = request(`${base}/api/v1/labels`, { headers: { host } }, (response) => {
      response.resume();
      done(response.statusCode ?? 0);
    });
    asked.once('error', fail);
    asked.end();
  });
}

async function kindOf(promise: Promise<unknown>): Promise<string> {
  const error: unknown = await promise.then(
    () => null,
    (reason: unknown) => reason,
  );
  return error instanceof HearthError ? error.detail.kind : String(error);
}

test('serves the API and the wire; reading is open here, writing needs the token; stops cleanly', async () => {
  const served = await serve();
  const { base, token, child, exit } = served;
  expect((await fetch(`${base}/-/ready`)).status).toBe(200);
  expect(await (await fetch(`${base}/api/v1/query?query=1%2B1`)).json()).toMatchObject({
    data: { resultType: 'scalar', result: [expect.any(Number), '2'] },
  });
  expect(await statusWithHost(base, 'evil.example')).toBe(403);
  const foreign = await fetch(`${base}/api/v1/labels`, { headers: { origin: 'https://evil.example' } });
  expect(foreign.status).toBe(403);
  expect((await fetch(`${base}/-/reload`, { method: 'POST' })).status).toBe(403);

  const reader = await connect(served, null);
  expect(await reader.request('status.get', {})).toMatchObject({ host: 'headless' });
  expect(await kindOf(reader.request('config.get', {}))).toBe('forbidden');
  const stranger = await connect(served, 'wrong');
  expect(await kindOf(stranger.request('config.get', {}))).toBe('forbidden');
  const writer = await connect(served, token);
  expect(await writer.request('config.get', {})).toMatchObject({ text: 'scrape_configs: []\n' });
  await expect(connect(served, token, 'https://evil.example')).rejects.toThrow('403');

  child.kill('SIGTERM');
  expect(await exit).toBe(0);
});

test('the token stays over a restart and only its owner can read it', async () => {
  const first = await serve();
  first.child.kill('SIGINT');
  expect(await first.exit).toBe(0);
  const second = await serve();
  expect(second.token).toBe(first.token);
  const file = join(folder, 'data', 'session-token');
  expect((await readFile(file, 'utf8')).trim()).toBe(first.token);
  const mode = process.platform === 'win32' ? 0o600 : (await stat(file)).mode & 0o777;
  expect(mode).toBe(0o600);
});

/** Waits until the configuration that runs is one with this word. */
async function runs(base: string, word: string): Promise<void> {
  await vi.waitFor(async () => {
    const { data } = (await (await fetch(`${base}/api/v1/status/config`)).json()) as { data: { yaml: string } };
    expect(data.yaml).toContain(word);
  }, WAIT);
}

test.skipIf(process.platform === 'win32')('SIGHUP loads the configuration again', async () => {
  const { base, child, errors } = await serve();
  await writeFile(join(folder, 'p.yml'), 'scrape_configs:\n  - job_name: later\n');
  child.kill('SIGHUP');
  await runs(base, 'later');
  // The file is watched as well; only the signal is answered by this line.
  await vi.waitFor(() => expect(errors()).toContain('configuration loaded again'), WAIT);
});

test('a file that is edited is taken; one that is wrong is told with its place, and the last good one stays', async () => {
  const { base, errors } = await serve();
  await writeFile(join(folder, 'p.yml'), 'scrape_configs:\n  - job_name: edited\n');
  await runs(base, 'edited');
  await writeFile(join(folder, 'p.yml'), 'scrape_configs:\n  - job_name: edited\n    scrape_intervall: 5s\n');
  await vi.waitFor(() => expect(errors()).toMatch(/configuration is not valid.*line=3.*scrape_intervall/), WAIT);
  await runs(base, 'edited');
  await writeFile(join(folder, 'p.yml'), 'scrape_configs:\n  - job_name: mended\n');
  await runs(base, 'mended');
});

test('/-/reload, switched on by its flag, tells what is wrong', async () => {
  const { base } = await serve('--web.enable-lifecycle');
  const reload = (): Promise<Response> => fetch(`${base}/-/reload`, { method: 'POST' });
  await writeFile(join(folder, 'p.yml'), 'scrape_configs:\n  - job_name: asked\n');
  expect((await reload()).status).toBe(200);
  await runs(base, 'asked');
  await writeFile(join(folder, 'p.yml'), 'scrape_configs:\n  - job: asked\n');
  const refused = await reload();
  expect(refused.status).toBe(500);
  expect(await refused.text()).toMatch(/p\.yml:2:.*job/);
  await runs(base, 'asked');
});

test('an address in use is said to be, with another to try', async () => {
  const blocker = createServer();
  blocker.listen(0, '127.0.0.1');
  await once(blocker, 'listening');
  const { port } = blocker.address() as { port: number };
  const flags = [`--config.file=${join(folder, 'p.yml')}`, `--storage.tsdb.path=${join(folder, 'data')}`];
  const { exit, errors } = run([...flags, `--web.listen-address=127.0.0.1:${port}`]);
  expect(await exit).toBe(1);
  expect(errors()).toContain(`127.0.0.1:${port} is in use`);
  expect(errors()).toContain(`--web.listen-address=127.0.0.1:${port + 1}`);
  blocker.close();
});

test('a wrong flag and a wrong configuration end the start with a reason', async () => {
  const flag = run(['--web.listen-adress=:1']);
  expect(await flag.exit).toBe(2);
  expect(flag.errors()).toContain('did you mean --web.listen-address?');
  await writeFile(join(folder, 'p.yml'), 'global:\n  scrape_interval: soon\n');
  const config = run([`--config.file=${join(folder, 'p.yml')}`, `--storage.tsdb.path=${join(folder, 'data')}`]);
  expect(await config.exit).toBe(1);
  expect(config.errors()).toContain('p.yml:2:20: ');
});

test('elsewhere than on loopback everything needs the token, and health does not', async () => {
  const { base, token } = await serve('--web.listen-address=0.0.0.0:0');
  const ask = async (path: string, bearer?: string): Promise<number> =>
    (await fetch(base + path, bearer === undefined ? {} : { headers: { authorization: `Bearer ${bearer}` } })).status;
  expect(await ask('/api/v1/labels')).toBe(401);
  expect(await ask('/metrics', 'wrong')).toBe(401);
  expect(await ask('/api/v1/labels', token)).toBe(200);
  expect(await ask('/-/healthy')).toBe(200);
});

test('without a configuration file a store of its own is begun with one, and flags without effect are said once', async () => {
  const data = join(folder, 'alone');
  const home = join(folder, 'home');
  const { child, out, errors, exit } = run(
    [`--storage.tsdb.path=${data}`, '--web.listen-address=127.0.0.1:0', '--no-config.auto-reload'],
    { HEARTH_HOME: home },
  );
  await vi.waitFor(() => expect(out()).toMatch(/#token=/), WAIT);
  expect((await stat(join(data, 'prometheus.yml'))).isFile()).toBe(true);
  expect(errors().match(/level=WARN.*config.auto-reload has no effect/g)).toHaveLength(1);
  child.kill('SIGTERM');
  expect(await exit).toBe(0);
  await expect(stat(home)).rejects.toThrow('ENOENT');
});
