import { dirname, isAbsolute, join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { DEFAULT_HTTP, type DiscoveryOptions, type HttpClientConfig } from '#main/config/index.ts';
import type { DiscoveryDeps } from './contract.ts';

/** How to reach the API server of a cluster. */
export interface Access {
  readonly base: string;
  readonly http: HttpClientConfig;
  /** The namespace that this process itself runs in; '' outside of a cluster. */
  readonly ownNamespace: string;
}

const ACCOUNT = '/var/run/secrets/kubernetes.io/serviceaccount';

/**
 * By the configured server, by a kubeconfig file, or by the service account of the pod that this runs in.
 * @throws Error naming what is missing
 */
export async function accessTo(options: DiscoveryOptions<'kubernetes'>, deps: DiscoveryDeps): Promise<Access> {
  if (options.apiServer !== '')
    return { base: options.apiServer.replace(/\/+$/, ''), http: options.http, ownNamespace: '' };
  if (options.kubeconfigFile !== '') return fromKubeconfig(options.kubeconfigFile, deps);
  const host = deps.env['KUBERNETES_SERVICE_HOST'] ?? '';
  if (host === '')
    throw new Error('not inside of a cluster (KUBERNETES_SERVICE_HOST is not set): set api_server or kubeconfig_file');
  const port = deps.env['KUBERNETES_SERVICE_PORT'] ?? '443';
  return {
    base: `https://${host.includes(':') ? `[${host}]` : host}:${port}`,
    http: {
      ...DEFAULT_HTTP,
      authorization: { type: 'Bearer', credentials: '', credentialsFile: `${ACCOUNT}/token` },
      tls: { ...DEFAULT_HTTP.tls, caFile: `${ACCOUNT}/ca.crt` },
    },
    ownNamespace: ((await deps.files.read(`${ACCOUNT}/namespace`)) ?? '').trim(),
  };
}

const text = z.string().default('');
const kubeconfig = z.object({
  'current-context': text,
  contexts: z.array(
    z.object({ name: z.string(), context: z.object({ cluster: z.string(), user: text, namespace: text }) }),
  ),
  clusters: z.array(
    z.object({
      name: z.string(),
      cluster: z.object({
        server: z.string(),
        'certificate-authority': text,
        'certificate-authority-data': text,
        'insecure-skip-tls-verify': z.boolean().default(false),
        'tls-server-name': text,
        'proxy-url': text,
      }),
    }),
  ),
  users: z
    .array(
      z.object({
        name: z.string(),
        user: z.object({
          token: text,
          tokenFile: text,
          'client-certificate': text,
          'client-certificate-data': text,
          'client-key': text,
          'client-key-data': text,
          username: text,
          password: text,
          exec: z.unknown().optional(),
          'auth-provider': z.unknown().optional(),
        }),
      }),
    )
    .default([]),
});

function decoded(base64: string): string {
  return Buffer.from(base64, 'base64').toString('utf8');
}

async function fromKubeconfig(path: string, deps: DiscoveryDeps): Promise<Access> {
  const content = await deps.files.read(path);
  if (content === null) throw new Error(`${path}: no such file`);
  const parsed = kubeconfig.safeParse(parse(content));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new Error(`${path}: ${issue.path.map(String).join('.')}: ${issue.message}`);
  }
  const config = parsed.data;
  const name = config['current-context'];
  const context = config.contexts.find((each) => each.name === name)?.context;
  const cluster = config.clusters.find((each) => each.name === context?.cluster)?.cluster;
  if (context === undefined || cluster === undefined)
    throw new Error(`${path}: the current context "${name}" names no cluster of the file`);
  const user = config.users.find((each) => each.name === context.user)?.user;
  if (user?.exec !== undefined || user?.['auth-provider'] !== undefined)
    throw new Error(
      `${path}: user "${context.user}" logs in by a program, which is not supported; use a token or a certificate`,
    );
  const at = (file: string): string => (file === '' || isAbsolute(file) ? file : join(dirname(path), file));
  const bearer = user !== undefined && (user.token !== '' || user.tokenFile !== '');
  return {
    base: cluster.server.replace(/\/+$/, ''),
    ownNamespace: '',
    http: {
      ...DEFAULT_HTTP,
      authorization: bearer
        ? { type: 'Bearer', credentials: user.token, credentialsFile: user.token === '' ? at(user.tokenFile) : '' }
        : null,
      basicAuth:
        user !== undefined && !bearer && user.username !== ''
          ? { username: user.username, usernameFile: '', password: user.password, passwordFile: '' }
          : null,
      proxy: { ...DEFAULT_HTTP.proxy, url: cluster['proxy-url'] },
      tls: {
        ...DEFAULT_HTTP.tls,
        ca: decoded(cluster['certificate-authority-data']),
        caFile: cluster['certificate-authority-data'] === '' ? at(cluster['certificate-authority']) : '',
        cert: decoded(user?.['client-certificate-data'] ?? ''),
        certFile: user?.['client-certificate-data'] ? '' : at(user?.['client-certificate'] ?? ''),
        key: decoded(user?.['client-key-data'] ?? ''),
        keyFile: user?.['client-key-data'] ? '' : at(user?.['client-key'] ?? ''),
        serverName: cluster['tls-server-name'],
        insecureSkipVerify: cluster['insecure-skip-tls-verify'],
      },
    },
  };
}
