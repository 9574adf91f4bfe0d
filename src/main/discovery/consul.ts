import { z } from 'zod';
import { labelsFromRecord, type Labels } from '#shared/model/index.ts';
import type { DiscoveryOptions, TargetGroup } from '#main/config/index.ts';
import type { Discovery, DiscoveryDeps } from './contract.ts';
import { getJson } from './json-api.ts';
import { refreshing } from './refreshing.ts';
import { hostPort, prefixed, targetLabels } from './target-labels.ts';

const texts = z.record(z.string(), z.string()).nullish();

const agent = z.object({ Config: z.object({ Datacenter: z.string() }) });
const services = z.record(z.string(), z.array(z.string()).nullable());
const health = z.array(
  z.object({
    Node: z.object({ Node: z.string(), Address: z.string(), Meta: texts, TaggedAddresses: texts }),
    Service: z.object({
      ID: z.string(),
      Address: z.string().default(''),
      Port: z.number(),
      Tags: z.array(z.string()).nullish(),
      Meta: texts,
      Namespace: z.string().nullish(),
      Partition: z.string().nullish(),
    }),
    Checks: z.array(z.object({ CheckID: z.string().default(''), Status: z.string() })).nullish(),
  }),
);
type Entry = z.output<typeof health>[number];

const PREFIX = '__meta_consul_';

/** The instances of services in a Consul catalog, one group a service. */
export function consulDiscovery(options: DiscoveryOptions<'consul'>, deps: DiscoveryDeps): Discovery {
  const base = `${options.scheme}://${options.server}${options.pathPrefix.replace(/\/+$/, '')}`;
  return refreshing(deps, `Consul at ${options.server}`, options.refreshInterval, () => {
    const client = deps.http(withToken(options));
    let { datacenter } = options;

    const ask = async <T>(path: string, query: URLSearchParams, schema: z.ZodType<T>, signal: AbortSignal) => {
      if (datacenter !== '') query.set('dc', datacenter);
      if (options.namespace !== '') query.set('ns', options.namespace);
      if (options.partition !== '') query.set('partition', options.partition);
      const text = query.toString();
      const url = `${base}/v1/${path}${text === '' ? '' : `?${text}`}`;
      return (await getJson(client, { url, signal }, schema)).value;
    };
    const catalogQuery = (filter: string): URLSearchParams => {
      const query = new URLSearchParams();
      if (options.allowStale) query.set('stale', '');
      for (const [key, value] of options.nodeMeta) query.append('node-meta', `${key}:${value}`);
      if (filter !== '') query.set('filter', filter);
      return query;
    };

    /** Names to look at: those configured, or those of the catalog that have all wanted tags. */
    const names = async (signal: AbortSignal): Promise<readonly string[]> => {
      const listed = options.services.length > 0;
      if (listed && options.tags.length === 0 && options.filter === '') return options.services;
      const catalog = await ask('catalog/services', catalogQuery(options.filter), services, signal);
      return Object.entries(catalog).flatMap(([name, tags]) => {
        const wanted = !listed || options.services.includes(name);
        return wanted && options.tags.every((tag) => tags?.includes(tag) === true) ? [name] : [];
      });
    };

    return {
      async refresh(signal) {
        if (datacenter === '')
          datacenter = (await ask('agent/self', new URLSearchParams(), agent, signal)).Config.Datacenter;
        const found = await names(signal);
        return Promise.all(
          found.map(async (name): Promise<TargetGroup> => {
            const query = catalogQuery(options.healthFilter);
            for (const tag of options.tags) query.append('tag', tag);
            const entries = await ask(`health/service/${encodeURIComponent(name)}`, query, health, signal);
            return {
              source: name,
              labels: labelsFromRecord({ [`${PREFIX}service`]: name, [`${PREFIX}dc`]: datacenter }),
              targets: entries.map((entry) => targetOf(entry, options.tagSeparator)),
            };
          }),
        );
      },
      close: () => client.close(),
    };
  });
}

/** The token is a header whose secret the HTTP client resolves. */
function withToken({ http, token }: DiscoveryOptions<'consul'>): DiscoveryOptions<'consul'>['http'] {
  if (token === '') return http;
  const header = { values: [], secrets: [token], files: [] };
  return { ...http, headers: new Map([...http.headers, ['X-Consul-Token', header]]) };
}

function targetOf({ Node, Service, Checks }: Entry, separator: string): Labels {
  const tags = Service.Tags ?? [];
  return targetLabels(hostPort(Service.Address || Node.Address, Service.Port), {
    [`${PREFIX}address`]: Node.Address,
    [`${PREFIX}node`]: Node.Node,
    [`${PREFIX}namespace`]: Service.Namespace ?? '',
    [`${PREFIX}partition`]: Service.Partition ?? '',
    [`${PREFIX}tags`]: `${separator}${tags.join(separator)}${separator}`,
    [`${PREFIX}service_address`]: Service.Address,
    [`${PREFIX}service_port`]: String(Service.Port),
    [`${PREFIX}service_id`]: Service.ID,
    [`${PREFIX}health`]: aggregated(Checks ?? []),
    ...prefixed(`${PREFIX}metadata_`, Node.Meta),
    ...prefixed(`${PREFIX}service_metadata_`, Service.Meta),
    ...prefixed(`${PREFIX}tagged_address_`, Node.TaggedAddresses),
  });
}

/** The worst of the checks; maintenance is worse than any. */
function aggregated(checks: readonly { readonly CheckID: string; readonly Status: string }[]): string {
  const maintenance = checks.some(
    ({ CheckID }) => CheckID === '_node_maintenance' || CheckID.startsWith('_service_maintenance:'),
  );
  if (maintenance) return 'maintenance';
  for (const status of ['critical', 'warning']) if (checks.some((check) => check.Status === status)) return status;
  return checks.every((check) => check.Status === 'passing') ? 'passing' : '';
}
