import { join } from 'node:path';
import { createApi } from '#main/api/index.ts';
import { parserOptionsOf, type CoreHandle, type CoreOptions } from '#main/core/index.ts';
import type { Log } from '#main/telemetry/index.ts';
import {
  addressUrl,
  isLoopbackHost,
  ListenError,
  loadSessionToken,
  parseListenAddress,
  startWebServer,
  type ListenAddress,
  type WebServer,
} from '#main/web/index.ts';

/** Where the desktop app answers Prometheus's HTTP API while nothing else is said. */
const DEFAULT_LISTEN: ListenAddress = { host: '127.0.0.1', port: 9099 };

const CONNECTIONS = 512;
const READ_TIMEOUT = 300_000;

export type ListenSetting =
  | { readonly kind: 'off' }
  | { readonly kind: 'address'; readonly address: ListenAddress }
  | { readonly kind: 'wrong'; readonly message: string };

/** Reads HEARTH_LISTEN: `off`, or `host:port` of this computer's own loopback; left out or empty for the default. */
export function readListenSetting(text: string | undefined): ListenSetting {
  if (text === undefined || text === '') return { kind: 'address', address: DEFAULT_LISTEN };
  if (text === 'off') return { kind: 'off' };
  const address = parseListenAddress(text);
  if (address === null)
    return { kind: 'wrong', message: `HEARTH_LISTEN is host:port or off, not ${JSON.stringify(text)}` };
  if (!isLoopbackHost(address.host))
    return {
      kind: 'wrong',
      message: `HEARTH_LISTEN=${text}: the desktop app listens on loopback addresses only; hearth serve listens elsewhere`,
    };
  return { kind: 'address', address };
}

export interface HttpApiOptions {
  readonly core: CoreHandle;
  readonly coreOptions: CoreOptions;
  readonly setting: ListenSetting;
  readonly log: Log;
  now(): number;
  quit(): void;
}

/**
 * Answers Prometheus's HTTP API beside the windows. The app does without when the address cannot be had: that goes to
 * the log. @returns null when nothing listens
 */
export async function startHttpApi(options: HttpApiOptions): Promise<WebServer | null> {
  const { core, coreOptions, setting, log } = options;
  if (setting.kind === 'off') return null;
  if (setting.kind === 'wrong') {
    log.error('the HTTP API is off', { error: setting.message });
    return null;
  }
  const { address } = setting;
  const onBug = (where: string, error: unknown): void =>
    log.error('bug', { where, error: error instanceof Error ? (error.stack ?? error.message) : String(error) });
  try {
    const server = await startWebServer({
      listen: [address],
      policy: {
        token: await loadSessionToken(join(coreOptions.dataPath, 'session-token')),
        loopbackOnly: true,
        externalHost: null,
        externalOrigin: null,
        openAccess: false,
      },
      api: createApi({
        core: core.client,
        now: () => options.now(),
        version: coreOptions.version,
        startedAt: options.now(),
        parserOptions: parserOptionsOf(new Set(coreOptions.features)),
        flags: {
          'config.file': coreOptions.configPath,
          'storage.tsdb.path': coreOptions.dataPath,
          'web.listen-address': `${address.host}:${address.port}`,
        },
        enableLifecycle: false,
        enableAdmin: false,
        enableRemoteWrite: false,
        quit: () => options.quit(),
        onBug,
      }),
      pages: null,
      maxConnections: CONNECTIONS,
      readTimeout: READ_TIMEOUT,
      now: () => options.now(),
      onBug,
    });
    log.info('the HTTP API listens', { address: addressUrl(server.addresses[0]) });
    return server;
  } catch (error) {
    const reason =
      error instanceof ListenError && error.kind === 'in-use'
        ? `${address.host}:${address.port} is in use by another program (or hearth serve); HEARTH_LISTEN names another address`
        : error instanceof Error
          ? error.message
          : String(error);
    log.error('the HTTP API is off', { error: reason });
    return null;
  }
}
