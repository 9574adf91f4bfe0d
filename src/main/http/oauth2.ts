import type { Millis } from '#shared/model/index.ts';
import type { HttpClient, HttpRequest } from './client.ts';
import { readSecret } from './credentials.ts';
import { HttpError } from './errors.ts';
import { PLAIN_HTTP, type HttpDeps, type HttpSettings, type OAuth2Settings } from './settings.ts';

/** Renewed this long before it expires, so that no request goes out with a token that is about to. */
const EARLY: Millis = 10_000;

/** Tokens by the client-credentials grant, kept until they expire. */
export class OAuth2Tokens {
  readonly #settings: OAuth2Settings;
  readonly #deps: HttpDeps;
  readonly #client: HttpClient;
  #header = '';
  #secret = '';
  #expires: Millis = 0;

  constructor(
    settings: OAuth2Settings,
    deps: HttpDeps,
    createClient: (settings: HttpSettings, deps: HttpDeps) => HttpClient,
  ) {
    this.#settings = settings;
    this.#deps = deps;
    this.#client = createClient({ ...PLAIN_HTTP, tls: settings.tls, proxy: settings.proxy }, deps);
  }

  /** The Authorization header. @throws HttpError credentials when the token server does not give one */
  async authorization(request: Pick<HttpRequest, 'timeout' | 'signal'>): Promise<string> {
    const { grantType } = this.#settings;
    if (grantType !== '' && grantType !== 'client_credentials')
      throw new HttpError('credentials', `oauth2: grant type ${grantType} is not supported`);
    const { clientId, clientSecret, clientSecretFile, scopes, tokenUrl, endpointParams } = this.#settings;
    const secret = await readSecret(this.#deps, clientSecret, clientSecretFile);
    if (this.#header !== '' && secret === this.#secret && this.#deps.now() < this.#expires) return this.#header;
    const form = new URLSearchParams([...endpointParams, ['grant_type', 'client_credentials']]);
    if (scopes.length > 0) form.set('scope', scopes.join(' '));
    const pair = `${encodeURIComponent(clientId)}:${encodeURIComponent(secret)}`;
    const answer = await this.#client.request({
      ...request,
      url: tokenUrl,
      method: 'POST',
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        accept: 'application/json',
        authorization: `Basic ${Buffer.from(pair).toString('base64')}`,
      },
      body: form.toString(),
      maxBytes: 1 << 20,
    });
    const token = answer.status === 200 ? readToken(answer.body) : null;
    if (token === null)
      throw new HttpError('credentials', `oauth2: cannot fetch token: ${tokenUrl} answered ${answer.status}`);
    this.#secret = secret;
    this.#header = `${token.type} ${token.token}`;
    this.#expires = token.seconds === null ? Infinity : this.#deps.now() + token.seconds * 1000 - EARLY;
    return this.#header;
  }

  retire(): void {
    this.#client.retire();
  }

  close(): Promise<void> {
    return this.#client.close();
  }
}

function readToken(body: Buffer): { token: string; type: string; seconds: number | null } | null {
  let answer: unknown;
  try {
    answer = JSON.parse(body.toString('utf8'));
  } catch {
    return null;
  }
  if (typeof answer !== 'object' || answer === null || !('access_token' in answer)) return null;
  if (typeof answer.access_token !== 'string' || answer.access_token === '') return null;
  const type = 'token_type' in answer && typeof answer.token_type === 'string' ? answer.token_type : 'Bearer';
  const seconds = 'expires_in' in answer ? Number(answer.expires_in) : NaN;
  return {
    token: answer.access_token,
    type: type.toLowerCase() === 'bearer' ? 'Bearer' : type,
    seconds: Number.isFinite(seconds) ? seconds : null,
  };
}
