import { dirname } from 'node:path';
import { z } from 'zod';
import type { Millis } from '#shared/model/index.ts';
import type { DiscoveryDeps } from './contract.ts';
import { inFolderOf, type KubeCluster, type KubeExec } from './kubeconfig.ts';

/** What a program of a kubeconfig gives to log in with. */
export interface Credential {
  readonly token: string;
  readonly certificate: string;
  readonly key: string;
  readonly expires: Millis;
}

const VERSIONS: readonly string[] = ['client.authentication.k8s.io/v1', 'client.authentication.k8s.io/v1beta1'];
/** Asked again this long before the end. */
const EARLY: Millis = 60_000;

const execCredential = z.object({
  status: z.object({
    token: z.string().default(''),
    clientCertificateData: z.string().default(''),
    clientKeyData: z.string().default(''),
    expirationTimestamp: z.string().nullish(),
  }),
});

/**
 * Runs the program of a kubeconfig's user (https://kubernetes.io/docs/reference/access-authn-authz/authentication/#client-go-credential-plugins),
 * never as one that asks a person. @throws Error that names the program
 */
export async function credentialOf(
  exec: KubeExec,
  cluster: KubeCluster,
  path: string,
  deps: DiscoveryDeps,
  signal: AbortSignal,
): Promise<Credential> {
  if (!VERSIONS.includes(exec.apiVersion))
    throw new Error(
      `${path}: exec of ${exec.command}: apiVersion ${exec.apiVersion} is not one of ${VERSIONS.join(', ')}`,
    );
  const info = {
    apiVersion: exec.apiVersion,
    kind: 'ExecCredential',
    spec: { interactive: false, ...(exec.provideClusterInfo ? { cluster: clusterInfo(cluster) } : {}) },
  };
  // A name without a slash is looked for on the PATH, any other from the file's folder on.
  const command = /[/\\]/.test(exec.command) ? inFolderOf(path, exec.command) : exec.command;
  const env = Object.fromEntries((exec.env ?? []).map(({ name, value }) => [name, value]));
  const output = await deps.programs.run(command, exec.args ?? [], {
    env: { ...env, KUBERNETES_EXEC_INFO: JSON.stringify(info) },
    cwd: dirname(path),
    signal,
  });
  const parsed = execCredential.safeParse(json(output));
  if (!parsed.success) throw new Error(`${exec.command} gave no credential that can be read`);
  const { token, clientCertificateData, clientKeyData, expirationTimestamp } = parsed.data.status;
  if (token === '' && clientCertificateData === '')
    throw new Error(`${exec.command} gave neither a token nor a certificate`);
  const end = expirationTimestamp ? Date.parse(expirationTimestamp) - EARLY : Infinity;
  return { token, certificate: clientCertificateData, key: clientKeyData, expires: Number.isNaN(end) ? Infinity : end };
}

function clusterInfo(cluster: KubeCluster): Readonly<Record<string, unknown>> {
  return {
    server: cluster.server,
    ...(cluster['tls-server-name'] === '' ? {} : { 'tls-server-name': cluster['tls-server-name'] }),
    ...(cluster['insecure-skip-tls-verify'] ? { 'insecure-skip-tls-verify': true } : {}),
    ...(cluster['certificate-authority-data'] === ''
      ? {}
      : { 'certificate-authority-data': cluster['certificate-authority-data'] }),
  };
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
