import { BlockList, isIP } from 'node:net';
import type { ProxySettings } from './settings.ts';

/** The proxy to use for a URL, or null: a fixed one, or the environment's, unless an exception names the host. */
export function proxyFor(
  url: URL,
  settings: ProxySettings,
  env: Readonly<Record<string, string | undefined>>,
): string | null {
  if (settings.url !== '') return exempt(url, settings.noProxy) ? null : settings.url;
  if (!settings.fromEnvironment) return null;
  const name = url.protocol === 'https:' ? 'HTTPS_PROXY' : 'HTTP_PROXY';
  const proxy = env[name] ?? env[name.toLowerCase()] ?? '';
  if (proxy === '' || isLocal(url.hostname) || exempt(url, env['NO_PROXY'] ?? env['no_proxy'] ?? '')) return null;
  return proxy.includes('://') ? proxy : `http://${proxy}`;
}

/** Whether the host is this machine, by name or loopback address. */
export function isLocal(hostname: string): boolean {
  const host = bare(hostname);
  return host === 'localhost' || host.endsWith('.localhost') || host === '::1' || /^127(?:\.\d+){3}$/.test(host);
}

function bare(hostname: string): string {
  return hostname.startsWith('[') ? hostname.slice(1, -1) : hostname.toLowerCase();
}

/** `a.b` and its subdomains, `.a.b` subdomains only, addresses, networks (CIDR), each with an optional port; `*` is all. */
function exempt(url: URL, list: string): boolean {
  const host = bare(url.hostname);
  const port = url.port === '' ? (url.protocol === 'https:' ? '443' : '80') : url.port;
  return list
    .split(',')
    .map((entry) => entry.trim().toLowerCase())
    .some((entry) => entry !== '' && (entry === '*' || matches(entry, host, port)));
}

function matches(entry: string, host: string, port: string): boolean {
  const family = isIP(host);
  if (entry.includes('/')) {
    const [network, bits] = entry.split('/');
    const entryFamily = isIP(network);
    if (family === 0 || family !== entryFamily || !/^\d+$/.test(bits) || Number(bits) > (family === 4 ? 32 : 128))
      return false;
    const list = new BlockList();
    list.addSubnet(network, Number(bits), family === 4 ? 'ipv4' : 'ipv6');
    return list.check(host, family === 4 ? 'ipv4' : 'ipv6');
  }
  let name = entry;
  if (isIP(entry) === 0) {
    const withPort = /^(.*):(\d+)$/.exec(entry);
    if (withPort !== null) {
      if (withPort[2] !== port) return false;
      name = withPort[1];
    }
  }
  name = bare(name).replace(/^\*\./, '.');
  if (name.startsWith('.')) return host.endsWith(name);
  return host === name || (family === 0 && host.endsWith(`.${name}`));
}
