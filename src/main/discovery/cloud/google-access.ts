import { z } from 'zod';
import { PLAIN_HTTP, type HttpClient } from '#main/http/index.ts';
import type { DiscoveryDeps } from '../contract.ts';
import { getJson } from '../json-api.ts';
import { BearerToken, tokenAnswer, tokenByForm } from './bearer-token.ts';

/** A client whose requests, with these headers, are authorized. */
export interface GoogleAccess {
  readonly client: HttpClient;
  headers(signal: AbortSignal): Promise<Readonly<Record<string, string>>>;
  close(): Promise<void>;
}

const TOKENS = 'https://oauth2.googleapis.com/token';

const serviceAccount = z.object({
  type: z.literal('service_account'),
  client_email: z.string(),
  private_key: z.string(),
  private_key_id: z.string().default(''),
  token_uri: z.string().default(TOKENS),
});
const authorizedUser = z.object({
  type: z.literal('authorized_user'),
  client_id: z.string(),
  client_secret: z.string(),
  refresh_token: z.string(),
});
const credentials = z.discriminatedUnion('type', [serviceAccount, authorizedUser]);

/**
 * Google's application default credentials: the file that GOOGLE_APPLICATION_CREDENTIALS names, the one gcloud wrote, or the account of the
 * machine. @throws Error that names the file which is missing or not understood
 */
export async function googleAccess(deps: DiscoveryDeps, scope: string): Promise<GoogleAccess> {
  const found = await readCredentials(deps);
  if (found?.type === 'service_account') {
    const client = deps.http({
      ...PLAIN_HTTP,
      oauth2: {
        clientId: found.client_email,
        clientSecret: '',
        clientSecretFile: '',
        grantType: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
        clientCertificateKeyId: found.private_key_id,
        clientCertificateKey: found.private_key,
        clientCertificateKeyFile: '',
        signatureAlgorithm: 'RS256',
        iss: '',
        audience: '',
        claims: new Map(),
        scopes: [scope],
        tokenUrl: found.token_uri,
        endpointParams: new Map(),
        tls: PLAIN_HTTP.tls,
        proxy: PLAIN_HTTP.proxy,
      },
    });
    return { client, headers: () => Promise.resolve({}), close: () => client.close() };
  }
  const client = deps.http(PLAIN_HTTP);
  const token = new BearerToken(
    found === null
      ? (signal) => ofMachine(client, deps, signal)
      : (signal) =>
          tokenByForm(
            client,
            TOKENS,
            {
              grant_type: 'refresh_token',
              client_id: found.client_id,
              client_secret: found.client_secret,
              refresh_token: found.refresh_token,
            },
            signal,
          ),
    () => deps.now(),
  );
  return { client, headers: (signal) => token.headers(signal), close: () => client.close() };
}

async function readCredentials({ env, files }: DiscoveryDeps): Promise<z.output<typeof credentials> | null> {
  const named = env.GOOGLE_APPLICATION_CREDENTIALS ?? '';
  const folder =
    env.CLOUDSDK_CONFIG ?? (env.APPDATA === undefined ? `${env.HOME ?? ''}/.config/gcloud` : `${env.APPDATA}/gcloud`);
  const file = named === '' ? `${folder}/application_default_credentials.json` : named;
  const text = await files.read(file);
  if (text === null) {
    if (named === '') return null;
    throw new Error(`the file of GOOGLE_APPLICATION_CREDENTIALS, ${file}, does not exist`);
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    // What the parser says may hold a part of the key.
    throw new Error(`${file} is no JSON`, { cause: error });
  }
  const parsed = credentials.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const remedy = 'the credentials of a service account or of a gcloud login are supported';
  throw new Error(`${file}: ${issue.path.map(String).join('.')}: ${issue.message}; ${remedy}`);
}

/** The token of the service account that the machine runs as. */
async function ofMachine(client: HttpClient, { env }: DiscoveryDeps, signal: AbortSignal) {
  const host = env.GCE_METADATA_HOST ?? 'metadata.google.internal';
  const url = `http://${host}/computeMetadata/v1/instance/service-accounts/default/token`;
  const request = { url, headers: { 'metadata-flavor': 'Google' }, timeout: 5000, signal };
  try {
    return (await getJson(client, request, tokenAnswer)).value;
  } catch (error) {
    const nothing = 'no credentials in GOOGLE_APPLICATION_CREDENTIALS, of gcloud or of this machine';
    throw new Error(`${nothing} (${(error as Error).message})`, { cause: error });
  }
}
