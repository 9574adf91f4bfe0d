import { z } from 'zod';
import type { Histogram, Labels, MetricMetadata, Millis } from '../model/index.ts';
import type { ExemplarSeries, ExplainedResult, QueryCost, QueryResult } from './results.ts';
import { preferencesSchema } from './preferences.ts';
import { RELABEL_ACTIONS } from './views.ts';
import type {
  ConfigEdit,
  ConfigView,
  DiscoverView,
  DroppedTargetView,
  FileChange,
  FoundTarget,
  HeatView,
  JobForm,
  JsonRule,
  KubeContextsView,
  LiveFrame,
  PageView,
  Preferences,
  QualityView,
  RelabelRule,
  TargetRelabelStep,
  RuntimeView,
  StatusView,
  StorageForm,
  TargetBodyView,
  TargetsView,
  TestScrapeView,
  TsdbView,
} from './views.ts';

/**
 * All that a host or renderer may ask of the core. A method has a schema for its parameters (checked at the edge by
 * whoever receives them), a result type, and the right it needs: `write` is whatever changes something or shows raw
 * bodies. Adding one here is all it takes to make it reachable over every transport.
 */

const source = z.literal('local');
const millis = z.number().int();
const selector = z.string().max(100_000);
const window = { start: millis, end: millis };

const pairs = z.array(z.tuple([z.string(), z.string()]).readonly());
const secretForm = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('none') }),
  z.object({ kind: z.literal('kept') }),
  z.object({ kind: z.literal('new'), text: z.string() }),
]);
const authForm = z.discriminatedUnion('type', [
  z.object({ type: z.literal('none') }),
  z.object({ type: z.literal('basic'), username: z.string(), password: secretForm }),
  z.object({ type: z.literal('bearer'), token: secretForm }),
  z.object({
    type: z.literal('oauth2'),
    grant: z.enum(['secret', 'jwt']),
    clientId: z.string(),
    clientSecret: secretForm,
    tokenUrl: z.string(),
    scopes: z.string(),
    key: secretForm,
    keyFile: z.string(),
    keyId: z.string(),
    issuer: z.string(),
    audience: z.string(),
    algorithm: z.string(),
  }),
  z.object({ type: z.literal('other') }),
]);
const relabelRules: z.ZodType<readonly RelabelRule[]> = z
  .array(
    z.object({
      action: z.enum(RELABEL_ACTIONS),
      sourceLabels: z.array(z.string()).readonly(),
      separator: z.string().nullable(),
      regex: z.string().nullable(),
      modulus: z.string().nullable(),
      targetLabel: z.string().nullable(),
      replacement: z.string().nullable(),
    }),
  )
  .readonly();
const metricType = z.enum([
  'counter',
  'gauge',
  'histogram',
  'gaugehistogram',
  'summary',
  'info',
  'stateset',
  'unknown',
]);
const jsonRule: z.ZodType<JsonRule> = z.object({
  each: z.string(),
  name: z.string(),
  value: z.string(),
  time: z.string(),
  labels: pairs,
  type: z.union([metricType, z.literal('')]),
  help: z.string(),
});
const jobForm: z.ZodType<JobForm> = z.object({
  jobName: z.string(),
  targets: z.array(z.string()),
  moreGroups: z.array(z.object({ targets: z.array(z.string()).readonly(), labels: pairs })).readonly(),
  discovery: z
    .array(
      z.object({
        kind: z.string().regex(/^[a-z0-9]+$/),
        at: z.number().int().nonnegative().nullable(),
        values: z.record(z.string(), z.union([z.string(), z.array(z.string()).readonly(), secretForm])),
        kept: z.array(z.string()).readonly(),
      }),
    )
    .readonly(),
  scheme: z.enum(['http', 'https']),
  metricsPath: z.string(),
  params: pairs,
  scrapeInterval: z.string(),
  scrapeTimeout: z.string(),
  labels: pairs,
  honorLabels: z.boolean(),
  honorTimestamps: z.boolean(),
  auth: authForm,
  sampleLimit: z.string(),
  bodySizeLimit: z.string(),
  targetLimit: z.string(),
  labelLimit: z.string(),
  labelNameLengthLimit: z.string(),
  labelValueLengthLimit: z.string(),
  insecureSkipVerify: z.boolean(),
  tls: z.object({ caFile: z.string(), certFile: z.string(), keyFile: z.string(), serverName: z.string() }),
  proxyUrl: z.string(),
  noProxy: z.string(),
  proxyFromEnvironment: z.boolean(),
  headers: pairs,
  relabelRules,
  metricRelabelRules: relabelRules,
  paused: z.boolean(),
  importance: z.enum(['low', 'normal', 'high']),
  format: z.enum(['auto', 'json', 'influx']),
  jsonRules: z.array(jsonRule).readonly(),
  kubeContext: z.string(),
});
const storageForm: z.ZodType<StorageForm> = z.object({
  retention: z.array(z.object({ match: z.string(), keep: z.string() })),
  tiers: z.array(z.object({ resolution: z.string(), keep: z.string() })),
  useTiers: z.boolean(),
});
const configEdit: z.ZodType<ConfigEdit> = z.discriminatedUnion('type', [
  z.object({ type: z.literal('add-job'), form: jobForm }),
  z.object({ type: z.literal('update-job'), jobName: z.string(), form: jobForm }),
  z.object({ type: z.literal('remove-job'), jobName: z.string() }),
  z.object({ type: z.literal('pause-job'), jobName: z.string(), paused: z.boolean() }),
  z.object({ type: z.literal('set-storage'), storage: storageForm }),
  z.object({ type: z.literal('drop-metrics'), jobName: z.string(), regex: z.string() }),
]);

const floats = z.instanceof(Float64Array);
const labelSets = z.custom<readonly Labels[]>(
  (value) =>
    Array.isArray(value) &&
    value.every((one) => Array.isArray(one) && one.length % 2 === 0 && one.every((text) => typeof text === 'string')),
  'must be label sets',
);
const labelSet = z.custom<Labels>(
  (value) => Array.isArray(value) && value.every((text) => typeof text === 'string'),
  'must be a label set',
);
const metadata: z.ZodType<MetricMetadata> = z.object({
  family: z.string(),
  type: z.enum(['counter', 'gauge', 'histogram', 'gaugehistogram', 'summary', 'info', 'stateset', 'unknown']),
  help: z.string(),
  unit: z.string(),
});

const none = z.object({});
const labelList = z.custom<Labels>(
  (value) => Array.isArray(value) && value.length % 2 === 0 && value.every((text) => typeof text === 'string'),
  'must be a label set',
);

/** Schema and right of each method. */
export const methods = {
  'query.instant': {
    access: 'read',
    params: z.object({
      source,
      expr: z.string().max(1_000_000),
      time: millis,
      lookback: millis.optional(),
      /** Whether tiers may be read in place of samples; by default what hearth.yml says. */
      tiers: z.boolean().optional(),
      timeout: millis.optional(),
    }),
  },
  'query.range': {
    access: 'read',
    params: z.object({
      source,
      expr: z.string().max(1_000_000),
      ...window,
      step: millis.positive(),
      lookback: millis.optional(),
      /** Whether tiers may be read in place of samples; by default what hearth.yml says. */
      tiers: z.boolean().optional(),
      timeout: millis.optional(),
    }),
  },
  /** The HTTP API's answer to a query, ready to be sent: written where it is evaluated. */
  'query.body': {
    access: 'read',
    params: z.object({
      source,
      expr: z.string().max(1_000_000),
      /** An instant has `start` equal to `end`, and any step. */
      instant: z.boolean(),
      ...window,
      step: millis.positive(),
      lookback: millis.optional(),
      /** Whether tiers may be read in place of samples; by default what hearth.yml says. */
      tiers: z.boolean().optional(),
      timeout: millis.optional(),
      /** Most series; 0 for all. */
      limit: z.number().int().nonnegative(),
      stats: z.enum(['none', 'sums', 'all']),
    }),
  },
  /** As `query.range` (`start` equal to `end`: as `query.instant`), measuring every node of the expression. */
  'query.explain': {
    access: 'read',
    params: z.object({
      source,
      expr: z.string().max(1_000_000),
      ...window,
      step: millis.positive(),
      lookback: millis.optional(),
      /** Whether tiers may be read in place of samples; by default what hearth.yml says. */
      tiers: z.boolean().optional(),
      timeout: millis.optional(),
    }),
  },
  /** What the query would read, told before it is run; parameters as for `query.explain`. */
  'query.cost': {
    access: 'read',
    params: z.object({
      source,
      expr: z.string().max(1_000_000),
      ...window,
      step: millis.positive(),
      lookback: millis.optional(),
      /** Whether tiers may be read in place of samples; by default what hearth.yml says. */
      tiers: z.boolean().optional(),
    }),
  },
  /** Exemplars of every series that a selector of the expression selects. */
  'exemplars.list': {
    access: 'read',
    params: z.object({ source, expr: z.string().max(1_000_000), ...window }),
  },
  'series.list': {
    access: 'read',
    params: z.object({
      source,
      selectors: z.array(selector).readonly(),
      ...window,
      limit: z.number().int().optional(),
    }),
  },
  'labels.names': {
    access: 'read',
    params: z.object({
      source,
      selectors: z.array(selector).readonly(),
      ...window,
      limit: z.number().int().optional(),
    }),
  },
  'labels.values': {
    access: 'read',
    params: z.object({
      source,
      name: z.string(),
      selectors: z.array(selector).readonly(),
      ...window,
      limit: z.number().int().optional(),
    }),
  },
  'metadata.list': { access: 'read', params: z.object({ source, family: z.string().optional() }) },
  'targets.list': { access: 'read', params: none },
  'targets.dropped': { access: 'read', params: none },
  /** What targets say of their metrics, target by target; '' for all targets, no family for all metrics. */
  'targets.metadata': {
    access: 'read',
    params: z.object({ selector, family: z.string().optional(), limit: z.number().int().nonnegative().optional() }),
  },
  'targets.page': { access: 'read', params: z.object({ targetId: z.string(), window: millis }) },
  'targets.testScrape': { access: 'write', params: z.object({ form: jobForm, target: z.string() }) },
  /** Looks for the targets of a draft, once; nothing is scraped or kept. */
  'targets.discover': { access: 'write', params: z.object({ form: jobForm }) },
  /** The ways into clusters that a kubeconfig file describes; '' for the file that Kubernetes' own tools would take. */
  'targets.kubeContexts': { access: 'write', params: z.object({ path: z.string() }) },
  'targets.scrapeNow': { access: 'write', params: z.object({ targetId: z.string() }) },
  'targets.relabel': { access: 'read', params: z.object({ job: z.string(), discovered: labelList }) },
  'targets.body': { access: 'write', params: z.object({ targetId: z.string() }) },
  'targets.find': { access: 'write', params: none },
  'config.get': { access: 'write', params: none },
  'config.check': { access: 'write', params: z.object({ text: z.string() }) },
  'config.preview': {
    access: 'write',
    params: z.object({ baseVersion: z.string(), edits: z.array(configEdit).readonly() }),
  },
  'config.apply': {
    access: 'write',
    params: z.object({ baseVersion: z.string(), edits: z.array(configEdit).readonly() }),
  },
  /** Both files as they are shown, to be taken along. */
  'config.files': { access: 'write', params: none },
  'config.save': {
    access: 'write',
    /** `hearth`: of hearth.yml; it stays as it is without. */
    params: z.object({ baseVersion: z.string(), text: z.string(), hearth: z.string().optional() }),
  },
  'config.undo': { access: 'write', params: z.object({ change: z.string() }) },
  'config.reload': { access: 'write', params: none },
  'status.get': { access: 'read', params: none },
  /** Looks through the last hour of all series: seconds of work on large stores, in slices. */
  'quality.get': { access: 'read', params: none },
  'status.config': { access: 'read', params: none },
  'status.poolConfig': { access: 'read', params: z.object({ job: z.string() }) },
  'status.runtime': { access: 'read', params: none },
  'status.tsdb': { access: 'read', params: z.object({ limit: z.number().int().positive() }) },
  'metrics.text': { access: 'read', params: none },
  /** Samples series by series: those of series i are the `counts[i]` elements after the ones before, times ascending. */
  'import.samples': {
    access: 'write',
    params: z
      .object({
        labels: labelSets,
        counts: z.instanceof(Uint32Array),
        times: floats,
        values: floats,
        /** By element, null where it is a float; null: there are none. */
        histograms: z
          .array(z.custom<Histogram | null>((value) => typeof value === 'object'))
          .readonly()
          .nullable(),
        metadata: z.array(metadata).readonly(),
        /** Kept with the samples, to go on from after an interruption; offset null: the input is at its end. */
        mark: z.object({ key: z.string().max(200), offset: z.number().int().nonnegative().nullable() }).optional(),
      })
      .refine(
        ({ labels, counts, times, values, histograms }) =>
          labels.length === counts.length &&
          times.length === values.length &&
          (histograms === null || histograms.length === times.length) &&
          counts.reduce((sum, count) => sum + count, 0) === times.length,
        'the columns are not equally long',
      ),
  },
  /** Samples of these very series, as flat columns. */
  'export.samples': { access: 'read', params: z.object({ source, labels: labelSets, ...window }) },
  /** What a remote write request brought, as columns: element i is one sample. */
  'write.samples': {
    access: 'write',
    params: z.object({
      labels: labelSets,
      /** Index into `labels`. */
      series: z.instanceof(Uint32Array),
      times: floats,
      values: floats,
      startTimes: floats,
      histograms: z.custom<ReadonlyMap<number, Histogram>>((value) => value instanceof Map, 'must be a map'),
      exemplars: z
        .array(z.object({ series: z.number().int(), labels: labelSet, value: z.number(), time: millis }))
        .readonly(),
      metadata: z.array(metadata).readonly(),
    }),
  },
  'import.offset': { access: 'write', params: z.object({ key: z.string().max(200) }) },
  'admin.deleteSeries': { access: 'write', params: z.object({ selectors: z.array(selector).readonly(), ...window }) },
  'admin.cleanTombstones': { access: 'write', params: none },
  'admin.snapshot': { access: 'write', params: z.object({ skipHead: z.boolean() }) },
  'preferences.get': { access: 'read', params: none },
  'preferences.set': { access: 'write', params: z.object({ preferences: preferencesSchema }) },
} as const satisfies Record<string, { access: Access; params: z.ZodType }>;

/** The right that a method or topic needs. */
export type Access = 'read' | 'write';

export type MethodName = keyof typeof methods;
export type MethodParams<M extends MethodName> = z.output<(typeof methods)[M]['params']>;

export interface MethodResults {
  /** @fails query-parse, query-execution, query-timeout, canceled */
  'query.instant': QueryResult;
  'query.range': QueryResult;
  /** Pieces of JSON in UTF-8. @fails as the above */
  'query.body': { readonly body: readonly Uint8Array[] };
  'query.explain': ExplainedResult;
  /** @fails query-parse, query-execution */
  'query.cost': QueryCost;
  /** Sorted by labels. @fails query-parse */
  'exemplars.list': { readonly series: readonly ExemplarSeries[] };
  'series.list': { readonly series: readonly Labels[]; readonly truncated: boolean };
  'labels.names': { readonly names: readonly string[]; readonly truncated: boolean };
  'labels.values': { readonly values: readonly string[]; readonly truncated: boolean };
  'metadata.list': { readonly metadata: Readonly<Record<string, readonly MetricMetadata[]>> };
  'targets.list': TargetsView;
  /** Targets that relabelling dropped, by their labels before it, as many a job as `keep_dropped_targets` allows. */
  'targets.dropped': { readonly dropped: readonly DroppedTargetView[] };
  /** Targets until there are `limit` entries; the last one whole. @fails query-parse */
  'targets.metadata': { readonly entries: readonly (MetricMetadata & { readonly target: Labels })[] };
  /** @fails not-found */
  'targets.page': PageView;
  'targets.testScrape': TestScrapeView;
  /** @fails config-invalid */
  'targets.discover': DiscoverView;
  'targets.kubeContexts': KubeContextsView;
  'targets.scrapeNow': { readonly started: boolean };
  /** What each rule of a job makes of labels, in order; ends with the one that drops them. @fails not-found */
  'targets.relabel': { readonly steps: readonly TargetRelabelStep[] };
  /** What the target answers now, by the rules of its job; nothing is stored. @fails not-found */
  'targets.body': TargetBodyView;
  'targets.find': { readonly found: readonly FoundTarget[]; readonly portsChecked: number; readonly millis: Millis };
  'config.get': ConfigView;
  /** Problems of a text that is being typed; empty when it would be accepted. */
  'config.check': Pick<ConfigView, 'problems' | 'jobs'>;
  /** What `config.apply` would write: the text of prometheus.yml, and the files that it would change. @fails config-invalid, config-conflict */
  'config.preview': {
    readonly text: string;
    readonly problems: ConfigView['problems'];
    readonly files: readonly FileChange[];
  };
  /** @fails config-invalid, config-conflict */
  'config.apply': ConfigView;
  /** Secrets are masked. */
  'config.files': { readonly prometheus: string; readonly hearth: string };
  /** Secrets that are masked are those at the same place now. @fails config-invalid, config-conflict */
  'config.save': ConfigView;
  /** Takes one change back and leaves all others, later ones too. @fails not-found, config-overlap, config-invalid */
  'config.undo': ConfigView;
  'config.reload': ConfigView;
  'status.get': StatusView;
  'quality.get': QualityView;
  /** The configuration that is running, secrets masked. */
  'status.config': { readonly yaml: string };
  /** The job of a pool as it is in force, defaults filled in and secrets masked. @fails not-found */
  'status.poolConfig': { readonly yaml: string };
  'status.runtime': RuntimeView;
  'status.tsdb': TsdbView;
  /** Hearth's own metrics in text format 0.0.4. */
  'metrics.text': { readonly text: string };
  /** Durable when it returns. @fails storage */
  'import.samples': { readonly stored: number; readonly tooOld: number };
  /** Durable when it returns; what is refused is counted, the rest is stored. @fails storage */
  'write.samples': {
    readonly samples: number;
    readonly histograms: number;
    readonly exemplars: number;
    readonly outOfOrder: number;
    readonly duplicate: number;
    readonly tooOld: number;
  };
  /** As `import.samples` takes them; series without samples are left out. */
  'export.samples': {
    readonly labels: readonly Labels[];
    readonly counts: Uint32Array<ArrayBuffer>;
    readonly times: Float64Array<ArrayBuffer>;
    readonly values: Float64Array<ArrayBuffer>;
    readonly histograms: readonly (Histogram | null)[] | null;
  };
  /** Bytes of the input with this key that are stored; 0 when unknown or finished. */
  'import.offset': { readonly offset: number };
  /** @fails query-parse, storage */
  'admin.deleteSeries': Record<string, never>;
  'admin.cleanTombstones': Record<string, never>;
  /** A copy of the store in a folder of its own below `snapshots` of the data folder. @fails storage */
  'admin.snapshot': { readonly name: string; readonly path: string; readonly bytes: number };
  'preferences.get': Preferences;
  'preferences.set': Preferences;
}

/** Streams: subscribing gives the present state at once, then every change. */
export const topics = {
  targets: { access: 'read', params: none },
  status: { access: 'read', params: none },
  config: { access: 'write', params: none },
  preferences: { access: 'read', params: none },
  page: { access: 'read', params: z.object({ targetId: z.string(), window: millis }) },
  /** How calm or unusual each target is, watched in the background. */
  heat: { access: 'read', params: none },
  /**
   * Live results of queries: the whole window first, then only new steps. `start`.. are absolute multiples of `step`.
   * Queries with `watch` come with what was to be expected: at first without, then the whole window again with it.
   */
  live: {
    access: 'read',
    params: z.object({
      source,
      queries: z
        .array(z.object({ id: z.string(), expr: z.string(), watch: z.boolean() }))
        .max(500)
        .readonly(),
      window: millis.positive(),
      step: millis.positive(),
    }),
  },
} as const satisfies Record<string, { access: Access; params: z.ZodType }>;

export type TopicName = keyof typeof topics;
export type TopicParams<T extends TopicName> = z.output<(typeof topics)[T]['params']>;

export interface TopicEvents {
  targets: TargetsView;
  status: StatusView;
  config: ConfigView;
  preferences: Preferences;
  page: PageView;
  heat: HeatView;
  live: readonly LiveFrame[];
}
