import type { Labels, MetricType, Millis } from '../model/index.ts';
import type { ChartTitle } from './chart-words.ts';
import type { ConfigProblem } from './errors.ts';
import type { QueryResult, Steps } from './results.ts';

/** Where a request is answered: `'local'` is this Hearth's own store. */
export type Source = 'local';

export type TargetHealth = 'up' | 'down' | 'unknown' | 'paused';

/** Why a scrape failed, by kind; words are made in the renderer, `message` is what the API shows. */
export interface ScrapeFailure {
  readonly kind:
    | 'refused'
    | 'timeout'
    | 'dns'
    | 'tls'
    | 'unauthorized'
    | 'status'
    | 'redirect'
    | 'content-type'
    | 'parse'
    | 'limit'
    | 'body-size'
    | 'closed'
    | 'other';
  readonly message: string;
  /** HTTP status of the answer, if there was one. */
  readonly status: number | null;
  /** Line of the body that does not parse (1-based), if that is the reason. */
  readonly line: number | null;
}

/** One active target as the UI shows it. */
export interface TargetView {
  /** Stable while the target's labels and URL do not change. */
  readonly id: string;
  /** Job name: the scrape pool. */
  readonly job: string;
  /** What to call it: the job name where the job has one target, else the instance. */
  readonly name: string;
  readonly url: string;
  readonly labels: Labels;
  readonly discoveredLabels: Labels;
  readonly health: TargetHealth;
  /** Since when the health is what it is; null before the first scrape. */
  readonly since: Millis | null;
  readonly lastScrape: Millis | null;
  /** When the last scrape that succeeded was made; null when none did since Hearth started. */
  readonly lastAnswer: Millis | null;
  /** Milliseconds. */
  readonly lastDuration: number | null;
  readonly lastSamples: number | null;
  readonly lastBodyBytes: number | null;
  readonly lastError: ScrapeFailure | null;
  readonly nextScrape: Millis | null;
  readonly interval: Millis;
  /** Each how many intervals it is scraped: more than one while there is too much to do. */
  readonly stretch: number;
  readonly timeout: Millis;
  /** The last 60 scrapes, oldest first: duration in ms, negative where it failed. */
  readonly pulse: Float32Array;
  /** This computer itself, scraped without HTTP. */
  readonly builtin: boolean;
}

export interface TargetsView {
  readonly active: readonly TargetView[];
  readonly droppedByJob: Readonly<Record<string, number>>;
}

/** Something that discovery found and nothing scrapes. */
export interface DroppedTargetView {
  readonly job: string;
  readonly discovered: Labels;
}

/** What a job's discovery finds. */
export interface DiscoverView {
  /** The first ones, in the order they were found. */
  readonly targets: readonly {
    readonly discovered: Labels;
    /** Null where relabelling drops it, or its labels make no target. */
    readonly url: string | null;
  }[];
  readonly total: number;
  /** How many of all would be scraped. */
  readonly kept: number;
  /** Why a way of finding targets found nothing, in its words. */
  readonly problems: readonly string[];
  readonly millis: number;
}

export interface KubeContextsView {
  /** The file that was read. */
  readonly path: string;
  readonly current: string;
  readonly contexts: readonly KubeContext[];
  /** Why there are none; null when there are. */
  readonly problem: string | null;
}

/** One way into a cluster that a kubeconfig file describes. */
export interface KubeContext {
  readonly name: string;
  readonly server: string;
  readonly namespace: string;
  /** The program that gives the credentials; '' where none is needed. */
  readonly program: string;
}

export interface TargetBodyView {
  readonly failure: ScrapeFailure | null;
  /** As text, cut where it is very long; '' where it is none (protobuf) or there is none. */
  readonly text: string;
  readonly bytes: number;
  readonly cut: boolean;
  /** `text`, `openmetrics`, `protobuf`, ..; null where nothing was read. */
  readonly format: string | null;
  readonly millis: number;
}

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

/** A relabelling rule as it is written; null where the key is missing and its default holds. */
export interface RelabelRule {
  readonly action: (typeof RELABEL_ACTIONS)[number];
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

/** A job as the settings window lists it. */
export interface JobView {
  readonly form: JobForm;
  /** Null when the form can edit the job; else why only the YAML view can. */
  readonly onlyYaml: string | null;
  /** Position in the file, 1-based. */
  readonly line: number;
}

export interface ConfigView {
  readonly path: string;
  readonly text: string;
  /** Names this text; sent back with an edit so that nobody's change is overwritten. */
  readonly version: string;
  /** Problems of the text as it stands on disk; empty when it is what is running. */
  readonly problems: readonly ConfigProblem[];
  readonly jobs: readonly JobView[];
  readonly globalInterval: Millis;
  readonly globalTimeout: Millis;
  /** Settings of storage as hearth.yml has them. */
  readonly storage: StorageForm;
  /** False when the file cannot be written (read-only, or a flag forbids). */
  readonly editable: boolean;
  /** The newest change that can be taken back, by its id for `config.undo`: after a change the one that was just made. */
  readonly lastChange: string | null;
}

/** A file as it is and as it would be; secrets are masked in both. */
export interface FileChange {
  readonly path: string;
  readonly before: string;
  readonly after: string;
}

/** One change of prometheus.yml (and hearth.yml) made by the form. */
export type ConfigEdit =
  | { readonly type: 'add-job'; readonly form: JobForm }
  | { readonly type: 'update-job'; readonly jobName: string; readonly form: JobForm }
  | { readonly type: 'remove-job'; readonly jobName: string }
  | { readonly type: 'pause-job'; readonly jobName: string; readonly paused: boolean }
  /** Adds a rule to `metric_relabel_configs` that drops the metrics whose whole name matches. */
  | { readonly type: 'drop-metrics'; readonly jobName: string; readonly regex: string }
  | { readonly type: 'set-storage'; readonly storage: StorageForm };

/** What hearth.yml says of storage; text is as typed, the core checks it. */
export interface StorageForm {
  /** Selectors with a time of their own; the first that a series matches decides. */
  readonly retention: readonly { readonly match: string; readonly keep: string }[];
  /** Downsampled tiers: length of a bucket, and how long it is kept. */
  readonly tiers: readonly { readonly resolution: string; readonly keep: string }[];
  /** Whether queries read tiers where they do not say otherwise. */
  readonly useTiers: boolean;
}

/** What would be scraped; nothing of it is stored. */
export interface TestScrapeView {
  readonly failure: ScrapeFailure | null;
  readonly url: string;
  readonly status: number | null;
  readonly contentType: string;
  readonly durationMillis: number;
  readonly bodyBytes: number;
  readonly series: number;
  readonly metrics: readonly TestMetric[];
  /** How the body was read; null where it was not. */
  readonly format: 'text' | 'openmetrics' | 'protobuf' | 'json' | 'influx' | null;
  /** First lines of the body as text, cut at about 8 kB. */
  readonly bodyStart: string;
  readonly notes: readonly TestNote[];
  /** What each rule for targets did to this one, in order; ends with the rule that dropped it. */
  readonly targetSteps: readonly RelabelStepView[];
  /** What each rule for series did, over all series of the body. */
  readonly seriesSteps: readonly SeriesStepView[];
  /** Store growth to expect, at the job's interval. */
  readonly bytesPerDay: number;
}

export interface TestMetric {
  readonly name: string;
  readonly type: MetricType;
  readonly help: string;
  readonly series: number;
  /** The value where there is one series. */
  readonly value: number | null;
}

export interface RelabelStepView {
  readonly before: Labels;
  /** Null where the rule dropped it. */
  readonly after: Labels | null;
}

/** A step with the rule that made it, its defaults filled in. */
export interface TargetRelabelStep extends RelabelStepView {
  readonly rule: RelabelRule;
}

export interface SeriesStepView {
  /** Series that came to the rule, and those it dropped or changed. */
  readonly series: number;
  readonly dropped: number;
  readonly changed: number;
  /** One that it dropped (`after` null) or changed; null where it did neither. */
  readonly example: RelabelStepView | null;
}

export type TestNote =
  | { readonly kind: 'missing-help'; readonly metric: string; readonly more: number }
  | { readonly kind: 'missing-type'; readonly metric: string; readonly more: number }
  | { readonly kind: 'html' }
  /** A rule of the JSON mapping (0-based) found nothing. */
  | { readonly kind: 'empty-rule'; readonly rule: number };

/** Something on this machine that answers on /metrics. */
export interface FoundTarget {
  readonly url: string;
  /** A guess by its metrics: `node_exporter`, `Prometheus`, ... or the host and port. */
  readonly looksLike: string;
  readonly series: number;
  /** Job that watches it already, or null. */
  readonly watchedBy: string | null;
}

export interface StatusView {
  readonly version: string;
  /** The core's clock as this was made: whoever looks on from another machine may have another. */
  readonly now: Millis;
  readonly startedAt: Millis;
  readonly host: 'desktop' | 'headless';
  readonly targetsUp: number;
  readonly targetsDown: number;
  readonly targetsTotal: number;
  /** 95th percentile of recent scrape durations, ms. */
  readonly scrapeP95: number | null;
  readonly samplesPerSecond: number;
  readonly series: number;
  readonly storeBytes: number;
  /** Targets scraped less often than asked for, because there is too much to do. */
  readonly stretchedTargets: number;
  /** How late scrapes start, ms (p95 of the last minute). */
  readonly lag: number | null;
  /** Trouble of the store that the user has to know of, else null. */
  readonly storage: StorageTrouble | null;
  readonly configPath: string;
  readonly dataPath: string;
  /** Problem of the configuration on disk while an older one runs. */
  readonly configProblem: ConfigProblem | null;
}

/** `damaged`: part of what was stored is put aside; the others: nothing is written at the moment, samples wait in memory. */
export interface StorageTrouble {
  readonly kind: 'full' | 'readonly' | 'locked' | 'io' | 'damaged';
  /** For the log and for those who mend it. */
  readonly message: string;
}

/** What the core knows of the program it runs in. */
export interface RuntimeView {
  readonly workingDirectory: string;
  readonly hostname: string;
  readonly cpus: number;
  /** Whether the configuration on disk is the one that runs, and since when. */
  readonly reloadSuccess: boolean;
  readonly lastReload: Millis;
  /** In words: `15d`, `15d or 10GiB`. */
  readonly retention: string;
}

/** What is in the store, by the labels that cost most; lists are in falling order. */
export interface TsdbView {
  readonly series: number;
  readonly labelPairs: number;
  readonly minTime: Millis | null;
  readonly maxTime: Millis | null;
  /** Since the start: refused, stored all the same within the window, refused, refused. */
  readonly outOfOrderSamples: number;
  readonly lateSamples: number;
  readonly duplicateSamples: number;
  readonly tooOldSamples: number;
  /** Downsampled tiers; null: for ever, and nothing made yet. */
  readonly tiers: readonly {
    readonly resolution: Millis;
    readonly keep: Millis | null;
    readonly from: Millis | null;
    readonly builtTo: Millis | null;
  }[];
  readonly seriesByMetric: readonly (readonly [metric: string, series: number])[];
  readonly valuesByLabel: readonly (readonly [label: string, values: number])[];
  readonly bytesByLabel: readonly (readonly [label: string, bytes: number])[];
  readonly seriesByPair: readonly (readonly [pair: string, series: number])[];
}

/** How a chart draws its queries. */
export type ChartKind = 'lines' | 'stacked' | 'heatmap' | 'info';

/** Unit of a chart's values; `''` is a plain number. */
export type Unit = '' | 'bytes' | 'bytes/s' | 'seconds' | 'ratio' | 'per-second' | 'celsius' | 'timestamp';

export interface ChartSpec {
  /** Stable for the same metric of the same target. */
  readonly id: string;
  readonly group: string;
  readonly title: ChartTitle;
  readonly metric: string;
  readonly type: MetricType;
  readonly kind: ChartKind;
  readonly unit: Unit;
  readonly queries: readonly ChartQuery[];
  /** Series beyond the top ten that are not drawn. */
  readonly hidden: number;
  /** For `heatmap`: the rate of every bucket by `le` (or one native histogram); the queries are its quantiles. Else null. */
  readonly buckets: string | null;
}

export interface ChartQuery {
  /** PromQL with `$__rate` already replaced: runs as it is in Explore. */
  readonly expr: string;
  /** Label whose value names the series in the legend; '' takes `legend`, one of LEGEND_WORDS or a name of the target's. */
  readonly legendLabel: string;
  readonly legend: string;
}

/** The automatic page of one target. */
export interface PageView {
  readonly targetId: string;
  readonly charts: readonly ChartSpec[];
  /** Constants and `_info` metrics, shown as text: name, labels and value. */
  readonly facts: readonly {
    readonly metric: string;
    readonly help: string;
    readonly labels: Labels;
    readonly value: number;
  }[];
  /** Changes when charts come or go. */
  readonly version: number;
}

/** New steps of one live query: append them, drop what is older than the window. */
export interface LiveFrame {
  /** The id that the subscriber gave the query. */
  readonly id: string;
  /** True for the first frame and after a gap: what was there before is replaced. */
  readonly reset: boolean;
  readonly steps: Steps;
  readonly result: QueryResult | null;
  /** What was to be expected; null where nobody watches (yet). */
  readonly expected: Expected | null;
  readonly error: string | null;
}

/** The result of a query against what was to be expected of it. */
export interface Expected {
  /** What is normal is read from so much of the past, and nothing is said before so much was seen. */
  readonly memory: Millis;
  readonly learn: Millis;
  /** One for each series of the result, in its order. */
  readonly series: readonly ExpectedSeries[];
}

/**
 * How one series lay against its own normal, step by step. NaN where there is no value and where too little was seen to
 * tell; columns are empty for series beyond those that are watched.
 */
export interface ExpectedSeries {
  readonly low: Float32Array;
  readonly high: Float32Array;
  /** 0 inside the bounds, towards 1 far outside; above 0.5 is called unusual. */
  readonly heat: Float32Array;
}

/** What watching in the background has found, target by target. */
export interface HeatView {
  readonly targets: readonly TargetHeat[];
}

export interface TargetHeat {
  readonly targetId: string;
  /** Charts that are watched, and those of them that were unusual in the last quarter of an hour. */
  readonly charts: number;
  readonly unusual: number;
  /** True while too little was seen to tell. */
  readonly learning: boolean;
  /** The target's busiest counter of late: its title, and the rate of all its series together, oldest first. */
  readonly busiest: { readonly title: ChartTitle; readonly values: Float32Array } | null;
}

export interface Preferences {
  readonly theme: 'system' | 'light' | 'dark';
  /** `system`: the first of the system's languages that there is. */
  readonly language: 'system' | 'en' | 'zh';
  /** Prometheus duration; applies where no flag says otherwise. */
  readonly retention: string;
  /** Window of Live by default, milliseconds. */
  readonly liveWindow: Millis;
  /** Live redraw: each scrape (0) or at most each so many milliseconds. */
  readonly refresh: Millis;
  readonly timeZone: 'local' | 'utc';
  readonly firstRunDone: boolean;
  /** Queries that ran in Explore, newest first. */
  readonly queryHistory: readonly KeptQuery[];
}

/** A query that ran, and when last. A favourite stays however many come after it. */
export interface KeptQuery {
  readonly expr: string;
  readonly at: Millis;
  readonly favourite: boolean;
}

/** What is stored of the targets, what it costs, and what of it is not worth it. Lists are in falling order. */
export interface QualityView {
  readonly checkedAt: Millis;
  /** So much of the past was looked at. */
  readonly window: Millis;
  readonly series: number;
  /** Series that began in the last hour; null while Hearth itself is too young to tell. */
  readonly newSeries: number | null;
  /** Series whose value never changed. */
  readonly unchanged: number;
  readonly samplesPerSecond: number;
  /** On disk; null while the store is too young to tell. */
  readonly bytesPerSample: number | null;
  /** Until the disk is full at this rate; null where retention stops the growth before. */
  readonly fullIn: Millis | null;
  readonly metricCount: number;
  readonly targets: readonly {
    readonly targetId: string;
    readonly name: string;
    readonly series: number;
    /** The widest metrics. */
    readonly metrics: readonly (readonly [metric: string, series: number])[];
  }[];
  readonly metrics: readonly {
    readonly metric: string;
    readonly targetId: string;
    readonly target: string;
    readonly series: number;
    readonly flat: number;
    /** Labels with the number of their distinct values. */
    readonly labels: readonly (readonly [label: string, values: number])[];
  }[];
  readonly labels: readonly (readonly [label: string, values: number, series: number])[];
  readonly findings: readonly QualityFinding[];
}

/** Something about the data of one target that is worth a look. */
export interface QualityFinding {
  /** Stable while it is the same finding. */
  readonly id: string;
  readonly severity: 'crit' | 'warn' | 'info';
  readonly targetId: string;
  readonly job: string;
  readonly target: string;
  readonly cause: FindingCause;
  /** Series that would be saved, out of the target's. */
  readonly series: number;
  readonly of: number;
  readonly samplesPerSecond: number;
  readonly bytesPerDay: number;
  /** Kept queries that mention what would be dropped. */
  readonly readers: number;
  /** What would drop it; null where dropping is no remedy. */
  readonly drop: { readonly job: string; readonly regex: string } | null;
}

export type FindingCause =
  | { readonly kind: 'down'; readonly since: Millis; readonly missed: number }
  /** None of the metric's series changed in so many scrapes. */
  | { readonly kind: 'flat'; readonly metric: string; readonly scrapes: number }
  /** So many of its series are new: the label has ever new values. */
  | {
      readonly kind: 'growing';
      readonly metric: string;
      readonly fresh: number;
      readonly label: string;
      readonly values: number;
    }
  | { readonly kind: 'wide'; readonly metric: string; readonly label: string; readonly values: number }
  | { readonly kind: 'nan'; readonly metrics: readonly string[] }
  /** What an exporter tells of its own scraping. */
  | { readonly kind: 'own-reports'; readonly metrics: readonly string[] }
  | { readonly kind: 'no-type'; readonly metrics: readonly string[]; readonly series: number }
  | { readonly kind: 'no-help'; readonly metrics: readonly string[] };
