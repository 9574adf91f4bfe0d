import { z } from 'zod';
import type { JsonRule, TargetFormat } from '#shared/contract/index.ts';
import type { Millis } from '#shared/model/index.ts';
import { jsonExpressionProblem } from '#main/exposition/index.ts';
import { readDuration } from '../decode/duration-text.ts';

/** How far intervals may be stretched while there is too much to do. */
export interface LoadLimits {
  /** At most so many times the interval; 1: never. */
  readonly stretch: number;
  /** And not beyond this. */
  readonly maxInterval: Millis;
}

/** Which targets give way under load: `low` first, `high` never. */
export type Importance = 'low' | 'normal' | 'high';

export const DEFAULT_LOAD: LoadLimits = { stretch: 4, maxInterval: 120_000 };

/** What `hearth.yml` says of one job. */
export interface HearthJob {
  /** Not scraped for now. */
  readonly paused: boolean;
  /** What its targets answer. */
  readonly format: TargetFormat;
  readonly jsonRules: readonly JsonRule[];
  readonly importance: Importance;
  /** The context of the job's kubeconfig file, which in itself knows only a current one; '' for that. */
  readonly kubeContext: string;
}

export const DEFAULT_JOB: HearthJob = {
  paused: false,
  format: 'auto',
  jsonRules: [],
  importance: 'normal',
  kubeContext: '',
};

export const truth = z.enum(['true', 'false'], { error: 'must be true or false' }).transform((text) => text === 'true');
export const interval = z.string().transform((text, context) => {
  const millis = readDuration(text);
  if (typeof millis === 'number' && millis >= 500) return millis;
  const message = typeof millis === 'string' ? millis : 'must be at least 500ms';
  context.addIssue({ code: 'custom', message });
  return z.NEVER;
});

function whole(from: number, to: number) {
  return z
    .string()
    .refine((text) => /^\d{1,6}$/.test(text) && Number(text) >= from && Number(text) <= to, {
      error: `must be a whole number from ${from} to ${to}`,
    })
    .transform(Number);
}

const path = z.string().superRefine((text, context) => {
  const problem = jsonExpressionProblem(text);
  if (problem !== null) context.addIssue({ code: 'custom', message: `not a JSONPath expression: ${problem}` });
});
const rule = z.strictObject({
  each: path.nullish(),
  name: path.refine((text) => text !== '', { error: 'must name the metric' }),
  value: path.nullish(),
  time: path.nullish(),
  labels: z.record(z.string(), path).nullish(),
  type: z.enum(['counter', 'gauge', 'unknown'], { error: 'must be counter, gauge or unknown' }).nullish(),
  help: z.string().nullish(),
});
export const jobSchema = z
  .strictObject({
    paused: truth.nullish(),
    importance: z.enum(['low', 'normal', 'high'], { error: 'must be low, normal or high' }).nullish(),
    format: z.enum(['auto', 'json', 'influx'], { error: 'must be auto, json or influx' }).nullish(),
    json: z.array(rule).nullish(),
    kube_context: z.string().nullish(),
  })
  .refine(({ format, json }) => !(format === 'influx' && json?.length), {
    error: 'a mapping of JSON is of no use where the format is influx',
    path: ['json'],
  });

export const loadSchema = z.strictObject({ stretch: whole(1, 100).nullish(), max_interval: interval.nullish() });

export const shardSchema = z
  .strictObject({ index: whole(0, 9999), of: whole(1, 10_000) })
  .refine(({ index, of }) => index < of, { error: 'must be below "of": shards are counted from 0', path: ['index'] });

export function jobOf(said: z.output<typeof jobSchema> | null): HearthJob {
  const rules = said?.json ?? [];
  return {
    paused: said?.paused ?? false,
    importance: said?.importance ?? 'normal',
    kubeContext: said?.kube_context ?? '',
    format: rules.length > 0 ? 'json' : (said?.format ?? 'auto'),
    jsonRules: rules.map(({ each, name, value, time, labels, type, help }) => ({
      each: each ?? '',
      name,
      value: value ?? '',
      time: time ?? '',
      labels: Object.entries(labels ?? {}),
      type: type ?? '',
      help: help ?? '',
    })),
  };
}
