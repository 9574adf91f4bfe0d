import type { DiscoveryForm, DiscoveryValue, SecretForm } from './job-form.ts';

/** One setting of a way of finding targets that the form shows. */
export interface DiscoveryField {
  /** As in the file; a dot leads into a mapping. */
  readonly key: string;
  readonly type: 'text' | 'list' | 'secret' | 'flag' | 'choice' | 'kube-file' | 'kube-context';
  /** Without it the core refuses the job. */
  readonly required?: true;
  readonly choices?: readonly string[];
  /** What holds while nothing is said. */
  readonly fallback?: string;
}

const text = (key: string, fallback = ''): DiscoveryField => ({ key, type: 'text', fallback });
const needed = (key: string): DiscoveryField => ({ key, type: 'text', required: true });
const list = (key: string): DiscoveryField => ({ key, type: 'list' });
const neededList = (key: string): DiscoveryField => ({ key, type: 'list', required: true });
const secret = (key: string): DiscoveryField => ({ key, type: 'secret' });
const flag = (key: string, fallback = 'false'): DiscoveryField => ({ key, type: 'flag', fallback });
const choice = (key: string, choices: readonly string[], fallback?: string): DiscoveryField => ({
  key,
  type: 'choice',
  choices,
  ...(fallback === undefined ? { required: true } : { fallback }),
});

const token = secret('authorization.credentials');
const login = [text('basic_auth.username'), secret('basic_auth.password')];
const port = (fallback = '80') => text('port', fallback);
const refresh = (fallback: string) => text('refresh_interval', fallback);
const aws = [text('region'), text('profile'), text('access_key'), secret('secret_key'), text('role_arn'), port()];

/** What the form shows of each way of finding targets; of those that are not here it keeps everything as it is. */
export const DISCOVERY_FIELDS: Readonly<Record<string, readonly DiscoveryField[]>> = {
  kubernetes: [
    {
      key: 'role',
      type: 'choice',
      required: true,
      choices: ['node', 'pod', 'service', 'endpoints', 'endpointslice', 'ingress'],
    },
    { key: 'kubeconfig_file', type: 'kube-file' },
    { key: '', type: 'kube-context' },
    text('api_server'),
    list('namespaces.names'),
    flag('namespaces.own_namespace'),
    flag('attach_metadata.node'),
  ],
  docker: [
    needed('host'),
    port(),
    text('host_networking_host', 'localhost'),
    flag('match_first_network', 'true'),
    refresh('1m'),
  ],
  dockerswarm: [needed('host'), choice('role', ['services', 'tasks', 'nodes']), port(), refresh('1m')],
  file: [neededList('files'), refresh('5m')],
  http: [needed('url'), token, ...login, refresh('1m')],
  dns: [neededList('names'), choice('type', ['SRV', 'A', 'AAAA', 'MX', 'NS'], 'SRV'), text('port'), refresh('30s')],
  consul: [
    text('server', 'localhost:8500'),
    secret('token'),
    text('datacenter'),
    list('services'),
    text('filter'),
    refresh('30s'),
  ],
  nomad: [
    text('server', 'http://localhost:4646'),
    text('namespace', 'default'),
    text('region', 'global'),
    token,
    refresh('1m'),
  ],
  ec2: aws,
  lightsail: aws,
  aws: [choice('role', ['ec2', 'lightsail']), ...aws],
  azure: [
    needed('subscription_id'),
    choice('authentication_method', ['OAuth', 'ManagedIdentity', 'SDK', 'WorkloadIdentity'], 'OAuth'),
    text('tenant_id'),
    text('client_id'),
    secret('client_secret'),
    text('resource_group'),
    port(),
    refresh('5m'),
  ],
  gce: [needed('project'), needed('zone'), text('filter'), port(), refresh('1m')],
  digitalocean: [choice('role', ['droplets', 'databases'], 'droplets'), token, port(), refresh('1m')],
  hetzner: [choice('role', ['hcloud', 'robot']), token, ...login, text('label_selector'), port(), refresh('1m')],
};

/** The fields of a kind that stand in prometheus.yml. */
export function fileFields(kind: string): readonly DiscoveryField[] {
  return (DISCOVERY_FIELDS[kind] ?? []).filter(({ key }) => key !== '');
}

/** What a field holds while the file says nothing of it. */
export function emptyValue({ type }: DiscoveryField): DiscoveryValue {
  if (type === 'secret') return { kind: 'none' };
  return type === 'list' ? [] : '';
}

/** Whether a value says nothing. */
export function saysNothing(value: DiscoveryValue | undefined): boolean {
  if (value === undefined) return true;
  return typeof value === 'string' || isItems(value) ? value.length === 0 : value.kind === 'none';
}

function isItems(value: readonly string[] | SecretForm): value is readonly string[] {
  return Array.isArray(value);
}

/** A way of finding targets of which nothing is said yet. */
export function newDiscovery(kind: string): DiscoveryForm {
  const values = Object.fromEntries(fileFields(kind).map((field) => [field.key, emptyValue(field)]));
  return { kind, at: null, values, kept: [] };
}
