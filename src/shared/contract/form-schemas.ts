import { z } from 'zod';
import type { ConfigEdit, StorageForm } from './config-views.ts';
import { METRIC_TYPES } from '../model/index.ts';
import { RELABEL_ACTIONS, type JobForm, type JsonRule, type RelabelRule } from './job-form.ts';

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
const metricType = z.enum(METRIC_TYPES);
const jsonRule: z.ZodType<JsonRule> = z.object({
  each: z.string(),
  name: z.string(),
  value: z.string(),
  time: z.string(),
  labels: pairs,
  type: z.union([metricType, z.literal('')]),
  help: z.string(),
});
/** What a sender may put into a form of a job. */
export const jobForm: z.ZodType<JobForm> = z.object({
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
export const configEdit: z.ZodType<ConfigEdit> = z.discriminatedUnion('type', [
  z.object({ type: z.literal('add-job'), form: jobForm }),
  z.object({ type: z.literal('update-job'), jobName: z.string(), form: jobForm }),
  z.object({ type: z.literal('remove-job'), jobName: z.string() }),
  z.object({ type: z.literal('pause-job'), jobName: z.string(), paused: z.boolean() }),
  z.object({ type: z.literal('set-storage'), storage: storageForm }),
  z.object({ type: z.literal('drop-metrics'), jobName: z.string(), regex: z.string() }),
]);
