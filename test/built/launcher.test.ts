import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { cachedDataVersionTag } from 'node:v8';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';

/** The starter as a person runs it. Needs the build, or makes it. */
const root = resolve(import.meta.dirname, '../..');
const WAIT = { timeout: 45_000, interval: 30 };
/** Places of the starter where tests make another Node of the one that there is. */
const OLDEST_NODE = /^const OLDEST_NODE = \[\d+, \d+\];$/m;
const EXECVE = /\bif \(process\.execve !== undefined\)/;

let folder: string;
let running: ChildProcess[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hearth-bin-'));
  running = [];
});

afterEach(async () => {
  for (const child of running) {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
  }
  rmSync(folder, { recursive: true, force: true });
});

interface Run {
  readonly child: ChildProcess;
  readonly exit: Promise<number | null>;
  readonly out: () => string;
  readonly errors: () => string;
}

function hearth(args: readonly string[], some: { readonly base?: string; readonly env?: NodeJS.ProcessEnv } = {}): Run {
  const env = {
    ...process.env,
    HEARTH_HOME: join(folder, 'home'),
    ...some.env,
  };
  const child = spawn(process.execPath, [join(some.base ?? root, 'bin/hearth.mjs'), ...args], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.push(child);
  let out = '';
  let errors = '';
  child.stdout.on('data', (piece: Buffer) => (out += piece.toString()));
  child.stderr.on('data', (piece: Buffer) => (errors += piece.toString()));
  const exit = once(child, 'close').then(([code]) => code as number | null);
  return { child, exit, out: () => out, errors: () => errors };
}

/** An installed package with stand-ins for its programs, each of which tells its arguments and ends with code 7. */
function standIn(): string {
  const base = join(folder, 'package');
  mkdirSync(join(base, 'out/main'), { recursive: true });
  mkdirSync(join(base, 'out/renderer'), { recursive: true });
  cpSync(join(root, 'bin'), join(base, 'bin'), { recursive: true });
  writeFileSync(join(base, 'package.json'), JSON.stringify({ version: '9.8.7', type: 'module' }));
  for (const name of ['headless', 'cli', 'core-worker', 'query-worker'])
    writeFileSync(
      join(base, `out/main/${name}.js`),
      `const said = { name: '${name}', args: process.argv.slice(2), node: process.execPath, why: process.env.HEARTH_NO_WINDOW ?? null };
       process.stdout.write(JSON.stringify(said));
       process.exitCode = 7;`,
    );
  writeFileSync(join(base, 'out/renderer/index.html'), '');
  return base;
}

test('--version and --help answer without starting anything', async () => {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
  const asked = hearth(['--version']);
  expect(await asked.exit).toBe(0);
  expect(asked.out()).toBe(`hearth, version ${version}\n`);
  for (const flag of ['--help', '-h', 'help']) {
    const help = hearth([flag]);
    expect(await help.exit).toBe(0);
    expect(help.out()).toMatch(/hearth serve.*\n(?:.*\n)*.*hearth check config/);
    expect(help.errors()).toBe('');
  }
});

test('an unknown command ends with 2 and says where the commands are listed', async () => {
  const { exit, errors, out } = hearth(['sevre']);
  expect(await exit).toBe(2);
  expect(errors()).toBe('hearth: no command "sevre"; hearth --help lists them\n');
  expect(out()).toBe('');
});

test.each([
  [['serve', '--a=b', 'c d'], { name: 'headless', args: ['--a=b', 'c d'], why: null }],
  [['check', 'config', 'x.yml'], { name: 'cli', args: ['check', 'config', 'x.yml'], why: null }],
  [['query', 'instant', 'u', 'up'], { name: 'cli', args: ['query', 'instant', 'u', 'up'], why: null }],
])('%j: the arguments arrive as they are, the exit code comes back', async (args, said) => {
  const { exit, out } = hearth(args, { base: standIn() });
  expect(await exit).toBe(7);
  expect(JSON.parse(out())).toMatchObject(said);
});

test('without a build and without sources it says what is missing', async () => {
  const base = standIn();
  rmSync(join(base, 'out/main/headless.js'));
  const { exit, errors } = hearth(['serve'], { base });
  expect(await exit).toBe(1);
  expect(errors()).toContain('the build is missing (out/)');
});

test.skipIf(process.platform === 'win32')('an old Node hands over to the one installed with Hearth', async () => {
  const base = standIn();
  // Node cannot be made older: its version is taken for older than what is needed.
  const starter = join(base, 'bin/hearth.mjs');
  const text = readFileSync(starter, 'utf8');
  expect(text).toMatch(OLDEST_NODE);
  writeFileSync(starter, text.replace(OLDEST_NODE, 'const OLDEST_NODE = [9999, 0];'));
  const alone = hearth(['serve'], { base });
  expect(await alone.exit).toBe(1);
  expect(alone.errors()).toContain('Hearth needs 9999.0 or newer. Install it, or run npm install');

  const bundled = join(base, 'node_modules', `node-${process.platform}-${process.arch}`, 'bin/node');
  mkdirSync(dirname(bundled), { recursive: true });
  writeFileSync(bundled, `#!/bin/sh\nBUNDLED=yes exec "${process.execPath}" "$@"\n`, { mode: 0o755 });
  writeFileSync(join(base, 'out/main/headless.js'), 'console.log(process.env.BUNDLED); process.exitCode = 7;');
  const handed = hearth(['serve'], { base });
  expect(await handed.exit).toBe(7);
  expect(handed.out()).toBe('yes\n');
});

test.skipIf(process.platform === 'win32')('an old Node becomes the one installed with Hearth', async () => {
  const base = standIn();
  const starter = join(base, 'bin/hearth.mjs');
  // One that has no execve of its own, either.
  const text = readFileSync(starter, 'utf8').replace(OLDEST_NODE, 'const OLDEST_NODE = [9999, 0];');
  expect(text).toMatch(EXECVE);
  writeFileSync(starter, text.replace(EXECVE, 'if (false)'));
  const bundled = join(base, 'node_modules', `node-${process.platform}-${process.arch}`, 'bin/node');
  mkdirSync(dirname(bundled), { recursive: true });
  symlinkSync(process.execPath, bundled);
  for (const name of ['koffi', '@koromix'])
    symlinkSync(join(root, 'node_modules', name), join(base, 'node_modules', name));
  const said =
    'console.log(JSON.stringify({ pid: process.pid, args: process.argv.slice(2), word: process.env.WORD }));';
  writeFileSync(join(base, 'out/main/headless.js'), said);
  const { child, exit, out } = hearth(['serve', 'a b', 'ü'], {
    base,
    env: { WORD: 'x=y z' },
  });
  expect(await exit).toBe(0);
  expect(JSON.parse(out())).toEqual({
    pid: child.pid,
    args: ['a b', 'ü'],
    word: 'x=y z',
  });
});

test.skipIf(process.platform === 'win32')('the host runs in the process that was started', async () => {
  const base = standIn();
  const said = `console.log(JSON.stringify({
    pid: process.pid,
    flags: process.execArgv,
    word: process.env.WORD,
    made: process.getBuiltinModule('node:v8').cachedDataVersionTag(),
  }));`;
  writeFileSync(join(base, 'out/main/headless.js'), said);
  const { child, exit, out, errors } = hearth(['serve'], { base, env: { WORD: 'x=y z' } });
  expect(await exit).toBe(0);
  expect(JSON.parse(out())).toEqual({
    pid: child.pid,
    flags: ['--max-semi-space-size=4'],
    word: 'x=y z',
    // The flags let V8 take the code of Node's own modules as it is, instead of compiling all of it anew.
    made: cachedDataVersionTag(),
  });
  expect(errors()).toBe('');
});

test('where a process cannot become another, the starter stays and starts the next one that is asked for', async () => {
  const base = standIn();
  const starter = join(base, 'bin/hearth.mjs');
  writeFileSync(starter, readFileSync(starter, 'utf8').replace(EXECVE, 'if (false)'));
  writeFileSync(
    join(base, 'out/main/headless.js'),
    `const { lives } = JSON.parse(process.env.HEARTH_AGAIN ?? '{"lives":1}');
     console.log(lives, process.argv[2]);
     if (lives < 3) process.send({ lives: lives + 1 }, () => process.exit(75));
     else process.exit(7);`,
  );
  const { exit, out } = hearth(['serve', '--a=b'], { base });
  expect(await exit).toBe(7);
  expect(out()).toBe('1 --a=b\n2 --a=b\n3 --a=b\n');
});

test.skipIf(process.platform !== 'linux')('without a display it serves instead, and says why and where', async () => {
  const env = { DISPLAY: '', WAYLAND_DISPLAY: '' };
  const stood = hearth([], { base: standIn(), env });
  expect(await stood.exit).toBe(7);
  expect(JSON.parse(stood.out())).toMatchObject({
    name: 'headless',
    why: process.getuid?.() === 0 ? 'started as root' : 'no display',
  });

  const real = hearth(['--web.listen-address=127.0.0.1:0'], { env });
  await vi.waitFor(() => expect(real.out()).toContain('#token='), WAIT);
  expect(real.out()).toMatch(
    /^Hearth \S+ runs without a window \((?:started as root|no display)\); open http:\/\/127\.0\.0\.1:\d+\/#token=\S+\n$/,
  );
  real.child.kill('SIGTERM');
  expect(await real.exit).toBe(0);
});

test('import and export work on a store of their own in the build, too', async () => {
  const text = '# TYPE a gauge\na{b="c"} 1 1.5\na{b="c"} -0 2\n# EOF\n';
  writeFileSync(join(folder, 'a.om'), text);
  const data = `--storage.tsdb.path=${join(folder, 'data')}`;
  const into = hearth(['import', 'openmetrics', join(folder, 'a.om'), data]);
  expect(await into.exit).toBe(0);
  const outOf = hearth(['export', 'openmetrics', data]);
  expect(await outOf.exit).toBe(0);
  expect(outOf.out()).toBe(text);
});
