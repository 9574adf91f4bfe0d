import type { ConnectionOptions } from 'node:tls';
import type { Dispatcher } from 'undici';
import type { Millis } from '#shared/model/index.ts';
import type { ProxySettings } from './settings.ts';

const KEEP_ALIVE: Millis = 5 * 60_000;

export interface DispatcherOptions {
  readonly origin: string;
  /** '' or the path of a Unix socket. */
  readonly unixSocket: string;
  /** URL of the proxy to go through, or null. */
  readonly proxy: string | null;
  readonly proxySettings: ProxySettings;
  readonly tls: ConnectionOptions;
}

/** Connections for what the plain client does not do: TLS, proxies, bodies. The library loads at its first use. */
export async function createDispatcher(options: DispatcherOptions): Promise<Dispatcher> {
  const { Pool, ProxyAgent } = await import('undici');
  const common = { keepAliveTimeout: KEEP_ALIVE, keepAliveMaxTimeout: KEEP_ALIVE, headersTimeout: 0, bodyTimeout: 0 };
  const { origin, unixSocket, proxy, tls } = options;
  if (proxy === null)
    return new Pool(origin, {
      ...common,
      connect: { ...tls, timeout: 60_000, ...(unixSocket === '' ? {} : { socketPath: unixSocket }) },
    });
  const at = new URL(proxy);
  const user = decodeURIComponent(at.username);
  const token = `Basic ${Buffer.from(`${user}:${decodeURIComponent(at.password)}`).toString('base64')}`;
  const headers = Object.fromEntries(
    [...options.proxySettings.connectHeader].map(([name, values]) => [name, [...values]]),
  );
  at.username = '';
  at.password = '';
  return new ProxyAgent({ ...common, uri: at.href, requestTls: tls, headers, ...(user === '' ? {} : { token }) });
}
