import type { RelabelAction } from '#shared/contract/index.ts';
import type { AnchoredRegex, Labels, Millis } from '#shared/model/index.ts';
import type { DiscoveryKind, DiscoveryOptions } from './schema/discovery.ts';
import type { alerting } from './schema/alerting.ts';
import type { otlp } from './schema/otlp.ts';
import type { remoteRead, remoteWrite } from './schema/remote.ts';
import type { storage } from './schema/storage.ts';
import type { tracing } from './schema/tracing.ts';

/** What `prometheus.yml` says, with defaults filled in, durations in milliseconds and sizes in bytes. */
export interface PrometheusConfig {
  readonly global: GlobalConfig;
  /** Patterns of absolute paths (where the file's own path is absolute); only the last element may have a star. */
  readonly ruleFiles: readonly string[];
  /** Jobs of the file itself, then those of `scrape_config_files`. */
  readonly scrapeConfigs: readonly ScrapeConfig[];
  readonly alerting: ReturnType<typeof alerting.zero>;
  readonly remoteWrite: readonly ReturnType<typeof remoteWrite.zero>[];
  readonly remoteRead: readonly ReturnType<typeof remoteRead.zero>[];
  readonly storage: ReturnType<typeof storage.zero>;
  readonly otlp: ReturnType<typeof otlp.zero>;
  readonly tracing: ReturnType<typeof tracing.zero> | null;
}

export interface GlobalConfig extends ScrapeDefaults {
  readonly scrapeInterval: Millis;
  readonly scrapeTimeout: Millis;
  readonly evaluationInterval: Millis;
  readonly ruleQueryOffset: Millis;
  readonly queryLogFile: string;
  readonly scrapeFailureLogFile: string;
  readonly externalLabels: Labels;
}

export type ScrapeProtocol =
  'PrometheusProto' | 'OpenMetricsText0.0.1' | 'OpenMetricsText1.0.0' | 'PrometheusText0.0.4' | 'PrometheusText1.0.0';

export type NameValidation = 'utf8' | 'legacy';
export type NameEscaping = 'allow-utf-8' | 'underscores' | 'dots' | 'values';

/** Settings that `global` gives for all jobs and a job may override. Limits: 0 means none. */
export interface ScrapeDefaults {
  readonly scrapeProtocols: readonly ScrapeProtocol[];
  readonly bodySizeLimit: number;
  readonly sampleLimit: number;
  readonly targetLimit: number;
  readonly labelLimit: number;
  readonly labelNameLengthLimit: number;
  readonly labelValueLengthLimit: number;
  readonly keepDroppedTargets: number;
  readonly metricNameValidationScheme: NameValidation;
  readonly metricNameEscapingScheme: NameEscaping;
  readonly scrapeNativeHistograms: boolean;
  readonly convertClassicHistogramsToNhcb: boolean;
  readonly alwaysScrapeClassicHistograms: boolean;
  readonly extraScrapeMetrics: boolean;
}

export interface ScrapeConfig extends ScrapeDefaults {
  readonly jobName: string;
  readonly honorLabels: boolean;
  readonly honorTimestamps: boolean;
  readonly trackTimestampsStaleness: boolean;
  readonly params: ReadonlyMap<string, readonly string[]>;
  readonly scrapeInterval: Millis;
  readonly scrapeTimeout: Millis;
  readonly fallbackScrapeProtocol: ScrapeProtocol | null;
  readonly scrapeFailureLogFile: string;
  readonly metricsPath: string;
  /** `http` or `https`; other values are accepted here and fail at the scrape, as in Prometheus. */
  readonly scheme: string;
  readonly enableCompression: boolean;
  readonly nativeHistogramBucketLimit: number;
  readonly nativeHistogramMinBucketFactor: number;
  readonly relabelConfigs: readonly RelabelConfig[];
  readonly metricRelabelConfigs: readonly RelabelConfig[];
  readonly http: HttpClientConfig;
  readonly discovery: readonly DiscoveryConfig[];
}

export interface HttpClientConfig {
  readonly basicAuth: {
    readonly username: string;
    readonly usernameFile: string;
    readonly password: Secret;
    readonly passwordFile: string;
  } | null;
  /** `type` is 'Bearer' unless given; bearer_token(_file) arrives here too. */
  readonly authorization: {
    readonly type: string;
    readonly credentials: Secret;
    readonly credentialsFile: string;
  } | null;
  readonly oauth2: OAuth2Config | null;
  readonly tls: TlsConfig;
  readonly proxy: ProxyConfig;
  readonly followRedirects: boolean;
  readonly enableHttp2: boolean;
  readonly headers: ReadonlyMap<string, HttpHeader>;
}

/** A header to send with every request: all values, secrets and file contents, each as a header line of its own. */
export interface HttpHeader {
  readonly values: readonly string[];
  readonly secrets: readonly Secret[];
  readonly files: readonly string[];
}

export interface OAuth2Config {
  readonly clientId: string;
  readonly clientSecret: Secret;
  readonly clientSecretFile: string;
  /** '' and `client_credentials` are the same; else `urn:ietf:params:oauth:grant-type:jwt-bearer`, which the next ones are for. */
  readonly grantType: string;
  readonly clientCertificateKeyId: string;
  readonly clientCertificateKey: Secret;
  readonly clientCertificateKeyFile: string;
  readonly signatureAlgorithm: string;
  readonly iss: string;
  readonly audience: string;
  readonly claims: ReadonlyMap<string, string>;
  readonly scopes: readonly string[];
  readonly tokenUrl: string;
  readonly endpointParams: ReadonlyMap<string, string>;
  readonly tls: TlsConfig;
  readonly proxy: ProxyConfig;
}

/** Text that must not be shown: plain, or `hearth-secret:ID` to be resolved by the host's secret store. */
export type Secret = string;

/** Inline PEM text or a file for each part; '' where not given. */
export interface TlsConfig {
  readonly ca: string;
  readonly caFile: string;
  readonly cert: string;
  readonly certFile: string;
  readonly key: Secret;
  readonly keyFile: string;
  readonly serverName: string;
  readonly insecureSkipVerify: boolean;
  readonly minVersion: string;
  readonly maxVersion: string;
}

export interface ProxyConfig {
  readonly url: string;
  readonly noProxy: string;
  readonly fromEnvironment: boolean;
  readonly connectHeader: ReadonlyMap<string, readonly string[]>;
}

/** A set of targets that share labels: what discovery yields. */
export interface TargetGroup {
  /** Where it comes from; unique within the job. */
  readonly source: string;
  /** Label sets of the targets before relabelling; `__address__` and `__meta_*` included. */
  readonly targets: readonly Labels[];
  readonly labels: Labels;
}

/** One discovery mechanism of a job; `kind` is its key without `_sd_configs` (`file`, `http`, `dns`, ...). */
export type DiscoveryConfig =
  | { readonly kind: 'static'; readonly groups: readonly TargetGroup[] }
  | { readonly [K in DiscoveryKind]: { readonly kind: K; readonly options: DiscoveryOptions<K> } }[DiscoveryKind];

export interface RelabelConfig {
  readonly sourceLabels: readonly string[];
  readonly separator: string;
  readonly regex: AnchoredRegex;
  readonly modulus: bigint;
  readonly targetLabel: string;
  readonly replacement: string;
  readonly action: RelabelAction;
}
