import { z } from 'zod';

/** As much of the Kubernetes API's objects as discovery looks at. */

const texts = z.record(z.string(), z.string()).nullish();

const meta = z.object({
  name: z.string(),
  namespace: z.string().default(''),
  uid: z.string().default(''),
  labels: texts,
  annotations: texts,
  ownerReferences: z
    .array(z.object({ kind: z.string(), name: z.string(), controller: z.boolean().nullish() }))
    .nullish(),
});
export type ObjectMeta = z.output<typeof meta>;

const reference = z.object({ kind: z.string(), name: z.string(), namespace: z.string().default('') }).nullish();

const container = z.object({
  name: z.string(),
  image: z.string().default(''),
  ports: z
    .array(z.object({ containerPort: z.number(), name: z.string().default(''), protocol: z.string().default('TCP') }))
    .nullish(),
});
export type Container = z.output<typeof container>;
const statuses = z.array(z.object({ name: z.string(), containerID: z.string().default('') })).nullish();
const conditions = z.array(z.object({ type: z.string(), status: z.string() })).nullish();

const endpointAddresses = z
  .array(
    z.object({
      ip: z.string(),
      hostname: z.string().default(''),
      nodeName: z.string().nullish(),
      targetRef: reference,
    }),
  )
  .nullish();

export const kinds = {
  node: z.object({
    metadata: meta,
    spec: z.object({ providerID: z.string().default('') }).default({ providerID: '' }),
    status: z.object({
      conditions,
      addresses: z.array(z.object({ type: z.string(), address: z.string() })).nullish(),
      daemonEndpoints: z.object({ kubeletEndpoint: z.object({ Port: z.number() }).nullish() }).nullish(),
    }),
  }),
  pod: z.object({
    metadata: meta,
    spec: z.object({
      nodeName: z.string().default(''),
      containers: z.array(container),
      initContainers: z.array(container).nullish(),
    }),
    status: z.object({
      podIP: z.string().default(''),
      hostIP: z.string().default(''),
      phase: z.string().default(''),
      conditions,
      containerStatuses: statuses,
      initContainerStatuses: statuses,
    }),
  }),
  service: z.object({
    metadata: meta,
    spec: z.object({
      type: z.string().default(''),
      clusterIP: z.string().default(''),
      externalName: z.string().default(''),
      loadBalancerIP: z.string().default(''),
      ipFamilyPolicy: z.string().nullish(),
      ipFamilies: z.array(z.string()).nullish(),
      ports: z
        .array(z.object({ name: z.string().default(''), port: z.number(), protocol: z.string().default('TCP') }))
        .nullish(),
    }),
    status: z
      .object({
        loadBalancer: z.object({ ingress: z.array(z.object({ ip: z.string().default('') })).nullish() }).nullish(),
      })
      .nullish(),
  }),
  endpoints: z.object({
    metadata: meta,
    subsets: z
      .array(
        z.object({
          ports: z
            .array(z.object({ name: z.string().default(''), port: z.number(), protocol: z.string().default('TCP') }))
            .nullish(),
          addresses: endpointAddresses,
          notReadyAddresses: endpointAddresses,
        }),
      )
      .nullish(),
  }),
  endpointslice: z.object({
    metadata: meta,
    addressType: z.string(),
    ports: z
      .array(
        z.object({
          name: z.string().nullish(),
          port: z.number().nullish(),
          protocol: z.string().nullish(),
          appProtocol: z.string().nullish(),
        }),
      )
      .nullish(),
    endpoints: z
      .array(
        z.object({
          addresses: z.array(z.string()).nullish(),
          conditions: z
            .object({
              ready: z.boolean().nullish(),
              serving: z.boolean().nullish(),
              terminating: z.boolean().nullish(),
            })
            .nullish(),
          hostname: z.string().nullish(),
          nodeName: z.string().nullish(),
          zone: z.string().nullish(),
          targetRef: reference,
          deprecatedTopology: texts,
        }),
      )
      .nullish(),
  }),
  ingress: z.object({
    metadata: meta,
    spec: z.object({
      ingressClassName: z.string().nullish(),
      tls: z.array(z.object({ hosts: z.array(z.string()).nullish() })).nullish(),
      rules: z
        .array(
          z.object({
            host: z.string().default(''),
            http: z.object({ paths: z.array(z.object({ path: z.string().default('') })).nullish() }).nullish(),
          }),
        )
        .nullish(),
    }),
  }),
  namespace: z.object({ metadata: meta }),
  replicaset: z.object({ metadata: meta }),
  job: z.object({ metadata: meta }),
} as const;

export type Kind = keyof typeof kinds;
export type KubernetesObject<K extends Kind> = z.output<(typeof kinds)[K]>;

/** Where a kind is listed: its API group and plural, and whether it belongs to namespaces. */
export const LISTED: Readonly<
  Record<Kind, { readonly api: string; readonly plural: string; readonly cluster?: true }>
> = {
  node: { api: 'api/v1', plural: 'nodes', cluster: true },
  namespace: { api: 'api/v1', plural: 'namespaces', cluster: true },
  pod: { api: 'api/v1', plural: 'pods' },
  service: { api: 'api/v1', plural: 'services' },
  endpoints: { api: 'api/v1', plural: 'endpoints' },
  endpointslice: { api: 'apis/discovery.k8s.io/v1', plural: 'endpointslices' },
  ingress: { api: 'apis/networking.k8s.io/v1', plural: 'ingresses' },
  replicaset: { api: 'apis/apps/v1', plural: 'replicasets' },
  job: { api: 'apis/batch/v1', plural: 'jobs' },
};
