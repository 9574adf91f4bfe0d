import { afterEach, expect, test } from 'vitest';
import { cloudStandIn, NOW, type CloudAnswer, type CloudRequest, type CloudStandIn } from './cloud-stand-in.ts';
import { configured, flat, run, type Running } from './stand-in.ts';

const open: { stop(): Promise<void> }[] = [];
afterEach(async () => {
  for (const each of open.splice(0)) await each.stop();
});

const OAUTH = 'subscription_id: S, tenant_id: T, client_id: C, client_secret: secret-of-client';

async function discover(
  settings: string,
  answer: (request: CloudRequest) => CloudAnswer,
  place: Parameters<typeof cloudStandIn>[1] = {},
  programs: NonNullable<Parameters<typeof run>[1]>['programs'] = {
    run: () => Promise.reject(new Error('az is not installed')),
  },
): Promise<{ readonly running: Running; readonly server: CloudStandIn }> {
  const server = await cloudStandIn(answer, place);
  const running = run(configured(`azure_sd_configs: [{ ${settings} }]`), { ...server.deps, programs });
  open.push(running, { stop: () => server.close() });
  return { running, server };
}

const json = (value: unknown, status = 200): CloudAnswer => ({ status, text: JSON.stringify(value) });
const token = (text = 'given-token'): CloudAnswer =>
  json({ token_type: 'Bearer', expires_in: 3599, access_token: text });

const GROUP = '/subscriptions/S/resourceGroups/RG';
const COMPUTE = `${GROUP}/providers/Microsoft.Compute`;
const NICS = `${GROUP}/providers/Microsoft.Network/networkInterfaces`;

/** Answers in the form of the API's published examples. */
const vm = (name: string, nics: readonly string[], more: object = {}) => ({
  name,
  id: `${COMPUTE}/virtualMachines/${name}`,
  type: 'Microsoft.Compute/virtualMachines',
  location: 'westeurope',
  properties: {
    vmId: '5c0d55a7',
    hardwareProfile: { vmSize: 'Standard_D2s_v3' },
    storageProfile: { osDisk: { osType: 'Linux', name: 'disk1', createOption: 'FromImage' }, dataDisks: [] },
    osProfile: { computerName: `${name}-host`, adminUsername: 'admin' },
    networkProfile: { networkInterfaces: nics.map((nic) => ({ id: `${NICS}/${nic}`, properties: {} })) },
    provisioningState: 'Succeeded',
  },
  ...more,
});
const nic = (primary: boolean | undefined, privateIp?: string, publicIp?: string) => ({
  name: 'nic',
  properties: {
    ...(primary === undefined ? {} : { primary }),
    ipConfigurations: [
      {
        name: 'ipconfig1',
        properties: {
          ...(privateIp === undefined ? {} : { privateIPAddress: privateIp }),
          ...(publicIp === undefined ? {} : { publicIPAddress: { properties: { ipAddress: publicIp } } }),
        },
      },
    ],
  },
});

/** The resources of one subscription; `interfaces` by the last part of their id. */
function subscription(interfaces: Readonly<Record<string, unknown>>, scaleSets = true) {
  return ({ path }: CloudRequest): CloudAnswer => {
    const { pathname, searchParams } = new URL(path, 'http://x');
    if (pathname.endsWith('/oauth2/v2.0/token') || pathname.includes('/metadata/identity/')) return token();
    const name = pathname.split('/').at(-1) ?? '';
    if (pathname.includes('/networkInterfaces/'))
      return interfaces[name] === undefined ? json({ error: { code: 'NotFound' } }, 404) : json(interfaces[name]);
    if (pathname.endsWith('/virtualMachineScaleSets'))
      return json({ value: scaleSets ? [{ id: `${COMPUTE}/virtualMachineScaleSets/set`, name: 'set' }] : [] });
    if (pathname.endsWith('/virtualMachineScaleSets/set/virtualMachines')) {
      const member = vm('set_3', ['set-nic'], { id: `${COMPUTE}/virtualMachineScaleSets/set/virtualMachines/3` });
      return json({ value: [{ ...member, instanceId: '3' }] });
    }
    if (searchParams.get('page') === '2') return json({ value: [vm('db', ['second', 'first'])] });
    return json({
      value: [vm('web', ['web-nic'], { tags: { env: 'prod', 'cost:center': '7' } }), vm('off', ['off-nic'])],
      nextLink: `https://management.azure.com:443${pathname}?api-version=x&page=2`,
    });
  };
}

const INTERFACES = {
  'web-nic': nic(true, '10.0.0.4', '20.1.1.1'),
  'off-nic': nic(undefined),
  first: nic(true, '10.0.0.6'),
  second: nic(false, '10.9.9.9'),
  'set-nic': nic(true, '10.0.1.3'),
};

test('virtual machines and those of scale sets, page by page, by their primary interface', async () => {
  const { running, server } = await discover(`${OAUTH}, port: 9100`, subscription(INTERFACES));
  const common = {
    __meta_azure_machine_location: 'westeurope',
    __meta_azure_machine_os_type: 'Linux',
    __meta_azure_machine_resource_group: 'RG',
    __meta_azure_machine_size: 'Standard_D2s_v3',
    __meta_azure_subscription_id: 'S',
    __meta_azure_tenant_id: 'T',
  };
  expect(flat(await running.groups())).toEqual([
    {
      ...common,
      __address__: '10.0.0.4:9100',
      __meta_azure_machine_computer_name: 'web-host',
      __meta_azure_machine_id: `${COMPUTE}/virtualMachines/web`,
      __meta_azure_machine_name: 'web',
      __meta_azure_machine_private_ip: '10.0.0.4',
      __meta_azure_machine_public_ip: '20.1.1.1',
      __meta_azure_machine_tag_cost_center: '7',
      __meta_azure_machine_tag_env: 'prod',
    },
    {
      ...common,
      __address__: '10.0.0.6:9100',
      __meta_azure_machine_computer_name: 'db-host',
      __meta_azure_machine_id: `${COMPUTE}/virtualMachines/db`,
      __meta_azure_machine_name: 'db',
      __meta_azure_machine_private_ip: '10.0.0.6',
    },
    {
      ...common,
      __address__: '10.0.1.3:9100',
      __meta_azure_machine_computer_name: 'set_3-host',
      __meta_azure_machine_id: `${COMPUTE}/virtualMachineScaleSets/set/virtualMachines/3`,
      __meta_azure_machine_name: 'set_3',
      __meta_azure_machine_private_ip: '10.0.1.3',
      __meta_azure_machine_scale_set: 'set',
    },
  ]);
  const [login, ...rest] = server.asked;
  expect(`${login.host}${login.path}`).toBe('login.microsoftonline.com/T/oauth2/v2.0/token');
  expect(Object.fromEntries(login.form)).toEqual({
    grant_type: 'client_credentials',
    client_id: 'C',
    client_secret: 'secret-of-client',
    scope: 'https://management.azure.com/.default',
  });
  expect(new Set(rest.map(({ headers }) => headers.authorization))).toEqual(new Set(['Bearer given-token']));
  expect(rest[0].path).toMatch(/^\/subscriptions\/S\/providers\/Microsoft\.Compute\/virtualMachines\?api-version=/);
  const member = rest.find(({ path }) => path.includes('set-nic'));
  expect(member?.path).toContain(
    '/virtualMachineScaleSets/set/virtualMachines/3/networkInterfaces/set-nic?$expand=IPConf',
  );
});

test('one resource group of the cloud of a government', async () => {
  const { running, server } = await discover(
    `${OAUTH}, resource_group: mine, environment: AzureUSGovernment`,
    subscription({}, false),
  );
  // The next page that is answered lies in another cloud: the token is not taken there.
  expect(await running.problem((text) => text !== null)).toMatch(
    /^azure: the next page of .*\/virtualMachines is elsewhere$/,
  );
  expect(server.asked[0].host).toBe('login.microsoftonline.us');
  expect(server.asked[1].host).toBe('management.usgovcloudapi.net');
  expect(server.asked[1].path).toMatch(/^\/subscriptions\/S\/resourceGroups\/mine\/providers\//);
});

test('an interface that is gone takes its machine along and is told; addresses are not asked for each time', async () => {
  const { running, server } = await discover(
    `${OAUTH}, refresh_interval: 10ms`,
    subscription({ ...INTERFACES, first: undefined }),
  );
  expect(flat(await running.groups()).map((each) => each.__meta_azure_machine_name)).toEqual(['web', 'set_3']);
  expect(await running.problem((text) => text !== null)).toBe(
    `azure: network interface ${NICS}/first of db does not exist`,
  );
  const before = running.updates();
  await running.groups(() => running.updates() > before + 1);
  expect(server.asked.filter(({ path }) => path.includes('/web-nic?'))).toHaveLength(1);
});

test('a managed identity, of the machine and of an app service', async () => {
  const ofMachine = await discover(
    'subscription_id: S, authentication_method: ManagedIdentity, client_id: C',
    subscription(INTERFACES),
  );
  await ofMachine.running.groups();
  const [asked] = ofMachine.server.asked;
  const url = new URL(asked.path, 'http://x');
  expect([asked.host, url.pathname]).toEqual(['169.254.169.254', '/metadata/identity/oauth2/token']);
  expect(Object.fromEntries(url.searchParams)).toEqual({
    'api-version': '2018-02-01',
    resource: 'https://management.azure.com',
    client_id: 'C',
  });
  expect(asked.headers.metadata).toBe('true');

  const ofService = await discover(
    'subscription_id: S, authentication_method: ManagedIdentity',
    (request) =>
      request.host === 'localhost:4141'
        ? json({ access_token: 'of-service', expires_on: String(NOW / 1000 + 3600) })
        : subscription(INTERFACES)(request),
    { env: { IDENTITY_ENDPOINT: 'http://localhost:4141/msi/token', IDENTITY_HEADER: 'proof' } },
  );
  await ofService.running.groups();
  expect(ofService.server.asked[0].headers['x-identity-header']).toBe('proof');
  expect(ofService.server.asked[1].headers.authorization).toBe('Bearer of-service');
});

test('a workload identity gives the token of its file in exchange', async () => {
  const env = { AZURE_TENANT_ID: 'T2', AZURE_CLIENT_ID: 'C2', AZURE_FEDERATED_TOKEN_FILE: '/token' };
  const settings = 'subscription_id: S, authentication_method: WorkloadIdentity';
  const { running, server } = await discover(settings, subscription(INTERFACES), { env, files: { '/token': 'jwt\n' } });
  await running.groups();
  expect(server.asked[0].path).toBe('/T2/oauth2/v2.0/token');
  expect(server.asked[0].form.get('client_assertion')).toBe('jwt');
  const missing = await discover(settings, subscription(INTERFACES), { env });
  expect(await missing.running.problem((text) => text !== null)).toContain('/token, does not exist');
});

test('SDK: the environment first, at last the login of the command line', async () => {
  const settings = 'subscription_id: S, tenant_id: T, authentication_method: SDK';
  const env = { AZURE_TENANT_ID: 'T3', AZURE_CLIENT_ID: 'C3', AZURE_CLIENT_SECRET: 'E' };
  const byEnvironment = await discover(settings, subscription(INTERFACES), { env });
  await byEnvironment.running.groups();
  expect(byEnvironment.server.asked[0].form.get('client_secret')).toBe('E');

  const ran: string[] = [];
  const beyond = (request: CloudRequest): CloudAnswer =>
    request.path.includes('/metadata/') ? { status: 404, text: '' } : subscription(INTERFACES)(request);
  const byLogin = await discover(
    settings,
    beyond,
    {},
    {
      run(command, args) {
        ran.push([command, ...args].join(' '));
        return Promise.resolve(JSON.stringify({ accessToken: 'of-login', expires_on: NOW / 1000 + 3600 }));
      },
    },
  );
  await byLogin.running.groups();
  expect(ran).toEqual(['az account get-access-token --output json --resource https://management.azure.com --tenant T']);
  expect(byLogin.server.asked.at(-1)?.headers.authorization).toBe('Bearer of-login');

  const nothing = await discover(settings, beyond);
  const problem = await nothing.running.problem((text) => text !== null);
  expect(problem).toMatch(
    /^azure: no way to log in to Azure: AZURE_TENANT_ID is not set; .*managed identity.*; az is not/,
  );
});

test('what is refused is told, and no secret with it', async () => {
  const refused = await discover(OAUTH, ({ path }) =>
    path.includes('/oauth2/') ? json({ error: 'invalid_client', error_description: 'AADSTS7000215' }, 401) : json({}),
  );
  const login = await refused.running.problem((text) => text !== null);
  expect(login).toMatch(/^azure: .*\/T\/oauth2\/v2.0\/token answered with status 401: .*AADSTS7000215/);
  expect(login).not.toContain('secret-of-client');
  const forbidden = await discover(OAUTH, (request) =>
    request.path.includes('/oauth2/') ? token() : json({ error: { code: 'AuthorizationFailed' } }, 403),
  );
  const problem = await forbidden.running.problem((text) => text !== null);
  expect(problem).toMatch(/\/virtualMachines answered with status 403: .*AuthorizationFailed/);
  expect(problem).not.toContain('given-token');
  const strange = await discover(`${OAUTH}, environment: AzureMoon`, () => json({}));
  expect(await strange.running.problem((text) => text !== null)).toBe(
    'azure: there is no cloud of Azure called AzureMoon',
  );
});
