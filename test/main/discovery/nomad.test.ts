import { afterEach, expect, test } from 'vitest';
import { configured, flat, run, standIn, type Running, type StandIn } from './stand-in.ts';

const open: (Running | StandIn)[] = [];
afterEach(async () => {
  for (const each of open.splice(0)) await ('stop' in each ? each.stop() : each.close());
});

test('every instance of every service, with its tags', async () => {
  const asked: string[] = [];
  const server = await standIn((_, url) => {
    asked.push(url.pathname + url.search);
    switch (url.pathname) {
      case '/v1/services':
        return [{ Namespace: 'default', Services: [{ ServiceName: 'web', Tags: ['a'] }] }];
      case '/v1/service/web':
        return [
          {
            ID: '_nomad-task-1',
            ServiceName: 'web',
            Namespace: 'default',
            NodeID: 'n-1',
            Datacenter: 'dc1',
            Address: '10.0.0.3',
            Port: 25000,
            Tags: ['a', 'b'],
          },
        ];
      default:
        return null;
    }
  });
  const running = run(configured(`nomad_sd_configs: [{server: '${server.origin}', region: eu}]`));
  open.push(running, server);
  expect(flat(await running.groups())).toEqual([
    {
      __address__: '10.0.0.3:25000',
      __meta_nomad_address: '10.0.0.3',
      __meta_nomad_dc: 'dc1',
      __meta_nomad_namespace: 'default',
      __meta_nomad_node_id: 'n-1',
      __meta_nomad_service: 'web',
      __meta_nomad_service_address: '10.0.0.3',
      __meta_nomad_service_id: '_nomad-task-1',
      __meta_nomad_service_port: '25000',
      __meta_nomad_tags: ',a,b,',
    },
  ]);
  expect(asked[0]).toBe('/v1/services?namespace=default&region=eu&stale=');
});
