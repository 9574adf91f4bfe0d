import { z } from 'zod';
import { EMPTY_LABELS, type Labels } from '#shared/model/index.ts';
import type { DiscoveryOptions } from '#main/config/index.ts';
import type { Discovery, DiscoveryDeps } from '../contract.ts';
import { getJson } from '../json-api.ts';
import { refreshing } from '../refreshing.ts';
import { hostPort, joined, targetLabels } from '../target-labels.ts';

const API = 'https://api.digitalocean.com/v2';
const PAGE_SIZE = 200;

const address = z.object({ ip_address: z.string(), type: z.string() });
const droplet = z.object({
  id: z.number(),
  name: z.string(),
  status: z.string().default(''),
  size_slug: z.string().default(''),
  vpc_uuid: z.string().default(''),
  features: z.array(z.string()).nullish(),
  tags: z.array(z.string()).nullish(),
  image: z.object({ slug: z.string().nullish(), name: z.string().default('') }).nullish(),
  region: z.object({ slug: z.string() }).nullish(),
  networks: z.object({ v4: z.array(address).nullish(), v6: z.array(address).nullish() }).nullish(),
});
const database = z.object({
  id: z.string(),
  name: z.string(),
  engine: z.string().default(''),
  version: z.string().default(''),
  size: z.string().default(''),
  num_nodes: z.number().default(0),
  status: z.string().default(''),
  region: z.string().default(''),
  tags: z.array(z.string()).nullish(),
  connection: z.object({ host: z.string().default('') }).nullish(),
  private_connection: z.object({ host: z.string().default('') }).nullish(),
});
const links = z.object({ pages: z.object({ next: z.string().nullish() }).nullish() }).nullish();
const droplets = z.object({ droplets: z.array(droplet).nullish(), links });
const databases = z.object({ databases: z.array(database).nullish(), links });

/** Droplets, or managed databases, of a DigitalOcean account. The API's token is the job's own authorization. */
export function digitaloceanDiscovery(options: DiscoveryOptions<'digitalocean'>, deps: DiscoveryDeps): Discovery {
  return refreshing(deps, 'DigitalOcean', options.refreshInterval, () => {
    const client = deps.http(options.http);
    const pages = async <T extends { readonly links?: z.output<typeof links> }>(
      path: string,
      schema: z.ZodType<T>,
      signal: AbortSignal,
    ): Promise<readonly T[]> => {
      const all: T[] = [];
      for (let page = 1; ; page++) {
        const url = `${API}/${path}?page=${page}&per_page=${PAGE_SIZE}`;
        const { value } = await getJson(client, { url, signal }, schema);
        all.push(value);
        if (!value.links?.pages?.next) return all;
      }
    };
    return {
      async refresh(signal) {
        const targets =
          options.role === 'databases'
            ? (await pages('databases', databases, signal))
                .flatMap((page) => page.databases ?? [])
                .flatMap((each) => databaseTarget(each, options.port))
            : (await pages('droplets', droplets, signal))
                .flatMap((page) => page.droplets ?? [])
                .flatMap((each) => dropletTarget(each, options.port));
        return [{ source: 'DigitalOcean', targets, labels: EMPTY_LABELS }];
      },
      close: () => client.close(),
    };
  });
}

const PREFIX = '__meta_digitalocean_';

function dropletTarget(each: z.output<typeof droplet>, port: number): readonly Labels[] {
  const v4 = each.networks?.v4 ?? [];
  if (v4.length === 0) return [];
  const ip = (list: readonly z.output<typeof address>[], type: string): string =>
    list.find((one) => one.type === type)?.ip_address ?? '';
  const publicIp = ip(v4, 'public');
  return [
    targetLabels(hostPort(publicIp, port), {
      [`${PREFIX}droplet_id`]: String(each.id),
      [`${PREFIX}droplet_name`]: each.name,
      [`${PREFIX}image`]: each.image?.slug ?? '',
      [`${PREFIX}image_name`]: each.image?.name ?? '',
      [`${PREFIX}private_ipv4`]: ip(v4, 'private'),
      [`${PREFIX}public_ipv4`]: publicIp,
      [`${PREFIX}public_ipv6`]: ip(each.networks?.v6 ?? [], 'public'),
      [`${PREFIX}region`]: each.region?.slug ?? '',
      [`${PREFIX}size`]: each.size_slug,
      [`${PREFIX}status`]: each.status,
      [`${PREFIX}vpc`]: each.vpc_uuid,
      [`${PREFIX}features`]: joined(each.features ?? [], ','),
      [`${PREFIX}tags`]: joined(each.tags ?? [], ','),
    }),
  ];
}

/** Inside the account's network where there is one. */
function databaseTarget(each: z.output<typeof database>, port: number): readonly Labels[] {
  const publicHost = each.connection?.host ?? '';
  const privateHost = each.private_connection?.host ?? '';
  if (privateHost === '' && publicHost === '') return [];
  return [
    targetLabels(hostPort(privateHost || publicHost, port), {
      [`${PREFIX}db_id`]: each.id,
      [`${PREFIX}db_name`]: each.name,
      [`${PREFIX}db_engine`]: each.engine,
      [`${PREFIX}db_version`]: each.version,
      [`${PREFIX}db_size`]: each.size,
      [`${PREFIX}db_num_nodes`]: String(each.num_nodes),
      [`${PREFIX}db_status`]: each.status,
      [`${PREFIX}db_region`]: each.region,
      [`${PREFIX}db_host`]: publicHost,
      [`${PREFIX}db_private_host`]: privateHost,
      // As they are: names of labels may hold any text.
      ...Object.fromEntries((each.tags ?? []).map((tag) => [`${PREFIX}db_tag_${tag}`, 'true'])),
    }),
  ];
}
