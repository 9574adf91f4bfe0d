import { labelsFromRecord, type Labels } from '#shared/model/index.ts';
import type { TargetGroup } from '#main/config/index.ts';
import {
  containerLabels,
  containersOf,
  keyOf,
  metaLabels,
  namespaceLabels,
  nodeLabels,
  podLabels,
  portLabels,
  present,
  PREFIX,
  serviceLabels,
  type Attached,
  type Listed,
  type Meta,
} from './kubernetes-labels.ts';
import type { KubernetesObject } from './kubernetes-objects.ts';
import { hostPort, prefixed, sanitizeLabelName, targetLabels } from './target-labels.ts';

/** The groups of each role, from the objects that were listed. */
export type GroupsOf = (listed: Listed, attached: Attached) => readonly TargetGroup[];

function group(source: string, labels: Meta, targets: readonly Labels[]): TargetGroup {
  return { source, labels: labelsFromRecord(labels), targets };
}

function withNamespace(labels: Meta, namespace: string, listed: Listed, attached: Attached): Meta {
  return attached.namespace ? { ...labels, ...namespaceLabels(listed, namespace) } : labels;
}

/** Kinds of node addresses, the best to reach it by first. */
const ADDRESSES = ['InternalIP', 'InternalDNS', 'ExternalIP', 'ExternalDNS', 'LegacyHostIP', 'Hostname'];

export const nodeGroups: GroupsOf = (listed) =>
  [...listed.node.values()].flatMap(({ metadata, spec, status }) => {
    const addresses = status.addresses ?? [];
    const best = ADDRESSES.flatMap((type) => addresses.find((address) => address.type === type) ?? []).at(0);
    if (best === undefined) return [];
    const labels: Meta = { [`${PREFIX}node_provider_id`]: spec.providerID, ...metaLabels('node', metadata) };
    for (const { type, status: state } of status.conditions ?? [])
      labels[`${PREFIX}node_condition_${sanitizeLabelName(type.toLowerCase())}`] = state.toLowerCase();
    const target: Meta = { instance: metadata.name };
    for (const { type, address } of addresses) target[`${PREFIX}node_address_${sanitizeLabelName(type)}`] ??= address;
    const port = status.daemonEndpoints?.kubeletEndpoint?.Port ?? 0;
    return [group(`node/${metadata.name}`, labels, [targetLabels(hostPort(best.address, port), target)])];
  });

export const serviceGroups: GroupsOf = (listed, attached) =>
  [...listed.service.values()].map((service) => {
    const { metadata, spec, status } = service;
    const labels = withNamespace(serviceLabels(service), metadata.namespace, listed, attached);
    const balancers = (status?.loadBalancer?.ingress ?? []).flatMap(({ ip }) => (ip === '' ? [] : [ip]));
    const targets = (spec.ports ?? []).map((port) =>
      targetLabels(hostPort(`${metadata.name}.${metadata.namespace}.svc`, port.port), {
        [`${PREFIX}service_port_name`]: port.name,
        [`${PREFIX}service_port_number`]: String(port.port),
        [`${PREFIX}service_port_protocol`]: port.protocol,
        [`${PREFIX}service_type`]: spec.type,
        ...(spec.type === 'ExternalName'
          ? { [`${PREFIX}service_external_name`]: spec.externalName }
          : { [`${PREFIX}service_cluster_ip`]: spec.clusterIP }),
        ...(spec.type === 'LoadBalancer'
          ? { [`${PREFIX}service_loadbalancer_ip`]: balancers.join(',') || spec.loadBalancerIP }
          : {}),
      }),
    );
    return group(`svc/${keyOf(metadata)}`, labels, targets);
  });

export const ingressGroups: GroupsOf = (listed, attached) =>
  [...listed.ingress.values()].map(({ metadata, spec }) => {
    const labels: Meta = {
      [`${PREFIX}namespace`]: metadata.namespace,
      [`${PREFIX}ingress_class_name`]: spec.ingressClassName ?? '',
      ...metaLabels('ingress', metadata),
    };
    const secure = (spec.tls ?? []).flatMap((tls) => tls.hosts ?? []);
    const targets = (spec.rules ?? []).flatMap(({ host, http }) => {
      const scheme = secure.some((pattern) => matchesHost(pattern, host)) ? 'https' : 'http';
      const paths = http?.paths?.map(({ path }) => path || '/') ?? ['/'];
      return paths.map((path) =>
        targetLabels(host, {
          [`${PREFIX}ingress_scheme`]: scheme,
          [`${PREFIX}ingress_host`]: host,
          [`${PREFIX}ingress_path`]: path,
        }),
      );
    });
    return group(`ingress/${keyOf(metadata)}`, withNamespace(labels, metadata.namespace, listed, attached), targets);
  });

/** Whether a certificate for `pattern` (`*.example.com`) covers the host. */
function matchesHost(pattern: string, host: string): boolean {
  if (pattern === host) return true;
  const [first, ...rest] = pattern.split('.');
  const [, ...hostRest] = host.split('.');
  return first === '*' && rest.length === hostRest.length && rest.every((part, i) => part === hostRest[i]);
}

export const podGroups: GroupsOf = (listed, attached) =>
  [...listed.pod.values()].map((pod) => {
    const { metadata, spec, status } = pod;
    const source = `pod/${keyOf(metadata)}`;
    // A pod without an address is only starting; one on a node that the selectors leave out is left out too.
    if (status.podIP === '' || (attached.node && !listed.node.has(spec.nodeName))) return group(source, {}, []);
    const labels: Meta = {
      ...podLabels(pod, listed, attached),
      [`${PREFIX}namespace`]: metadata.namespace,
      ...(attached.node ? nodeLabels(listed, spec.nodeName) : {}),
    };
    const targets = containersOf(pod).flatMap(({ container, init }) => {
      const statuses = (init ? status.initContainerStatuses : status.containerStatuses) ?? [];
      const own = {
        ...containerLabels(container, init),
        [`${PREFIX}pod_container_id`]: statuses.find((each) => each.name === container.name)?.containerID ?? '',
      };
      const ports = container.ports ?? [];
      if (ports.length === 0) return [targetLabels(status.podIP, own)];
      return ports.map((port) =>
        targetLabels(hostPort(status.podIP, port.containerPort), { ...own, ...portLabels(port) }),
      );
    });
    return group(source, withNamespace(labels, metadata.namespace, listed, attached), targets);
  });

/** Collects the targets of one endpoints object: those of its own, then ports of its pods that it does not cover. */
class EndpointTargets {
  readonly targets: Labels[] = [];
  private readonly listed: Listed;
  private readonly attached: Attached;
  private readonly seen = new Map<KubernetesObject<'pod'>, Set<number>>();
  constructor(listed: Listed, attached: Attached) {
    this.listed = listed;
    this.attached = attached;
  }

  add(
    address: string,
    labels: Meta,
    port: number | null,
    reference: { readonly kind: string; readonly name: string; readonly namespace: string } | null | undefined,
  ): void {
    const pod = reference?.kind === 'Pod' ? this.listed.pod.get(keyOf(reference)) : undefined;
    if (pod === undefined) {
      this.targets.push(targetLabels(address, labels));
      return;
    }
    const covered = this.seen.get(pod) ?? new Set();
    this.seen.set(pod, covered);
    if (port !== null) covered.add(port);
    let own: Meta = {};
    for (const { container, init } of containersOf(pod)) {
      const match = (container.ports ?? []).find((each) => each.containerPort === port);
      if (match !== undefined) own = { ...containerLabels(container, init), ...portLabels(match) };
    }
    this.targets.push(targetLabels(address, { ...labels, ...podLabels(pod, this.listed, this.attached), ...own }));
  }

  addUncovered(): void {
    for (const [pod, covered] of this.seen) {
      if (pod.status.podIP === '') continue;
      for (const { container, init } of containersOf(pod))
        for (const port of container.ports ?? []) {
          if (covered.has(port.containerPort)) continue;
          this.targets.push(
            targetLabels(hostPort(pod.status.podIP, port.containerPort), {
              ...podLabels(pod, this.listed, this.attached),
              ...containerLabels(container, init),
              ...portLabels(port),
            }),
          );
        }
    }
  }
}

export const endpointsGroups: GroupsOf = (listed, attached) =>
  [...listed.endpoints.values()].map(({ metadata, subsets }) => {
    const service = listed.service.get(keyOf(metadata));
    const labels: Meta = {
      [`${PREFIX}namespace`]: metadata.namespace,
      ...(service === undefined ? {} : serviceLabels(service)),
      ...metaLabels('endpoints', metadata),
    };
    const collected = new EndpointTargets(listed, attached);
    for (const { ports, addresses, notReadyAddresses } of subsets ?? [])
      for (const port of ports ?? [])
        for (const [ready, all] of [['true', addresses] as const, ['false', notReadyAddresses] as const])
          for (const { ip, hostname, nodeName, targetRef } of all ?? []) {
            const node = nodeName ?? (targetRef?.kind === 'Node' ? targetRef.name : null);
            const own: Meta = {
              [`${PREFIX}endpoint_port_name`]: port.name,
              [`${PREFIX}endpoint_port_protocol`]: port.protocol,
              [`${PREFIX}endpoint_ready`]: ready,
              [`${PREFIX}endpoint_address_target_kind`]: targetRef?.kind ?? '',
              [`${PREFIX}endpoint_address_target_name`]: targetRef?.name ?? '',
              [`${PREFIX}endpoint_node_name`]: nodeName ?? '',
              [`${PREFIX}endpoint_hostname`]: hostname,
              ...(attached.node ? nodeLabels(listed, node) : {}),
            };
            collected.add(hostPort(ip, port.port), own, port.port, targetRef);
          }
    collected.addUncovered();
    const all = withNamespace(labels, metadata.namespace, listed, attached);
    return group(`endpoints/${keyOf(metadata)}`, all, collected.targets);
  });

export const endpointsliceGroups: GroupsOf = (listed, attached) =>
  [...listed.endpointslice.values()].map(({ metadata, addressType, ports, endpoints }) => {
    const owner = metadata.labels?.['kubernetes.io/service-name'];
    const service =
      owner === undefined ? undefined : listed.service.get(keyOf({ namespace: metadata.namespace, name: owner }));
    const labels: Meta = {
      [`${PREFIX}namespace`]: metadata.namespace,
      [`${PREFIX}endpointslice_address_type`]: addressType,
      ...metaLabels('endpointslice', metadata),
      ...(service === undefined ? {} : serviceLabels(service)),
    };
    const collected = new EndpointTargets(listed, attached);
    // The second slice of a service with two IP families says the same once more.
    const reachable = isSecondary(service, addressType) ? [] : (endpoints ?? []);
    for (const endpoint of reachable)
      for (const port of ports ?? [])
        for (const address of endpoint.addresses ?? []) {
          const { conditions, targetRef } = endpoint;
          const node = targetRef?.kind === 'Node' ? targetRef.name : endpoint.nodeName;
          const own: Meta = {
            [`${PREFIX}endpointslice_port_name`]: port.name ?? '',
            [`${PREFIX}endpointslice_port_protocol`]: port.protocol ?? '',
            [`${PREFIX}endpointslice_port`]: text(port.port),
            [`${PREFIX}endpointslice_port_app_protocol`]: port.appProtocol ?? '',
            [`${PREFIX}endpointslice_endpoint_conditions_ready`]: text(conditions?.ready),
            [`${PREFIX}endpointslice_endpoint_conditions_serving`]: text(conditions?.serving),
            [`${PREFIX}endpointslice_endpoint_conditions_terminating`]: text(conditions?.terminating),
            [`${PREFIX}endpointslice_endpoint_hostname`]: endpoint.hostname ?? '',
            [`${PREFIX}endpointslice_endpoint_node_name`]: endpoint.nodeName ?? '',
            [`${PREFIX}endpointslice_endpoint_zone`]: endpoint.zone ?? '',
            [`${PREFIX}endpointslice_address_target_kind`]: targetRef?.kind ?? '',
            [`${PREFIX}endpointslice_address_target_name`]: targetRef?.name ?? '',
            ...prefixed(`${PREFIX}endpointslice_endpoint_topology_`, endpoint.deprecatedTopology),
            ...present(`${PREFIX}endpointslice_endpoint_topology_present_`, endpoint.deprecatedTopology),
            ...(attached.node ? nodeLabels(listed, node) : {}),
          };
          const at = port.port === null || port.port === undefined ? address : hostPort(address, port.port);
          collected.add(at, own, port.port ?? null, targetRef);
        }
    collected.addUncovered();
    const all = withNamespace(labels, metadata.namespace, listed, attached);
    return group(`endpointslice/${keyOf(metadata)}`, all, collected.targets);
  });

function isSecondary(service: KubernetesObject<'service'> | undefined, addressType: string): boolean {
  const { ipFamilyPolicy, ipFamilies } = service?.spec ?? {};
  const dual = ipFamilyPolicy === 'PreferDualStack' || ipFamilyPolicy === 'RequireDualStack';
  return dual && ipFamilies?.[0] !== undefined && ipFamilies[0] !== addressType;
}

function text(value: number | boolean | null | undefined): string {
  return value === null || value === undefined ? '' : String(value);
}
