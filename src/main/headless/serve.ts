import { fileURLToPath } from 'node:url';
import { HearthError } from '#shared/contract/index.ts';
import { parserOptionsOf, startCore, type Core, type CoreEffects } from '#main/core/index.ts';
import { createLog, type Log } from '#main/telemetry/index.ts';
import { addressUrl, isLoopbackHost, type ListenError, type WebServer } from '#main/web/index.ts';
import type { Life } from './life.ts';
import type { ServeOptions } from './serve-options.ts';
import { warmUpServer } from './warm-up.ts';

/** What the host gives. */
export interface ServeEffects extends Life {
  readonly core: CoreEffects;
  /** Why there is no window although one was asked for, or null. */
  readonly noWindow: string | null;
  /** Called once what only a start needs is dead; resolves when that is let go. */
  lookAfterMemory(): Promise<void>;
  /** One line for people, on standard output. */
  print(line: string): void;
  /** One line of the log, on standard error. */
  log(line: string): void;
}

function listenProblem({ kind, address, message }: ListenError): string {
  const where = `${address.host}:${address.port}`;
  const other = `--web.listen-address=${address.host}:${address.port + 1}`;
  switch (kind) {
    case 'in-use':
      return `${where} is in use by another program (or another Hearth). Stop it, or choose another address: ${other}`;
    case 'denied':
      return `${where}: no right to listen there. Ports below 1024 need one: ${other}`;
    case 'not-here':
      return `${where} is no address of this computer`;
    case 'other':
      return `${where}: ${message}`;
  }
}

function coreProblem(error: unknown): string {
  if (!(error instanceof HearthError)) return error instanceof Error ? (error.stack ?? error.message) : String(error);
  const { detail } = error;
  if (detail.kind !== 'config-invalid') return error.message;
  return detail.problems.map((one) => `${detail.file}:${one.line}:${one.column}: ${one.message}`).join('\n');
}

/** Where the built pages are: beside the bundle, or in `out/` of the sources. */
function rendererFolder(): string {
  const here = import.meta.url;
  const relative = here.endsWith('.ts')
    ? '../../../out/renderer'
    : here.includes('/chunks/')
      ? '../../renderer'
      : '../renderer';
  return fileURLToPath(new URL(relative, here));
}

/** Runs until it is stopped. @returns the exit code */
export async function serve(options: ServeOptions, effects: ServeEffects): Promise<number> {
  const { startedAt, again } = effects;
  const now = (): number => effects.core.now();
  const log: Log = createLog({ ...options.core.log, now, write: (line) => effects.log(line) });
  const onBug = (where: string, error: unknown): void =>
    log.error('bug', { where, error: error instanceof Error ? (error.stack ?? error.message) : String(error) });
  const stopped = Promise.withResolvers<void>();
  effects.onOrder('stop', () => stopped.resolve());

  const loopbackOnly = options.listen.every(({ host }) => isLoopbackHost(host));
  const { externalUrl } = options;
  if (again !== null) log.error('the server ended and is started again', { error: again.reason });
  else {
    if (!loopbackOnly && options.openAccess)
      log.warn('anyone who reaches the listen address can read everything (--web.open-access)');
    for (const sentence of options.withoutEffect) log.warn(sentence);
  }
  // What serves the core is read from the disk while it opens the store.
  const loading = Promise.all([import('#main/api/index.ts'), import('#main/web/index.ts')]);
  let core: Core;
  try {
    core = await startCore(options.core, effects.core);
  } catch (error) {
    effects.log(`hearth: ${coreProblem(error)}`);
    return 1;
  }
  const [{ createApi }, { ListenError, loadSessionToken, startWebServer, StaticFiles }] = await loading;
  const token = await loadSessionToken(options.tokenPath);
  const api = createApi({
    core,
    now,
    version: options.core.version,
    startedAt,
    parserOptions: parserOptionsOf(new Set(options.core.features)),
    flags: options.flags,
    enableLifecycle: options.enableLifecycle,
    enableAdmin: options.enableAdmin,
    enableRemoteWrite: options.enableRemoteWrite,
    quit: () => stopped.resolve(),
    onBug,
  });
  let server: WebServer;
  try {
    server = await startWebServer({
      // Any free port was that of the start: whoever was told of it comes back to it.
      listen: again?.listen ?? options.listen,
      policy: {
        token,
        loopbackOnly,
        externalHost: externalUrl === null ? null : externalUrl.host.toLowerCase(),
        externalOrigin: externalUrl?.origin ?? null,
        openAccess: options.openAccess,
      },
      api,
      pages: { files: new StaticFiles(rendererFolder()), core },
      maxConnections: options.maxConnections,
      readTimeout: options.readTimeout,
      now,
      onBug,
    });
  } catch (error) {
    await core.stop();
    if (!(error instanceof ListenError)) throw error;
    effects.log(`hearth: ${listenProblem(error)}`);
    return 1;
  }
  effects.onOrder('reload', () => {
    core.request('config.reload', {}).then(
      () => log.info('configuration loaded again'),
      (error: unknown) => log.error('configuration was not loaded', { error: coreProblem(error) }),
    );
  });
  if (again === null) {
    const [first] = server.addresses;
    const base = externalUrl?.href.replace(/\/$/, '') ?? addressUrl(first);
    const how = effects.noWindow === null ? 'is at' : `runs without a window (${effects.noWindow}); open`;
    effects.print(`Hearth ${options.core.version} ${how} ${base}/#token=${token}`);
  }
  effects.onServing(server.addresses);
  let stopping = false;
  const warmUp = async (): Promise<void> => {
    const own = await core.warmUp();
    if (stopping) return;
    // Before the server's own queries: code that refers to what is let go has to be compiled again.
    await effects.lookAfterMemory();
    await warmUpServer(server.addresses[0], token, own);
  };
  const warm = warmUp();
  await stopped.promise;
  stopping = true;
  log.info('stopping');
  await server.stop();
  await core.stop();
  await warm;
  return 0;
}
