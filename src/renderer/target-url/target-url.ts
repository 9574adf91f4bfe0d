/** A scrape URL taken apart into what `prometheus.yml` keeps of it. */
export interface TargetUrl {
  readonly scheme: 'http' | 'https';
  /** `host`, `host:port` or `[v6]:port`: the target's address as it is written in `static_configs`. */
  readonly address: string;
  /** Starts with `/`. */
  readonly path: string;
  /** Query parameters in order, one entry a value. */
  readonly params: readonly (readonly [name: string, value: string])[];
  /** User and password that were written into the URL; they belong to the access settings, not to the address. */
  readonly user: { readonly name: string; readonly password: string } | null;
}

export type TargetUrlProblem = 'empty' | 'scheme' | 'host' | 'port' | 'space';

export type TargetUrlResult =
  { readonly ok: true; readonly url: TargetUrl } | { readonly ok: false; readonly problem: TargetUrlProblem };

const DEFAULT_PATH = '/metrics';
const SCHEME = /^([a-z][a-z0-9+.-]*):\/\//i;
const HOST = /^(?:\[[0-9a-f:.]+(?:%[\w.-]+)?\]|[^\s:/?#[\]@]+)$/i;

/**
 * Takes apart what a person typed or pasted: `9100`, `localhost:9100`, `https://user:pw@host/path?a=b#x`. What is
 * missing gets Prometheus's default. A lone `/` counts as no path when `lonelySlash` says so: browsers add it to every
 * address that is copied from them.
 */
export function parseTargetUrl(text: string, lonelySlash: 'keep' | 'default' = 'keep'): TargetUrlResult {
  let rest = text.trim();
  if (rest === '') return { ok: false, problem: 'empty' };
  if (/\s/.test(rest)) return { ok: false, problem: 'space' };
  let scheme: 'http' | 'https' = 'http';
  const schemeMatch = SCHEME.exec(rest);
  if (schemeMatch !== null) {
    const found = schemeMatch[1].toLowerCase();
    if (found !== 'http' && found !== 'https') return { ok: false, problem: 'scheme' };
    scheme = found;
    rest = rest.slice(schemeMatch[0].length);
  }
  const hash = rest.indexOf('#');
  if (hash >= 0) rest = rest.slice(0, hash);
  const authorityEnd = rest.search(/[/?]/);
  let authority = authorityEnd < 0 ? rest : rest.slice(0, authorityEnd);
  const tail = authorityEnd < 0 ? '' : rest.slice(authorityEnd);
  const question = tail.indexOf('?');
  let path = question < 0 ? tail : tail.slice(0, question);
  if (path === '' || (path === '/' && lonelySlash === 'default')) path = DEFAULT_PATH;
  const params = question < 0 ? [] : [...new URLSearchParams(tail.slice(question + 1))];

  let user: TargetUrl['user'] = null;
  const at = authority.lastIndexOf('@');
  if (at >= 0) {
    const [name, password] = splitOnce(authority.slice(0, at), ':');
    user = { name: decode(name), password: decode(password) };
    authority = authority.slice(at + 1);
  }
  // A bare number is a port of this machine: `9100` is what people remember of an exporter.
  if (schemeMatch === null && /^:?\d{2,5}$/.test(authority)) authority = `localhost:${authority.replace(':', '')}`;

  const portMatch = /^(.*[^:]|\[.*\]):([^:\]]*)$/.exec(authority);
  const host = portMatch === null ? authority : portMatch[1];
  if (!HOST.test(host)) return { ok: false, problem: 'host' };
  if (portMatch !== null && !isPort(portMatch[2])) return { ok: false, problem: 'port' };
  return { ok: true, url: { scheme, address: authority, path, params, user } };
}

/** The URL as one line, without user and password. */
export function formatTargetUrl(url: Omit<TargetUrl, 'user'>): string {
  return `${url.scheme}://${url.address}${url.path}${formatParams(url.params)}`;
}

/** Whether an address stands by itself in a list of targets: `host:port`, without scheme and path. */
export function isTargetAddress(text: string): boolean {
  const parsed = parseTargetUrl(text);
  return parsed.ok && parsed.url.address === text.trim() && parsed.url.user === null;
}

/** Parameters as they stand in a URL, `''` when there are none. Characters that are legal in a query stay readable. */
function formatParams(params: TargetUrl['params']): string {
  if (params.length === 0) return '';
  return `?${params.map(([name, value]) => `${encodePart(name)}=${encodePart(value)}`).join('&')}`;
}

function encodePart(text: string): string {
  return encodeURIComponent(text)
    .replaceAll('%5B', '[')
    .replaceAll('%5D', ']')
    .replaceAll('%2F', '/')
    .replaceAll('%3A', ':');
}

function isPort(text: string): boolean {
  return /^\d{1,5}$/.test(text) && Number(text) >= 1 && Number(text) <= 65_535;
}

function splitOnce(text: string, separator: string): readonly [string, string] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + separator.length)];
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Names of what usually listens on a port, for a job that has no name yet. */
const KNOWN_PORTS: Readonly<Record<string, string>> = {
  '2112': 'app',
  '3000': 'grafana',
  '8428': 'victoria-metrics',
  '9090': 'prometheus',
  '9091': 'pushgateway',
  '9093': 'alertmanager',
  '9099': 'hearth',
  '9100': 'node',
  '9104': 'mysqld',
  '9113': 'nginx',
  '9114': 'elasticsearch',
  '9115': 'blackbox',
  '9121': 'redis',
  '9150': 'memcached',
  '9182': 'windows',
  '9187': 'postgres',
  '9216': 'mongodb',
  '9256': 'process',
  '9308': 'kafka',
};

/** A free job name for an address: what usually has that port, else its host. */
export function suggestJobName(address: string, taken: ReadonlySet<string>): string {
  const port = /:(\d+)$/.exec(address)?.[1] ?? '';
  const host = address.replace(/:\d+$/, '').replace(/^\[|\]$/g, '');
  const local = host === 'localhost' || host === '::1' || host.startsWith('127.');
  const base = KNOWN_PORTS[port] ?? (local ? `local-${port === '' ? 'app' : port}` : host);
  if (!taken.has(base)) return base;
  for (let n = 2; ; n++) if (!taken.has(`${base}-${n}`)) return `${base}-${n}`;
}
