import { afterEach, expect, test } from 'vitest';
import { isSigned } from './aws-signature.ts';
import { cloudStandIn, NOW, type CloudAnswer, type CloudRequest, type CloudStandIn } from './cloud-stand-in.ts';
import { addresses, configured, flat, run, type Running } from './stand-in.ts';

const open: { stop(): Promise<void> }[] = [];
afterEach(async () => {
  for (const each of open.splice(0)) await each.stop();
});

async function discover(
  yaml: string,
  answer: (request: CloudRequest) => CloudAnswer,
  place: Parameters<typeof cloudStandIn>[1] = {},
  change: Parameters<typeof run>[1] = {},
): Promise<{ readonly running: Running; readonly server: CloudStandIn }> {
  const server = await cloudStandIn(answer, place);
  const running = run(configured(yaml), { ...server.deps, ...change });
  open.push(running, { stop: () => server.close() });
  return { running, server };
}

const KEYS = 'region: eu-west-1, access_key: AKID, secret_key: SECRET';

const ZONES = `<DescribeAvailabilityZonesResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><availabilityZoneInfo>
  <item><zoneName>eu-west-1a</zoneName><zoneId>euw1-az2</zoneId></item></availabilityZoneInfo></DescribeAvailabilityZonesResponse>`;

const instances = (reservations: string, nextToken = ''): string =>
  `<?xml version="1.0" encoding="UTF-8"?><DescribeInstancesResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/">
  <reservationSet>${reservations}</reservationSet>${nextToken && `<nextToken>${nextToken}</nextToken>`}</DescribeInstancesResponse>`;

const WEB = `<item><ownerId>1234</ownerId><instancesSet><item>
  <instanceId>i-1</instanceId><imageId>ami-1</imageId><instanceState><code>16</code><name>running</name></instanceState>
  <privateDnsName>ip-10-0-0-1</privateDnsName><dnsName>ec2-1.example</dnsName><instanceType>t3.micro</instanceType>
  <placement><availabilityZone>eu-west-1a</availabilityZone><tenancy>default</tenancy></placement><platform>windows</platform>
  <subnetId>subnet-1</subnetId><vpcId>vpc-1</vpcId><privateIpAddress>10.0.0.1</privateIpAddress><ipAddress>34.1.1.1</ipAddress>
  <architecture>x86_64</architecture><instanceLifecycle>spot</instanceLifecycle>
  <tagSet><item><key>Name</key><value>web &amp; more</value></item><item><key>my:team</key><value>a</value></item></tagSet>
  <networkInterfaceSet>
    <item><subnetId>subnet-1</subnetId><attachment><deviceIndex>0</deviceIndex></attachment>
      <ipv6AddressesSet><item><ipv6Address>2001:db8::1</ipv6Address><isPrimaryIpv6>false</isPrimaryIpv6></item></ipv6AddressesSet></item>
    <item><subnetId>subnet-1</subnetId><attachment><deviceIndex>1</deviceIndex></attachment>
      <ipv6AddressesSet><item><ipv6Address>2001:db8::2</ipv6Address><isPrimaryIpv6>true</isPrimaryIpv6></item></ipv6AddressesSet></item>
    <item><subnetId>subnet-2</subnetId><attachment><deviceIndex>2</deviceIndex></attachment></item>
  </networkInterfaceSet></item></instancesSet></item>`;

/** Stopped and outside a network; and one that was terminated and has no address. */
const OTHERS = `<item><ownerId>1234</ownerId><instancesSet>
  <item><instanceId>i-2</instanceId><imageId>ami-1</imageId><instanceState><name>stopped</name></instanceState><instanceType>t3.nano</instanceType>
    <dnsName/><placement><availabilityZone>eu-west-1b</availabilityZone></placement><privateIpAddress>10.0.0.2</privateIpAddress></item>
  <item><instanceId>i-3</instanceId><instanceState><name>terminated</name></instanceState></item></instancesSet></item>`;

const ec2 = (request: CloudRequest): CloudAnswer =>
  request.form.get('Action') === 'DescribeAvailabilityZones'
    ? { text: ZONES }
    : { text: request.form.has('NextToken') ? instances(OTHERS) : instances(WEB, 'more') };

test('EC2 instances, page by page, asked with filters and a signature', async () => {
  const { running, server } = await discover(
    `ec2_sd_configs: [{ ${KEYS}, port: 9100, filters: [{ name: 'tag:env', values: [prod, test] }] }]`,
    ec2,
  );
  expect(flat(await running.groups())).toEqual([
    {
      __address__: '10.0.0.1:9100',
      __meta_ec2_ami: 'ami-1',
      __meta_ec2_architecture: 'x86_64',
      __meta_ec2_availability_zone: 'eu-west-1a',
      __meta_ec2_default_ipv6_address: '2001:db8::2',
      __meta_ec2_availability_zone_id: 'euw1-az2',
      __meta_ec2_instance_id: 'i-1',
      __meta_ec2_instance_lifecycle: 'spot',
      __meta_ec2_instance_state: 'running',
      __meta_ec2_instance_type: 't3.micro',
      __meta_ec2_ipv6_addresses: ',2001:db8::1,2001:db8::2,',
      __meta_ec2_owner_id: '1234',
      __meta_ec2_platform: 'windows',
      __meta_ec2_primary_ipv6_addresses: ',,2001:db8::2,',
      __meta_ec2_primary_subnet_id: 'subnet-1',
      __meta_ec2_private_dns_name: 'ip-10-0-0-1',
      __meta_ec2_private_ip: '10.0.0.1',
      __meta_ec2_public_dns_name: 'ec2-1.example',
      __meta_ec2_public_ip: '34.1.1.1',
      __meta_ec2_region: 'eu-west-1',
      __meta_ec2_subnet_id: ',subnet-1,subnet-2,',
      __meta_ec2_tag_Name: 'web & more',
      __meta_ec2_tag_my_team: 'a',
      __meta_ec2_vpc_id: 'vpc-1',
    },
    {
      __address__: '10.0.0.2:9100',
      __meta_ec2_ami: 'ami-1',
      __meta_ec2_availability_zone: 'eu-west-1b',
      __meta_ec2_instance_id: 'i-2',
      __meta_ec2_instance_state: 'stopped',
      __meta_ec2_instance_type: 't3.nano',
      __meta_ec2_owner_id: '1234',
      __meta_ec2_private_ip: '10.0.0.2',
      __meta_ec2_region: 'eu-west-1',
    },
  ]);
  const pages = server.asked.filter(({ form }) => form.get('Action') === 'DescribeInstances');
  expect(pages.map(({ form }) => form.get('NextToken'))).toEqual([null, 'more']);
  expect(pages[1].form.get('Filter.1.Name')).toBe('tag:env');
  expect(pages[1].form.get('Filter.1.Value.2')).toBe('test');
  expect(server.asked.map((request) => [request.host, isSigned(request, 'SECRET')])).toEqual(
    server.asked.map(() => ['ec2.eu-west-1.amazonaws.com', true]),
  );
  expect(isSigned(pages[0], 'another')).toBe(false);
});

test('an instance without an IPv4 address is reached by its IPv6 one', async () => {
  const only6 = `<item><instancesSet><item><instanceId>i-6</instanceId><vpcId>vpc-1</vpcId><subnetId>subnet-1</subnetId>
    <networkInterfaceSet><item><subnetId>subnet-1</subnetId>
      <ipv6AddressesSet><item><ipv6Address>2001:db8::6</ipv6Address></item></ipv6AddressesSet></item></networkInterfaceSet>
    </item></instancesSet></item>`;
  const { running } = await discover(`ec2_sd_configs: [{ ${KEYS} }]`, (request) =>
    request.form.get('Action') === 'DescribeInstances' ? { text: instances(only6) } : { text: ZONES },
  );
  const [found] = flat(await running.groups());
  expect([found.__address__, found.__meta_ec2_default_ipv6_address]).toEqual(['[2001:db8::6]:80', '2001:db8::6']);
});

test('aws_sd_configs is what its role names; a role that is not there is told', async () => {
  const { running } = await discover(`aws_sd_configs: [{ role: ec2, ${KEYS}, port: 9100 }]`, ec2);
  expect(addresses(await running.groups())).toEqual(['10.0.0.1:9100', '10.0.0.2:9100']);
  const other = await discover(`aws_sd_configs: [{ role: msk, ${KEYS} }]`, ec2);
  expect(await other.running.problem((text) => text !== null)).toMatch(
    /^aws_sd_configs with role msk is not supported: /,
  );
});

test('without the right to ask for zones, instances are found and the job says what is missing', async () => {
  const denied =
    '<Response><Errors><Error><Code>UnauthorizedOperation</Code><Message>no</Message></Error></Errors></Response>';
  const { running } = await discover(`ec2_sd_configs: [{ ${KEYS} }]`, (request) =>
    request.form.get('Action') === 'DescribeInstances' ? { text: instances(OTHERS) } : { status: 403, text: denied },
  );
  expect(addresses(await running.groups())).toEqual(['10.0.0.2:80']);
  expect(await running.problem((text) => text !== null)).toBe(
    'ec2: availability zone ids are unknown: DescribeAvailabilityZones answered with status 403 UnauthorizedOperation: no',
  );
});

test('a refusal is told with code and message, without the key', async () => {
  const text =
    '<Response><Errors><Error><Code>AuthFailure</Code><Message>AWS was not able to validate it</Message></Error></Errors></Response>';
  const { running } = await discover(`ec2_sd_configs: [{ ${KEYS} }]`, () => ({ status: 401, text }));
  expect(await running.problem((text) => text !== null)).toBe(
    'ec2: DescribeInstances answered with status 401 AuthFailure: AWS was not able to validate it',
  );
});

const expiration = new Date(NOW + 3_600_000).toISOString();
const assumed = (action: string): string =>
  `<${action}Response><${action}Result><Credentials><AccessKeyId>ASIA</AccessKeyId><SecretAccessKey>ROLE</SecretAccessKey>
  <SessionToken>tok</SessionToken><Expiration>${expiration}</Expiration></Credentials></${action}Result></${action}Response>`;

test('a role is taken on with the external id, by the keys of the environment', async () => {
  const { running, server } = await discover(
    `ec2_sd_configs: [{ region: cn-north-1, role_arn: 'arn:aws:iam::1:role/r', external_id: ex }]`,
    (request) => (request.host.startsWith('sts.') ? { text: assumed('AssumeRole') } : ec2(request)),
    { env: { AWS_ACCESS_KEY_ID: 'AKENV', AWS_SECRET_ACCESS_KEY: 'ENV' } },
  );
  await running.groups();
  const [sts, first] = server.asked;
  expect(sts.host).toBe('sts.cn-north-1.amazonaws.com.cn');
  expect(isSigned(sts, 'ENV')).toBe(true);
  expect([sts.form.get('RoleArn'), sts.form.get('ExternalId')]).toEqual(['arn:aws:iam::1:role/r', 'ex']);
  expect(first.headers['x-amz-security-token']).toBe('tok');
  expect(isSigned(first, 'ROLE')).toBe(true);
});

test("the job's profile beats the environment; it gives region, role and where the role's keys are", async () => {
  const { running, server } = await discover(
    `ec2_sd_configs: [{ profile: prod }]`,
    (request) => (request.host.startsWith('sts.') ? { text: assumed('AssumeRole') } : ec2(request)),
    {
      env: { HOME: '/h', AWS_ACCESS_KEY_ID: 'AKENV', AWS_SECRET_ACCESS_KEY: 'ENV' },
      files: {
        '/h/.aws/config': '[profile prod]\nregion = us-east-2 # Ohio\nrole_arn = arn:r\nsource_profile = base\n',
        '/h/.aws/credentials':
          '[default]\naws_access_key_id=x\n[base]\naws_access_key_id = AK\naws_secret_access_key = FILE\n',
      },
    },
  );
  await running.groups();
  expect(server.asked[0].host).toBe('sts.us-east-2.amazonaws.com');
  expect(isSigned(server.asked[0], 'FILE')).toBe(true);
  expect(isSigned(server.asked[1], 'ROLE')).toBe(true);
});

test('a profile may have its keys from a program, or from a login in the browser', async () => {
  const config = `[profile p]\nregion=eu-west-1\ncredential_process = "/opt/my keys/get" --for 'a b' c\n[profile s]\nregion=eu-west-1\nsso_session = x\n`;
  const ran: (readonly string[])[] = [];
  const programs = {
    run(command: string, args: readonly string[]) {
      ran.push([command, ...args]);
      return Promise.resolve(JSON.stringify({ Version: 1, AccessKeyId: 'ASIA', SecretAccessKey: 'OF-PROGRAM' }));
    },
  };
  for (const profile of ['p', 's']) {
    const place = { env: { HOME: '/h' }, files: { '/h/.aws/config': config } };
    const { running, server } = await discover(`ec2_sd_configs: [{ profile: ${profile} }]`, ec2, place, { programs });
    await running.groups();
    expect(server.asked.every((request) => isSigned(request, 'OF-PROGRAM'))).toBe(true);
  }
  expect(ran).toEqual([
    ['/opt/my keys/get', '--for', 'a b', 'c'],
    ['aws', 'configure', 'export-credentials', '--format', 'process', '--profile', 's'],
  ]);
});

test('a web identity, as Kubernetes gives it, is exchanged for keys', async () => {
  const { running, server } = await discover(
    `ec2_sd_configs: [{ }]`,
    (request) => (request.host.startsWith('sts.') ? { text: assumed('AssumeRoleWithWebIdentity') } : ec2(request)),
    {
      env: { AWS_REGION: 'eu-west-1', AWS_WEB_IDENTITY_TOKEN_FILE: '/t', AWS_ROLE_ARN: 'arn:r' },
      files: { '/t': 'jwt\n' },
    },
  );
  await running.groups();
  expect(server.asked[0].form.get('WebIdentityToken')).toBe('jwt');
  expect(server.asked[0].headers.authorization).toBeUndefined();
  expect(isSigned(server.asked[1], 'ROLE')).toBe(true);
});

test('region and keys come from the metadata of the machine, by a session token', async () => {
  const { running, server } = await discover(`ec2_sd_configs: [{ }]`, (request) => {
    if (request.host !== '169.254.169.254') return ec2(request);
    if (request.method === 'PUT') return { text: 'session' };
    if (request.headers['x-aws-ec2-metadata-token'] !== 'session') return { status: 401, text: '' };
    if (request.path.endsWith('/placement/region')) return { text: 'eu-north-1' };
    if (request.path.endsWith('/security-credentials/')) return { text: 'my-role' };
    const keys = { AccessKeyId: 'ASIA', SecretAccessKey: 'META', Token: 'tok', Expiration: expiration };
    return { text: JSON.stringify(keys) };
  });
  await running.groups();
  const asked = server.asked.filter(({ host }) => host === 'ec2.eu-north-1.amazonaws.com');
  expect(asked).toHaveLength(3);
  expect(asked.every((request) => isSigned(request, 'META'))).toBe(true);
});

test('without credentials anywhere the job says where they were looked for', async () => {
  const { running } = await discover(`ec2_sd_configs: [{ region: eu-west-1 }]`, () => ({ status: 404, text: '' }));
  expect(await running.problem((text) => text !== null)).toMatch(
    /^ec2: no credentials in the job, the environment, the shared files or the metadata of this machine/,
  );
});

test('Lightsail instances, page by page', async () => {
  const instance = {
    name: 'blog',
    blueprintId: 'wordpress',
    bundleId: 'nano_2_0',
    supportCode: '1/i-1',
    privateIpAddress: '172.26.1.1',
    publicIpAddress: '3.1.1.1',
    ipv6Addresses: ['2001:db8::9'],
    location: { availabilityZone: 'eu-west-1a', regionName: 'eu-west-1' },
    state: { code: 16, name: 'running' },
    tags: [{ key: 'env', value: 'prod' }, { key: 'flag' }],
  };
  const { running, server } = await discover(
    `lightsail_sd_configs: [{ ${KEYS}, endpoint: lightsail.test }]`,
    (request) => ({
      text: JSON.stringify(
        request.body === '{}'
          ? { instances: [instance], nextPageToken: 'n' }
          : { instances: [{ name: 'without address' }] },
      ),
    }),
  );
  expect(flat(await running.groups())).toEqual([
    {
      __address__: '172.26.1.1:80',
      __meta_lightsail_availability_zone: 'eu-west-1a',
      __meta_lightsail_blueprint_id: 'wordpress',
      __meta_lightsail_bundle_id: 'nano_2_0',
      __meta_lightsail_instance_name: 'blog',
      __meta_lightsail_instance_state: 'running',
      __meta_lightsail_instance_support_code: '1/i-1',
      __meta_lightsail_ipv6_addresses: ',2001:db8::9,',
      __meta_lightsail_private_ip: '172.26.1.1',
      __meta_lightsail_public_ip: '3.1.1.1',
      __meta_lightsail_region: 'eu-west-1',
      __meta_lightsail_tag_env: 'prod',
    },
  ]);
  expect(server.asked.map(({ host, body }) => [host, body])).toEqual([
    ['lightsail.test', '{}'],
    ['lightsail.test', '{"pageToken":"n"}'],
  ]);
  expect(server.asked.every((request) => isSigned(request, 'SECRET'))).toBe(true);
});
