import type { Millis } from '#shared/model/index.ts';

/** How requests of one job (or one sender) are made; the `http` part of its configuration fits as it is. */
export interface HttpSettings {
  readonly basicAuth: {
    readonly username: string;
    readonly usernameFile: string;
    readonly password: string;
    readonly passwordFile: string;
  } | null;
  readonly authorization: {
    readonly type: string;
    readonly credentials: string;
    readonly credentialsFile: string;
  } | null;
  readonly oauth2: OAuth2Settings | null;
  readonly tls: TlsSettings;
  readonly proxy: ProxySettings;
  readonly followRedirects: boolean;
  readonly headers: ReadonlyMap<string, HeaderSettings>;
}

/** A header of every request: its values, secrets and the contents of its files, as one line joined by commas. */
export interface HeaderSettings {
  readonly values: readonly string[];
  readonly secrets: readonly string[];
  readonly files: readonly string[];
}

export interface OAuth2Settings {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly clientSecretFile: string;
  /** '' and `client_credentials` are the same; else `urn:ietf:params:oauth:grant-type:jwt-bearer`, which the next ones are for. */
  readonly grantType: string;
  readonly clientCertificateKeyId: string;
  /** PEM of the key that signs, inline or in a file. */
  readonly clientCertificateKey: string;
  readonly clientCertificateKeyFile: string;
  /** RS256 (also for ''), RS384 or RS512. */
  readonly signatureAlgorithm: string;
  /** '' for the client id. */
  readonly iss: string;
  /** '' for the token URL. */
  readonly audience: string;
  readonly claims: ReadonlyMap<string, string>;
  readonly scopes: readonly string[];
  readonly tokenUrl: string;
  readonly endpointParams: ReadonlyMap<string, string>;
  readonly tls: TlsSettings;
  readonly proxy: ProxySettings;
}

export interface TlsSettings {
  readonly ca: string;
  readonly caFile: string;
  readonly cert: string;
  readonly certFile: string;
  readonly key: string;
  readonly keyFile: string;
  readonly serverName: string;
  readonly insecureSkipVerify: boolean;
  readonly minVersion: string;
  readonly maxVersion: string;
}

export interface ProxySettings {
  readonly url: string;
  readonly noProxy: string;
  readonly fromEnvironment: boolean;
  readonly connectHeader: ReadonlyMap<string, readonly string[]>;
}

/** What the client needs from its host. */
export interface HttpDeps {
  /** Reads a file that holds a secret or a certificate; read again for each use, so that a changed one takes effect. */
  readFile(path: string): Promise<string>;
  /** The text behind a configured secret: itself, or what the host's secret store keeps under its reference. */
  resolveSecret(secret: string): Promise<string>;
  /** HTTP_PROXY and the like. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly userAgent: string;
  now(): Millis;
}

export const NO_TLS: TlsSettings = {
  ca: '',
  caFile: '',
  cert: '',
  certFile: '',
  key: '',
  keyFile: '',
  serverName: '',
  insecureSkipVerify: false,
  minVersion: '',
  maxVersion: '',
};

export const NO_PROXY: ProxySettings = { url: '', noProxy: '', fromEnvironment: false, connectHeader: new Map() };

export const PLAIN_HTTP: HttpSettings = {
  basicAuth: null,
  authorization: null,
  oauth2: null,
  tls: NO_TLS,
  proxy: NO_PROXY,
  followRedirects: true,
  headers: new Map(),
};
