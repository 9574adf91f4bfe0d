import { z } from 'zod';
import { EMPTY_LABELS, type Labels } from '#shared/model/index.ts';
import type { DiscoveryOptions } from '#main/config/index.ts';
import type { HttpClient } from '#main/http/index.ts';
import type { Discovery, DiscoveryDeps } from './contract.ts';
import { dockerFilters, dockerHost, networkLabels } from './docker.ts';
import { getJson } from './json-api.ts';
import { refreshing } from './refreshing.ts';
import { hostPort, prefixed, targetLabels } from './target-labels.ts';

const texts = z.record(z.string(), z.string()).nullish();
const port = z.object({
  Name: z.string().default(''),
  Protocol: z.string().default('tcp'),
  PublishedPort: z.number().default(0),
  PublishMode: z.string().default(''),
});
const service = z.object({
  ID: z.string(),
  Spec: z.object({
    Name: z.string(),
    Labels: texts,
    Mode: z.object({ Global: z.unknown().optional(), Replicated: z.unknown().optional() }).nullish(),
    TaskTemplate: z
      .object({
        ContainerSpec: z.object({ Image: z.string().default(''), Hostname: z.string().default('') }).nullish(),
      })
      .nullish(),
  }),
  UpdateStatus: z.object({ State: z.string().default('') }).nullish(),
  Endpoint: z
    .object({
      Ports: z.array(port).nullish(),
      VirtualIPs: z.array(z.object({ NetworkID: z.string(), Addr: z.string().default('') })).nullish(),
    })
    .nullish(),
});
const node = z.object({
  ID: z.string(),
  Spec: z.object({ Labels: texts, Role: z.string().default(''), Availability: z.string().default('') }),
  Description: z.object({
    Hostname: z.string().default(''),
    Platform: z.object({ Architecture: z.string().default(''), OS: z.string().default('') }).nullish(),
    Engine: z.object({ EngineVersion: z.string().default('') }).nullish(),
  }),
  Status: z.object({ State: z.string().default(''), Addr: z.string().default('') }),
  ManagerStatus: z
    .object({ Leader: z.boolean().default(false), Reachability: z.string().default(''), Addr: z.string().default('') })
    .nullish(),
});
const task = z.object({
  ID: z.string(),
  ServiceID: z.string().default(''),
  NodeID: z.string().default(''),
  Slot: z.number().default(0),
  DesiredState: z.string().default(''),
  Spec: z.object({ ContainerSpec: z.object({ Labels: texts }).nullish() }).nullish(),
  Status: z.object({
    State: z.string().default(''),
    ContainerStatus: z.object({ ContainerID: z.string().default('') }).nullish(),
    PortStatus: z.object({ Ports: z.array(port).nullish() }).nullish(),
  }),
  NetworksAttachments: z
    .array(z.object({ Network: z.object({ ID: z.string() }), Addresses: z.array(z.string()).nullish() }))
    .nullish(),
});
const inspected = z.object({ Config: z.object({ Labels: texts }).nullish() });

type Meta = Readonly<Record<string, string>>;
type Options = DiscoveryOptions<'dockerswarm'>;

const PREFIX = '__meta_dockerswarm_';

/** Asks one daemon of the swarm. */
interface Swarm {
  list<T>(path: string, schema: z.ZodType<T>, filtered: boolean): Promise<T>;
  networks(): Promise<ReadonlyMap<string, Meta>>;
}

/** Services, tasks or nodes of a Docker swarm, one target for each published port. */
export function dockerswarmDiscovery(options: Options, deps: DiscoveryDeps): Discovery {
  const { base, ...socket } = dockerHost(options.host);
  return refreshing(deps, `Docker swarm at ${options.host}`, options.refreshInterval, () => {
    const client: HttpClient = deps.http(options.http);
    return {
      async refresh(signal) {
        const request = { ...socket, signal };
        const swarm: Swarm = {
          list: async (path, schema, filtered) => {
            const url = `${base}/${path}${filtered ? dockerFilters(options.filters) : ''}`;
            return (await getJson(client, { ...request, url }, schema)).value;
          },
          networks: () => networkLabels(client, { ...request, base }, PREFIX),
        };
        const find = { services: serviceTargets, tasks: taskTargets, nodes: nodeTargets }[options.role as 'nodes'];
        return [{ source: 'DockerSwarm', targets: await find(swarm, options), labels: EMPTY_LABELS }];
      },
      close: () => client.close(),
    };
  });
}

async function serviceTargets(swarm: Swarm, options: Options): Promise<readonly Labels[]> {
  const [services, networks] = [await swarm.list('services', z.array(service), true), await swarm.networks()];
  return services.flatMap((each) => {
    const container = each.Spec.TaskTemplate?.ContainerSpec;
    const common: Meta = {
      ...serviceMeta(each),
      [`${PREFIX}service_task_container_hostname`]: container?.Hostname ?? '',
      [`${PREFIX}service_task_container_image`]: container?.Image ?? '',
      [`${PREFIX}service_updating_status`]: each.UpdateStatus?.State ?? '',
    };
    return (each.Endpoint?.VirtualIPs ?? []).flatMap(({ NetworkID, Addr }) => {
      const labels = { ...common, ...networks.get(NetworkID) };
      const ports = tcp(each.Endpoint?.Ports);
      if (ports.length === 0) return [targetLabels(hostPort(withoutMask(Addr), options.port), labels)];
      return ports.map((one) =>
        targetLabels(hostPort(withoutMask(Addr), one.PublishedPort), {
          ...labels,
          [`${PREFIX}service_endpoint_port_name`]: one.Name,
          [`${PREFIX}service_endpoint_port_publish_mode`]: one.PublishMode,
        }),
      );
    });
  });
}

async function nodeTargets(swarm: Swarm, options: Options): Promise<readonly Labels[]> {
  const nodes = await swarm.list('nodes', z.array(node), true);
  return nodes.map((each) =>
    targetLabels(hostPort(each.Status.Addr, options.port), {
      ...nodeMeta(each),
      [`${PREFIX}node_engine_version`]: each.Description.Engine?.EngineVersion ?? '',
      ...(each.ManagerStatus
        ? {
            [`${PREFIX}node_manager_leader`]: String(each.ManagerStatus.Leader),
            [`${PREFIX}node_manager_reachability`]: each.ManagerStatus.Reachability,
            [`${PREFIX}node_manager_address`]: each.ManagerStatus.Addr,
          }
        : {}),
    }),
  );
}

async function taskTargets(swarm: Swarm, options: Options): Promise<readonly Labels[]> {
  const tasks = await swarm.list('tasks', z.array(task), true);
  const services = new Map((await swarm.list('services', z.array(service), false)).map((each) => [each.ID, each]));
  const nodes = new Map((await swarm.list('nodes', z.array(node), false)).map((each) => [each.ID, nodeMeta(each)]));
  const networks = await swarm.networks();
  const targets: Labels[] = [];
  for (const each of tasks) {
    const owner = services.get(each.ServiceID);
    const containerId = each.Status.ContainerStatus?.ContainerID ?? '';
    const common: Meta = {
      [`${PREFIX}task_id`]: each.ID,
      [`${PREFIX}task_desired_state`]: each.DesiredState,
      [`${PREFIX}task_state`]: each.Status.State,
      [`${PREFIX}task_slot`]: String(each.Slot),
      [`${PREFIX}task_container_id`]: containerId,
      ...prefixed(`${PREFIX}container_label_`, await imageLabels(swarm, containerId)),
      ...prefixed(`${PREFIX}container_label_`, each.Spec?.ContainerSpec?.Labels),
      ...(owner === undefined ? {} : serviceMeta(owner)),
      ...nodes.get(each.NodeID),
    };
    const withPort = (one: z.output<typeof port>): Meta => ({ [`${PREFIX}task_port_publish_mode`]: one.PublishMode });
    for (const one of tcp(each.Status.PortStatus?.Ports))
      targets.push(
        targetLabels(hostPort(common[`${PREFIX}node_address`] ?? '', one.PublishedPort), {
          ...common,
          ...withPort(one),
        }),
      );
    for (const { Network, Addresses } of each.NetworksAttachments ?? [])
      for (const address of Addresses ?? []) {
        const labels = { ...common, ...networks.get(Network.ID) };
        const ports = tcp(owner?.Endpoint?.Ports);
        if (ports.length === 0) targets.push(targetLabels(hostPort(withoutMask(address), options.port), labels));
        for (const one of ports)
          targets.push(
            targetLabels(hostPort(withoutMask(address), one.PublishedPort), { ...labels, ...withPort(one) }),
          );
      }
  }
  return targets;
}

/** Labels that the image brings; only the daemon that runs the container knows them. */
async function imageLabels(swarm: Swarm, containerId: string): Promise<Meta | null> {
  if (containerId === '') return null;
  try {
    return (await swarm.list(`containers/${containerId}/json`, inspected, false)).Config?.Labels ?? null;
  } catch {
    return null;
  }
}

function serviceMeta(each: z.output<typeof service>): Meta {
  const mode = each.Spec.Mode;
  return {
    [`${PREFIX}service_id`]: each.ID,
    [`${PREFIX}service_name`]: each.Spec.Name,
    [`${PREFIX}service_mode`]:
      mode?.Global !== undefined ? 'global' : mode?.Replicated !== undefined ? 'replicated' : '',
    ...prefixed(`${PREFIX}service_label_`, each.Spec.Labels),
  };
}

function nodeMeta(each: z.output<typeof node>): Meta {
  return {
    [`${PREFIX}node_id`]: each.ID,
    [`${PREFIX}node_hostname`]: each.Description.Hostname,
    [`${PREFIX}node_address`]: each.Status.Addr,
    [`${PREFIX}node_availability`]: each.Spec.Availability,
    [`${PREFIX}node_role`]: each.Spec.Role,
    [`${PREFIX}node_status`]: each.Status.State,
    [`${PREFIX}node_platform_architecture`]: each.Description.Platform?.Architecture ?? '',
    [`${PREFIX}node_platform_os`]: each.Description.Platform?.OS ?? '',
    ...prefixed(`${PREFIX}node_label_`, each.Spec.Labels),
  };
}

function tcp(ports: readonly z.output<typeof port>[] | null | undefined) {
  return (ports ?? []).filter((one) => one.Protocol === 'tcp');
}

/** `10.0.0.3/24` without its mask. */
function withoutMask(address: string): string {
  return address.split('/', 1)[0];
}
