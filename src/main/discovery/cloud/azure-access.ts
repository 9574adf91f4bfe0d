import { z } from 'zod';
import type { Millis } from '#shared/model/index.ts';
import type { DiscoveryOptions } from '#main/config/index.ts';
import { PLAIN_HTTP, type HttpClient } from '#main/http/index.ts';
import type { DiscoveryDeps } from '../contract.ts';
import { getJson } from '../json-api.ts';
import { BearerToken, tokenAnswer, tokenByForm, type TokenAnswer } from './bearer-token.ts';

/** One of Azure's clouds: where one logs in, and where its resources are asked for. */
export interface AzureCloud {
  readonly login: string;
  readonly management: string;
}

const PUBLIC: AzureCloud = { login: 'https://login.microsoftonline.com', management: 'https://management.azure.com' };
const CHINA: AzureCloud = {
  login: 'https://login.chinacloudapi.cn',
  management: 'https://management.chinacloudapi.cn',
};
const GOVERNMENT: AzureCloud = {
  login: 'https://login.microsoftonline.us',
  management: 'https://management.usgovcloudapi.net',
};

/** By the name in the configuration, in any case. Germany's own cloud was closed; its name stands for the public one. */
const CLOUDS: Readonly<Record<string, AzureCloud>> = {
  AZURECHINACLOUD: CHINA,
  AZURECLOUD: PUBLIC,
  AZUREGERMANCLOUD: PUBLIC,
  AZUREPUBLICCLOUD: PUBLIC,
  AZUREUSGOVERNMENT: GOVERNMENT,
  AZUREUSGOVERNMENTCLOUD: GOVERNMENT,
};

/** @throws Error for a name that no cloud has */
export function azureCloud(name: string): AzureCloud {
  const cloud = CLOUDS[name.toUpperCase()];
  if (cloud === undefined) throw new Error(`there is no cloud of Azure called ${name}`);
  return cloud;
}

const METADATA = 'http://169.254.169.254/metadata/identity/oauth2/token';
/** Beyond the cloud nobody answers there. */
const METADATA_TIMEOUT: Millis = 2000;
const ASSERTION = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

type Options = DiscoveryOptions<'azure'>;
type Login = (signal: AbortSignal) => Promise<TokenAnswer>;

/** Logs in to Azure as the job's `authentication_method` says. */
export class AzureAccess {
  readonly #client: HttpClient;
  readonly #token: BearerToken;

  constructor(options: Options, cloud: AzureCloud, deps: DiscoveryDeps) {
    // None of the job's own credentials go to those who give out tokens.
    const client = deps.http({ ...PLAIN_HTTP, tls: options.http.tls, proxy: options.http.proxy });
    this.#client = client;
    this.#token = new BearerToken(new Logins(options, cloud, deps, client).chosen(), () => deps.now());
  }

  /** The headers of a request that may ask for resources. @throws Error that says which ways were tried */
  headers(signal: AbortSignal): Promise<Readonly<Record<string, string>>> {
    return this.#token.headers(signal);
  }

  close(): Promise<void> {
    return this.#client.close();
  }
}

class Logins {
  readonly #options: Options;
  readonly #cloud: AzureCloud;
  readonly #deps: DiscoveryDeps;
  readonly #client: HttpClient;

  constructor(options: Options, cloud: AzureCloud, deps: DiscoveryDeps, client: HttpClient) {
    this.#options = options;
    this.#cloud = cloud;
    this.#deps = deps;
    this.#client = client;
  }

  chosen(): Login {
    switch (this.#options.authenticationMethod) {
      case 'WorkloadIdentity':
        return (signal) => this.#workloadIdentity(signal);
      case 'ManagedIdentity':
        return (signal) => this.#managedIdentity(this.#options.clientId, signal);
      case 'SDK':
        return (signal) => this.#anyWay(signal);
      default:
        return (signal) => this.#clientSecret(signal);
    }
  }

  async #clientSecret(signal: AbortSignal): Promise<TokenAnswer> {
    const { tenantId, clientId, clientSecret } = this.#options;
    return this.#form(tenantId, clientId, { client_secret: await this.#deps.resolveSecret(clientSecret) }, signal);
  }

  /** The token that the cluster (or a pipeline) put into a file, given in exchange. */
  async #workloadIdentity(signal: AbortSignal): Promise<TokenAnswer> {
    const tenant = this.#needed('AZURE_TENANT_ID');
    const client = this.#needed('AZURE_CLIENT_ID');
    const file = this.#needed('AZURE_FEDERATED_TOKEN_FILE');
    const assertion = await this.#deps.files.read(file);
    if (assertion === null) throw new Error(`the file of AZURE_FEDERATED_TOKEN_FILE, ${file}, does not exist`);
    return this.#form(tenant, client, { client_assertion_type: ASSERTION, client_assertion: assertion.trim() }, signal);
  }

  /** The identity of the machine, or of the app service, that this runs on. */
  async #managedIdentity(clientId: string, signal: AbortSignal): Promise<TokenAnswer> {
    const { IDENTITY_ENDPOINT: endpoint = '', IDENTITY_HEADER: header = '' } = this.#deps.env;
    const ofService = endpoint !== '' && header !== '';
    const url = new URL(ofService ? endpoint : METADATA);
    url.searchParams.set('api-version', ofService ? '2019-08-01' : '2018-02-01');
    url.searchParams.set('resource', this.#cloud.management);
    if (clientId !== '') url.searchParams.set('client_id', clientId);
    const headers: Record<string, string> = ofService ? { 'x-identity-header': header } : { metadata: 'true' };
    const request = { url: url.href, headers, signal, ...(ofService ? {} : { timeout: METADATA_TIMEOUT }) };
    try {
      if (!ofService) return (await getJson(this.#client, request, tokenAnswer)).value;
      const { access_token, expires_on } = (await getJson(this.#client, request, serviceToken)).value;
      return { access_token, expires_in: this.#secondsUntil(expires_on) };
    } catch (error) {
      throw new Error(`no managed identity of this machine: ${(error as Error).message}`, { cause: error });
    }
  }

  /** What the Azure SDKs try by default, in their order. */
  async #anyWay(signal: AbortSignal): Promise<TokenAnswer> {
    const { env } = this.#deps;
    const ways: readonly Login[] = [
      (by) =>
        this.#form(
          this.#needed('AZURE_TENANT_ID'),
          this.#needed('AZURE_CLIENT_ID'),
          { client_secret: this.#needed('AZURE_CLIENT_SECRET') },
          by,
        ),
      (by) => this.#workloadIdentity(by),
      (by) => this.#managedIdentity(env.AZURE_CLIENT_ID ?? '', by),
      (by) => this.#commandLine(by),
    ];
    const failures: string[] = [];
    for (const way of ways)
      try {
        return await way(signal);
      } catch (error) {
        if (signal.aborted) throw error;
        failures.push((error as Error).message);
      }
    throw new Error(`no way to log in to Azure: ${failures.join('; ')}`);
  }

  /** The login that a person made with `az login`. */
  async #commandLine(signal: AbortSignal): Promise<TokenAnswer> {
    const { tenantId } = this.#options;
    const args = ['account', 'get-access-token', '--output', 'json', '--resource', this.#cloud.management];
    if (tenantId !== '') args.push('--tenant', tenantId);
    const said = await this.#deps.programs.run('az', args, { signal });
    let value: unknown;
    try {
      value = JSON.parse(said);
    } catch (error) {
      throw new Error('az answered with no JSON', { cause: error });
    }
    const parsed = commandLineToken.safeParse(value);
    if (!parsed.success) throw new Error('az answered without a token');
    return { access_token: parsed.data.accessToken, expires_in: this.#secondsUntil(parsed.data.expires_on) };
  }

  #form(tenant: string, client: string, proof: Readonly<Record<string, string>>, signal: AbortSignal) {
    const host = (this.#deps.env.AZURE_AUTHORITY_HOST ?? this.#cloud.login).replace(/\/+$/, '');
    return tokenByForm(
      this.#client,
      `${host}/${encodeURIComponent(tenant)}/oauth2/v2.0/token`,
      {
        grant_type: 'client_credentials',
        client_id: client,
        scope: `${this.#cloud.management}/.default`,
        ...proof,
      },
      signal,
    );
  }

  #secondsUntil(epochSeconds: number): number {
    return epochSeconds - this.#deps.now() / 1000;
  }

  #needed(name: string): string {
    const value = this.#deps.env[name] ?? '';
    if (value === '') throw new Error(`${name} is not set`);
    return value;
  }
}

/** An app service and the command line tell the moment instead of the seconds left; older command lines only as local time. */
const serviceToken = z.object({ access_token: z.string(), expires_on: z.coerce.number() });
const commandLineToken = z.object({ accessToken: z.string(), expires_on: z.coerce.number().default(0) });
