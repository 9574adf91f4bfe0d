import { afterEach, expect, test } from 'vitest';
import { addresses, configured, flat, run, standIn, type Running, type StandIn } from './stand-in.ts';

const open: (Running | StandIn)[] = [];
afterEach(async () => {
  for (const each of open.splice(0)) await ('stop' in each ? each.stop() : each.close());
});

interface Asked {
  readonly path: string;
  readonly query: URLSearchParams;
  readonly token: string | undefined;
}

const HEALTH = [
  {
    Node: {
      Node: 'node1',
      Address: '10.0.0.1',
      Meta: { rack: '1' },
      TaggedAddresses: { lan: '10.0.0.1', 'wan-v4': '1.2.3.4' },
    },
    Service: { ID: 'web-1', Service: 'web', Address: '', Port: 80, Tags: ['a', 'b'], Meta: { 'x-y': 'z' } },
    Checks: [{ CheckID: 'serf', Status: 'passing' }],
  },
  {
    Node: { Node: 'node2', Address: '10.0.0.2' },
    Service: { ID: 'web-2', Service: 'web', Address: 'fd00::2', Port: 81, Tags: [] },
    Checks: [
      { CheckID: 'serf', Status: 'passing' },
      { CheckID: 'http', Status: 'critical' },
    ],
  },
];

async function consul(options: string): Promise<{ readonly running: Running; readonly asked: Asked[] }> {
  const asked: Asked[] = [];
  const server = await standIn((request, url) => {
    asked.push({ path: url.pathname, query: url.searchParams, token: request.headers['x-consul-token']?.toString() });
    switch (url.pathname) {
      case '/v1/agent/self':
        return { Config: { Datacenter: 'dc1' } };
      case '/v1/catalog/services':
        return { web: ['a', 'b'], db: ['a'], consul: [] };
      default:
        return url.pathname.endsWith('/web') ? HEALTH : [];
    }
  });
  const running = run(configured(`consul_sd_configs: [{server: '${server.host}'${options}}]`));
  open.push(running, server);
  return { running, asked };
}

test('all services of the catalog, with nodes, tags and health', async () => {
  const { running, asked } = await consul(', token: t0');
  const groups = await running.groups();
  expect(groups.map((group) => group.source)).toEqual(['web', 'db', 'consul']);
  expect(flat(groups)[0]).toEqual({
    __address__: '10.0.0.1:80',
    __meta_consul_address: '10.0.0.1',
    __meta_consul_dc: 'dc1',
    __meta_consul_health: 'passing',
    __meta_consul_metadata_rack: '1',
    __meta_consul_node: 'node1',
    __meta_consul_service: 'web',
    __meta_consul_service_id: 'web-1',
    __meta_consul_service_metadata_x_y: 'z',
    __meta_consul_service_port: '80',
    __meta_consul_tagged_address_lan: '10.0.0.1',
    __meta_consul_tagged_address_wan_v4: '1.2.3.4',
    __meta_consul_tags: ',a,b,',
  });
  expect(flat(groups)[1]).toMatchObject({
    __address__: '[fd00::2]:81',
    __meta_consul_health: 'critical',
    __meta_consul_service_address: 'fd00::2',
    __meta_consul_tags: ',,',
  });
  expect(asked.every(({ token }) => token === 't0')).toBe(true);
  expect(asked.find(({ path }) => path.startsWith('/v1/health'))?.query.has('stale')).toBe(true);
});

test('named services are asked for without the catalog', async () => {
  const { running, asked } = await consul(', services: [web], datacenter: dc9');
  expect(addresses(await running.groups())).toHaveLength(2);
  expect(asked.map(({ path }) => path)).toEqual(['/v1/health/service/web']);
  expect(asked[0].query.get('dc')).toBe('dc9');
});

test('tags and node metadata narrow the search', async () => {
  const { running, asked } = await consul(', tags: [a, b], node_meta: {rack: 1}, allow_stale: false');
  expect((await running.groups()).map((group) => group.source)).toEqual(['web']);
  const { query } = asked[asked.length - 1];
  expect(query.getAll('tag')).toEqual(['a', 'b']);
  expect(query.get('node-meta')).toBe('rack:1');
  expect(query.has('stale')).toBe(false);
});
