import { getLabel, labelsFromPairs, labelsFromRecord, quoteGo } from '#shared/model/index.ts';
import { list, mapOf } from '../decode/decoder.ts';
import { bool, checkedText, duration, int, labelNameProblem, secret, string } from '../decode/scalars.ts';
import { field, struct } from '../decode/struct.ts';
import type { TargetGroup } from '../model.ts';
import { inlineHttp, nameValuesFilter, port, refresh } from './discovery-common.ts';
import { httpUrlProblem, parseUrl, urlProblem } from './url.ts';

const ADDRESS = '__address__';

/** One entry of `static_configs`, and of a file or HTTP answer that lists targets. */
export const staticGroup = struct({
  type: 'targetgroup.Group',
  fields: { targets: field(list(string)), labels: field(mapOf(string, labelNameProblem)) },
  build: (group): TargetGroup => ({
    source: '',
    targets: group.targets.map((target) => labelsFromRecord({ [ADDRESS]: target })),
    labels: labelsFromPairs(group.labels),
  }),
});

/** The first target that is no address, told as Prometheus tells it; null when all are fine. */
export function badAddress(groups: readonly TargetGroup[]): string | null {
  for (const group of groups)
    for (const target of group.targets) {
      const address = getLabel(target, ADDRESS);
      if (address.includes('/')) return `${quoteGo(address)} is not a valid hostname`;
    }
  return null;
}

const FILE_PATTERN = /^[^*]*(\*[^/]*)?\.(json|yml|yaml|JSON|YML|YAML)$/;

export const fileSd = struct({
  type: 'file.plain',
  fields: {
    files: field(
      list(
        checkedText((name) =>
          FILE_PATTERN.test(name) ? null : `path name ${quoteGo(name)} is not valid for file discovery`,
        ),
      ),
    ),
    refresh_interval: refresh(300_000),
  },
  check({ files }, refuse) {
    if (files.length === 0) refuse('file service discovery config must contain at least one path name', 'files');
  },
});

export const httpSd = struct({
  type: 'http.plain',
  inline: inlineHttp,
  fields: { url: field(string), refresh_interval: refresh(60_000) },
  check({ url }, refuse) {
    const problem = httpUrlProblem(url);
    if (problem !== null) refuse(problem, 'url');
  },
});

const DNS_TYPES: ReadonlySet<string> = new Set(['A', 'AAAA', 'MX', 'NS']);

export const dnsSd = struct({
  type: 'dns.plain',
  fields: {
    names: field(list(string)),
    refresh_interval: refresh(30_000),
    type: field(string, 'SRV'),
    port: field(int),
  },
  check({ names, type, port }, refuse) {
    if (names.length === 0) refuse('DNS-SD config must contain at least one SRV record name', 'names');
    const kind = type.toUpperCase();
    if (kind === 'SRV') return;
    if (!DNS_TYPES.has(kind)) refuse(`invalid DNS-SD records type ${type}`, 'type');
    else if (port === 0) refuse('a port is required in DNS-SD configs for all record types except SRV', 'port');
  },
});

const mobyHost = {
  host: field(string),
  port: port(),
  filters: field(list(nameValuesFilter)),
  refresh_interval: refresh(60_000),
};

function hostProblem(host: string): string | null {
  return host === '' ? 'host missing' : urlProblem(host);
}

export const dockerSd = struct({
  type: 'moby.plain',
  inline: inlineHttp,
  fields: { ...mobyHost, host_networking_host: field(string, 'localhost'), match_first_network: field(bool, true) },
  check({ host }, refuse) {
    const problem = hostProblem(host);
    if (problem !== null) refuse(problem, 'host');
  },
});

export const dockerswarmSd = struct({
  type: 'moby.plain',
  inline: inlineHttp,
  fields: { ...mobyHost, role: field(string) },
  check({ host, role }, refuse) {
    const problem = hostProblem(host);
    if (problem !== null) refuse(problem, 'host');
    if (role === '') refuse('role missing (one of: tasks, services, nodes)', 'role');
    else if (!['services', 'nodes', 'tasks'].includes(role))
      refuse(`invalid role ${role}, expected tasks, services, or nodes`, 'role');
  },
});

export const consulSd = struct({
  type: 'consul.plain',
  inline: inlineHttp,
  fields: {
    server: field(string, 'localhost:8500'),
    path_prefix: field(string),
    token: field(secret),
    datacenter: field(string),
    namespace: field(string),
    partition: field(string),
    tag_separator: field(string, ','),
    scheme: field(string, 'http'),
    username: field(string),
    password: field(secret),
    allow_stale: field(bool, true),
    refresh_interval: refresh(30_000),
    services: field(list(string)),
    tags: field(list(string)),
    node_meta: field(mapOf(string)),
    filter: field(string),
    health_filter: field(string),
  },
  check(consul, refuse) {
    if (consul.server.trim() === '') refuse('consul SD configuration requires a server address', 'server');
    const named = consul.username !== '' || consul.password !== '';
    if (named && consul.http.basicAuth !== null)
      refuse('at most one of consul SD configuration username and password and basic auth can be configured');
    if (named && (consul.http.authorization !== null || consul.http.oauth2 !== null))
      refuse('at most one of basic_auth, oauth2 & authorization must be configured');
    if (consul.token !== '' && (consul.http.authorization !== null || consul.http.oauth2 !== null))
      refuse('at most one of consul SD token, authorization, or oauth2 can be configured');
  },
  build: (consul) =>
    consul.http.basicAuth === null && (consul.username !== '' || consul.password !== '')
      ? {
          ...consul,
          http: {
            ...consul.http,
            basicAuth: {
              username: consul.username,
              usernameFile: '',
              password: consul.password,
              passwordFile: '',
            },
          },
        }
      : consul,
});

export const nomadSd = struct({
  type: 'nomad.plain',
  inline: inlineHttp,
  fields: {
    allow_stale: field(bool, true),
    namespace: field(string, 'default'),
    refresh_interval: refresh(60_000),
    region: field(string, 'global'),
    server: field(string, 'http://localhost:4646'),
    tag_separator: field(string, ','),
  },
  check({ server }, refuse) {
    if (server.trim() === '') refuse('nomad SD configuration requires a server address', 'server');
  },
});

export const eurekaSd = struct({
  type: 'eureka.plain',
  inline: inlineHttp,
  fields: { server: field(string), refresh_interval: refresh(30_000) },
  check({ server }, refuse) {
    if (server === '') {
      refuse('eureka_sd: empty or null eureka server', 'server');
      return;
    }
    const url = parseUrl(server);
    if (typeof url === 'string') refuse(url, 'server');
    else if (url.scheme === '' || url.host === '') refuse('eureka_sd: invalid eureka server URL', 'server');
  },
});

export const kumaSd = struct({
  type: 'xds.plainKumaConf',
  inline: inlineHttp,
  fields: {
    refresh_interval: refresh(15_000),
    fetch_timeout: field(duration, 120_000),
    server: field(string),
    client_id: field(string),
  },
  check({ server }, refuse) {
    if (server === '') {
      refuse(`kuma SD server must not be empty: ${server}`, 'server');
      return;
    }
    const url = parseUrl(server);
    if (typeof url === 'string') refuse(url, 'server');
    else if (url.scheme === '' || url.host === '')
      refuse(`kuma SD server must not be empty and have a scheme: ${server}`, 'server');
  },
});

export const marathonSd = struct({
  type: 'marathon.plain',
  inline: inlineHttp,
  fields: {
    servers: field(list(string)),
    refresh_interval: refresh(30_000),
    auth_token: field(secret),
    auth_token_file: field(string),
  },
  check(marathon, refuse, has) {
    if (marathon.servers.length === 0) refuse('marathon_sd: must contain at least one Marathon server', 'servers');
    const token = marathon.authToken !== '';
    const file = marathon.authTokenFile !== '';
    if (token && file) refuse('marathon_sd: at most one of auth_token & auth_token_file must be configured');
    if (!token && !file) return;
    if (marathon.http.basicAuth !== null)
      refuse('marathon_sd: at most one of basic_auth, auth_token & auth_token_file must be configured');
    else if (has('bearer_token') || has('bearer_token_file'))
      refuse(
        'marathon_sd: at most one of bearer_token, bearer_token_file, auth_token & auth_token_file must be configured',
      );
    else if (marathon.http.authorization !== null)
      refuse('marathon_sd: at most one of auth_token, auth_token_file & authorization must be configured');
  },
});

function zookeeper(kind: string) {
  return struct({
    type: 'zookeeper.plain',
    fields: { servers: field(list(string)), paths: field(list(string)), timeout: field(duration, 10_000) },
    check({ servers, paths }, refuse) {
      if (servers.length === 0) refuse(`${kind} SD config must contain at least one Zookeeper server`, 'servers');
      if (paths.length === 0) refuse(`${kind} SD config must contain at least one path`, 'paths');
      const relative = paths.find((path) => !path.startsWith('/'));
      if (relative !== undefined) refuse(`${kind} SD config paths must begin with '/': ${relative}`, 'paths');
    },
  });
}

export const serversetSd = zookeeper('serverset');
export const nerveSd = zookeeper('nerve');
