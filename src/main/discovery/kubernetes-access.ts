import type { Millis } from '#shared/model/index.ts';
import { DEFAULT_HTTP, type DiscoveryOptions, type HttpClientConfig } from '#main/config/index.ts';
import type { DiscoveryDeps } from './contract.ts';
import { credentialOf } from './kubernetes-exec.ts';
import { base64Text, inFolderOf, partsOf, readKubeconfig, type KubeUser } from './kubeconfig.ts';

/** How to reach the API server of a cluster. */
export interface Access {
  readonly base: string;
  readonly http: HttpClientConfig;
  /** The namespace that this process itself runs in; '' outside of a cluster. */
  readonly ownNamespace: string;
  /** When the credentials end; Infinity where nothing says. */
  readonly expires: Millis;
}

const ACCOUNT = '/var/run/secrets/kubernetes.io/serviceaccount';

/**
 * By the configured server, by a kubeconfig file, or by the service account of the pod that this runs in.
 * @throws Error naming what is missing
 */
export async function accessTo(
  options: DiscoveryOptions<'kubernetes'>,
  deps: DiscoveryDeps,
  signal: AbortSignal,
): Promise<Access> {
  if (options.apiServer !== '')
    return { base: options.apiServer.replace(/\/+$/, ''), http: options.http, ownNamespace: '', expires: Infinity };
  if (options.kubeconfigFile !== '') return fromKubeconfig(options.kubeconfigFile, deps, signal);
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
    expires: Infinity,
  };
}

async function fromKubeconfig(path: string, deps: DiscoveryDeps, signal: AbortSignal): Promise<Access> {
  const { cluster, user } = partsOf(await readKubeconfig(path, deps.files), path, deps.kubeContext);
  if (user?.['auth-provider'] !== undefined)
    throw new Error(
      `${path}: the user logs in by auth-provider, which Kubernetes gave up; use an exec program, a token or a certificate`,
    );
  const given = user?.exec ? await credentialOf(user.exec, cluster, path, deps, signal) : null;
  const { 'certificate-authority-data': caData } = cluster;
  return {
    base: cluster.server.replace(/\/+$/, ''),
    ownNamespace: '',
    expires: given?.expires ?? Infinity,
    http: {
      ...DEFAULT_HTTP,
      ...credentials(user, given?.token ?? '', path),
      proxy: { ...DEFAULT_HTTP.proxy, url: cluster['proxy-url'] },
      tls: {
        ...DEFAULT_HTTP.tls,
        ca: base64Text(caData),
        caFile: caData === '' ? inFolderOf(path, cluster['certificate-authority']) : '',
        ...certificate(user, path),
        ...(given === null || given.certificate === ''
          ? {}
          : { cert: given.certificate, certFile: '', key: given.key, keyFile: '' }),
        serverName: cluster['tls-server-name'],
        insecureSkipVerify: cluster['insecure-skip-tls-verify'],
      },
    },
  };
}

/** By the program's token, else the user's own; else by name and password. */
function credentials(
  user: KubeUser | null,
  token: string,
  path: string,
): Pick<HttpClientConfig, 'authorization' | 'basicAuth'> {
  const text = token || (user?.token ?? '');
  const file = text === '' ? inFolderOf(path, user?.tokenFile ?? '') : '';
  if (text !== '' || file !== '')
    return { authorization: { type: 'Bearer', credentials: text, credentialsFile: file }, basicAuth: null };
  if (user === null || user.username === '') return { authorization: null, basicAuth: null };
  const { username, password } = user;
  return { authorization: null, basicAuth: { username, usernameFile: '', password, passwordFile: '' } };
}

function certificate(user: KubeUser | null, path: string) {
  const { 'client-certificate-data': certData = '', 'client-key-data': keyData = '' } = user ?? {};
  return {
    cert: base64Text(certData),
    certFile: certData === '' ? inFolderOf(path, user?.['client-certificate'] ?? '') : '',
    key: base64Text(keyData),
    keyFile: keyData === '' ? inFolderOf(path, user?.['client-key'] ?? '') : '',
  };
}
