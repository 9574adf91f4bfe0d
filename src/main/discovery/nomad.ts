import { z } from 'zod';
import { EMPTY_LABELS } from '#shared/model/index.ts';
import type { DiscoveryOptions } from '#main/config/index.ts';
import type { Discovery, DiscoveryDeps } from './contract.ts';
import { getJson } from './json-api.ts';
import { refreshing } from './refreshing.ts';
import { hostPort, joined, targetLabels } from './target-labels.ts';

const listing = z.array(z.object({ Services: z.array(z.object({ ServiceName: z.string() })).nullish() }));
const instances = z.array(
  z.object({
    ID: z.string(),
    ServiceName: z.string(),
    Namespace: z.string().default(''),
    NodeID: z.string().default(''),
    Datacenter: z.string().default(''),
    Address: z.string(),
    Port: z.number(),
    Tags: z.array(z.string()).nullish(),
  }),
);

const PREFIX = '__meta_nomad_';

/** The instances of the services that a Nomad cluster registers itself. */
export function nomadDiscovery(options: DiscoveryOptions<'nomad'>, deps: DiscoveryDeps): Discovery {
  const base = options.server.replace(/\/+$/, '');
  const query = new URLSearchParams({ namespace: options.namespace, region: options.region });
  if (options.allowStale) query.set('stale', '');
  return refreshing(deps, `Nomad at ${options.server}`, options.refreshInterval, () => {
    const client = deps.http(options.http);
    const ask = async <T>(path: string, schema: z.ZodType<T>, signal: AbortSignal): Promise<T> =>
      (await getJson(client, { url: `${base}/v1/${path}?${query.toString()}`, signal }, schema)).value;
    return {
      async refresh(signal) {
        const stubs = await ask('services', listing, signal);
        const names = stubs.flatMap((stub) => (stub.Services ?? []).map((service) => service.ServiceName));
        const found = await Promise.all(
          names.map((name) => ask(`service/${encodeURIComponent(name)}`, instances, signal)),
        );
        const targets = found.flat().map((instance) =>
          targetLabels(hostPort(instance.Address, instance.Port), {
            [`${PREFIX}address`]: instance.Address,
            [`${PREFIX}dc`]: instance.Datacenter,
            [`${PREFIX}namespace`]: instance.Namespace,
            [`${PREFIX}node_id`]: instance.NodeID,
            [`${PREFIX}service`]: instance.ServiceName,
            [`${PREFIX}service_address`]: instance.Address,
            [`${PREFIX}service_id`]: instance.ID,
            [`${PREFIX}service_port`]: String(instance.Port),
            [`${PREFIX}tags`]: joined(instance.Tags ?? [], options.tagSeparator),
          }),
        );
        return [{ source: 'Nomad', targets, labels: EMPTY_LABELS }];
      },
      close: () => client.close(),
    };
  });
}
