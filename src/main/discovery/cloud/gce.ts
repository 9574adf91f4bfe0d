import { z } from 'zod';
import { EMPTY_LABELS, type Labels } from '#shared/model/index.ts';
import type { DiscoveryOptions } from '#main/config/index.ts';
import type { Discovery, DiscoveryDeps } from '../contract.ts';
import { getJson } from '../json-api.ts';
import { refreshing } from '../refreshing.ts';
import { hostPort, joined, prefixed, targetLabels } from '../target-labels.ts';
import { googleAccess, type GoogleAccess } from './google-access.ts';

const API = 'https://compute.googleapis.com/compute/v1';
const SCOPE = 'https://www.googleapis.com/auth/compute.readonly';
const PREFIX = '__meta_gce_';

const text = z.string().default('');
const networkInterface = z.object({
  name: text,
  network: text,
  subnetwork: text,
  networkIP: text,
  accessConfigs: z.array(z.object({ type: text, natIP: text })).nullish(),
});
const instance = z.object({
  id: text,
  name: text,
  zone: text,
  status: text,
  machineType: text,
  networkInterfaces: z.array(networkInterface).nullish(),
  tags: z.object({ items: z.array(z.string()).nullish() }).nullish(),
  labels: z.record(z.string(), z.string()).nullish(),
  metadata: z
    .object({ items: z.array(z.object({ key: z.string(), value: z.string().nullish() })).nullish() })
    .nullish(),
});
const page = z.object({ items: z.array(instance).nullish(), nextPageToken: z.string().nullish() });

/** Instances of Google Compute Engine in one zone, by the private address of their first interface. */
export function gceDiscovery(options: DiscoveryOptions<'gce'>, deps: DiscoveryDeps): Discovery {
  const { project, zone, filter } = options;
  return refreshing(deps, 'gce', options.refreshInterval, () => {
    let access: GoogleAccess | null = null;
    return {
      async refresh(signal) {
        access ??= await googleAccess(deps, SCOPE);
        const targets: Labels[] = [];
        const query = new URLSearchParams({ maxResults: '500' });
        if (filter !== '') query.set('filter', filter);
        for (;;) {
          const path = `projects/${encodeURIComponent(project)}/zones/${encodeURIComponent(zone)}/instances`;
          const request = { url: `${API}/${path}?${query}`, headers: await access.headers(signal), signal };
          const { value } = await getJson(access.client, request, page);
          targets.push(...(value.items ?? []).flatMap((each) => target(each, options)));
          if (!value.nextPageToken) return [{ source: `GCE_${project}_${zone}`, targets, labels: EMPTY_LABELS }];
          query.set('pageToken', value.nextPageToken);
        }
      },
      close: () => access?.close() ?? Promise.resolve(),
    };
  });
}

function target(each: z.output<typeof instance>, options: DiscoveryOptions<'gce'>): readonly Labels[] {
  const interfaces = each.networkInterfaces ?? [];
  if (interfaces.length === 0) return [];
  const [first] = interfaces;
  const nat = first.accessConfigs?.[0];
  const metadata = (each.metadata?.items ?? []).flatMap(({ key, value }) =>
    typeof value === 'string' ? [[key, value] as const] : [],
  );
  return [
    targetLabels(hostPort(first.networkIP, options.port), {
      [`${PREFIX}instance_id`]: each.id,
      [`${PREFIX}instance_name`]: each.name,
      [`${PREFIX}instance_status`]: each.status,
      [`${PREFIX}machine_type`]: each.machineType,
      [`${PREFIX}network`]: first.network,
      [`${PREFIX}private_ip`]: first.networkIP,
      [`${PREFIX}project`]: options.project,
      [`${PREFIX}public_ip`]: nat?.type === 'ONE_TO_ONE_NAT' ? nat.natIP : '',
      [`${PREFIX}subnetwork`]: first.subnetwork,
      [`${PREFIX}tags`]: joined(each.tags?.items ?? [], options.tagSeparator),
      [`${PREFIX}zone`]: each.zone,
      ...prefixed(`${PREFIX}interface_ipv4_`, Object.fromEntries(interfaces.map((one) => [one.name, one.networkIP]))),
      ...prefixed(`${PREFIX}metadata_`, Object.fromEntries(metadata)),
      ...prefixed(`${PREFIX}label_`, each.labels),
    }),
  ];
}
