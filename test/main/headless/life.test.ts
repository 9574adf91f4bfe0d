import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { leaveAgain, takeAgain, type Again } from '#main/headless/again.ts';
import { live, type Life } from '#main/headless/life.ts';

const ENTRY = resolve(import.meta.dirname, '../../../src/main/headless/index.ts');
const WAIT = { timeout: 25_000, interval: 20 };
const LISTEN = [{ host: '127.0.0.1', port: 5 }];

/** A program of a few lines in a process that is none. */
function lifeOf(run: (life: Life) => Promise<number>, again: Again | null = null) {
  const complaints: string[] = [];
  const delays: number[] = [];
  const due: (() => void)[] = [];
  const signals = new Map<string, () => void>();
  const successors: Again[] = [];
  const exits: number[] = [];
  let crash = (_error: unknown): void => {};
  const code = live({
    startedAt: 7,
    again,
    complain: (line) => complaints.push(line),
    onSignal: (signal, action) => signals.set(signal, action),
    onCrash: (action) => (crash = action),
    schedule: (millis, action) => {
      delays.push(millis);
      due.push(action);
      return () => void due.splice(due.indexOf(action), 1);
    },
    run,
    succeed: (next) => successors.push(next),
    exit: (ended) => exits.push(ended),
  });
  return {
    code,
    complaints,
    delays,
    due,
    successors,
    exits,
    signal: (name: string) => signals.get(name)?.(),
    crash: (error: unknown) => crash(error),
  };
}

/** One that runs until it is stopped. */
const serving = async ({ onOrder, onServing }: Life): Promise<number> => {
  onServing(LISTEN);
  return new Promise((done) => onOrder('stop', () => done(0)));
};

describe('one life', () => {
  test('the exit code of the server becomes that of the program', async () => {
    const { code, complaints, successors, due } = lifeOf(async ({ startedAt, again }) =>
      startedAt === 7 && again === null ? 2 : 3,
    );
    expect(await code).toBe(2);
    expect([complaints, successors, due]).toEqual([[], [], []]);
  });

  test('a crash before it served ends the program, with its reason', () => {
    const { crash, complaints, successors, exits } = lifeOf(() => new Promise(() => {}));
    crash(new Error('no luck'));
    expect(complaints.join('\n')).toContain('no luck');
    expect([successors, exits]).toEqual([[], [1]]);
  });

  test('signals go on to the server, which ends by itself; a stop is told once', async () => {
    let reloads = 0;
    const { code, signal, exits, due } = lifeOf(async ({ onOrder }) => {
      onOrder('reload', () => reloads++);
      return new Promise((done) => onOrder('stop', () => done(reloads)));
    });
    signal('SIGHUP');
    signal('SIGHUP');
    signal('SIGTERM');
    signal('SIGINT');
    expect(await code).toBe(2);
    // The end by force was called off.
    expect([exits, due]).toEqual([[], []]);
  });

  test('a stop that came before the server listened for it reaches it', async () => {
    let listen = (): void => {};
    const { code, signal } = lifeOf(
      ({ onOrder }) => new Promise((done) => (listen = () => onOrder('stop', () => done(4)))),
    );
    signal('SIGTERM');
    listen();
    expect(await code).toBe(4);
  });

  test('one that does not stop in time is ended', () => {
    const { signal, delays, due, exits } = lifeOf(() => new Promise(() => {}));
    signal('SIGTERM');
    expect(delays).toEqual([15_000]);
    due[0]();
    expect(exits).toEqual([0]);
  });

  test('a crash after it served leaves all to a successor; one while it stops does not', () => {
    const first = lifeOf(serving);
    first.crash(new Error('boom'));
    expect(first.successors).toEqual([
      { startedAt: 7, listen: LISTEN, reason: expect.stringContaining('boom'), failures: 0 },
    ]);
    const second = lifeOf(serving);
    second.signal('SIGTERM');
    second.crash('boom');
    expect([second.successors, second.exits, second.complaints]).toEqual([[], [1], ['hearth: boom']]);
  });
});

describe('the next life', () => {
  const left: Again = { startedAt: 3, listen: LISTEN, reason: 'boom', failures: 0 };

  test('it begins later each time it failed, and is the program that was started first', async () => {
    for (const [failures, delay] of [0, 1, 2, 3, 4, 5, 50].map((n, i) => [
      n,
      [100, 250, 500, 1000, 2000, 2000, 2000][i],
    ])) {
      const seen: unknown[] = [];
      const { code, delays, due, successors } = lifeOf(
        async ({ startedAt, again }) => {
          seen.push(startedAt, again?.listen, again?.reason);
          return 1;
        },
        { ...left, failures },
      );
      expect([delays, seen]).toEqual([[delay], []]);
      due[0]();
      await code;
      expect(seen).toEqual([3, LISTEN, 'boom']);
      // It could not start, and served in a life before.
      expect(successors).toEqual([
        { startedAt: 3, listen: LISTEN, reason: 'it could not start', failures: failures + 1 },
      ]);
    }
  });

  test('once it serves the count of failures begins anew', async () => {
    const { due, crash, successors } = lifeOf(serving, { ...left, failures: 3 });
    due[0]();
    await vi.waitFor(() => {
      crash(new Error('again'));
      expect(successors.at(-1)).toMatchObject({ failures: 0 });
    });
  });

  test('a stop while it waits is the end', async () => {
    const { code, signal, due } = lifeOf(() => Promise.reject(new Error('not to be run')), left);
    signal('SIGINT');
    expect(await code).toBe(0);
    expect(due).toEqual([]);
  });

  test('what is left goes through the environment, once', () => {
    const env = leaveAgain({ A: 'b' }, left);
    expect(takeAgain(env)).toEqual(left);
    expect(env).toEqual({ A: 'b' });
    expect(takeAgain(env)).toBeNull();
  });
});

describe.skipIf(process.platform === 'win32')('a real process', () => {
  let folder: string;
  let children: ChildProcess[];

  beforeEach(async () => {
    children = [];
    folder = await mkdtemp(join(tmpdir(), 'hearth-life-'));
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

  test('it comes back at its address after a crash, as the same process, and keeps what it had stored', async () => {
    await writeFile(join(folder, 'p.yml'), 'scrape_configs: []\n');
    const crash = JSON.stringify(join(folder, 'crash'));
    // The server with a weak spot.
    await writeFile(
      join(folder, 'main.mjs'),
      `import { existsSync, rmSync } from 'node:fs';
       setInterval(() => {
         if (!existsSync(${crash})) return;
         rmSync(${crash});
         void Promise.reject(new Error('boom'));
       }, 10).unref();
       await import(${JSON.stringify(pathToFileURL(ENTRY).href)});`,
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
    const started = async (): Promise<unknown> =>
      ((await (await fetch(`${base}/api/v1/status/runtimeinfo`)).json()) as { data: { startTime: unknown } }).data
        .startTime;
    const before = await started();

    for (const times of [1, 2]) {
      await writeFile(join(folder, 'crash'), '');
      await vi.waitFor(
        () => expect(errors.match(/the server ended and is started again.*boom/g)).toHaveLength(times),
        WAIT,
      );
      await vi.waitFor(async () => expect((await fetch(`${base}/-/ready`)).status).toBe(200), WAIT);
      const answer = await (await fetch(`${base}/api/v1/query?query=kept&time=1700000000`)).json();
      expect(answer).toMatchObject({
        data: { result: [{ metric: { __name__: 'kept' }, value: [1_700_000_000, '5'] }] },
      });
      expect(await started()).toEqual(before);
    }
    // Told once: it is where it was.
    expect(out.match(/#token=/g)).toHaveLength(1);
    child.kill('SIGTERM');
    const [code] = (await once(child, 'exit')) as [number | null];
    expect(code).toBe(0);
  });
});
