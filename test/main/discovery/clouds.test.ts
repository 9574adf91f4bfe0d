import { afterEach, expect, test } from 'vitest';
import type { DiscoveryDeps } from '#main/discovery/index.ts';
import { configured, flat, realDeps, run, standIn, type Answer, type Running, type StandIn } from './stand-in.ts';

const open: (Running | StandIn)[] = [];
afterEach(async () => {
  for (const each of open.splice(0)) await ('stop' in each ? each.stop() : each.close());
});

/** Real HTTP, with requests to a cloud's own hosts led to a server on loopback. */
function ledTo(origin: string): Partial<DiscoveryDeps> {
  const real = realDeps().http;
  return {
    http: (settings) => {
      const client = real(settings);
      return {
        ...client,
        request: (request) => client.request({ ...request, url: request.url.replace(/^https:\/\/[^/]+/, origin) }),
      };
    },
  };
}

async function discover(yaml: string, answer: Answer): Promise<Running> {
  const server = await standIn(answer);
  const running = run(configured(yaml), ledTo(server.origin));
  open.push(running, server);
  return running;
}

test('DigitalOcean droplets, page by page, with the account token', async () => {
  const asked: string[] = [];
  const droplet = (id: number, change: object = {}) => ({
    id,
    name: `web-${id}`,
    status: 'active',
    size_slug: 's-1vcpu-1gb',
    vpc_uuid: 'f9b0',
    features: ['backups', 'ipv6'],
    tags: ['monitor', 'nyc'],
    image: { id: 1, slug: 'ubuntu-16-04-x64', name: '16.04.6 (LTS) x64' },
    region: { slug: 'nyc3', name: 'New York 3' },
    networks: {
      v4: [
        { ip_address: '104.236.32.182', netmask: '255.255.192.0', gateway: '104.236.0.1', type: 'public' },
        { ip_address: '10.132.0.2', netmask: '255.255.0.0', gateway: '10.132.0.1', type: 'private' },
      ],
      v6: [{ ip_address: '2604:a880:0800:0010:0000:0000:02dd:4001', netmask: 64, gateway: 'x', type: 'public' }],
    },
    ...change,
  });
  const running = await discover(
    `digitalocean_sd_configs: [{ authorization: { credentials: token }, port: 9100 }]`,
    (request, url) => {
      asked.push(`${request.headers.authorization} ${url.pathname}${url.search}`);
      return url.searchParams.get('page') === '1'
        ? { droplets: [droplet(1)], links: { pages: { next: 'https://api.digitalocean.com/v2/droplets?page=2' } } }
        : {
            droplets: [
              droplet(2, { networks: { v4: [], v6: [] } }),
              droplet(3, { tags: [], image: { slug: null, name: 'own' } }),
            ],
            links: {},
          };
    },
  );
  const found = flat(await running.groups());
  expect(found[0]).toEqual({
    __address__: '104.236.32.182:9100',
    __meta_digitalocean_droplet_id: '1',
    __meta_digitalocean_droplet_name: 'web-1',
    __meta_digitalocean_features: ',backups,ipv6,',
    __meta_digitalocean_image: 'ubuntu-16-04-x64',
    __meta_digitalocean_image_name: '16.04.6 (LTS) x64',
    __meta_digitalocean_private_ipv4: '10.132.0.2',
    __meta_digitalocean_public_ipv4: '104.236.32.182',
    __meta_digitalocean_public_ipv6: '2604:a880:0800:0010:0000:0000:02dd:4001',
    __meta_digitalocean_region: 'nyc3',
    __meta_digitalocean_size: 's-1vcpu-1gb',
    __meta_digitalocean_status: 'active',
    __meta_digitalocean_tags: ',monitor,nyc,',
    __meta_digitalocean_vpc: 'f9b0',
  });
  expect(found.map((labels) => labels.__meta_digitalocean_droplet_id)).toEqual(['1', '3']);
  expect(asked).toEqual([
    'Bearer token /v2/droplets?page=1&per_page=200',
    'Bearer token /v2/droplets?page=2&per_page=200',
  ]);
});

test('DigitalOcean databases, inside the network where there is one', async () => {
  const cluster = {
    id: '9cc10173',
    name: 'backend',
    engine: 'pg',
    version: '14',
    size: 'db-s-2vcpu-4gb',
    num_nodes: 2,
    region: 'nyc3',
    status: 'online',
    connection: { host: 'backend.db.example' },
    private_connection: { host: 'private-backend.db.example' },
    tags: ['production', 'team:a'],
  };
  const running = await discover(
    `digitalocean_sd_configs: [{ role: databases, authorization: { credentials: t }, port: 9273 }]`,
    () => ({
      databases: [
        cluster,
        { id: 'p', name: 'public', connection: { host: 'public.example' } },
        { id: 'n', name: 'being made' },
      ],
      links: {},
    }),
  );
  const found = flat(await running.groups());
  expect(found[0]).toEqual({
    __address__: 'private-backend.db.example:9273',
    __meta_digitalocean_db_engine: 'pg',
    __meta_digitalocean_db_host: 'backend.db.example',
    __meta_digitalocean_db_id: '9cc10173',
    __meta_digitalocean_db_name: 'backend',
    __meta_digitalocean_db_num_nodes: '2',
    __meta_digitalocean_db_private_host: 'private-backend.db.example',
    __meta_digitalocean_db_region: 'nyc3',
    __meta_digitalocean_db_size: 'db-s-2vcpu-4gb',
    __meta_digitalocean_db_status: 'online',
    __meta_digitalocean_db_tag_production: 'true',
    '__meta_digitalocean_db_tag_team:a': 'true',
    __meta_digitalocean_db_version: '14',
  });
  expect(found.map(({ __address__ }) => __address__).slice(1)).toEqual(['public.example:9273']);
});

test('Hetzner Cloud servers with their networks and labels', async () => {
  const running = await discover(
    `hetzner_sd_configs: [{ role: hcloud, authorization: { credentials: t }, port: 9100, label_selector: 'a=b' }]`,
    (_, url) => {
      if (url.pathname === '/v1/networks') return { networks: [{ id: 4711, name: 'my net' }], meta: {} };
      expect(url.searchParams.get('label_selector')).toBe('a=b');
      return {
        servers: [
          {
            id: 42,
            name: 'my-server',
            status: 'running',
            labels: { 'my-key': 'my-value', flag: '' },
            public_net: { ipv4: { ip: '1.2.3.4' }, ipv6: { ip: '2001:db8::/64' } },
            private_net: [
              { network: 4711, ip: '10.0.0.2' },
              { network: 9, ip: '10.9.0.2' },
            ],
            server_type: { name: 'cx11', cores: 1, cpu_type: 'shared', memory: 1.5, disk: 25 },
            location: { name: 'fsn1', network_zone: 'eu-central' },
            image: {
              name: 'ubuntu-20.04',
              description: 'Ubuntu 20.04 Standard 64 bit',
              os_version: '20.04',
              os_flavor: 'ubuntu',
            },
          },
        ],
        meta: { pagination: { next_page: null } },
      };
    },
  );
  expect(flat(await running.groups())).toEqual([
    {
      __address__: '1.2.3.4:9100',
      __meta_hetzner_hcloud_cpu_cores: '1',
      __meta_hetzner_hcloud_cpu_type: 'shared',
      __meta_hetzner_hcloud_datacenter_location: 'fsn1',
      __meta_hetzner_hcloud_datacenter_location_network_zone: 'eu-central',
      __meta_hetzner_hcloud_disk_size_gb: '25',
      __meta_hetzner_hcloud_image_description: 'Ubuntu 20.04 Standard 64 bit',
      __meta_hetzner_hcloud_image_name: 'ubuntu-20.04',
      __meta_hetzner_hcloud_image_os_flavor: 'ubuntu',
      __meta_hetzner_hcloud_image_os_version: '20.04',
      __meta_hetzner_hcloud_location: 'fsn1',
      __meta_hetzner_hcloud_location_network_zone: 'eu-central',
      __meta_hetzner_hcloud_label_my_key: 'my-value',
      __meta_hetzner_hcloud_labelpresent_flag: 'true',
      __meta_hetzner_hcloud_labelpresent_my_key: 'true',
      __meta_hetzner_hcloud_memory_size_gb: '1',
      __meta_hetzner_hcloud_private_ipv4_my_net: '10.0.0.2',
      __meta_hetzner_hcloud_server_type: 'cx11',
      __meta_hetzner_public_ipv4: '1.2.3.4',
      __meta_hetzner_public_ipv6_network: '2001:db8::/64',
      __meta_hetzner_role: 'hcloud',
      __meta_hetzner_server_id: '42',
      __meta_hetzner_server_name: 'my-server',
      __meta_hetzner_server_status: 'running',
    },
  ]);
});

test('Hetzner dedicated servers', async () => {
  const running = await discover(
    `hetzner_sd_configs: [{ role: robot, basic_auth: { username: u, password: p } }]`,
    (request) => {
      expect(request.headers.authorization).toBe(`Basic ${Buffer.from('u:p').toString('base64')}`);
      return [
        {
          server: {
            server_ip: '123.123.123.123',
            server_number: 321,
            server_name: 'server1',
            product: 'DS 3000',
            dc: 'NBG1-DC1',
            status: 'ready',
            cancelled: false,
            subnet: [
              { ip: '123.123.123.0', mask: '29' },
              { ip: '2a01:4f8:111:4221::', mask: '64' },
            ],
          },
        },
      ];
    },
  );
  expect(flat(await running.groups())).toEqual([
    {
      __address__: '123.123.123.123:80',
      __meta_hetzner_datacenter: 'nbg1-dc1',
      __meta_hetzner_public_ipv4: '123.123.123.123',
      __meta_hetzner_public_ipv6_network: '2a01:4f8:111:4221::/64',
      __meta_hetzner_robot_datacenter: 'nbg1-dc1',
      __meta_hetzner_robot_cancelled: 'false',
      __meta_hetzner_robot_product: 'DS 3000',
      __meta_hetzner_role: 'robot',
      __meta_hetzner_server_id: '321',
      __meta_hetzner_server_name: 'server1',
      __meta_hetzner_server_status: 'ready',
    },
  ]);
});

const SWARM: Answer = (_, url) => {
  const answers: Readonly<Record<string, unknown>> = {
    '/services': [
      {
        ID: 's1',
        Spec: {
          Name: 'mon_node-exporter',
          Labels: { 'com.docker.stack': 'mon' },
          Mode: { Global: {} },
          TaskTemplate: { ContainerSpec: { Image: 'prom/node-exporter', Hostname: 'ne' } },
        },
        UpdateStatus: { State: 'completed' },
        Endpoint: {
          Ports: [
            { Protocol: 'tcp', TargetPort: 9100, PublishedPort: 9100, PublishMode: 'ingress' },
            { Protocol: 'udp', TargetPort: 53, PublishedPort: 53, PublishMode: 'ingress' },
          ],
          VirtualIPs: [{ NetworkID: 'n1', Addr: '10.0.1.34/24' }],
        },
      },
    ],
    '/nodes': [
      {
        ID: 'node1',
        Spec: { Labels: { zone: 'a' }, Role: 'manager', Availability: 'active' },
        Description: {
          Hostname: 'oxygen',
          Platform: { Architecture: 'x86_64', OS: 'linux' },
          Engine: { EngineVersion: '19.03' },
        },
        Status: { State: 'ready', Addr: '192.168.1.61' },
        ManagerStatus: { Leader: true, Reachability: 'reachable', Addr: '192.168.1.61:2377' },
      },
    ],
    '/tasks': [
      {
        ID: 't1',
        ServiceID: 's1',
        NodeID: 'node1',
        DesiredState: 'running',
        Spec: { ContainerSpec: { Labels: { own: '1' } } },
        Status: {
          State: 'running',
          ContainerStatus: { ContainerID: 'c1' },
          PortStatus: { Ports: [{ Protocol: 'tcp', TargetPort: 80, PublishedPort: 8080, PublishMode: 'host' }] },
        },
        NetworksAttachments: [{ Network: { ID: 'n1' }, Addresses: ['10.0.1.35/24'] }],
      },
    ],
    '/networks': [{ Id: 'n1', Name: 'mon_default', Scope: 'swarm', Internal: false, Ingress: false, Labels: {} }],
    '/containers/c1/json': { Config: { Labels: { image: 'x', own: 'of the image' } } },
  };
  return answers[url.pathname] ?? null;
};
const NETWORK = {
  __meta_dockerswarm_network_id: 'n1',
  __meta_dockerswarm_network_ingress: 'false',
  __meta_dockerswarm_network_internal: 'false',
  __meta_dockerswarm_network_name: 'mon_default',
  __meta_dockerswarm_network_scope: 'swarm',
};

async function swarm(role: string): Promise<readonly Record<string, string>[]> {
  const server = await standIn(SWARM);
  const running = run(
    configured(`dockerswarm_sd_configs: [{ host: 'tcp://${server.host}', role: ${role}, port: 7070 }]`),
  );
  open.push(running, server);
  return flat(await running.groups());
}

test('services of a swarm', async () => {
  expect(await swarm('services')).toEqual([
    {
      __address__: '10.0.1.34:9100',
      __meta_dockerswarm_service_endpoint_port_publish_mode: 'ingress',
      __meta_dockerswarm_service_id: 's1',
      __meta_dockerswarm_service_label_com_docker_stack: 'mon',
      __meta_dockerswarm_service_mode: 'global',
      __meta_dockerswarm_service_name: 'mon_node-exporter',
      __meta_dockerswarm_service_task_container_hostname: 'ne',
      __meta_dockerswarm_service_task_container_image: 'prom/node-exporter',
      __meta_dockerswarm_service_updating_status: 'completed',
      ...NETWORK,
    },
  ]);
});

const NODE = {
  __meta_dockerswarm_node_address: '192.168.1.61',
  __meta_dockerswarm_node_availability: 'active',
  __meta_dockerswarm_node_hostname: 'oxygen',
  __meta_dockerswarm_node_id: 'node1',
  __meta_dockerswarm_node_label_zone: 'a',
  __meta_dockerswarm_node_platform_architecture: 'x86_64',
  __meta_dockerswarm_node_platform_os: 'linux',
  __meta_dockerswarm_node_role: 'manager',
  __meta_dockerswarm_node_status: 'ready',
};

test('nodes of a swarm', async () => {
  expect(await swarm('nodes')).toEqual([
    {
      __address__: '192.168.1.61:7070',
      __meta_dockerswarm_node_engine_version: '19.03',
      __meta_dockerswarm_node_manager_address: '192.168.1.61:2377',
      __meta_dockerswarm_node_manager_leader: 'true',
      __meta_dockerswarm_node_manager_reachability: 'reachable',
      ...NODE,
    },
  ]);
});

test('tasks of a swarm: host ports on their node, the service ports on their networks; container labels win', async () => {
  const task = {
    __meta_dockerswarm_container_label_image: 'x',
    __meta_dockerswarm_container_label_own: '1',
    __meta_dockerswarm_service_id: 's1',
    __meta_dockerswarm_service_label_com_docker_stack: 'mon',
    __meta_dockerswarm_service_mode: 'global',
    __meta_dockerswarm_service_name: 'mon_node-exporter',
    __meta_dockerswarm_task_container_id: 'c1',
    __meta_dockerswarm_task_desired_state: 'running',
    __meta_dockerswarm_task_id: 't1',
    __meta_dockerswarm_task_slot: '0',
    __meta_dockerswarm_task_state: 'running',
    ...NODE,
  };
  expect(await swarm('tasks')).toEqual([
    { ...task, __address__: '192.168.1.61:8080', __meta_dockerswarm_task_port_publish_mode: 'host' },
    { ...task, ...NETWORK, __address__: '10.0.1.35:9100', __meta_dockerswarm_task_port_publish_mode: 'ingress' },
  ]);
});

test('what an API refuses is told, without the token', async () => {
  const running = await discover(
    `digitalocean_sd_configs: [{ authorization: { credentials: secret-token } }]`,
    () => null,
  );
  const problem = await running.problem((text) => text !== null);
  expect(problem).toMatch(/^DigitalOcean: .*\/v2\/droplets answered with status 404/);
  expect(problem).not.toContain('secret-token');
});
