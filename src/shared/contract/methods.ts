import { z } from 'zod';
import { configEdit, jobForm } from './form-schemas.ts';
import { preferencesSchema } from './preferences.ts';
import { METRIC_TYPES, type Histogram, type Labels, type MetricMetadata } from '../model/index.ts';

/**
 * All that a host or renderer may ask of the core. A method has a schema for its parameters (checked at the edge by
 * whoever receives them), a result type, and the right it needs: `write` is whatever changes something or shows raw
 * bodies. Adding one here is all it takes to make it reachable over every transport.
 */

const source = z.literal('local');
const millis = z.number().int();
const selector = z.string().max(100_000);
const window = { start: millis, end: millis };

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
  type: z.enum(METRIC_TYPES),
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
