import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { supervise } from '../../../src/main/headless/supervise.ts';

const HEADLESS = resolve(import.meta.dirname, '../../../src/main/headless');
const WAIT = { timeout: 25_000, interval: 20 };

let folder: string;
let children: ChildProcess[];

beforeEach(async () => {
  children = [];
  folder = await mkdtemp(join(tmpdir(), 'hearth-supervise-'));
});

afterEach(async () => {
  for (const child of children) {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
  }
  await rm(folder, { recursive: true });
});

/** A program of a few lines in place of the server's thread. */
async function standIn(code: string) {
  const path = join(folder, 'thread.mjs');
  await writeFile(path, `import { parentPort, workerData } from 'node:worker_threads';\n${code}`);
  const complaints: string[] = [];
  const delays: number[] = [];
  const signals = new Map<string, () => void>();
  const retries: (() => void)[] = [];
  const code$ = supervise({
    argv: ['--a=b'],
    startedAt: 7,
    entry: pathToFileURL(path),
    complain: (line) => complaints.push(line),
    onSignal: (signal, action) => signals.set(signal, action),
    schedule: (millis, action) => {
      delays.push(millis);
      retries.push(action);
      return () => retries.splice(retries.indexOf(action), 1);
    },
  });
  return { code: code$, complaints, delays, retries, signal: (name: string) => signals.get(name)?.() };
}

test('the exit code of the thread becomes that of the program', async () => {
  const { code, complaints } = await standIn(`
    const right = workerData.argv[0] === '--a=b' && workerData.startedAt === 7 && workerData.again === null;
    parentPort.postMessage({ kind: 'ended', code: right ? 2 : 3 });
  `);
  expect(await code).toBe(2);
  expect(complaints).toEqual([]);
});

test('a thread that fails before it served ends the program, with its reason', async () => {
  const { code, complaints, delays } = await standIn(`throw new Error('no luck');`);
  expect(await code).toBe(1);
  expect(complaints.join('\n')).toContain('no luck');
  expect(delays).toEqual([]);
});

test('signals go on to the thread, which ends by itself', async () => {
  const { code, signal, complaints } = await standIn(`
    let reloaded = 0;
    parentPort.on('message', ({ kind }) => {
      if (kind === 'reload') reloaded++;
      if (kind === 'stop') {
        parentPort.postMessage({ kind: 'ended', code: reloaded });
        parentPort.close();
      }
    });
  `);
  signal('SIGHUP');
  signal('SIGHUP');
  signal('SIGTERM');
  signal('SIGINT');
  expect(await code).toBe(2);
  expect(complaints).toEqual([]);
});

test('one that does not stop in time is ended', async () => {
  const { code, signal, retries, delays } = await standIn(`setInterval(() => {}, 1000);`);
  signal('SIGTERM');
  expect(delays).toEqual([15_000]);
  retries[0]();
  expect(await code).toBe(0);
});

test('one that crashes after it served is started again where it was, later each time it fails', async () => {
  const { code, delays, retries, complaints, signal } = await standIn(`
    const { again } = workerData;
    parentPort.on('message', () => {
      parentPort.postMessage({ kind: 'ended', code: 0 });
      parentPort.close();
    });
    if (again === null) {
      parentPort.postMessage({ kind: 'serving', listen: [{ host: '127.0.0.1', port: 5 }] });
      setTimeout(() => { throw new Error('boom'); }, 0);
    } else if (again.listen[0].port !== 5) process.exit(9);
    else if (again.reason.includes('boom')) {
      parentPort.postMessage({ kind: 'ended', code: 1 });
      parentPort.close();
    } else if (again.reason === 'it could not start') parentPort.postMessage({ kind: 'serving', listen: again.listen });
  `);
  await vi.waitFor(() => expect(delays).toEqual([100]), WAIT);
  retries[0]();
  await vi.waitFor(() => expect(delays).toEqual([100, 250]), WAIT);
  retries[1]();
  signal('SIGTERM');
  expect(await code).toBe(0);
  expect(complaints).toEqual([]);
});

test('a stop while nothing runs is the end', async () => {
  const { code, delays, retries, signal } = await standIn(`
    parentPort.postMessage({ kind: 'serving', listen: [] });
    setTimeout(() => { throw new Error('boom'); }, 0);
  `);
  await vi.waitFor(() => expect(delays).toEqual([100]), WAIT);
  signal('SIGINT');
  expect(await code).toBe(0);
  expect(retries).toEqual([]);
});

test('the real server comes back at its address after a crash, and keeps what it had stored', async () => {
  await writeFile(join(folder, 'p.yml'), 'scrape_configs: []\n');
  const thread = pathToFileURL(join(HEADLESS, 'worker.ts')).href;
  const supervisor = pathToFileURL(join(HEADLESS, 'supervise.ts')).href;
  const crash = JSON.stringify(join(folder, 'crash'));
  // The server's own thread with a weak spot.
  await writeFile(
    join(folder, 'thread.mjs'),
    `import { existsSync, rmSync } from 'node:fs';
     import ${JSON.stringify(thread)};
     setInterval(() => {
       if (!existsSync(${crash})) return;
       rmSync(${crash});
       throw new Error('boom');
     }, 10).unref();`,
  );
  await writeFile(
    join(folder, 'main.mjs'),
    `import { supervise } from ${JSON.stringify(supervisor)};
     process.exitCode = await supervise({
       argv: process.argv.slice(2),
       startedAt: 1_700_000_000_000,
       entry: new URL('thread.mjs', import.meta.url),
       complain: (line) => console.error(line),
       onSignal: (signal, action) => process.on(signal, action),
       schedule: (millis, action) => { const timer = setTimeout(action, millis); return () => clearTimeout(timer); },
     });`,
  );
  const flags = [`--config.file=${join(folder, 'p.yml')}`, `--storage.tsdb.path=${join(folder, 'data')}`];
  const child = spawn(
    process.execPath,
    [join(folder, 'main.mjs'), ...flags, '--web.listen-address=127.0.0.1:0', '--web.enable-admin-api'],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  children.push(child);
  let out = '';
  let errors = '';
  child.stdout.on('data', (piece: Buffer) => (out += piece.toString()));
  child.stderr.on('data', (piece: Buffer) => (errors += piece.toString()));
  await vi.waitFor(() => expect(out).toMatch(/#token=/), WAIT);
  const [, base] = /(http:\S+)\/#token=/.exec(out) as unknown as [string, string];
  const sent = await fetch(`${base}/api/v1/import/prometheus`, { method: 'POST', body: 'kept 5 1700000000000\n' });
  expect(sent.status).toBe(200);

  await writeFile(join(folder, 'crash'), '');
  await vi.waitFor(() => expect(errors).toContain('the server ended and is started again'), WAIT);
  expect(errors).toContain('boom');
  await vi.waitFor(async () => expect((await fetch(`${base}/-/ready`)).status).toBe(200), WAIT);
  const answer = await (await fetch(`${base}/api/v1/query?query=kept&time=1700000000`)).json();
  expect(answer).toMatchObject({ data: { result: [{ metric: { __name__: 'kept' }, value: [1_700_000_000, '5'] }] } });
  const runtime = await (await fetch(`${base}/api/v1/status/runtimeinfo`)).json();
  expect(runtime).toMatchObject({ data: { startTime: expect.stringMatching(/^20/) } });
  // Told once: it is where it was.
  expect(out.match(/#token=/g)).toHaveLength(1);
  child.kill('SIGTERM');
  const [code] = (await once(child, 'exit')) as [number | null];
  expect(code).toBe(0);
});
