import type { Container, Kind, KubernetesObject, ObjectMeta } from './kubernetes-objects.ts';
import { prefixed, sanitizeLabelName } from './target-labels.ts';

export type Meta = Record<string, string>;

export const PREFIX = '__meta_kubernetes_';

/** The objects that were listed, by namespace and name (`ns/name`; a name alone for those of the cluster). */
export type Listed = { readonly [K in Kind]: ReadonlyMap<string, KubernetesObject<K>> };

export interface Attached {
  readonly node: boolean;
  readonly namespace: boolean;
  readonly deployment: boolean;
  readonly job: boolean;
  readonly cronjob: boolean;
}

export function keyOf({ namespace, name }: { readonly namespace: string; readonly name: string }): string {
  return namespace === '' ? name : `${namespace}/${name}`;
}

/** `true` for each key of a map. */
export function present(prefix: string, values: ObjectMeta['labels']): Meta {
  return Object.fromEntries(Object.keys(values ?? {}).map((key) => [prefix + sanitizeLabelName(key), 'true']));
}

function annotated(resource: string, meta: ObjectMeta): Meta {
  const prefix = PREFIX + resource;
  return {
    ...prefixed(`${prefix}_label_`, meta.labels),
    ...present(`${prefix}_labelpresent_`, meta.labels),
    ...prefixed(`${prefix}_annotation_`, meta.annotations),
    ...present(`${prefix}_annotationpresent_`, meta.annotations),
  };
}

/** Name, labels and annotations of an object. */
export function metaLabels(resource: Kind, meta: ObjectMeta): Meta {
  return { [`${PREFIX}${resource}_name`]: meta.name, ...annotated(resource, meta) };
}

export function nodeLabels(listed: Listed, name: string | null | undefined): Meta {
  const node = name === null || name === undefined ? undefined : listed.node.get(name);
  return node === undefined ? {} : metaLabels('node', node.metadata);
}

export function namespaceLabels(listed: Listed, name: string): Meta {
  const namespace = listed.namespace.get(name);
  return namespace === undefined ? {} : annotated('namespace', namespace.metadata);
}

export function serviceLabels(service: KubernetesObject<'service'>): Meta {
  return { [`${PREFIX}namespace`]: service.metadata.namespace, ...metaLabels('service', service.metadata) };
}

function controllerOf(meta: ObjectMeta) {
  return meta.ownerReferences?.find((owner) => owner.controller === true) ?? null;
}

export function podLabels(pod: KubernetesObject<'pod'>, listed: Listed, attached: Attached): Meta {
  const { metadata, spec, status } = pod;
  const ready = status.conditions?.find((condition) => condition.type === 'Ready')?.status ?? 'unknown';
  const labels: Meta = {
    [`${PREFIX}pod_ip`]: status.podIP,
    [`${PREFIX}pod_ready`]: ready.toLowerCase(),
    [`${PREFIX}pod_phase`]: status.phase,
    [`${PREFIX}pod_node_name`]: spec.nodeName,
    [`${PREFIX}pod_host_ip`]: status.hostIP,
    [`${PREFIX}pod_uid`]: metadata.uid,
    ...metaLabels('pod', metadata),
  };
  const controller = controllerOf(metadata);
  if (controller === null) return labels;
  labels[`${PREFIX}pod_controller_kind`] = controller.kind;
  labels[`${PREFIX}pod_controller_name`] = controller.name;
  const key = keyOf({ namespace: metadata.namespace, name: controller.name });
  if (controller.kind === 'ReplicaSet' && attached.deployment) {
    const owner = ownerOf(listed.replicaset.get(key));
    if (owner?.kind === 'Deployment') labels[`${PREFIX}pod_deployment_name`] = owner.name;
  }
  if (controller.kind === 'Job') {
    if (attached.job) labels[`${PREFIX}pod_job_name`] = controller.name;
    const owner = attached.cronjob ? ownerOf(listed.job.get(key)) : null;
    if (owner?.kind === 'CronJob') labels[`${PREFIX}pod_cronjob_name`] = owner.name;
  }
  return labels;
}

function ownerOf(object: { readonly metadata: ObjectMeta } | undefined) {
  return object === undefined ? null : controllerOf(object.metadata);
}

export type ContainerPort = NonNullable<Container['ports']>[number];

/** The pod's containers with whether they only run at its start. */
export function containersOf(
  pod: KubernetesObject<'pod'>,
): readonly { readonly container: Container; readonly init: boolean }[] {
  return [
    ...pod.spec.containers.map((container) => ({ container, init: false })),
    ...(pod.spec.initContainers ?? []).map((container) => ({ container, init: true })),
  ];
}

export function containerLabels(container: Container, init: boolean): Meta {
  return {
    [`${PREFIX}pod_container_name`]: container.name,
    [`${PREFIX}pod_container_image`]: container.image,
    [`${PREFIX}pod_container_init`]: String(init),
  };
}

export function portLabels(port: ContainerPort): Meta {
  return {
    [`${PREFIX}pod_container_port_name`]: port.name,
    [`${PREFIX}pod_container_port_number`]: String(port.containerPort),
    [`${PREFIX}pod_container_port_protocol`]: port.protocol,
  };
}
