import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { addresses, configured, flat, run, standIn, type Answer, type Running, type StandIn } from './stand-in.ts';

const open: (Running | StandIn)[] = [];
afterEach(async () => {
  for (const each of open.splice(0)) await ('stop' in each ? each.stop() : each.close());
});

const CONTAINERS = [
  {
    Id: 'c1',
    Names: ['/web'],
    Image: 'nginx',
    ImageID: 'sha256:1',
    Labels: { 'com.example/team': 'a' },
    HostConfig: { NetworkMode: 'front' },
    NetworkSettings: {
      Networks: {
        zeta: { NetworkID: 'n2', IPAddress: '172.19.0.2' },
        front: { NetworkID: 'n1', IPAddress: '172.18.0.2', GlobalIPv6Address: '' },
      },
    },
    Ports: [
      { IP: '0.0.0.0', PrivatePort: 80, PublicPort: 8080, Type: 'tcp' },
      { PrivatePort: 53, Type: 'udp' },
    ],
  },
  {
    Id: 'c2',
    Names: ['/sidecar'],
    HostConfig: { NetworkMode: 'container:c1' },
    NetworkSettings: { Networks: {} },
    Ports: [],
  },
  {
    Id: 'c3',
    Names: ['/exporter'],
    HostConfig: { NetworkMode: 'host' },
    NetworkSettings: { Networks: { host: { NetworkID: 'nh', IPAddress: '' } } },
  },
  {
    Id: 'c4',
    Names: ['/six'],
    HostConfig: { NetworkMode: 'six' },
    NetworkSettings: { Networks: { six: { NetworkID: 'n6', IPAddress: '', GlobalIPv6Address: 'fd00::2' } } },
    Ports: [{ PrivatePort: 1, Type: 'tcp' }],
  },
];

const NETWORKS = [
  { Id: 'n1', Name: 'front', Scope: 'local', Internal: false, Ingress: false, Labels: { zone: 'z' } },
  { Id: 'n2', Name: 'zeta', Scope: 'local', Internal: true, Ingress: false, Labels: null },
];

async function docker(options = '', answer: Answer = () => undefined): Promise<Running> {
  const server = await standIn((request, url) => {
    const own = answer(request, url);
    if (own !== undefined) return own;
    if (url.pathname === '/containers/json') return CONTAINERS;
    return url.pathname === '/networks' ? NETWORKS : null;
  });
  const running = run(configured(`docker_sd_configs: [{host: '${server.origin.replace('http:', 'tcp:')}'${options}}]`));
  open.push(running, server);
  return running;
}

test('every TCP port of a container is a target, with what Docker knows of it', async () => {
  const running = await docker();
  const groups = await running.groups();
  expect(addresses(groups)).toEqual(['172.18.0.2:80', '172.18.0.2:80', 'localhost', '[fd00::2]:1']);
  expect(flat(groups)[0]).toEqual({
    __address__: '172.18.0.2:80',
    __meta_docker_container_id: 'c1',
    __meta_docker_container_image: 'nginx',
    __meta_docker_container_image_id: 'sha256:1',
    __meta_docker_container_label_com_example_team: 'a',
    __meta_docker_container_name: '/web',
    __meta_docker_container_network_mode: 'front',
    __meta_docker_network_id: 'n1',
    __meta_docker_network_ingress: 'false',
    __meta_docker_network_internal: 'false',
    __meta_docker_network_ip: '172.18.0.2',
    __meta_docker_network_label_zone: 'z',
    __meta_docker_network_name: 'front',
    __meta_docker_network_scope: 'local',
    __meta_docker_port_private: '80',
    __meta_docker_port_public: '8080',
    __meta_docker_port_public_ip: '0.0.0.0',
  });
  // A container in another one's network, without ports of its own: the configured port.
  expect(flat(groups)[1]).toMatchObject({
    __meta_docker_container_name: '/sidecar',
    __meta_docker_network_name: 'front',
  });
});

test('all networks, when not only the first is wanted', async () => {
  const running = await docker(', match_first_network: false, port: 9');
  const web = flat(await running.groups()).filter((labels) => labels.__meta_docker_container_name === '/web');
  expect(web.map((labels) => labels.__address__).sort()).toEqual(['172.18.0.2:80', '172.19.0.2:80']);
});

test('filters go to Docker', async () => {
  let filters: string | null = null;
  const running = await docker(', filters: [{name: label, values: [a, b]}]', (_, url) => {
    filters ??= url.searchParams.get('filters');
    return undefined;
  });
  await running.groups();
  expect(JSON.parse(filters ?? '')).toEqual({ label: ['a', 'b'] });
});

test('the daemon is asked over its Unix socket', async () => {
  const path = join(mkdtempSync(join(tmpdir(), 'hearth-docker-')), 'docker.sock');
  const server = await standIn((_, url) => (url.pathname === '/networks' ? [] : CONTAINERS.slice(0, 1)), path);
  const running = run(configured(`docker_sd_configs: [{host: 'unix://${path}'}]`));
  open.push(running, server);
  expect(addresses(await running.groups())).toEqual(['172.18.0.2:80']);
});

test('a daemon that answers nonsense is told, and nothing is known', async () => {
  const running = await docker('', () => ({ message: 'no' }));
  expect(await running.problem((text) => text !== null)).toContain('/containers/json answered with something else');
  expect(running.updates()).toBe(0);
});
