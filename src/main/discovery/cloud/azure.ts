import { z } from 'zod';
import { EMPTY_LABELS, type Labels, type Millis } from '#shared/model/index.ts';
import type { DiscoveryOptions } from '#main/config/index.ts';
import type { HttpClient } from '#main/http/index.ts';
import type { Discovery, DiscoveryDeps } from '../contract.ts';
import { getJson, StatusError } from '../json-api.ts';
import { refreshing } from '../refreshing.ts';
import { hostPort, prefixed, targetLabels } from '../target-labels.ts';
import { AzureAccess, azureCloud, type AzureCloud } from './azure-access.ts';

const COMPUTE_VERSION = '2024-07-01';
const NETWORK_VERSION = '2024-05-01';
/** Interfaces of machines of a scale set are still asked for by an older version. */
const SCALE_SET_NETWORK_VERSION = '2018-10-01';
const PREFIX = '__meta_azure_';
/** Interfaces that are asked for at the same time: each machine takes a request of its own. */
const CONCURRENCY = 16;
/** An interface is asked for again after so many refreshes: addresses of a machine hardly ever change. */
const INTERFACE_REFRESHES = 10;

const text = z.string().default('');
const machine = z.object({
  id: z.string(),
  name: text,
  location: text,
  instanceId: text,
  tags: z.record(z.string(), z.string()).nullish(),
  properties: z
    .object({
      storageProfile: z.object({ osDisk: z.object({ osType: text }).nullish() }).nullish(),
      osProfile: z.object({ computerName: text }).nullish(),
      hardwareProfile: z.object({ vmSize: text }).nullish(),
      networkProfile: z.object({ networkInterfaces: z.array(z.object({ id: z.string() })).nullish() }).nullish(),
    })
    .nullish(),
});
const scaleSet = z.object({ id: z.string(), name: z.string() });
const networkInterface = z.object({
  properties: z
    .object({
      /** Absent while the machine is deallocated. */
      primary: z.boolean().nullish(),
      ipConfigurations: z
        .array(
          z.object({
            properties: z
              .object({
                privateIPAddress: z.string().nullish(),
                publicIPAddress: z
                  .object({ properties: z.object({ ipAddress: z.string().nullish() }).nullish() })
                  .nullish(),
              })
              .nullish(),
          }),
        )
        .nullish(),
    })
    .nullish(),
});

type Machine = z.output<typeof machine> & { readonly scaleSet: string };
type NetworkInterface = z.output<typeof networkInterface>;

/** Virtual machines of an Azure subscription, those of scale sets among them, by the private address of their primary interface. */
export function azureDiscovery(options: DiscoveryOptions<'azure'>, deps: DiscoveryDeps): Discovery {
  const cache = new InterfaceCache(options.refreshInterval * INTERFACE_REFRESHES, () => deps.now());
  return refreshing(deps, 'azure', options.refreshInterval, () => {
    const client = deps.http(options.http);
    let access: AzureAccess | null = null;
    return {
      async refresh(signal, warn) {
        const cloud = azureCloud(options.environment);
        access ??= new AzureAccess(options, cloud, deps);
        const api = new ResourceManager(cloud, client, await access.headers(signal), signal);
        const targets = await find(api, options, cache, warn);
        return [{ source: options.subscriptionId, targets, labels: EMPTY_LABELS }];
      },
      async close() {
        await Promise.all([client.close(), access?.close()]);
      },
    };
  });
}

async function find(
  api: ResourceManager,
  options: DiscoveryOptions<'azure'>,
  cache: InterfaceCache,
  warn: (problem: string) => void,
): Promise<readonly Labels[]> {
  const subscription = `/subscriptions/${encodeURIComponent(options.subscriptionId)}`;
  const { resourceGroup } = options;
  const scope =
    resourceGroup === '' ? subscription : `${subscription}/resourceGroups/${encodeURIComponent(resourceGroup)}`;
  const compute = 'providers/Microsoft.Compute';
  const own = await api.list(`${scope}/${compute}/virtualMachines`, COMPUTE_VERSION, machine);
  const machines: Machine[] = own.map((each) => ({ ...each, scaleSet: '' }));
  for (const set of await api.list(`${scope}/${compute}/virtualMachineScaleSets`, COMPUTE_VERSION, scaleSet)) {
    const group = `${subscription}/resourceGroups/${encodeURIComponent(resourceOf(set.id).group)}`;
    const path = `${group}/${compute}/virtualMachineScaleSets/${encodeURIComponent(set.name)}/virtualMachines`;
    const members = await api.list(path, COMPUTE_VERSION, machine);
    machines.push(...members.map((each) => ({ ...each, scaleSet: set.name })));
  }
  const found: (Labels | null)[] = machines.map(() => null);
  let next = 0;
  const work = async (): Promise<void> => {
    for (let i = next++; i < machines.length; i = next++)
      found[i] = await target(
        machines[i],
        options,
        (id) => cache.get(id, () => api.networkInterface(subscription, id, machines[i])),
        warn,
      );
  };
  await Promise.all(Array.from({ length: Math.min(CONCURRENCY, machines.length) }, work));
  return found.filter((labels) => labels !== null);
}

/** Null for a machine without an address: deallocated, or its interface was just taken away. */
async function target(
  each: Machine,
  options: DiscoveryOptions<'azure'>,
  interfaceOf: (id: string) => Promise<NetworkInterface | null>,
  warn: (problem: string) => void,
): Promise<Labels | null> {
  for (const { id } of each.properties?.networkProfile?.networkInterfaces ?? []) {
    const given = await interfaceOf(id);
    if (given === null) {
      warn(`network interface ${id} of ${each.name} does not exist`);
      return null;
    }
    if (!given.properties) continue;
    const { primary, ipConfigurations } = given.properties;
    if (primary === undefined || primary === null) return null;
    const first = primary ? ipConfigurations?.[0] : undefined;
    if (first === undefined) continue;
    const address = first.properties?.privateIPAddress ?? '';
    if (address === '') throw new Error(`unable to find a private IP for VM ${each.name}`);
    return labelsOf(each, options, address, first.properties?.publicIPAddress?.properties?.ipAddress ?? '');
  }
  return null;
}

function labelsOf(each: Machine, options: DiscoveryOptions<'azure'>, privateIp: string, publicIp: string): Labels {
  const { properties } = each;
  return targetLabels(hostPort(privateIp, options.port), {
    [`${PREFIX}subscription_id`]: options.subscriptionId,
    [`${PREFIX}tenant_id`]: options.tenantId,
    [`${PREFIX}machine_id`]: each.id,
    [`${PREFIX}machine_name`]: each.name,
    [`${PREFIX}machine_computer_name`]: properties?.osProfile?.computerName ?? '',
    [`${PREFIX}machine_os_type`]: properties?.storageProfile?.osDisk?.osType ?? '',
    [`${PREFIX}machine_location`]: each.location,
    [`${PREFIX}machine_resource_group`]: resourceOf(each.id).group,
    [`${PREFIX}machine_size`]: properties?.hardwareProfile?.vmSize ?? '',
    [`${PREFIX}machine_scale_set`]: each.scaleSet,
    [`${PREFIX}machine_private_ip`]: privateIp,
    [`${PREFIX}machine_public_ip`]: publicIp,
    ...prefixed(`${PREFIX}machine_tag_`, each.tags),
  });
}

/** Group and name in `/subscriptions/S/resourceGroups/G/providers/P/../NAME`. @throws Error for anything else */
function resourceOf(id: string): { readonly group: string; readonly name: string } {
  const found = /^\/subscriptions\/[^/]+\/resourceGroups\/([^/]+)\/providers\/.+\/([^/]+)$/i.exec(id);
  if (found === null) throw new Error(`"${id}" is not the id of a resource in a resource group`);
  return { group: found[1], name: found[2] };
}

/** Reads Azure's resources with one token. */
class ResourceManager {
  readonly #cloud: AzureCloud;
  readonly #client: HttpClient;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #signal: AbortSignal;

  constructor(cloud: AzureCloud, client: HttpClient, headers: Readonly<Record<string, string>>, signal: AbortSignal) {
    this.#cloud = cloud;
    this.#client = client;
    this.#headers = headers;
    this.#signal = signal;
  }

  /** All pages of a list. */
  async list<T>(path: string, version: string, schema: z.ZodType<T>): Promise<readonly T[]> {
    const page = z.object({ value: z.array(schema).nullish(), nextLink: z.string().nullish() });
    const all: T[] = [];
    let url = `${this.#cloud.management}${path}?api-version=${version}`;
    for (;;) {
      const { value } = await this.#get(url, page);
      all.push(...(value.value ?? []));
      if (!value.nextLink) return all;
      url = value.nextLink;
      // The token is for this host alone.
      if (new URL(url).hostname !== new URL(this.#cloud.management).hostname)
        throw new Error(`the next page of ${path} is elsewhere`);
    }
  }

  /** Null for one that does not exist. */
  async networkInterface(subscription: string, id: string, of: Machine): Promise<NetworkInterface | null> {
    const { group, name } = resourceOf(id);
    const inGroup = `${subscription}/resourceGroups/${encodeURIComponent(group)}/providers`;
    const [path, version] =
      of.scaleSet === ''
        ? [`${inGroup}/Microsoft.Network`, NETWORK_VERSION]
        : [
            `${inGroup}/microsoft.Compute/virtualMachineScaleSets/${encodeURIComponent(of.scaleSet)}/virtualMachines/${encodeURIComponent(of.instanceId)}`,
            SCALE_SET_NETWORK_VERSION,
          ];
    const query = `$expand=IPConfigurations%2FPublicIPAddress&api-version=${version}`;
    const url = `${this.#cloud.management}${path}/networkInterfaces/${encodeURIComponent(name)}?${query}`;
    try {
      return (await this.#get(url, networkInterface)).value;
    } catch (error) {
      if (error instanceof StatusError && error.status === 404) return null;
      throw error;
    }
  }

  #get<T>(url: string, schema: z.ZodType<T>) {
    return getJson(this.#client, { url, headers: this.#headers, signal: this.#signal }, schema);
  }
}

/** Interfaces that were asked for lately. */
class InterfaceCache {
  readonly #known = new Map<string, { readonly value: NetworkInterface; readonly until: Millis }>();
  readonly #lifetime: Millis;
  readonly #now: () => Millis;

  constructor(lifetime: Millis, now: () => Millis) {
    this.#lifetime = lifetime;
    this.#now = now;
  }

  async get(id: string, ask: () => Promise<NetworkInterface | null>): Promise<NetworkInterface | null> {
    const now = this.#now();
    const known = this.#known.get(id);
    if (known !== undefined && now < known.until) return known.value;
    this.#known.delete(id);
    const value = await ask();
    // Of a machine that is off nothing is kept: it may be started any time. Lifetimes differ, so that not all end together.
    if (value?.properties && typeof value.properties.primary === 'boolean')
      this.#known.set(id, { value, until: now + this.#lifetime * (1 + (this.#known.size % 4) / 10) });
    return value;
  }
}
