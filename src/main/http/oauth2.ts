import type { Millis } from '#shared/model/index.ts';
import type { HttpClient, HttpRequest } from './client.ts';
import { readSecret } from './credentials.ts';
import { HttpError } from './errors.ts';
import { signedJwt } from './jwt.ts';
import { PLAIN_HTTP, type HttpDeps, type HttpSettings, type OAuth2Settings } from './settings.ts';

/** Renewed this long before it expires, so that no request goes out with a token that is about to. */
const EARLY: Millis = 10_000;

const JWT_BEARER = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
const JWT_SECONDS = 3600;

/** Tokens by the client-credentials grant or that of a signed token, kept until they expire. */
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
    const { grantType, tokenUrl, clientSecret, clientSecretFile } = this.#settings;
    const jwt = grantType === JWT_BEARER;
    if (!jwt && grantType !== '' && grantType !== 'client_credentials')
      throw new HttpError('credentials', `oauth2: grant type ${grantType} is not supported`);
    const { clientCertificateKey, clientCertificateKeyFile } = this.#settings;
    const secret = jwt
      ? await readSecret(this.#deps, clientCertificateKey, clientCertificateKeyFile)
      : await readSecret(this.#deps, clientSecret, clientSecretFile);
    if (this.#header !== '' && secret === this.#secret && this.#deps.now() < this.#expires) return this.#header;
    const answer = await this.#client.request({
      ...request,
      url: tokenUrl,
      method: 'POST',
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        accept: 'application/json',
        ...(jwt ? {} : { authorization: this.#basic(secret) }),
      },
      body: (jwt ? this.#assertion(secret) : this.#credentials()).toString(),
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

  #basic(secret: string): string {
    const pair = `${encodeURIComponent(this.#settings.clientId)}:${encodeURIComponent(secret)}`;
    return `Basic ${Buffer.from(pair).toString('base64')}`;
  }

  #credentials(): URLSearchParams {
    const { scopes, endpointParams } = this.#settings;
    const form = new URLSearchParams([...endpointParams, ['grant_type', 'client_credentials']]);
    if (scopes.length > 0) form.set('scope', scopes.join(' '));
    return form;
  }

  /** The grant of RFC 7523: a token that the client's key signed, instead of a secret. */
  #assertion(key: string): URLSearchParams {
    const { clientId, clientCertificateKeyId, signatureAlgorithm, iss, audience, claims, scopes } = this.#settings;
    const now = Math.floor(this.#deps.now() / 1000);
    const assertion = signedJwt(signatureAlgorithm || 'RS256', clientCertificateKeyId, key, {
      iss: iss || clientId,
      aud: audience || this.#settings.tokenUrl,
      ...(scopes.length > 0 ? { scope: scopes.join(' ') } : {}),
      iat: now,
      exp: now + JWT_SECONDS,
      ...Object.fromEntries(claims),
    });
    return new URLSearchParams([
      ...this.#settings.endpointParams,
      ['grant_type', JWT_BEARER],
      ['assertion', assertion],
    ]);
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
