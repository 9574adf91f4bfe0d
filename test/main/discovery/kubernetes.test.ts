import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { addresses, configured, flat, run, standIn, type Running, type StandIn } from './stand-in.ts';

const open: (Running | StandIn)[] = [];
afterEach(async () => {
  for (const each of open.splice(0)) await ('stop' in each ? each.stop() : each.close());
});

interface Asked {
  readonly path: string;
  readonly query: URLSearchParams;
  readonly authorization: string | undefined;
}

type Lists = Readonly<Record<string, readonly object[]>>;

const owner = (kind: string, name: string) => [{ kind, name, controller: true }];

const LISTS: Lists = {
  nodes: [
    {
      metadata: { name: 'n1', labels: { 'kubernetes.io/arch': 'amd64' } },
      spec: { providerID: 'kind://n1' },
      status: {
        conditions: [{ type: 'Ready', status: 'True' }],
        addresses: [
          { type: 'Hostname', address: 'n1.local' },
          { type: 'InternalIP', address: '10.0.0.5' },
        ],
        daemonEndpoints: { kubeletEndpoint: { Port: 10250 } },
      },
    },
  ],
  namespaces: [{ metadata: { name: 'shop', labels: { team: 'a' } } }],
  pods: [
    {
      metadata: {
        name: 'web-1',
        namespace: 'shop',
        uid: 'u1',
        labels: { app: 'web' },
        annotations: { 'prometheus.io/scrape': 'true' },
        ownerReferences: owner('ReplicaSet', 'web-rs'),
      },
      spec: {
        nodeName: 'n1',
        containers: [
          {
            name: 'web',
            image: 'web:1',
            ports: [
              { name: 'http', containerPort: 8080, protocol: 'TCP' },
              { name: 'metrics', containerPort: 9000 },
            ],
          },
        ],
        initContainers: [{ name: 'init', image: 'init:1' }],
      },
      status: {
        podIP: '10.1.0.7',
        hostIP: '10.0.0.5',
        phase: 'Running',
        conditions: [{ type: 'Ready', status: 'True' }],
        containerStatuses: [{ name: 'web', containerID: 'docker://w' }],
      },
    },
    {
      metadata: { name: 'starting', namespace: 'shop' },
      spec: { containers: [{ name: 'x' }] },
      status: { phase: 'Pending' },
    },
  ],
  replicasets: [{ metadata: { name: 'web-rs', namespace: 'shop', ownerReferences: owner('Deployment', 'web') } }],
  services: [
    {
      metadata: { name: 'web', namespace: 'shop', labels: { app: 'web' } },
      spec: { type: 'ClusterIP', clusterIP: '10.2.0.1', ports: [{ name: 'http', port: 80, protocol: 'TCP' }] },
    },
    {
      metadata: { name: 'out', namespace: 'shop' },
      spec: { type: 'ExternalName', externalName: 'example.com', ports: [{ port: 443 }] },
    },
  ],
  endpoints: [
    {
      metadata: { name: 'web', namespace: 'shop', labels: { app: 'web' } },
      subsets: [
        {
          ports: [{ name: 'http', port: 8080, protocol: 'TCP' }],
          addresses: [{ ip: '10.1.0.7', nodeName: 'n1', targetRef: { kind: 'Pod', name: 'web-1', namespace: 'shop' } }],
          notReadyAddresses: [{ ip: '10.1.0.9' }],
        },
      ],
    },
  ],
  endpointslices: [
    {
      metadata: { name: 'web-abc', namespace: 'shop', labels: { 'kubernetes.io/service-name': 'web' } },
      addressType: 'IPv4',
      ports: [{ name: 'http', port: 8080, protocol: 'TCP' }],
      endpoints: [
        {
          addresses: ['10.1.0.7'],
          conditions: { ready: true, serving: true, terminating: false },
          nodeName: 'n1',
          zone: 'z1',
          targetRef: { kind: 'Pod', name: 'web-1', namespace: 'shop' },
        },
      ],
    },
  ],
  ingresses: [
    {
      metadata: { name: 'shop', namespace: 'shop' },
      spec: {
        ingressClassName: 'nginx',
        tls: [{ hosts: ['*.example.com'] }],
        rules: [{ host: 'shop.example.com', http: { paths: [{ path: '/a' }, {}] } }, { host: 'plain.test' }],
      },
    },
  ],
};

async function cluster(
  options: string,
  lists: Lists = LISTS,
): Promise<{ readonly running: Running; readonly asked: Asked[] }> {
  const asked: Asked[] = [];
  const server = await standIn((request, url) => {
    asked.push({ path: url.pathname, query: url.searchParams, authorization: request.headers.authorization });
    const plural = url.pathname.split('/').at(-1) ?? '';
    const items = lists[plural];
    if (items === undefined) return null;
    // Two pages, so that paging is seen to work.
    const second = url.searchParams.get('continue') === 'more';
    if (items.length < 2) return { metadata: {}, items };
    return second
      ? { metadata: {}, items: items.slice(1) }
      : { metadata: { continue: 'more' }, items: items.slice(0, 1) };
  });
  const running = run(configured(`kubernetes_sd_configs: [{api_server: '${server.origin}', ${options}}]`));
  open.push(running, server);
  return { running, asked };
}

describe('roles', () => {
  test('node', async () => {
    const { running } = await cluster('role: node');
    const groups = await running.groups();
    expect(groups[0].source).toBe('node/n1');
    expect(flat(groups)).toEqual([
      {
        __address__: '10.0.0.5:10250',
        __meta_kubernetes_node_address_Hostname: 'n1.local',
        __meta_kubernetes_node_address_InternalIP: '10.0.0.5',
        __meta_kubernetes_node_condition_ready: 'true',
        __meta_kubernetes_node_label_kubernetes_io_arch: 'amd64',
        __meta_kubernetes_node_labelpresent_kubernetes_io_arch: 'true',
        __meta_kubernetes_node_name: 'n1',
        __meta_kubernetes_node_provider_id: 'kind://n1',
        instance: 'n1',
      },
    ]);
  });

  test('pod, with what is attached to it', async () => {
    const { running } = await cluster('role: pod, attach_metadata: {node: true, namespace: true, deployment: true}');
    const groups = await running.groups();
    expect(groups.map((group) => group.source)).toEqual(['pod/shop/web-1', 'pod/shop/starting']);
    expect(addresses(groups)).toEqual(['10.1.0.7:8080', '10.1.0.7:9000', '10.1.0.7']);
    expect(flat(groups)[0]).toEqual({
      __address__: '10.1.0.7:8080',
      __meta_kubernetes_namespace: 'shop',
      __meta_kubernetes_namespace_label_team: 'a',
      __meta_kubernetes_namespace_labelpresent_team: 'true',
      __meta_kubernetes_node_label_kubernetes_io_arch: 'amd64',
      __meta_kubernetes_node_labelpresent_kubernetes_io_arch: 'true',
      __meta_kubernetes_node_name: 'n1',
      __meta_kubernetes_pod_annotation_prometheus_io_scrape: 'true',
      __meta_kubernetes_pod_annotationpresent_prometheus_io_scrape: 'true',
      __meta_kubernetes_pod_container_id: 'docker://w',
      __meta_kubernetes_pod_container_image: 'web:1',
      __meta_kubernetes_pod_container_init: 'false',
      __meta_kubernetes_pod_container_name: 'web',
      __meta_kubernetes_pod_container_port_name: 'http',
      __meta_kubernetes_pod_container_port_number: '8080',
      __meta_kubernetes_pod_container_port_protocol: 'TCP',
      __meta_kubernetes_pod_controller_kind: 'ReplicaSet',
      __meta_kubernetes_pod_controller_name: 'web-rs',
      __meta_kubernetes_pod_deployment_name: 'web',
      __meta_kubernetes_pod_host_ip: '10.0.0.5',
      __meta_kubernetes_pod_ip: '10.1.0.7',
      __meta_kubernetes_pod_label_app: 'web',
      __meta_kubernetes_pod_labelpresent_app: 'true',
      __meta_kubernetes_pod_name: 'web-1',
      __meta_kubernetes_pod_node_name: 'n1',
      __meta_kubernetes_pod_phase: 'Running',
      __meta_kubernetes_pod_ready: 'true',
      __meta_kubernetes_pod_uid: 'u1',
    });
  });

  test('service', async () => {
    const { running } = await cluster('role: service');
    const targets = flat(await running.groups());
    expect(targets[0]).toMatchObject({
      __address__: 'web.shop.svc:80',
      __meta_kubernetes_namespace: 'shop',
      __meta_kubernetes_service_cluster_ip: '10.2.0.1',
      __meta_kubernetes_service_port_name: 'http',
      __meta_kubernetes_service_type: 'ClusterIP',
    });
    expect(targets[1]).toMatchObject({ __meta_kubernetes_service_external_name: 'example.com' });
  });

  test.each(['endpoints', 'endpointslice'])(
    '%s: its addresses, and ports of their pods that it leaves out',
    async (role) => {
      const { running } = await cluster(`role: ${role}`);
      const targets = flat(await running.groups());
      const ready =
        role === 'endpoints'
          ? '__meta_kubernetes_endpoint_ready'
          : '__meta_kubernetes_endpointslice_endpoint_conditions_ready';
      expect(targets[0]).toMatchObject({
        __address__: '10.1.0.7:8080',
        [ready]: 'true',
        __meta_kubernetes_pod_name: 'web-1',
        __meta_kubernetes_pod_container_name: 'web',
        __meta_kubernetes_service_name: 'web',
      });
      expect(targets.find((target) => target.__address__ === '10.1.0.7:9000')).toMatchObject({
        __meta_kubernetes_pod_container_port_name: 'metrics',
      });
      expect(targets.filter((target) => target.__address__ === '10.1.0.9:8080').map((target) => target[ready])).toEqual(
        role === 'endpoints' ? ['false'] : [],
      );
    },
  );

  test('ingress', async () => {
    const { running } = await cluster('role: ingress');
    const shown = flat(await running.groups()).map((target) => [
      target.__meta_kubernetes_ingress_scheme,
      target.__address__,
      target.__meta_kubernetes_ingress_path,
    ]);
    expect(shown).toEqual([
      ['https', 'shop.example.com', '/a'],
      ['https', 'shop.example.com', '/'],
      ['http', 'plain.test', '/'],
    ]);
  });
});

test('endpoints and their slices say all that Prometheus says of them', async () => {
  const lists = {
    services: [
      {
        metadata: { name: 'web', namespace: 'shop', annotations: { 'a/b': 'c' } },
        spec: { ipFamilyPolicy: 'PreferDualStack', ipFamilies: ['IPv6', 'IPv4'] },
      },
    ],
    pods: [],
    nodes: [{ metadata: { name: 'n1', labels: { zone: 'z' } }, status: {} }],
    endpoints: [
      {
        metadata: { name: 'web', namespace: 'shop', labels: { app: 'web' }, annotations: { note: 'x' } },
        subsets: [
          {
            ports: [{ name: 'http', port: 8080, protocol: 'TCP' }],
            addresses: [{ ip: '10.1.0.7', hostname: 'h', targetRef: { kind: 'Node', name: 'n1' } }],
          },
        ],
      },
    ],
    endpointslices: [
      {
        metadata: { name: 'four', namespace: 'shop', labels: { 'kubernetes.io/service-name': 'web' } },
        addressType: 'IPv4',
      },
      {
        metadata: { name: 'six', namespace: 'shop', labels: { 'kubernetes.io/service-name': 'web' } },
        addressType: 'IPv6',
        ports: [{ name: 'http', port: 8080, protocol: 'TCP', appProtocol: 'http' }],
        endpoints: [
          {
            addresses: ['fd00::7'],
            conditions: { ready: false, serving: true, terminating: true },
            hostname: 'h',
            nodeName: 'n1',
            zone: 'z1',
            targetRef: { kind: 'Pod', name: 'gone', namespace: 'shop' },
            deprecatedTopology: { 'kubernetes.io/hostname': 'n1' },
          },
        ],
      },
    ].map((slice) => ({ ports: [{ port: 1 }], endpoints: [{ addresses: ['10.1.0.7'] }], ...slice })),
  };
  const endpoints = await cluster('role: endpoints, attach_metadata: {node: true}', lists);
  expect(flat(await endpoints.running.groups())).toEqual([
    {
      __address__: '10.1.0.7:8080',
      __meta_kubernetes_endpoint_address_target_kind: 'Node',
      __meta_kubernetes_endpoint_address_target_name: 'n1',
      __meta_kubernetes_endpoint_hostname: 'h',
      __meta_kubernetes_endpoint_port_name: 'http',
      __meta_kubernetes_endpoint_port_protocol: 'TCP',
      __meta_kubernetes_endpoint_ready: 'true',
      __meta_kubernetes_endpoints_annotation_note: 'x',
      __meta_kubernetes_endpoints_annotationpresent_note: 'true',
      __meta_kubernetes_endpoints_label_app: 'web',
      __meta_kubernetes_endpoints_labelpresent_app: 'true',
      __meta_kubernetes_endpoints_name: 'web',
      __meta_kubernetes_namespace: 'shop',
      __meta_kubernetes_node_label_zone: 'z',
      __meta_kubernetes_node_labelpresent_zone: 'true',
      __meta_kubernetes_node_name: 'n1',
      __meta_kubernetes_service_annotation_a_b: 'c',
      __meta_kubernetes_service_annotationpresent_a_b: 'true',
      __meta_kubernetes_service_name: 'web',
    },
  ]);
  const slices = await cluster('role: endpointslice', lists);
  const [found, ...more] = flat(await slices.running.groups());
  // The IPv4 slice of a service whose first family is IPv6 stands for the same pods.
  expect(more).toEqual([]);
  expect(found).toEqual({
    __address__: '[fd00::7]:8080',
    __meta_kubernetes_endpointslice_address_target_kind: 'Pod',
    __meta_kubernetes_endpointslice_address_target_name: 'gone',
    __meta_kubernetes_endpointslice_address_type: 'IPv6',
    __meta_kubernetes_endpointslice_endpoint_conditions_ready: 'false',
    __meta_kubernetes_endpointslice_endpoint_conditions_serving: 'true',
    __meta_kubernetes_endpointslice_endpoint_conditions_terminating: 'true',
    __meta_kubernetes_endpointslice_endpoint_hostname: 'h',
    __meta_kubernetes_endpointslice_endpoint_node_name: 'n1',
    __meta_kubernetes_endpointslice_endpoint_topology_kubernetes_io_hostname: 'n1',
    __meta_kubernetes_endpointslice_endpoint_topology_present_kubernetes_io_hostname: 'true',
    __meta_kubernetes_endpointslice_endpoint_zone: 'z1',
    __meta_kubernetes_endpointslice_label_kubernetes_io_service_name: 'web',
    __meta_kubernetes_endpointslice_labelpresent_kubernetes_io_service_name: 'true',
    __meta_kubernetes_endpointslice_name: 'six',
    __meta_kubernetes_endpointslice_port: '8080',
    __meta_kubernetes_endpointslice_port_app_protocol: 'http',
    __meta_kubernetes_endpointslice_port_name: 'http',
    __meta_kubernetes_endpointslice_port_protocol: 'TCP',
    __meta_kubernetes_namespace: 'shop',
    __meta_kubernetes_service_annotation_a_b: 'c',
    __meta_kubernetes_service_annotationpresent_a_b: 'true',
    __meta_kubernetes_service_name: 'web',
  });
});

test('balancers of services, classes of ingresses, and who started a pod', async () => {
  const spec = (more: object) => ({
    type: 'LoadBalancer',
    clusterIP: '10.2.0.1',
    ports: [{ port: 80, protocol: 'TCP' }],
    ...more,
  });
  const balanced = await cluster('role: service', {
    services: [
      {
        metadata: { name: 'a', namespace: 'n' },
        spec: spec({}),
        status: { loadBalancer: { ingress: [{ ip: '1.1.1.1' }, { ip: '2.2.2.2' }] } },
      },
      { metadata: { name: 'b', namespace: 'n' }, spec: spec({ loadBalancerIP: '3.3.3.3' }) },
    ],
  });
  expect(flat(await balanced.running.groups()).map((one) => one.__meta_kubernetes_service_loadbalancer_ip)).toEqual([
    '1.1.1.1,2.2.2.2',
    '3.3.3.3',
  ]);
  const ingress = await cluster('role: ingress');
  expect(flat(await ingress.running.groups())[0]).toEqual({
    __address__: 'shop.example.com',
    __meta_kubernetes_ingress_class_name: 'nginx',
    __meta_kubernetes_ingress_host: 'shop.example.com',
    __meta_kubernetes_ingress_name: 'shop',
    __meta_kubernetes_ingress_path: '/a',
    __meta_kubernetes_ingress_scheme: 'https',
    __meta_kubernetes_namespace: 'shop',
  });
  const started = await cluster('role: pod, attach_metadata: {job: true, cronjob: true}', {
    pods: [
      {
        metadata: { name: 'p', namespace: 'n', ownerReferences: owner('Job', 'j') },
        spec: { containers: [{ name: 'c' }] },
        status: { podIP: '10.1.0.1' },
      },
    ],
    jobs: [{ metadata: { name: 'j', namespace: 'n', ownerReferences: owner('CronJob', 'nightly') } }],
  });
  expect(flat(await started.running.groups())[0]).toMatchObject({
    __meta_kubernetes_pod_job_name: 'j',
    __meta_kubernetes_pod_cronjob_name: 'nightly',
    __meta_kubernetes_pod_ready: 'unknown',
  });
});

test('namespaces and selectors narrow what is asked for', async () => {
  const { running, asked } = await cluster(
    "role: pod, namespaces: {names: [a, b]}, selectors: [{role: pod, label: 'app=web', field: 'status.phase=Running'}]",
    { pods: [] },
  );
  await running.groups();
  expect(asked.map(({ path }) => path).sort()).toEqual(['/api/v1/namespaces/a/pods', '/api/v1/namespaces/b/pods']);
  expect(asked[0].query.get('labelSelector')).toBe('app=web');
  expect(asked[0].query.get('fieldSelector')).toBe('status.phase=Running');
});

describe('access', () => {
  test('by a kubeconfig file', async () => {
    const asked: (string | undefined)[] = [];
    const server = await standIn((request) => {
      asked.push(request.headers.authorization);
      return { items: [] };
    });
    const file = join(mkdtempSync(join(tmpdir(), 'hearth-kube-')), 'config');
    writeFileSync(
      file,
      `current-context: c\ncontexts: [{name: c, context: {cluster: k, user: u}}]\nclusters: [{name: k, cluster: {server: '${server.origin}/'}}]\nusers: [{name: u, user: {token: t0}}]\n`,
    );
    const running = run(configured(`kubernetes_sd_configs: [{role: node, kubeconfig_file: '${file}'}]`));
    open.push(running, server);
    await running.groups();
    expect(asked).toEqual(['Bearer t0']);
  });

  const NODES = "kubernetes_sd_configs: [{role: node, kubeconfig_file: '";

  /** A kubeconfig of two contexts, `plain` the current one, beside a program that writes what `credential` says. */
  function kubeconfig(server: string, credential: object): string {
    const folder = mkdtempSync(join(tmpdir(), 'hearth-kube-'));
    const program = `const info = JSON.parse(process.env.KUBERNETES_EXEC_INFO);
      const given = ${JSON.stringify(credential)};
      if (given.status?.token) given.status.token += process.env.SUFFIX + info.spec.interactive + (info.spec.cluster?.server ? '+' : '');
      process.stdout.write(JSON.stringify(given));`;
    writeFileSync(join(folder, 'login.cjs'), program);
    const file = join(folder, 'config');
    const exec = {
      apiVersion: 'client.authentication.k8s.io/v1',
      command: process.execPath,
      args: ['login.cjs'],
      env: [{ name: 'SUFFIX', value: '/' }],
      provideClusterInfo: true,
    };
    const content = {
      'current-context': 'plain',
      contexts: [
        { name: 'plain', context: { cluster: 'k', user: 'u' } },
        { name: 'cloud', context: { cluster: 'k', user: 'e', namespace: 'n' } },
      ],
      clusters: [{ name: 'k', cluster: { server } }],
      users: [
        { name: 'u', user: { token: 't0' } },
        { name: 'e', user: { exec } },
      ],
    };
    writeFileSync(file, JSON.stringify(content));
    return file;
  }

  test('by another context than the current one, whose program logs in; refused once, it is asked again', async () => {
    const asked: (string | undefined)[] = [];
    const server = await standIn((request) => {
      asked.push(request.headers.authorization);
      return { items: [] };
    });
    const credential = {
      kind: 'ExecCredential',
      status: { token: 'of-program', expirationTimestamp: '2000-01-01T00:00:00Z' },
    };
    const file = kubeconfig(server.origin, credential);
    // What is given expires at once: each refresh runs the program anew.
    const running = run(configured(`${NODES}${file}'}]`), { kubeContext: 'cloud', sleep: () => Promise.resolve() });
    open.push(running, server);
    await running.groups(() => running.updates() > 1);
    expect(new Set(asked)).toEqual(new Set(['Bearer of-program/false+']));
  });

  test('a program that gives nothing, is not there, or a context that is not in the file is told', async () => {
    const told = async (file: string, kubeContext: string): Promise<string | null> => {
      const running = run(configured(`${NODES}${file}'}]`), { kubeContext });
      open.push(running);
      return running.problem((text) => text !== null);
    };
    const file = kubeconfig('http://127.0.0.1:1', { status: {} });
    expect(await told(file, 'cloud')).toContain('gave neither a token nor a certificate');
    expect(await told(file, 'moon')).toBe(
      `Kubernetes: ${file}: the context "moon" names no cluster of the file; it has plain, cloud`,
    );
    writeFileSync(file, readFileSync(file, 'utf8').replace(process.execPath, 'hearth-no-such-program'));
    expect(await told(file, 'cloud')).toContain('hearth-no-such-program is not installed');
  });

  test('outside of a cluster and without a server it says what to set', async () => {
    const running = run(configured('kubernetes_sd_configs: [{role: pod}]'));
    open.push(running);
    expect(await running.problem((text) => text !== null)).toContain('set api_server or kubeconfig_file');
  });
});
