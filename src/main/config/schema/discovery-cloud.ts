import { formatDuration, quoteGo } from '#shared/model/index.ts';
import { list } from '../decode/decoder.ts';
import { bool, int, oneOf, secret, string } from '../decode/scalars.ts';
import { field, struct } from '../decode/struct.ts';
import { awsFields, inlineHttp, nameValuesFilter, port, refresh, refuseWhere } from './discovery-common.ts';
import { tlsConfig } from './http-client.ts';
import { httpUrlProblem, urlProblem } from './url.ts';

const common = { refresh_interval: refresh(60_000), port: port() };

const AWS_ROLES = ['ec2', 'ecs', 'elasticache', 'lightsail', 'msk', 'rds'] as const;

export const awsSd = struct({
  type: 'aws.plain',
  inline: inlineHttp,
  fields: {
    ...awsFields,
    ...common,
    role: field(oneOf(AWS_ROLES, (text) => `unknown AWS SD role ${quoteGo(text)}`)),
    filters: field(list(nameValuesFilter)),
    clusters: field(list(string)),
  },
  check({ role }, refuse) {
    if (role === '') refuse('unknown AWS SD role ""', 'role');
  },
});

export const ec2Sd = struct({
  type: 'aws.plain',
  inline: inlineHttp,
  fields: { ...awsFields, ...common, filters: field(list(nameValuesFilter)) },
  check({ filters }, refuse) {
    if (filters.some((filter) => filter.values.length === 0))
      refuse('EC2 SD configuration filter values cannot be empty', 'filters');
  },
});

export const lightsailSd = struct({ type: 'aws.plain', inline: inlineHttp, fields: { ...awsFields, ...common } });

function awsClusters(requestConcurrency: number) {
  return {
    ...awsFields,
    ...common,
    clusters: field(list(string)),
    request_concurrency: field(int, requestConcurrency),
  };
}

export const ecsSd = struct({ type: 'aws.plain', inline: inlineHttp, fields: awsClusters(20) });
export const elasticacheSd = struct({ type: 'aws.plain', inline: inlineHttp, fields: awsClusters(10) });
export const mskSd = struct({ type: 'aws.plain', inline: inlineHttp, fields: awsClusters(10) });
export const rdsSd = struct({
  type: 'aws.plain',
  inline: inlineHttp,
  fields: { ...awsClusters(10), filters: field(list(nameValuesFilter)) },
});

const AZURE_METHODS = ['OAuth', 'ManagedIdentity', 'SDK', 'WorkloadIdentity'];

export const azureSd = struct({
  type: 'azure.plain',
  inline: inlineHttp,
  fields: {
    environment: field(string, 'AzurePublicCloud'),
    port: port(),
    subscription_id: field(string),
    tenant_id: field(string),
    client_id: field(string),
    client_secret: field(secret),
    refresh_interval: refresh(300_000),
    authentication_method: field(string, 'OAuth'),
    resource_group: field(string),
  },
  check(azure, refuse) {
    const oauth = azure.authenticationMethod === 'OAuth';
    const needs = (name: string): string => `azure SD configuration requires a ${name}`;
    refuseWhere(
      refuse,
      [azure.subscriptionId === '', needs('subscription_id'), 'subscription_id'],
      [oauth && azure.tenantId === '', needs('tenant_id'), 'tenant_id'],
      [oauth && azure.clientId === '', needs('client_id'), 'client_id'],
      [oauth && azure.clientSecret === '', needs('client_secret'), 'client_secret'],
      [
        !AZURE_METHODS.includes(azure.authenticationMethod),
        `unknown authentication_type ${quoteGo(azure.authenticationMethod)}. Supported types are "OAuth", "ManagedIdentity", "SDK" or "WorkloadIdentity"`,
        'authentication_method',
      ],
    );
  },
});

export const digitaloceanSd = struct({
  type: 'digitalocean.plain',
  inline: inlineHttp,
  fields: {
    ...common,
    role: field(
      oneOf(['droplets', 'databases'] as const, (text) => `unknown DigitalOcean SD role ${quoteGo(text)}`),
      'droplets',
    ),
  },
  check({ role }, refuse) {
    if (role === '') refuse('role missing (one of: droplets, databases)', 'role');
  },
});

export const gceSd = struct({
  type: 'gce.plain',
  fields: {
    ...common,
    project: field(string),
    zone: field(string),
    filter: field(string),
    tag_separator: field(string, ','),
  },
  check({ project, zone }, refuse) {
    if (project === '') refuse('GCE SD configuration requires a project', 'project');
    if (zone === '') refuse('GCE SD configuration requires a zone', 'zone');
  },
});

export const hetznerSd = struct({
  type: 'hetzner.plain',
  inline: inlineHttp,
  fields: {
    ...common,
    role: field(oneOf(['robot', 'hcloud'] as const, (text) => `unknown role ${quoteGo(text)}`)),
    label_selector: field(string),
  },
  check({ role }, refuse) {
    if (role === '') refuse('role missing (one of: robot, hcloud)', 'role');
  },
});

export const ionosSd = struct({
  type: 'ionos.plain',
  inline: inlineHttp,
  fields: { ...common, datacenter_id: field(string) },
  check({ datacenterId }, refuse) {
    if (datacenterId === '') refuse("datacenter id can't be empty", 'datacenter_id');
  },
});

export const linodeSd = struct({
  type: 'linode.plain',
  inline: inlineHttp,
  fields: { ...common, tag_separator: field(string, ','), region: field(string) },
});

export const ociSd = struct({
  type: 'oci.plain',
  inline: inlineHttp,
  fields: {
    ...common,
    auth: field(string, 'api_key'),
    tenancy: field(string),
    user: field(string),
    fingerprint: field(string),
    key_file: field(string),
    key_passphrase: field(secret),
    key_passphrase_file: field(string),
    region: field(string),
    compartments: field(list(string)),
  },
  check(oci, refuse) {
    const keyed = oci.auth === 'api_key';
    const needs = (name: string): string => `oci_sd: api_key auth requires ${name}`;
    const credentials = [oci.tenancy, oci.user, oci.fingerprint, oci.keyFile, oci.keyPassphrase, oci.keyPassphraseFile];
    const emptyCompartment = oci.compartments.indexOf('');
    refuseWhere(
      refuse,
      [oci.region === '', 'oci_sd: region is required', 'region'],
      [keyed && oci.tenancy === '', needs('tenancy'), 'tenancy'],
      [keyed && oci.user === '', needs('user'), 'user'],
      [keyed && oci.fingerprint === '', needs('fingerprint'), 'fingerprint'],
      [keyed && oci.keyFile === '', needs('key_file'), 'key_file'],
      [
        keyed && oci.keyPassphrase !== '' && oci.keyPassphraseFile !== '',
        'oci_sd: at most one of key_passphrase and key_passphrase_file must be configured',
      ],
      [
        oci.auth === 'instance_principal' && credentials.some((text) => text !== ''),
        'oci_sd: instance_principal auth must not have tenancy, user, fingerprint, key_file, key_passphrase, or key_passphrase_file set',
      ],
      [
        !keyed && oci.auth !== 'instance_principal',
        `oci_sd: unknown auth method ${quoteGo(oci.auth)}, expected "api_key" or "instance_principal"`,
        'auth',
      ],
      [emptyCompartment >= 0, `oci_sd: compartments[${emptyCompartment}] must not be empty`, 'compartments'],
      [
        oci.refreshInterval <= 0,
        `oci_sd: refresh_interval must be positive, got ${formatDuration(oci.refreshInterval)}`,
        'refresh_interval',
      ],
    );
  },
});

export const openstackSd = struct({
  type: 'openstack.plain',
  fields: {
    ...common,
    identity_endpoint: field(string),
    username: field(string),
    userid: field(string),
    password: field(secret),
    project_name: field(string),
    project_id: field(string),
    domain_name: field(string),
    domain_id: field(string),
    application_credential_name: field(string),
    application_credential_id: field(string),
    application_credential_secret: field(secret),
    role: field(
      oneOf(
        ['hypervisor', 'instance', 'loadbalancer'] as const,
        (text) => `unknown OpenStack SD role ${quoteGo(text)}`,
      ),
    ),
    region: field(string),
    all_tenants: field(bool),
    tls_config: field(tlsConfig),
    availability: field(string, 'public'),
  },
  check(openstack, refuse) {
    refuseWhere(
      refuse,
      [
        !['public', 'internal', 'admin'].includes(openstack.availability),
        `unknown availability ${openstack.availability}, must be one of admin, internal or public`,
        'availability',
      ],
      [openstack.role === '', 'role missing (one of: instance, hypervisor, loadbalancer)', 'role'],
      [openstack.region === '', 'openstack SD configuration requires a region', 'region'],
    );
  },
});

export const outscaleSd = struct({
  type: 'outscale.plain',
  inline: inlineHttp,
  fields: {
    ...common,
    endpoint: field(string),
    region: field(string, 'eu-west-2'),
    access_key: field(string),
    secret_key: field(secret),
    secret_key_file: field(string),
  },
  check(outscale, refuse) {
    refuseWhere(
      refuse,
      [outscale.region === '', 'outscale SD configuration requires a region', 'region'],
      [outscale.accessKey === '', 'outscale SD configuration requires access_key', 'access_key'],
      ...secretKeyCases(outscale),
    );
  },
});

function secretKeyCases(value: { readonly secretKey: string; readonly secretKeyFile: string }) {
  const { secretKey, secretKeyFile } = value;
  return [
    [secretKey === '' && secretKeyFile === '', 'one of secret_key & secret_key_file must be configured'],
    [secretKey !== '' && secretKeyFile !== '', 'at most one of secret_key & secret_key_file must be configured'],
  ] as const;
}

export const ovhcloudSd = struct({
  type: 'ovhcloud.plain',
  fields: {
    endpoint: field(string, 'ovh-eu'),
    application_key: field(string),
    application_secret: field(secret),
    consumer_key: field(secret),
    refresh_interval: refresh(60_000),
    service: field(string),
  },
  check(ovh, refuse) {
    refuseWhere(
      refuse,
      [ovh.endpoint === '', 'endpoint can not be empty', 'endpoint'],
      [ovh.applicationKey === '', 'application key can not be empty', 'application_key'],
      [ovh.applicationSecret === '', 'application secret can not be empty', 'application_secret'],
      [ovh.consumerKey === '', 'consumer key can not be empty', 'consumer_key'],
      [!['dedicated_server', 'vps'].includes(ovh.service), `unknown service: ${ovh.service}`, 'service'],
    );
  },
});

export const puppetdbSd = struct({
  type: 'puppetdb.plain',
  inline: inlineHttp,
  fields: { ...common, url: field(string), query: field(string), include_parameters: field(bool) },
  check({ url, query }, refuse) {
    const problem = httpUrlProblem(url);
    if (problem !== null) refuse(problem, 'url');
    else if (query === '') refuse('query missing', 'query');
  },
});

export const scalewaySd = struct({
  type: 'scaleway.plain',
  inline: inlineHttp,
  fields: {
    ...common,
    project_id: field(string),
    api_url: field(string, 'https://api.scaleway.com'),
    zone: field(string, 'fr-par-1'),
    access_key: field(string),
    secret_key: field(secret),
    secret_key_file: field(string),
    name_filter: field(string),
    tags_filter: field(list(string)),
    role: field(oneOf(['instance', 'baremetal'] as const, (text) => `unknown role ${quoteGo(text)}`)),
  },
  check(scaleway, refuse) {
    refuseWhere(
      refuse,
      [scaleway.role === '', 'role missing (one of: instance, baremetal)', 'role'],
      [scaleway.projectId === '', 'project_id is mandatory', 'project_id'],
      ...secretKeyCases(scaleway),
      [scaleway.accessKey === '', 'access_key is mandatory', 'access_key'],
    );
  },
});

export const stackitSd = struct({
  type: 'stackit.plain',
  inline: inlineHttp,
  fields: {
    ...common,
    project: field(string),
    region: field(string, 'eu01'),
    endpoint: field(string),
    service_account_key: field(secret),
    private_key: field(secret),
    service_account_key_path: field(string),
    private_key_path: field(string),
    credentials_file_path: field(string),
  },
  check({ endpoint, region }, refuse) {
    if (endpoint === '' && region === '') refuse('stackit_sd: endpoint and region missing');
    const problem = urlProblem(endpoint);
    if (problem !== null) refuse(`stackit_sd: invalid endpoint ${quoteGo(endpoint)}: ${problem}`, 'endpoint');
  },
});

export const tritonSd = struct({
  type: 'triton.plain',
  fields: {
    account: field(string),
    role: field(string, 'container'),
    dns_suffix: field(string),
    endpoint: field(string),
    groups: field(list(string)),
    port: port(9163),
    refresh_interval: refresh(60_000),
    tls_config: field(tlsConfig),
    version: field(int, 1),
  },
  check(triton, refuse) {
    refuseWhere(
      refuse,
      [
        triton.role !== 'container' && triton.role !== 'cn',
        "triton SD configuration requires role to be 'container' or 'cn'",
        'role',
      ],
      [triton.account === '', 'triton SD configuration requires an account', 'account'],
      [triton.dnsSuffix === '', 'triton SD configuration requires a dns_suffix', 'dns_suffix'],
      [triton.endpoint === '', 'triton SD configuration requires an endpoint', 'endpoint'],
      [
        triton.refreshInterval <= 0,
        'triton SD configuration requires RefreshInterval to be a positive integer',
        'refresh_interval',
      ],
    );
  },
});

export const uyuniSd = struct({
  type: 'uyuni.plain',
  inline: inlineHttp,
  fields: {
    server: field(string),
    username: field(string),
    password: field(secret),
    entitlement: field(string, 'monitoring_entitled'),
    separator: field(string, ','),
    refresh_interval: refresh(60_000),
  },
  check(uyuni, refuse) {
    const urlRefusal = urlProblem(uyuni.server);
    refuseWhere(
      refuse,
      [uyuni.server === '', 'Uyuni SD configuration requires server host', 'server'],
      [urlRefusal !== null, `Uyuni Server URL is not valid: ${urlRefusal}`, 'server'],
      [uyuni.username === '', 'Uyuni SD configuration requires a username', 'username'],
      [uyuni.password === '', 'Uyuni SD configuration requires a password', 'password'],
    );
  },
});

export const vultrSd = struct({ type: 'vultr.plain', inline: inlineHttp, fields: common });
