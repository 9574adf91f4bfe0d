import type { AnchoredRegex, Labels, Millis } from '#shared/model/index.ts';

/** What `prometheus.yml` says, with defaults filled in, durations in milliseconds and sizes in bytes. */
export interface PrometheusConfig {
  readonly global: GlobalConfig;
  readonly ruleFiles: readonly string[];
  readonly scrapeConfigs: readonly ScrapeConfig[];
  /** Sections that other parts own, checked but kept as plain data: alerting, remote_write, remote_read, storage, otlp, tracing, runtime. */
  readonly other: Readonly<Record<string, unknown>>;
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
  readonly metricNameValidationScheme: 'utf8' | 'legacy';
  readonly metricNameEscapingScheme: 'allow-utf-8' | 'underscores' | 'dots' | 'values';
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
  readonly scheme: 'http' | 'https';
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
  readonly oauth2: Readonly<{
    clientId: string;
    clientSecret: Secret;
    clientSecretFile: string;
    scopes: readonly string[];
    tokenUrl: string;
    endpointParams: ReadonlyMap<string, string>;
    tls: TlsConfig;
    proxy: ProxyConfig;
  }> | null;
  readonly tls: TlsConfig;
  readonly proxy: ProxyConfig;
  readonly followRedirects: boolean;
  readonly enableHttp2: boolean;
  readonly headers: ReadonlyMap<string, readonly string[]>;
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
  | { readonly kind: string & {}; readonly options: Readonly<Record<string, unknown>> };

export type RelabelAction =
  | 'replace'
  | 'keep'
  | 'drop'
  | 'keepequal'
  | 'dropequal'
  | 'hashmod'
  | 'labelmap'
  | 'labeldrop'
  | 'labelkeep'
  | 'lowercase'
  | 'uppercase';

export interface RelabelConfig {
  readonly sourceLabels: readonly string[];
  readonly separator: string;
  readonly regex: AnchoredRegex;
  readonly modulus: bigint;
  readonly targetLabel: string;
  readonly replacement: string;
  readonly action: RelabelAction;
}
