import { z } from 'zod';
import { EMPTY_LABELS, type Labels } from '#shared/model/index.ts';
import type { DiscoveryOptions } from '#main/config/index.ts';
import type { HttpClient } from '#main/http/index.ts';
import type { Discovery, DiscoveryDeps } from '../contract.ts';
import { getJson } from '../json-api.ts';
import { refreshing } from '../refreshing.ts';
import { hostPort, prefixed, targetLabels } from '../target-labels.ts';

const CLOUD = 'https://api.hetzner.cloud/v1';
const ROBOT = 'https://robot-ws.your-server.de';

const paging = z.object({ pagination: z.object({ next_page: z.number().nullish() }).nullish() }).nullish();
const location = z.object({ name: z.string(), network_zone: z.string().default('') });
const server = z.object({
  id: z.number(),
  name: z.string(),
  status: z.string().default(''),
  labels: z.record(z.string(), z.string()).nullish(),
  public_net: z.object({
    ipv4: z.object({ ip: z.string() }).nullish(),
    ipv6: z.object({ ip: z.string() }).nullish(),
  }),
  private_net: z.array(z.object({ network: z.number(), ip: z.string() })).nullish(),
  server_type: z.object({
    name: z.string(),
    cores: z.number(),
    cpu_type: z.string().default(''),
    memory: z.number(),
    disk: z.number(),
  }),
  location: location.nullish(),
  /** Where older answers have the location. */
  datacenter: z.object({ location }).nullish(),
  image: z
    .object({
      name: z.string().nullish(),
      description: z.string().default(''),
      os_version: z.string().nullish(),
      os_flavor: z.string().default(''),
    })
    .nullish(),
});
const servers = z.object({ servers: z.array(server), meta: paging });
const networks = z.object({ networks: z.array(z.object({ id: z.number(), name: z.string() })), meta: paging });

const robot = z.array(
  z.object({
    server: z.object({
      server_ip: z.string().nullish(),
      server_number: z.number(),
      server_name: z.string().default(''),
      dc: z.string().default(''),
      status: z.string().default(''),
      product: z.string().default(''),
      cancelled: z.boolean().default(false),
      subnet: z.array(z.object({ ip: z.string(), mask: z.string() })).nullish(),
    }),
  }),
);

const PREFIX = '__meta_hetzner_';

/** Servers of Hetzner Cloud (`hcloud`) or dedicated ones (`robot`). */
export function hetznerDiscovery(options: DiscoveryOptions<'hetzner'>, deps: DiscoveryDeps): Discovery {
  return refreshing(deps, `Hetzner ${options.role}`, options.refreshInterval, () => {
    const client = deps.http(options.http);
    const find = options.role === 'robot' ? robotTargets : cloudTargets;
    return {
      refresh: async (signal) => [
        { source: 'hetzner', targets: await find(client, options, signal), labels: EMPTY_LABELS },
      ],
      close: () => client.close(),
    };
  });
}

type Find = (
  client: HttpClient,
  options: DiscoveryOptions<'hetzner'>,
  signal: AbortSignal,
) => Promise<readonly Labels[]>;

const cloudTargets: Find = async (client, { port, labelSelector }, signal) => {
  const pages = async <T extends { readonly meta?: z.output<typeof paging> }>(path: string, schema: z.ZodType<T>) => {
    const all: T[] = [];
    for (let page: number | null | undefined = 1; page;) {
      const query: URLSearchParams = new URLSearchParams({ page: String(page), per_page: '50' });
      if (path === 'servers' && labelSelector !== '') query.set('label_selector', labelSelector);
      const { value }: { readonly value: T } = await getJson(
        client,
        { url: `${CLOUD}/${path}?${query}`, signal },
        schema,
      );
      all.push(value);
      page = value.meta?.pagination?.next_page;
    }
    return all;
  };
  const found = (await pages('servers', servers)).flatMap((page) => page.servers);
  const names = new Map(
    (await pages('networks', networks)).flatMap((page) => page.networks.map((one) => [one.id, one.name])),
  );
  return found.map((each) => {
    const ip = each.public_net.ipv4?.ip ?? '';
    const type = each.server_type;
    const at = each.location ?? each.datacenter?.location;
    const own = Object.keys(each.labels ?? {});
    return targetLabels(hostPort(ip, port), {
      [`${PREFIX}role`]: 'hcloud',
      [`${PREFIX}server_id`]: String(each.id),
      [`${PREFIX}server_name`]: each.name,
      [`${PREFIX}server_status`]: each.status,
      [`${PREFIX}public_ipv4`]: ip,
      [`${PREFIX}public_ipv6_network`]: each.public_net.ipv6?.ip ?? '',
      [`${PREFIX}hcloud_location`]: at?.name ?? '',
      [`${PREFIX}hcloud_location_network_zone`]: at?.network_zone ?? '',
      [`${PREFIX}hcloud_datacenter_location`]: at?.name ?? '',
      [`${PREFIX}hcloud_datacenter_location_network_zone`]: at?.network_zone ?? '',
      [`${PREFIX}hcloud_server_type`]: type.name,
      [`${PREFIX}hcloud_cpu_cores`]: String(type.cores),
      [`${PREFIX}hcloud_cpu_type`]: type.cpu_type,
      [`${PREFIX}hcloud_memory_size_gb`]: String(Math.trunc(type.memory)),
      [`${PREFIX}hcloud_disk_size_gb`]: String(type.disk),
      [`${PREFIX}hcloud_image_name`]: each.image?.name ?? '',
      [`${PREFIX}hcloud_image_description`]: each.image?.description ?? '',
      [`${PREFIX}hcloud_image_os_version`]: each.image?.os_version ?? '',
      [`${PREFIX}hcloud_image_os_flavor`]: each.image?.os_flavor ?? '',
      ...prefixed(
        `${PREFIX}hcloud_private_ipv4_`,
        Object.fromEntries(
          (each.private_net ?? []).flatMap((net) => {
            const name = names.get(net.network);
            return name === undefined ? [] : [[name, net.ip]];
          }),
        ),
      ),
      ...prefixed(`${PREFIX}hcloud_label_`, each.labels),
      ...prefixed(`${PREFIX}hcloud_labelpresent_`, Object.fromEntries(own.map((name) => [name, 'true']))),
    });
  });
};

const robotTargets: Find = async (client, { port }, signal) => {
  const { value } = await getJson(client, { url: `${ROBOT}/server`, signal }, robot);
  return value.map(({ server: each }) => {
    const subnet = (each.subnet ?? []).find(({ ip }) => ip.includes(':'));
    const ip = each.server_ip ?? '';
    return targetLabels(hostPort(ip, port), {
      [`${PREFIX}role`]: 'robot',
      [`${PREFIX}server_id`]: String(each.server_number),
      [`${PREFIX}server_name`]: each.server_name,
      [`${PREFIX}server_status`]: each.status,
      [`${PREFIX}datacenter`]: each.dc.toLowerCase(),
      [`${PREFIX}public_ipv4`]: ip,
      [`${PREFIX}public_ipv6_network`]: subnet === undefined ? '' : `${subnet.ip}/${subnet.mask}`,
      [`${PREFIX}robot_datacenter`]: each.dc.toLowerCase(),
      [`${PREFIX}robot_product`]: each.product,
      [`${PREFIX}robot_cancelled`]: String(each.cancelled),
    });
  });
};
