import { list, mapOf, optional } from '../decode/decoder.ts';
import { bool, checkedText, oneOf, secret, string, urlWithPassword } from '../decode/scalars.ts';
import { field, struct, type Decoded, type Refuse } from '../decode/struct.ts';
import type { HttpClientConfig, HttpHeader, ProxyConfig, TlsConfig } from '../model.ts';
import { urlProblem } from './url.ts';

const TLS_VERSIONS = ['TLS10', 'TLS11', 'TLS12', 'TLS13'] as const;
const tlsVersion = oneOf(TLS_VERSIONS, (text) => `unknown TLS version: ${text}`);

/** How many of the texts are given. */
function given(...texts: readonly string[]): number {
  return texts.filter((text) => text !== '').length;
}

/**
 * Keys that name a secret in a secret manager. Prometheus itself has none of these either; a file
 * that uses them would start and then fail at every scrape, so it is refused with the remedy.
 */
function refuseReferences(value: Readonly<Record<string, unknown>>, refuse: Refuse): void {
  for (const [name, text] of Object.entries(value)) {
    if (!name.endsWith('Ref') || text === '') continue;
    const key = name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
    refuse(`${key} needs a secret manager, which is not available; use ${key.replace(/_ref$/, '_file')} instead`, key);
  }
}

export const tlsConfig = struct({
  type: 'config.plain',
  fields: {
    ca: field(string),
    cert: field(string),
    key: field(secret),
    ca_file: field(string),
    cert_file: field(string),
    key_file: field(string),
    ca_ref: field(string),
    cert_ref: field(string),
    key_ref: field(string),
    server_name: field(string),
    insecure_skip_verify: field(bool),
    min_version: field(tlsVersion),
    max_version: field(tlsVersion),
  },
  check(tls, refuse) {
    if (given(tls.ca, tls.caFile, tls.caRef) > 1) refuse('at most one of ca, ca_file & ca_ref must be configured');
    if (given(tls.cert, tls.certFile, tls.certRef) > 1)
      refuse('at most one of cert, cert_file & cert_ref must be configured');
    if (given(tls.key, tls.keyFile, tls.keyRef) > 1) refuse('at most one of key and key_file must be configured');
    const cert = given(tls.cert, tls.certFile, tls.certRef) > 0;
    const key = given(tls.key, tls.keyFile, tls.keyRef) > 0;
    if (cert && !key)
      refuse('exactly one of key or key_file must be configured when a client certificate is configured');
    if (key && !cert) refuse('exactly one of cert or cert_file must be configured when a client key is configured');
    refuseReferences(tls, refuse);
  },
  build: ({ caRef: _ca, certRef: _cert, keyRef: _key, ...tls }): TlsConfig => tls,
});

const proxyFields = {
  proxy_url: field(urlWithPassword(urlProblem)),
  no_proxy: field(string),
  proxy_from_environment: field(bool),
  proxy_connect_header: field(mapOf(list(secret))),
};

function checkProxy(proxy: Decoded<typeof proxyFields>, refuse: Refuse): void {
  if (proxy.proxyConnectHeader.size > 0 && !proxy.proxyFromEnvironment && proxy.proxyUrl === '')
    refuse(
      'if proxy_connect_header is configured, proxy_url or proxy_from_environment must also be configured',
      'proxy_connect_header',
    );
  if (proxy.proxyFromEnvironment && proxy.proxyUrl !== '')
    refuse('if proxy_from_environment is configured, proxy_url must not be configured', 'proxy_url');
  if (proxy.proxyFromEnvironment && proxy.noProxy !== '')
    refuse('if proxy_from_environment is configured, no_proxy must not be configured', 'no_proxy');
  if (!proxy.proxyFromEnvironment && proxy.proxyUrl === '' && proxy.noProxy !== '')
    refuse('if no_proxy is configured, proxy_url must also be configured', 'no_proxy');
}

function buildProxy(proxy: Decoded<typeof proxyFields>): ProxyConfig {
  return {
    url: proxy.proxyUrl,
    noProxy: proxy.noProxy,
    fromEnvironment: proxy.proxyFromEnvironment,
    connectHeader: proxy.proxyConnectHeader,
  };
}

const basicAuth = struct({
  type: 'config.plain',
  fields: {
    username: field(string),
    username_file: field(string),
    username_ref: field(string),
    password: field(secret),
    password_file: field(string),
    password_ref: field(string),
  },
  check(auth, refuse) {
    if (given(auth.username, auth.usernameFile, auth.usernameRef) > 1)
      refuse('at most one of basic_auth username, username_file & username_ref must be configured');
    if (given(auth.password, auth.passwordFile, auth.passwordRef) > 1)
      refuse('at most one of basic_auth password, password_file & password_ref must be configured');
    refuseReferences(auth, refuse);
  },
  build: ({ usernameRef: _username, passwordRef: _password, ...auth }) => auth,
});

const authorization = struct({
  type: 'config.Authorization',
  fields: {
    type: field(
      checkedText(
        (text) =>
          text.trim().toLowerCase() === 'basic'
            ? 'authorization type cannot be set to "basic", use "basic_auth" instead'
            : null,
        (text) => text.trim(),
      ),
    ),
    credentials: field(secret),
    credentials_file: field(string),
    credentials_ref: field(string),
  },
  check(auth, refuse) {
    if (given(auth.credentials, auth.credentialsFile, auth.credentialsRef) > 1)
      refuse('at most one of authorization credentials & credentials_file must be configured');
    refuseReferences(auth, refuse);
  },
  build: (auth) => ({
    type: auth.type === '' ? 'Bearer' : auth.type,
    credentials: auth.credentials,
    credentialsFile: auth.credentialsFile,
  }),
});

const JWT_BEARER = 'urn:ietf:params:oauth:grant-type:jwt-bearer';

const oauth2 = struct({
  type: 'config.plain',
  fields: {
    client_id: field(string),
    client_secret: field(secret),
    client_secret_file: field(string),
    client_secret_ref: field(string),
    client_certificate_key_id: field(string),
    client_certificate_key: field(secret),
    client_certificate_key_file: field(string),
    client_certificate_key_ref: field(string),
    grant_type: field(string),
    signature_algorithm: field(string),
    iss: field(string),
    audience: field(string),
    claims: field(mapOf(string)),
    scopes: field(list(string)),
    token_url: field(string),
    endpoint_params: field(mapOf(string)),
    tls_config: field(tlsConfig),
    ...proxyFields,
  },
  check(oauth, refuse) {
    if (oauth.clientId === '') refuse('oauth2 client_id must be configured', 'client_id');
    if (oauth.tokenUrl === '') refuse('oauth2 token_url must be configured', 'token_url');
    if (oauth.grantType === JWT_BEARER) {
      if (given(oauth.clientCertificateKey, oauth.clientCertificateKeyFile, oauth.clientCertificateKeyRef) > 1)
        refuse(
          `at most one of oauth2 client_certificate_key, client_certificate_key_file & client_certificate_key_ref must be configured using grant-type=${JWT_BEARER}`,
        );
      if (!['', 'RS256', 'RS384', 'RS512'].includes(oauth.signatureAlgorithm))
        refuse('valid signature algorithms are RS256, RS384 and RS512', 'signature_algorithm');
    } else if (given(oauth.clientSecret, oauth.clientSecretFile, oauth.clientSecretRef) > 1)
      refuse(
        'at most one of oauth2 client_secret, client_secret_file & client_secret_ref must be configured using grant-type=client_credentials',
      );
    checkProxy(oauth, refuse);
    refuseReferences(oauth, refuse);
  },
  build: ({ tlsConfig: tls, clientSecretRef: _secret, clientCertificateKeyRef: _key, ...oauth }) => ({
    clientId: oauth.clientId,
    clientSecret: oauth.clientSecret,
    clientSecretFile: oauth.clientSecretFile,
    clientCertificateKeyId: oauth.clientCertificateKeyId,
    clientCertificateKey: oauth.clientCertificateKey,
    clientCertificateKeyFile: oauth.clientCertificateKeyFile,
    grantType: oauth.grantType,
    signatureAlgorithm: oauth.signatureAlgorithm,
    iss: oauth.iss,
    audience: oauth.audience,
    claims: oauth.claims,
    scopes: oauth.scopes,
    tokenUrl: oauth.tokenUrl,
    endpointParams: oauth.endpointParams,
    tls,
    proxy: buildProxy(oauth),
  }),
});

const RESERVED_HEADERS: ReadonlySet<string> = new Set([
  'Authorization',
  'Host',
  'Content-Encoding',
  'Content-Length',
  'Content-Type',
  'User-Agent',
  'Connection',
  'Keep-Alive',
  'Proxy-Authenticate',
  'Proxy-Authorization',
  'Www-Authenticate',
  'Accept-Encoding',
  'X-Prometheus-Remote-Write-Version',
  'X-Prometheus-Remote-Read-Version',
  'X-Prometheus-Scrape-Timeout-Seconds',
  'X-Amz-Date',
  'X-Amz-Security-Token',
  'X-Amz-Content-Sha256',
]);

/** `x-my-header` as `X-My-Header`. */
function canonicalHeader(name: string): string {
  return name
    .split('-')
    .map((part) => part.slice(0, 1).toUpperCase() + part.slice(1).toLowerCase())
    .join('-');
}

const httpHeaders = mapOf(
  struct({
    type: 'config.Header',
    fields: { values: field(list(string)), secrets: field(list(secret)), files: field(list(string)) },
    build: (header): HttpHeader => header,
  }),
  (name) => {
    const canonical = canonicalHeader(name);
    return RESERVED_HEADERS.has(canonical) ? `setting header "${canonical}" is not allowed` : null;
  },
);

/** How to talk HTTP: keys that stand among those of jobs, discoveries and remote ends. */
export function httpClient(defaults: { readonly enableHttp2: boolean }) {
  return struct({
    type: 'config.plain',
    fields: {
      basic_auth: field(optional(basicAuth)),
      authorization: field(optional(authorization)),
      oauth2: field(optional(oauth2)),
      bearer_token: field(secret),
      bearer_token_file: field(string),
      tls_config: field(tlsConfig),
      follow_redirects: field(bool, true),
      enable_http2: field(bool, defaults.enableHttp2),
      http_headers: field(httpHeaders),
      ...proxyFields,
    },
    check(http, refuse) {
      const bearer = http.bearerToken !== '' || http.bearerTokenFile !== '';
      const otherAuth = http.basicAuth !== null || http.oauth2 !== null;
      if (http.bearerToken !== '' && http.bearerTokenFile !== '')
        refuse('at most one of bearer_token & bearer_token_file must be configured', 'bearer_token_file');
      if (otherAuth && bearer)
        refuse('at most one of basic_auth, oauth2, bearer_token & bearer_token_file must be configured');
      if (http.authorization !== null && bearer)
        refuse('authorization is not compatible with bearer_token & bearer_token_file', 'authorization');
      if ((http.authorization !== null && otherAuth) || (http.basicAuth !== null && http.oauth2 !== null))
        refuse('at most one of basic_auth, oauth2 & authorization must be configured');
      checkProxy(http, refuse);
    },
    build: (http): HttpClientConfig => ({
      basicAuth: http.basicAuth,
      authorization: http.authorization ?? bearerAuthorization(http.bearerToken, http.bearerTokenFile),
      oauth2: http.oauth2,
      tls: http.tlsConfig,
      proxy: buildProxy(http),
      followRedirects: http.followRedirects,
      enableHttp2: http.enableHttp2,
      headers: http.httpHeaders,
    }),
  });
}

function bearerAuthorization(credentials: string, credentialsFile: string): HttpClientConfig['authorization'] {
  if (credentials === '' && credentialsFile === '') return null;
  return { type: 'Bearer', credentials, credentialsFile };
}

/** The HTTP keys with their usual defaults, to be inlined. */
export const http = httpClient({ enableHttp2: true });

/** An HTTP client without any setting. */
export const DEFAULT_HTTP: HttpClientConfig = http.defaults();
