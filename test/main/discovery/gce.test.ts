import { createVerify, generateKeyPairSync } from 'node:crypto';
import { afterEach, expect, test } from 'vitest';
import { cloudStandIn, type CloudAnswer, type CloudRequest, type CloudStandIn } from './cloud-stand-in.ts';
import { configured, flat, run, standIn, type Running } from './stand-in.ts';

const open: { stop(): Promise<void> }[] = [];
afterEach(async () => {
  for (const each of open.splice(0)) await each.stop();
});

async function discover(
  answer: (request: CloudRequest) => CloudAnswer,
  place: Parameters<typeof cloudStandIn>[1] = {},
): Promise<{ readonly running: Running; readonly server: CloudStandIn }> {
  const server = await cloudStandIn(answer, place);
  const running = run(
    configured(`gce_sd_configs: [{ project: p, zone: z, port: 9100, filter: 'name = web', tag_separator: ';' }]`),
    server.deps,
  );
  open.push(running, { stop: () => server.close() });
  return { running, server };
}

const json = (value: unknown, status = 200): CloudAnswer => ({ status, text: JSON.stringify(value) });
const token = { access_token: 'secret-token', expires_in: 3599, token_type: 'Bearer' };

const web = {
  id: '4567',
  name: 'web-1',
  zone: 'zones/z',
  status: 'RUNNING',
  machineType: 'e2-small',
  tags: { items: ['http', 'ssh'] },
  labels: { env: 'prod', 'cost-center': '7' },
  metadata: { items: [{ key: 'startup-script', value: 'x' }, { key: 'empty' }] },
  networkInterfaces: [
    {
      name: 'nic0',
      network: 'global/default',
      subnetwork: 'regional/default',
      networkIP: '10.132.0.2',
      accessConfigs: [{ type: 'ONE_TO_ONE_NAT', natIP: '34.1.1.1' }],
    },
    { name: 'nic1', networkIP: '10.200.0.2' },
  ],
};
const stopped = {
  id: '2',
  name: 'db',
  status: 'TERMINATED',
  networkInterfaces: [{ name: 'nic0', networkIP: '10.132.0.3', accessConfigs: [{ type: 'ONE_TO_ONE_NAT' }] }],
};
const compute = ({ path }: CloudRequest): CloudAnswer =>
  json(
    path.includes('pageToken=p2')
      ? { items: [stopped, { id: '3', name: 'no network' }] }
      : { items: [web], nextPageToken: 'p2' },
  );

test('GCE instances, page by page, by the account of the machine', async () => {
  const { running, server } = await discover((request) => {
    if (request.host !== 'metadata.google.internal') return compute(request);
    return request.headers['metadata-flavor'] === 'Google' ? json(token) : json({}, 403);
  });
  expect(flat(await running.groups())).toEqual([
    {
      __address__: '10.132.0.2:9100',
      __meta_gce_instance_id: '4567',
      __meta_gce_instance_name: 'web-1',
      __meta_gce_instance_status: 'RUNNING',
      __meta_gce_interface_ipv4_nic0: '10.132.0.2',
      __meta_gce_interface_ipv4_nic1: '10.200.0.2',
      __meta_gce_label_cost_center: '7',
      __meta_gce_label_env: 'prod',
      __meta_gce_machine_type: 'e2-small',
      __meta_gce_metadata_startup_script: 'x',
      __meta_gce_network: 'global/default',
      __meta_gce_private_ip: '10.132.0.2',
      __meta_gce_project: 'p',
      __meta_gce_public_ip: '34.1.1.1',
      __meta_gce_subnetwork: 'regional/default',
      __meta_gce_tags: ';http;ssh;',
      __meta_gce_zone: 'zones/z',
    },
    {
      __address__: '10.132.0.3:9100',
      __meta_gce_instance_id: '2',
      __meta_gce_instance_name: 'db',
      __meta_gce_instance_status: 'TERMINATED',
      __meta_gce_interface_ipv4_nic0: '10.132.0.3',
      __meta_gce_private_ip: '10.132.0.3',
      __meta_gce_project: 'p',
    },
  ]);
  expect(server.asked).toHaveLength(3);
  expect(server.asked[2].headers.authorization).toBe('Bearer secret-token');
  const url = new URL(server.asked[2].path, 'http://x');
  expect(url.pathname).toBe('/compute/v1/projects/p/zones/z/instances');
  expect(url.searchParams.get('filter')).toBe('name = web');
});

test('a login of gcloud', async () => {
  const login = { type: 'authorized_user', client_id: 'c', client_secret: 's', refresh_token: 'r' };
  const { running, server } = await discover(
    (request) => (request.host === 'oauth2.googleapis.com' ? json(token) : compute(request)),
    { env: { HOME: '/h' }, files: { '/h/.config/gcloud/application_default_credentials.json': JSON.stringify(login) } },
  );
  await running.groups();
  expect(server.asked[0].form.get('refresh_token')).toBe('r');
  expect(server.asked[1].headers.authorization).toBe('Bearer secret-token');
});

test('a service account signs its request for a token', async () => {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  let assertion = '';
  const tokens = await standIn((request) => {
    request.on('data', (part) => {
      assertion = new URLSearchParams(String(part)).get('assertion') ?? '';
    });
    return token;
  });
  open.push({ stop: () => tokens.close() });
  const account = {
    type: 'service_account',
    client_email: 'me@p.iam',
    private_key: privateKey.export({ type: 'pkcs8', format: 'pem' }),
    token_uri: `${tokens.origin}/token`,
  };
  const { running, server } = await discover(compute, {
    env: { GOOGLE_APPLICATION_CREDENTIALS: '/key.json' },
    files: { '/key.json': JSON.stringify(account) },
  });
  await running.groups();
  expect(server.asked[0].headers.authorization).toBe('Bearer secret-token');
  const [head, claims, signature] = assertion.split('.');
  expect(createVerify('RSA-SHA256').update(`${head}.${claims}`).verify(publicKey, signature, 'base64url')).toBe(true);
});

test('what is refused, missing or not supported is told', async () => {
  const refused = await discover(({ host }) =>
    host === 'metadata.google.internal' ? json(token) : json({ error: { message: 'API is off' } }, 403),
  );
  const problem = await refused.running.problem((text) => text !== null);
  expect(problem).toMatch(/^gce: .*\/instances answered with status 403: .*API is off/);
  expect(problem).not.toContain('secret-token');
  const env = { GOOGLE_APPLICATION_CREDENTIALS: '/key.json' };
  const missing = await discover(compute, { env });
  expect(await missing.running.problem((text) => text !== null)).toContain('/key.json, does not exist');
  const external = await discover(compute, { env, files: { '/key.json': '{"type":"external_account"}' } });
  expect(await external.running.problem((text) => text !== null)).toMatch(/^gce: \/key.json: type: .*service account/);
});
