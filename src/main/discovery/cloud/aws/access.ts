import { z } from 'zod';
import type { Millis } from '#shared/model/index.ts';
import type { DiscoveryOptions } from '#main/config/index.ts';
import { PLAIN_HTTP, type HttpClient } from '#main/http/index.ts';
import type { DiscoveryDeps } from '../../contract.ts';
import { getJson } from '../../json-api.ts';
import { readProfile, type Profile } from './profiles.ts';
import { domainOf, signedRequest, succeeded, type Keys } from './signed.ts';
import { at, parseXml, textAt, type Element } from './xml.ts';

interface Access {
  readonly region: string;
  readonly keys: Keys;
}

export type AwsOptions = Pick<
  DiscoveryOptions<'ec2'>,
  'region' | 'accessKey' | 'secretKey' | 'profile' | 'roleArn' | 'externalId' | 'http'
>;

interface Expiring {
  readonly keys: Keys;
  readonly expires: Millis;
}

const METADATA = 'http://169.254.169.254';
const CONTAINER = 'http://169.254.170.2';
/** Beyond a cloud nobody answers there. */
const METADATA_TIMEOUT: Millis = 2000;
const STS_TIMEOUT: Millis = 30_000;
/** Renewed this long before they expire. */
const EARLY: Millis = 5 * 60_000;
const SESSION = 'hearth';

const metadataKeys = z.object({
  AccessKeyId: z.string(),
  SecretAccessKey: z.string(),
  Token: z.string().default(''),
  Expiration: z.string(),
});

/** What a `credential_process` writes. */
const programKeys = z.object({
  Version: z.literal(1),
  AccessKeyId: z.string(),
  SecretAccessKey: z.string(),
  SessionToken: z.string().default(''),
  Expiration: z.string().nullish(),
});

/**
 * Finds region and keys in the order of Amazon's SDKs: the job's keys, its profile, the environment, a web identity, the default profile,
 * the container's and the machine's metadata; then takes on the job's role, if it names one.
 */
export class AwsAccess {
  readonly #options: AwsOptions;
  readonly #deps: DiscoveryDeps;
  /** None of the job's own credentials go to the services that give out keys. */
  readonly #sts: HttpClient;
  readonly #metadata: HttpClient;
  #region = '';
  #known: Expiring | null = null;

  constructor(options: AwsOptions, deps: DiscoveryDeps) {
    this.#options = options;
    this.#deps = deps;
    this.#sts = deps.http({ ...PLAIN_HTTP, tls: options.http.tls, proxy: options.http.proxy });
    this.#metadata = deps.http(PLAIN_HTTP);
  }

  /** @throws Error that names what was tried */
  async get(signal: AbortSignal): Promise<Access> {
    const { env } = this.#deps;
    const profile = await this.#profile();
    const configured =
      this.#options.region || env.AWS_REGION || env.AWS_DEFAULT_REGION || profile?.get('region') || this.#region;
    this.#region = configured === '' ? await this.#ownRegion(signal) : configured;
    const region = this.#region;
    if (this.#known !== null && this.#deps.now() < this.#known.expires - EARLY)
      return { region, keys: this.#known.keys };
    let found = await this.#base(profile, region, signal);
    const { roleArn, externalId } = this.#options;
    if (roleArn !== '') found = await this.#assume(found.keys, roleArn, externalId, region, signal);
    this.#known = found;
    return { region, keys: found.keys };
  }

  /** The next call asks for keys anew: those known were refused. */
  forget(): void {
    this.#known = null;
  }

  async close(): Promise<void> {
    await Promise.all([this.#sts.close(), this.#metadata.close()]);
  }

  async #profile(): Promise<Profile | null> {
    const named = this.#profileName();
    const profile = await readProfile(this.#deps, named);
    if (profile === null && named !== 'default')
      throw new Error(`profile ${named} is neither in the credentials file nor in the configuration file of AWS`);
    return profile;
  }

  #profileName(): string {
    return this.#options.profile || this.#deps.env.AWS_PROFILE || 'default';
  }

  async #base(profile: Profile | null, region: string, signal: AbortSignal): Promise<Expiring> {
    const { accessKey, secretKey } = this.#options;
    const { env } = this.#deps;
    if (accessKey !== '' || secretKey !== '') return lasting(accessKey, await this.#deps.resolveSecret(secretKey), '');
    if (this.#options.profile === '') {
      const { AWS_ACCESS_KEY_ID: id = '', AWS_SECRET_ACCESS_KEY: key = '', AWS_SESSION_TOKEN: token = '' } = env;
      if (id !== '' && key !== '') return lasting(id, key, token);
      const { AWS_WEB_IDENTITY_TOKEN_FILE: file = '', AWS_ROLE_ARN: role = '' } = env;
      if (file !== '' && role !== '') return this.#webIdentity(file, role, region, signal);
    }
    if (profile !== null) {
      const found = await this.#ofProfile(this.#profileName(), profile, region, signal, []);
      if (found !== null) return found;
    }
    return this.#ofMetadata(signal);
  }

  async #ofProfile(
    name: string,
    profile: Profile,
    region: string,
    signal: AbortSignal,
    sources: readonly string[],
  ): Promise<Expiring | null> {
    const role = profile.get('role_arn') ?? '';
    if (role !== '') {
      const file = profile.get('web_identity_token_file') ?? '';
      if (file !== '') return this.#webIdentity(file, role, region, signal);
      const source = profile.get('source_profile') ?? '';
      if (sources.includes(source)) throw new Error(`profile ${source} of AWS leads back to itself by source_profile`);
      const from = source === '' ? null : await readProfile(this.#deps, source);
      if (source !== '' && from === null) throw new Error(`source_profile ${source} of AWS does not exist`);
      const base =
        (from === null
          ? null
          : (keysOf(from) ?? (await this.#ofProfile(source, from, region, signal, [...sources, source])))) ??
        (await this.#ofMetadata(signal));
      return this.#assume(base.keys, role, profile.get('external_id') ?? '', region, signal);
    }
    const keys = keysOf(profile);
    if (keys !== null) return keys;
    const own = profile.get('credential_process') ?? '';
    if (own !== '') return this.#ofProgram(wordsOf(own), signal);
    // A login in the browser is kept by Amazon's command line, which gives the keys out.
    if (profile.has('sso_session') || profile.has('sso_start_url'))
      return this.#ofProgram(
        ['aws', 'configure', 'export-credentials', '--format', 'process', '--profile', name],
        signal,
      );
    return null;
  }

  async #ofProgram([command, ...args]: readonly string[], signal: AbortSignal): Promise<Expiring> {
    const output = await this.#deps.programs.run(command, args, { signal });
    const parsed = programKeys.safeParse(jsonOf(output));
    if (!parsed.success) throw new Error(`${command} gave no credentials that can be read`);
    const { AccessKeyId: id, SecretAccessKey: secret, SessionToken: token, Expiration: end } = parsed.data;
    return { keys: { id, secret, token }, expires: end ? Date.parse(end) : 0 };
  }

  async #ofMetadata(signal: AbortSignal): Promise<Expiring> {
    const { env } = this.#deps;
    const relative = env.AWS_CONTAINER_CREDENTIALS_RELATIVE_URI ?? '';
    const full = relative === '' ? (env.AWS_CONTAINER_CREDENTIALS_FULL_URI ?? '') : CONTAINER + relative;
    if (full !== '') {
      const file = env.AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE ?? '';
      const token = file === '' ? env.AWS_CONTAINER_AUTHORIZATION_TOKEN : await this.#deps.files.read(file);
      const headers: Record<string, string> = token ? { authorization: token.trim() } : {};
      return expiring((await getJson(this.#metadata, { url: full, headers, signal }, metadataKeys)).value);
    }
    const disabled = (env.AWS_EC2_METADATA_DISABLED ?? '').toLowerCase() === 'true';
    const nothing = 'no credentials in the job, the environment, the shared files or the metadata of this machine';
    if (disabled) throw new Error(nothing);
    try {
      const path = '/latest/meta-data/iam/security-credentials/';
      const role = (await this.#machine(path, signal)).split('\n')[0].trim();
      return expiring(metadataKeys.parse(JSON.parse(await this.#machine(path + role, signal))));
    } catch (error) {
      throw new Error(`${nothing} (${(error as Error).message})`, { cause: error });
    }
  }

  async #ownRegion(signal: AbortSignal): Promise<string> {
    try {
      return (await this.#machine('/latest/meta-data/placement/region', signal)).trim();
    } catch (error) {
      throw new Error(`a region is required: set region, or AWS_REGION (${(error as Error).message})`, {
        cause: error,
      });
    }
  }

  /** One item of the machine's metadata, by a session token (IMDSv2). */
  async #machine(path: string, signal: AbortSignal): Promise<string> {
    const common = { timeout: METADATA_TIMEOUT, maxBytes: 1 << 20, signal };
    const token = await this.#metadata.request({
      ...common,
      url: `${METADATA}/latest/api/token`,
      method: 'PUT',
      headers: { 'x-aws-ec2-metadata-token-ttl-seconds': '300' },
    });
    if (token.status !== 200) throw new Error(`instance metadata answered with status ${token.status}`);
    const headers = { 'x-aws-ec2-metadata-token': token.body.toString('utf8') };
    const answer = await this.#metadata.request({ ...common, url: METADATA + path, headers });
    if (answer.status !== 200) throw new Error(`instance metadata has no ${path}: status ${answer.status}`);
    return answer.body.toString('utf8');
  }

  async #assume(keys: Keys, role: string, externalId: string, region: string, signal: AbortSignal): Promise<Expiring> {
    const form = new URLSearchParams({
      Action: 'AssumeRole',
      Version: '2011-06-15',
      RoleArn: role,
      RoleSessionName: SESSION,
    });
    if (externalId !== '') form.set('ExternalId', externalId);
    const url = stsUrl(region);
    const access = { region, keys };
    const request = await signedRequest(access, 'sts', url, {}, form.toString(), this.#deps.now());
    const answer = await this.#sts.request({ ...request, timeout: STS_TIMEOUT, maxBytes: 1 << 20, signal });
    return assumed(parseXml(succeeded(`AssumeRole ${role}`, answer)), 'AssumeRoleResult');
  }

  async #webIdentity(file: string, role: string, region: string, signal: AbortSignal): Promise<Expiring> {
    const token = await this.#deps.files.read(file);
    if (token === null) throw new Error(`the web identity token file ${file} does not exist`);
    const form = new URLSearchParams({
      Action: 'AssumeRoleWithWebIdentity',
      Version: '2011-06-15',
      RoleArn: role,
      RoleSessionName: this.#deps.env.AWS_ROLE_SESSION_NAME ?? SESSION,
      WebIdentityToken: token.trim(),
    });
    const answer = await this.#sts.request({
      url: stsUrl(region),
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: form.toString(),
      timeout: STS_TIMEOUT,
      maxBytes: 1 << 20,
      signal,
    });
    const xml = parseXml(succeeded(`AssumeRoleWithWebIdentity ${role}`, answer));
    return assumed(xml, 'AssumeRoleWithWebIdentityResult');
  }
}

/** A command line as its words; quotes hold blanks together. */
function wordsOf(line: string): readonly string[] {
  return [...line.matchAll(/"((?:[^"\\]|\\.)*)"|'([^']*)'|(\S+)/g)].map(
    ([, double, single, plain]) => double?.replace(/\\(["\\])/g, '$1') ?? single ?? plain,
  );
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function stsUrl(region: string): string {
  return `https://sts.${region}.${domainOf(region)}/`;
}

function keysOf(profile: Profile): Expiring | null {
  const id = profile.get('aws_access_key_id') ?? '';
  const key = profile.get('aws_secret_access_key') ?? '';
  return id === '' || key === '' ? null : lasting(id, key, profile.get('aws_session_token') ?? '');
}

/** Keys that may still be changed where they were found: looked up again each time. */
function lasting(id: string, secret: string, token: string): Expiring {
  return { keys: { id, secret, token }, expires: 0 };
}

function expiring(given: z.output<typeof metadataKeys>): Expiring {
  const keys = { id: given.AccessKeyId, secret: given.SecretAccessKey, token: given.Token };
  return { keys, expires: Date.parse(given.Expiration) };
}

function assumed(answer: Element, result: string): Expiring {
  const credentials = at(answer, result, 'Credentials');
  if (credentials === null) throw new Error(`AWS STS answered without ${result}`);
  const text = (name: string): string => textAt(credentials, name);
  return {
    keys: { id: text('AccessKeyId'), secret: text('SecretAccessKey'), token: text('SessionToken') },
    expires: Date.parse(text('Expiration')),
  };
}
