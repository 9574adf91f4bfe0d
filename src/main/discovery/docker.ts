import { z } from 'zod';
import { EMPTY_LABELS, type Labels } from '#shared/model/index.ts';
import type { DiscoveryOptions } from '#main/config/index.ts';
import type { HttpClient, HttpRequest } from '#main/http/index.ts';
import type { Discovery, DiscoveryDeps } from './contract.ts';
import { getJson } from './json-api.ts';
import { refreshing } from './refreshing.ts';
import { hostPort, prefixed, targetLabels } from './target-labels.ts';

const texts = z.record(z.string(), z.string()).nullish();

const endpoint = z.object({
  NetworkID: z.string().default(''),
  IPAddress: z.string().nullish(),
  GlobalIPv6Address: z.string().nullish(),
});

const container = z.object({
  Id: z.string(),
  Names: z.array(z.string()).nullish(),
  Image: z.string().default(''),
  ImageID: z.string().default(''),
  Labels: texts,
  HostConfig: z.object({ NetworkMode: z.string().default('') }).default({ NetworkMode: '' }),
  NetworkSettings: z.object({ Networks: z.record(z.string(), endpoint.nullable()).nullish() }).nullish(),
  Ports: z
    .array(
      z.object({
        Type: z.string(),
        PrivatePort: z.number(),
        PublicPort: z.number().nullish(),
        IP: z.string().nullish(),
      }),
    )
    .nullish(),
});
type Container = z.output<typeof container>;
type Endpoint = z.output<typeof endpoint>;

const network = z.object({
  Id: z.string(),
  Name: z.string(),
  Scope: z.string().default(''),
  Internal: z.boolean().default(false),
  Ingress: z.boolean().default(false),
  Labels: texts,
});

/** How to reach a Docker daemon: over HTTP, or over the Unix socket of `unix:///path`. */
export function dockerHost(host: string): { readonly base: string; readonly unixSocket?: string } {
  if (host.startsWith('unix://')) return { base: 'http://docker', unixSocket: host.slice('unix://'.length) };
  return { base: host.replace(/^tcp:/, 'http:').replace(/\/+$/, '') };
}

/** `?filters=` as the Docker API takes it. */
export function dockerFilters(
  filters: readonly { readonly name: string; readonly values: readonly string[] }[],
): string {
  if (filters.length === 0) return '';
  const byName = new Map<string, string[]>();
  for (const { name, values } of filters) byName.set(name, [...(byName.get(name) ?? []), ...values]);
  return `?filters=${encodeURIComponent(JSON.stringify(Object.fromEntries(byName)))}`;
}

/** Labels of each network by its id. */
export async function networkLabels(
  client: HttpClient,
  request: Omit<HttpRequest, 'url' | 'timeout'> & { readonly base: string },
  prefix: string,
): Promise<ReadonlyMap<string, Readonly<Record<string, string>>>> {
  const { base, ...rest } = request;
  const { value } = await getJson(client, { ...rest, url: `${base}/networks` }, z.array(network));
  return new Map(
    value.map((each) => [
      each.Id,
      {
        [`${prefix}network_id`]: each.Id,
        [`${prefix}network_name`]: each.Name,
        [`${prefix}network_scope`]: each.Scope,
        [`${prefix}network_internal`]: String(each.Internal),
        [`${prefix}network_ingress`]: String(each.Ingress),
        ...prefixed(`${prefix}network_label_`, each.Labels),
      },
    ]),
  );
}

const PREFIX = '__meta_docker_';

/** The containers of a Docker daemon, one target for each TCP port and network. */
export function dockerDiscovery(options: DiscoveryOptions<'docker'>, deps: DiscoveryDeps): Discovery {
  const { base, ...socket } = dockerHost(options.host);
  return refreshing(deps, `Docker at ${options.host}`, options.refreshInterval, () => {
    const client = deps.http(options.http);
    return {
      async refresh(signal) {
        const request = { ...socket, signal };
        const url = `${base}/containers/json${dockerFilters(options.filters)}`;
        const { value: containers } = await getJson(client, { ...request, url }, z.array(container));
        const networks = await networkLabels(client, { ...request, base }, PREFIX);
        const byId = new Map(containers.map((each) => [each.Id, each]));
        const targets = containers.flatMap((each) => targetsOf(each, byId, networks, options));
        return [{ source: 'Docker', targets, labels: EMPTY_LABELS }];
      },
      close: () => client.close(),
    };
  });
}

/** The container's networks, or those of the container whose network it shares. */
function networksOf(each: Container, byId: ReadonlyMap<string, Container>): readonly (readonly [string, Endpoint])[] {
  let current: Container | undefined = each;
  const seen = new Set<Container>();
  while (current !== undefined && !seen.has(current)) {
    seen.add(current);
    const found = Object.entries(current.NetworkSettings?.Networks ?? {});
    if (found.length > 0)
      return found.flatMap(([name, endpoint]) => (endpoint === null ? [] : ([[name, endpoint]] as const)));
    const shared: RegExpExecArray | null = /^container:(.*)$/.exec(current.HostConfig.NetworkMode);
    current = shared === null ? undefined : byId.get(shared[1]);
  }
  return [];
}

function targetsOf(
  each: Container,
  byId: ReadonlyMap<string, Container>,
  networks: ReadonlyMap<string, Readonly<Record<string, string>>>,
  options: DiscoveryOptions<'docker'>,
): readonly Labels[] {
  const name = each.Names?.[0];
  if (name === undefined) return [];
  const common = {
    [`${PREFIX}container_id`]: each.Id,
    [`${PREFIX}container_name`]: name,
    [`${PREFIX}container_network_mode`]: each.HostConfig.NetworkMode,
    [`${PREFIX}container_image`]: each.Image,
    [`${PREFIX}container_image_id`]: each.ImageID,
    ...prefixed(`${PREFIX}container_label_`, each.Labels),
  };
  let found = networksOf(each, byId);
  if (options.matchFirstNetwork && found.length > 1) found = found.toSorted(([a], [b]) => (a < b ? -1 : 1)).slice(0, 1);
  const ports = (each.Ports ?? []).filter((port) => port.Type === 'tcp');
  return found.flatMap(([, endpoint]) => {
    const ip = endpoint.IPAddress || endpoint.GlobalIPv6Address || '';
    const labels = { ...common, [`${PREFIX}network_ip`]: ip, ...networks.get(endpoint.NetworkID) };
    if (ports.length === 0) {
      // In the host's network a container has no ports of its own.
      const address = each.HostConfig.NetworkMode === 'host' ? options.hostNetworkingHost : hostPort(ip, options.port);
      return [targetLabels(address, labels)];
    }
    return ports.map((port) =>
      targetLabels(hostPort(ip, port.PrivatePort), {
        ...labels,
        [`${PREFIX}port_private`]: String(port.PrivatePort),
        ...(port.PublicPort
          ? { [`${PREFIX}port_public`]: String(port.PublicPort), [`${PREFIX}port_public_ip`]: port.IP ?? '' }
          : {}),
      }),
    );
  });
}
