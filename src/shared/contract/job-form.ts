import type { MetricType } from '../model/index.ts';

/** What the settings form edits of one job. Text is as typed; the core checks it. */
export interface JobForm {
  readonly jobName: string;
  /** Of the first group of targets that the file lists, which `labels` belongs to. */
  readonly targets: readonly string[];
  /** The groups after it. */
  readonly moreGroups: readonly TargetGroupForm[];
  /** How more targets are found, kind by kind as the file has them. */
  readonly discovery: readonly DiscoveryForm[];
  readonly scheme: 'http' | 'https';
  readonly metricsPath: string;
  /** Query parameters, one entry a value. */
  readonly params: readonly (readonly [name: string, value: string])[];
  /** Prometheus durations, '' for the global default. */
  readonly scrapeInterval: string;
  readonly scrapeTimeout: string;
  readonly labels: readonly (readonly [name: string, value: string])[];
  readonly honorLabels: boolean;
  readonly honorTimestamps: boolean;
  readonly auth: AuthForm;
  /** Samples per scrape at most, '' for no limit. */
  readonly sampleLimit: string;
  /** Prometheus size (`10MB`), '' for no limit. */
  readonly bodySizeLimit: string;
  /** Targets of the job at most, and labels of a series and their lengths; '' for no limit. */
  readonly targetLimit: string;
  readonly labelLimit: string;
  readonly labelNameLengthLimit: string;
  readonly labelValueLengthLimit: string;
  readonly insecureSkipVerify: boolean;
  readonly tls: TlsForm;
  /** URL of a proxy, '' for none. */
  readonly proxyUrl: string;
  /** Hosts that are asked directly, separated by commas. */
  readonly noProxy: string;
  /** Proxy as the environment says. */
  readonly proxyFromEnvironment: boolean;
  /** Headers with plain values, one entry a value; those with secrets or files are not shown and kept. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** What is done to targets before they are scraped. */
  readonly relabelRules: readonly RelabelRule[];
  /** What is done to scraped series before they are stored. */
  readonly metricRelabelRules: readonly RelabelRule[];
  /** In hearth.yml: not scraped while true. */
  readonly paused: boolean;
  /** In hearth.yml: who gives way first when there is too much to do. */
  readonly importance: 'low' | 'normal' | 'high';
  /** In hearth.yml: what the targets answer, where that is no metrics page. */
  readonly format: TargetFormat;
  /** In hearth.yml: how JSON maps to samples; none where it is in a form that needs no mapping. */
  readonly jsonRules: readonly JsonRule[];
  /** In hearth.yml: the context of the job's kubeconfig file; '' for the file's current one. */
  readonly kubeContext: string;
}

export interface TargetGroupForm {
  readonly targets: readonly string[];
  readonly labels: readonly (readonly [name: string, value: string])[];
}

/** One entry of a job's `*_sd_configs`, as far as the form knows its kind. */
export interface DiscoveryForm {
  /** The key without `_sd_configs`. */
  readonly kind: string;
  /** Its place among those of its kind in the file; null for one that is not there yet. */
  readonly at: number | null;
  /** By the keys of `DISCOVERY_FIELDS`; '', no items or `none` where the file says nothing. */
  readonly values: Readonly<Record<string, DiscoveryValue>>;
  /** Keys that the form does not show; they stay as they are. */
  readonly kept: readonly string[];
}

/** A text (`true` or '' for a switch), the items of a list, or a secret. */
export type DiscoveryValue = string | readonly string[] | SecretForm;

/** A job of which nothing is said: honouring timestamps is Prometheus's default. */
export const EMPTY_JOB_FORM: JobForm = {
  jobName: '',
  targets: [],
  moreGroups: [],
  discovery: [],
  scheme: 'http',
  metricsPath: '/metrics',
  params: [],
  scrapeInterval: '',
  scrapeTimeout: '',
  labels: [],
  honorLabels: false,
  honorTimestamps: true,
  auth: { type: 'none' },
  sampleLimit: '',
  bodySizeLimit: '',
  targetLimit: '',
  labelLimit: '',
  labelNameLengthLimit: '',
  labelValueLengthLimit: '',
  insecureSkipVerify: false,
  tls: { caFile: '', certFile: '', keyFile: '', serverName: '' },
  proxyUrl: '',
  noProxy: '',
  proxyFromEnvironment: false,
  headers: [],
  relabelRules: [],
  metricRelabelRules: [],
  paused: false,
  importance: 'normal',
  format: 'auto',
  jsonRules: [],
  kubeContext: '',
};

/** Files of the TLS settings, and the name that the target's certificate must have; '' where not given. */
export interface TlsForm {
  readonly caFile: string;
  readonly certFile: string;
  readonly keyFile: string;
  readonly serverName: string;
}

export const RELABEL_ACTIONS = [
  'replace',
  'keep',
  'drop',
  'keepequal',
  'dropequal',
  'hashmod',
  'labelmap',
  'labeldrop',
  'labelkeep',
  'lowercase',
  'uppercase',
] as const;

export type RelabelAction = (typeof RELABEL_ACTIONS)[number];

/** A relabelling rule as it is written; null where the key is missing and its default holds. */
export interface RelabelRule {
  readonly action: RelabelAction;
  readonly sourceLabels: readonly string[];
  readonly separator: string | null;
  readonly regex: string | null;
  readonly modulus: string | null;
  readonly targetLabel: string | null;
  readonly replacement: string | null;
}

/** `auto`: by the Content-Type, and JSON and line protocol by how they look. */
export type TargetFormat = 'auto' | 'json' | 'influx';

/**
 * Which parts of a JSON document are samples. Each text is a JSONPath expression if it begins with `$` (the item), `$$`
 * (the whole document), or is `$key` (the item's key); else it stands for itself.
 */
export interface JsonRule {
  /** The items, one sample each; '' for the whole document. */
  readonly each: string;
  readonly name: string;
  /** '' for the item itself. */
  readonly value: string;
  /** '' for none. */
  readonly time: string;
  readonly labels: readonly (readonly [name: string, value: string])[];
  readonly type: MetricType | '';
  readonly help: string;
}

/** Secrets come back as `kept` and are sent as `kept` to leave them as they are: they never cross in the clear. */
export type SecretForm =
  { readonly kind: 'none' } | { readonly kind: 'kept' } | { readonly kind: 'new'; readonly text: string };

/** OAuth 2: by the client's secret, or (`jwt`) by a token that is signed with the client's key. */
export interface OAuth2Form {
  readonly type: 'oauth2';
  readonly grant: 'secret' | 'jwt';
  readonly clientId: string;
  readonly clientSecret: SecretForm;
  readonly tokenUrl: string;
  /** Separated by blanks. */
  readonly scopes: string;
  /** The private key itself, or the file it is in. */
  readonly key: SecretForm;
  readonly keyFile: string;
  readonly keyId: string;
  /** '' for the client's id. */
  readonly issuer: string;
  /** '' for the token URL. */
  readonly audience: string;
  /** '' for RS256. */
  readonly algorithm: string;
}

export type AuthForm =
  | { readonly type: 'none' }
  | { readonly type: 'basic'; readonly username: string; readonly password: SecretForm }
  | { readonly type: 'bearer'; readonly token: SecretForm }
  | OAuth2Form
  /** Something the form cannot show; it is left as it is in the file. */
  | { readonly type: 'other' };
