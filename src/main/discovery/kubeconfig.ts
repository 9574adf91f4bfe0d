import { dirname, isAbsolute, join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import type { KubeContext } from '#shared/contract/index.ts';
import type { DiscoveryDeps } from './contract.ts';

/** As much of a kubeconfig file as reaching a cluster takes. */

const text = z.string().default('');
const exec = z.object({
  apiVersion: text,
  command: z.string(),
  args: z.array(z.string()).nullish(),
  env: z.array(z.object({ name: z.string(), value: z.string() })).nullish(),
  provideClusterInfo: z.boolean().default(false),
});
const cluster = z.object({
  server: z.string(),
  'certificate-authority': text,
  'certificate-authority-data': text,
  'insecure-skip-tls-verify': z.boolean().default(false),
  'tls-server-name': text,
  'proxy-url': text,
});
const user = z.object({
  token: text,
  tokenFile: text,
  'client-certificate': text,
  'client-certificate-data': text,
  'client-key': text,
  'client-key-data': text,
  username: text,
  password: text,
  exec: exec.nullish(),
  'auth-provider': z.unknown().optional(),
});
const kubeconfig = z.object({
  'current-context': text,
  contexts: z
    .array(z.object({ name: z.string(), context: z.object({ cluster: z.string(), user: text, namespace: text }) }))
    .nullish(),
  clusters: z.array(z.object({ name: z.string(), cluster })).nullish(),
  users: z.array(z.object({ name: z.string(), user: user.nullish() })).nullish(),
});

export type Kubeconfig = z.output<typeof kubeconfig>;
export type KubeCluster = z.output<typeof cluster>;
export type KubeUser = z.output<typeof user>;
export type KubeExec = z.output<typeof exec>;

/** @throws Error that names the file and what is wrong with it */
export async function readKubeconfig(path: string, files: Pick<DiscoveryDeps['files'], 'read'>): Promise<Kubeconfig> {
  const content = await files.read(path);
  if (content === null) throw new Error(`${path}: no such file`);
  let value: unknown;
  try {
    value = parse(content);
  } catch (error) {
    // What the parser says may hold a part of a credential: the first line tells the place.
    throw new Error(`${path}: no YAML`, { cause: error });
  }
  const parsed = kubeconfig.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new Error(`${path}: ${issue.path.map(String).join('.')}: ${issue.message}`);
}

/** The contexts of a file. @throws Error that names the file and what is wrong with it */
export async function kubeContexts(
  path: string,
  files: Pick<DiscoveryDeps['files'], 'read'>,
): Promise<{ readonly current: string; readonly contexts: readonly KubeContext[] }> {
  const config = await readKubeconfig(path, files);
  return { current: config['current-context'], contexts: contextsOf(config) };
}

/** The contexts that name a cluster of the file, as they stand there. */
function contextsOf(config: Kubeconfig): readonly KubeContext[] {
  return (config.contexts ?? []).flatMap(({ name, context }): KubeContext[] => {
    const at = config.clusters?.find((each) => each.name === context.cluster)?.cluster;
    const by = config.users?.find((each) => each.name === context.user)?.user;
    if (at === undefined) return [];
    return [{ name, server: at.server, namespace: context.namespace, program: by?.exec?.command ?? '' }];
  });
}

/** Cluster and user of a context, '' for the current one. @throws Error naming the file and its contexts */
export function partsOf(
  config: Kubeconfig,
  path: string,
  wanted: string,
): { readonly cluster: KubeCluster; readonly user: KubeUser | null } {
  const name = wanted === '' ? config['current-context'] : wanted;
  const context = config.contexts?.find((each) => each.name === name)?.context;
  const at = config.clusters?.find((each) => each.name === context?.cluster)?.cluster;
  if (context === undefined || at === undefined) {
    const known = contextsOf(config).map((each) => each.name);
    const remedy = known.length === 0 ? '' : `; it has ${known.join(', ')}`;
    throw new Error(
      `${path}: the ${wanted === '' ? 'current context' : 'context'} "${name}" names no cluster of the file${remedy}`,
    );
  }
  return { cluster: at, user: config.users?.find((each) => each.name === context.user)?.user ?? null };
}

export function base64Text(base64: string): string {
  return Buffer.from(base64, 'base64').toString('utf8');
}

/** A path of the file, which is relative to the file's folder. */
export function inFolderOf(kubeconfigPath: string, file: string): string {
  return file === '' || isAbsolute(file) ? file : join(dirname(kubeconfigPath), file);
}
