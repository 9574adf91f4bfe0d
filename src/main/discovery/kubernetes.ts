import { z } from 'zod';
import type { Millis } from '#shared/model/index.ts';
import type { DiscoveryOptions } from '#main/config/index.ts';
import type { HttpClient } from '#main/http/index.ts';
import type { Discovery, DiscoveryDeps } from './contract.ts';
import { getJson, StatusError } from './json-api.ts';
import { accessTo, type Access } from './kubernetes-access.ts';
import { keyOf } from './kubernetes-labels.ts';
import { kinds, LISTED, type Kind, type KubernetesObject } from './kubernetes-objects.ts';
import {
  endpointsGroups,
  endpointsliceGroups,
  ingressGroups,
  nodeGroups,
  podGroups,
  serviceGroups,
  type GroupsOf,
} from './kubernetes-targets.ts';
import { refreshing } from './refreshing.ts';

type Options = DiscoveryOptions<'kubernetes'>;

/** Lists come out of the API server's memory (resourceVersion=0): cheap enough to ask again instead of watching. */
const INTERVAL: Millis = 10_000;
const PAGE = 500;

const ROLES: Readonly<
  Record<Exclude<Options['role'], ''>, { readonly kinds: readonly Kind[]; readonly groups: GroupsOf }>
> = {
  node: { kinds: ['node'], groups: nodeGroups },
  pod: { kinds: ['pod'], groups: podGroups },
  service: { kinds: ['service'], groups: serviceGroups },
  ingress: { kinds: ['ingress'], groups: ingressGroups },
  endpoints: { kinds: ['endpoints', 'service', 'pod'], groups: endpointsGroups },
  endpointslice: { kinds: ['endpointslice', 'service', 'pod'], groups: endpointsliceGroups },
};

/** Targets in a Kubernetes cluster, by role. */
export function kubernetesDiscovery(options: Options, deps: DiscoveryDeps): Discovery {
  // The schema lets no discovery without a role through.
  const role = ROLES[options.role === '' ? 'node' : options.role];
  const attached = options.attachMetadata;
  const pods = role.kinds.includes('pod');
  const needed = new Set<Kind>([
    ...role.kinds,
    ...(attached.node && pods ? (['node'] as const) : []),
    ...(attached.namespace && options.role !== 'node' ? (['namespace'] as const) : []),
    ...(attached.deployment && pods ? (['replicaset'] as const) : []),
    ...(attached.cronjob && pods ? (['job'] as const) : []),
  ]);
  return refreshing(deps, 'Kubernetes', INTERVAL, () => {
    let access: Access | null = null;
    let client: HttpClient | null = null;
    return {
      async refresh(signal) {
        if (access === null || deps.now() >= access.expires) {
          access = await accessTo(options, deps, signal);
          await client?.close();
          client = deps.http(access.http);
        }
        const listed = Object.fromEntries(
          (Object.keys(kinds) as Kind[]).map((kind) => [kind, new Map()]),
        ) as unknown as { [K in Kind]: Map<string, KubernetesObject<K>> };
        const at = access;
        const by = client as HttpClient;
        const list = async (kind: Kind, path: string): Promise<void> => {
          for (const item of await listAll(by, path, kind, options, signal))
            (listed[kind] as Map<string, unknown>).set(keyOf(item.metadata), item);
        };
        try {
          await Promise.all([...needed].flatMap((kind) => pathsOf(kind, options, at).map((path) => list(kind, path))));
        } catch (error) {
          // What was let in before and is not any more may log in anew.
          if (error instanceof StatusError && error.status === 401) access = null;
          throw error;
        }
        return role.groups(listed, attached);
      },
      close: async () => client?.close(),
    };
  });
}

/** Where to list a kind: for the whole cluster, or for each namespace that is wanted. */
function pathsOf(kind: Kind, { namespaces }: Options, { base, ownNamespace }: Access): readonly string[] {
  const { api, plural, cluster } = LISTED[kind];
  const wanted = [...namespaces.names, ...(namespaces.ownNamespace && ownNamespace !== '' ? [ownNamespace] : [])];
  if (cluster === true || wanted.length === 0) return [`${base}/${api}/${plural}`];
  return [...new Set(wanted)].map((name) => `${base}/${api}/namespaces/${encodeURIComponent(name)}/${plural}`);
}

async function listAll(
  client: HttpClient,
  path: string,
  kind: Kind,
  options: Options,
  signal: AbortSignal,
): Promise<readonly KubernetesObject<Kind>[]> {
  const selector = options.selectors.find((each) => each.role === kind);
  const page = z.object({
    metadata: z.object({ continue: z.string().default('') }).default({ continue: '' }),
    items: z.array(kinds[kind] as z.ZodType<KubernetesObject<Kind>>),
  });
  const items: KubernetesObject<Kind>[] = [];
  let next = '';
  do {
    const query = new URLSearchParams({ limit: String(PAGE) });
    if (next === '') query.set('resourceVersion', '0');
    else query.set('continue', next);
    if (selector !== undefined && selector.label !== '') query.set('labelSelector', selector.label);
    if (selector !== undefined && selector.field !== '') query.set('fieldSelector', selector.field);
    const { value } = await getJson(client, { url: `${path}?${query.toString()}`, signal }, page);
    items.push(...value.items);
    next = value.metadata.continue;
  } while (next !== '');
  return items;
}
