#!/usr/bin/env node
// Starts Hearth. Plain JavaScript without dependencies, for it has to run on the Node that a person happens to have.
import { accessSync, constants, existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import module, { createRequire } from 'node:module';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
/** Older ones cannot become another program. */
const OLDEST_NODE = [22, 15];
/**
 * Each half of the room for young objects of the headless host, in MiB: an eighth of what V8 would take. Scraping leaves
 * few of them, and what V8 may take it does take. No flag that V8 makes its code by belongs here: with such a one Node's
 * own modules are compiled anew at each start, which takes 30 ms.
 */
const HEADLESS_FLAGS = ['--max-semi-space-size=4'];
/** With this code a headless host that crashed asks the process that started it to start the next. */
const AGAIN_CODE = 75;
/** The command of fcntl(2) that sets what happens to a descriptor at exec; the same on Linux and macOS. */
const F_SETFD = 2;
/** How long a first download of the Electron binary may take. */
const DOWNLOAD_SECONDS = 180;

const USAGE = `hearth: Prometheus brought home.

  hearth                          the desktop app; without a display, or where it cannot run, the same as hearth serve
  hearth serve [flags]            pages and HTTP API without a window (hearth serve --help lists the flags)
  hearth check config FILE...     check configuration files
  hearth check rules FILE...      check rule files
  hearth check metrics            check a metrics page on standard input
  hearth check store PATH         read all of a store (a data folder, or its file) that is not running
  hearth repair store PATH        keep what can be read of a damaged store; the old file stays beside it
  hearth import openmetrics FILE  take over samples of any age
  hearth export openmetrics       write samples as text
  hearth query instant URL EXPR   ask a server (also: range, series, labels)
  hearth --version

`;

function fail(message, code = 1) {
  process.stderr.write(`hearth: ${message}\n`);
  process.exit(code);
}

/** Node of at least OLDEST_NODE: this one, else the one that npm installed with Hearth. */
function findNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor >= OLDEST_NODE[1])) return process.execPath;
  const name = process.platform === 'win32' ? 'node.exe' : 'node';
  const folder = `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`;
  const candidates = [
    join(root, 'node_modules', folder, 'bin', name),
    join(root, 'node_modules', folder, name),
    join(root, '..', folder, 'bin', name),
  ];
  const found = candidates.find((path) => existsSync(path));
  if (found !== undefined) return found;
  return fail(
    `this is Node ${process.versions.node}; Hearth needs ${OLDEST_NODE.join('.')} or newer. Install it, or run npm install without --omit=optional, which brings one along.`,
  );
}

/** The newest change of a file, or below a folder, in ms. */
function newest(path) {
  let time = statSync(path).mtimeMs;
  if (!statSync(path).isDirectory()) return time;
  for (const entry of readdirSync(path, { withFileTypes: true })) {
    const inner = `${path}/${entry.name}`;
    time = Math.max(time, entry.isDirectory() ? newest(inner) : statSync(inner).mtimeMs);
  }
  return time;
}

const BUNDLES = [
  ...['headless', 'cli', 'core-worker', 'query-worker'].map((name) => `main/${name}.js`),
  'renderer/index.html',
];

/** Builds when there are sources and the build is missing or older than they are. */
async function build(node) {
  const sources = ['src', 'electron.vite.config.ts', 'main-build.ts', 'package.json', 'package-lock.json'].map((name) =>
    join(root, name),
  );
  const outputs = BUNDLES.map((name) => join(root, 'out', name));
  const built = outputs.every((path) => existsSync(path))
    ? Math.min(...outputs.map((path) => statSync(path).mtimeMs))
    : 0;
  const builder = join(root, 'node_modules', 'electron-vite', 'bin', 'electron-vite.js');
  if (!existsSync(sources[0]) || !existsSync(builder)) {
    if (built === 0) fail('the build is missing (out/), and there is nothing here to make it from');
    return;
  }
  if (built >= Math.max(...sources.filter((path) => existsSync(path)).map(newest))) return;
  process.stderr.write('hearth: building, this takes a few seconds...\n');
  const { spawnSync } = await import('node:child_process');
  const result = spawnSync(node, [builder, 'build', '--logLevel', 'warn'], { cwd: root, encoding: 'utf8' });
  if (result.status === 0) return;
  process.stderr.write(`${result.stdout}${result.stderr}`);
  fail('the build failed; what went wrong stands above');
}

/** Where what V8 made of the code is kept from start to start; null where nothing may be written. */
function codeCache() {
  const own = join(root, 'out');
  const account =
    process.platform === 'win32'
      ? process.env['LOCALAPPDATA']
      : process.platform === 'darwin'
        ? join(homedir(), 'Library', 'Caches')
        : process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache');
  try {
    accessSync(own, constants.W_OK);
    return join(own, 'code-cache');
  } catch {
    return account ? join(account, 'hearth', 'code') : null;
  }
}

/** Runs one of our programs: in this process where its Node will do, else in one with the Node, or flags, it needs. */
async function runEntry(node, name, args, flags = []) {
  const entry = join(root, 'out', 'main', `${name}.js`);
  const cache = codeCache();
  if (node !== process.execPath || flags.length > 0) {
    const env = cache === null ? process.env : { NODE_COMPILE_CACHE: cache, ...process.env };
    await become(node, [...flags, entry, ...args], env);
    await run(node, [...flags, entry, ...args], env, name === 'headless');
    return;
  }
  if (cache !== null && process.env['NODE_COMPILE_CACHE'] === undefined) {
    module.enableCompileCache?.(cache);
    // For the threads of this process.
    process.env['NODE_COMPILE_CACHE'] = cache;
  }
  process.argv = [process.execPath, entry, ...args];
  await import(pathToFileURL(entry).href);
}

/** Koffi, an optional package: its binary alone where that is found, for reading what stands around it takes longer. */
async function loadKoffi() {
  try {
    return createRequire(import.meta.url)(`@koromix/koffi-${process.platform}-${process.arch}`);
  } catch {
    return (await import('koffi')).default;
  }
}

/**
 * Makes this process another program, so that no second one stays beside it for as long as that runs. Returns where the
 * system or this Node cannot do that.
 */
async function become(command, args, env) {
  if (process.platform === 'win32') return;
  if (process.execve !== undefined) process.execve(command, [command, ...args], env);
  try {
    const c = (await loadKoffi()).load(null);
    const fcntl = c.func('int fcntl(int fd, int cmd, ...)');
    const execve = c.func('int execve(const char *path, const char **argv, const char **envp)');
    // Node has every descriptor closed by exec: standard input, output and error have to stay.
    for (const fd of [0, 1, 2]) fcntl(fd, F_SETFD, 'int', 0);
    const pairs = Object.entries(env).map(([name, value]) => `${name}=${value}`);
    execve(command, [command, ...args, null], [...pairs, null]);
  } catch {
    // Koffi is an optional package.
  }
}

/** Runs a program in the foreground: signals go on to it, its exit code becomes ours; so does one that it asks for instead. */
async function run(command, args, env = process.env, asks = false) {
  const { spawn } = await import('node:child_process');
  let child;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  const start = (again) => {
    const withAgain = again === null ? env : { ...env, HEARTH_AGAIN: JSON.stringify(again) };
    child = spawn(command, args, { stdio: asks ? [0, 1, 2, 'ipc'] : 'inherit', env: withAgain });
    let next = null;
    child.on('message', (message) => (next = message));
    child.on('error', (error) => fail(error.message));
    child.on('exit', (code, signal) => {
      if (code === AGAIN_CODE && next !== null) {
        start(next);
        return;
      }
      if (signal === null) process.exit(code ?? 1);
      process.removeAllListeners(signal);
      process.kill(process.pid, signal);
    });
  };
  start(null);
}

/** Why there can be no window here, or null. */
function noWindow() {
  if (process.platform === 'linux') {
    if (process.getuid?.() === 0) return 'started as root';
    if (!process.env['DISPLAY'] && !process.env['WAYLAND_DISPLAY']) return 'no display';
  }
  if (!existsSync(join(root, 'out', 'main', 'desktop.js'))) return 'this build has no desktop app';
  return null;
}

/** The Electron binary, downloaded at its first use; a text that says why there is none otherwise. */
async function findElectron(node) {
  const require = createRequire(join(root, 'package.json'));
  let folder;
  try {
    folder = dirname(require.resolve('electron/package.json'));
  } catch {
    return { reason: 'Electron is not installed' };
  }
  const dist = process.env['ELECTRON_OVERRIDE_DIST_PATH'] ?? join(folder, 'dist');
  const binary = () => {
    try {
      const path = join(dist, readFileSync(join(folder, 'path.txt'), 'utf8').trim());
      return existsSync(path) ? path : null;
    } catch {
      return null;
    }
  };
  const there = binary();
  if (there !== null) return { path: there };
  process.stderr.write(`hearth: fetching the Electron binary (at most ${DOWNLOAD_SECONDS} s)...\n`);
  const installer = join(folder, 'install.js');
  const script = existsSync(installer) ? [installer] : ['-e', 'require("electron")'];
  const { spawnSync } = await import('node:child_process');
  const result = spawnSync(node, script, { cwd: root, timeout: DOWNLOAD_SECONDS * 1000, stdio: 'ignore' });
  const fetched = binary();
  if (fetched !== null) return { path: fetched };
  const late = result.error !== undefined && result.error.code === 'ETIMEDOUT';
  return { reason: late ? 'the Electron binary did not arrive in time' : 'the Electron binary cannot be had here' };
}

async function desktop(node) {
  const reason = noWindow();
  const electron = reason === null ? await findElectron(node) : { reason };
  if (electron.path !== undefined) return run(electron.path, [root, ...process.argv.slice(2)]);
  process.env['HEARTH_NO_WINDOW'] = electron.reason;
  return runEntry(node, 'headless', process.argv.slice(2), HEADLESS_FLAGS);
}

async function main() {
  const [command, ...rest] = process.argv.slice(2);
  if (command === '--help' || command === '-h' || command === 'help') {
    process.stdout.write(USAGE);
    return;
  }
  if (command === '--version') {
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    process.stdout.write(`hearth, version ${version}\n`);
    return;
  }
  if (
    command !== undefined &&
    !command.startsWith('-') &&
    !['serve', 'check', 'repair', 'query', 'import', 'export'].includes(command)
  )
    fail(`no command ${JSON.stringify(command)}; hearth --help lists them`, 2);
  const node = findNode();
  await build(node);
  if (command === 'serve') await runEntry(node, 'headless', rest, HEADLESS_FLAGS);
  else if (['check', 'repair', 'query', 'import', 'export'].includes(command))
    await runEntry(node, 'cli', [command, ...rest]);
  else await desktop(node);
}

await main();
