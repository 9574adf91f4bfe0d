import { isMap, type Node } from 'yaml';
import { z } from 'zod';
import type { Millis } from '#shared/model/index.ts';
import { readDuration } from '../decode/duration-text.ts';
import { parseYamlSource, type Problem } from '../decode/yaml-source.ts';
import { reconcile } from '../edit/reconcile.ts';
import { toPlain, type Desired, type Plain } from '../edit/plain-value.ts';

/** What `hearth.yml` says beside `prometheus.yml`: all that Prometheus's schema has no place for. */
export interface HearthConfig {
  readonly machine: {
    /** Null where the file does not say: then it is scraped when no configuration file was named. */
    readonly enabled: boolean | null;
    readonly interval: Millis;
  };
  /** Names of jobs that are not scraped for now. */
  readonly pausedJobs: ReadonlySet<string>;
}

const DEFAULT_MACHINE_INTERVAL = 2000;

export const DEFAULT_HEARTH: HearthConfig = {
  machine: { enabled: null, interval: DEFAULT_MACHINE_INTERVAL },
  pausedJobs: new Set(),
};

const truth = z.enum(['true', 'false'], { error: 'must be true or false' }).transform((text) => text === 'true');
const interval = z.string().transform((text, context) => {
  const millis = readDuration(text);
  if (typeof millis === 'number' && millis >= 500) return millis;
  const message = typeof millis === 'string' ? millis : 'must be at least 500ms';
  context.addIssue({ code: 'custom', message });
  return z.NEVER;
});

const schema = z.strictObject({
  version: z.literal('1', { error: 'must be 1: this file was written by a newer Hearth' }).optional(),
  machine: z.strictObject({ enabled: truth.nullish(), interval: interval.nullish() }).nullish(),
  jobs: z.record(z.string(), z.strictObject({ paused: truth.nullish() }).nullable()).nullish(),
});

export type HearthResult =
  { readonly ok: true; readonly hearth: HearthConfig } | { readonly ok: false; readonly problems: readonly Problem[] };

/** Reads and checks the text of a hearth.yml. */
export function loadHearthConfig(text: string): HearthResult {
  const source = parseYamlSource(text);
  if (source.problems.length > 0) return { ok: false, problems: source.problems };
  const plain = toPlain(source.root, source.document);
  const parsed = schema.safeParse(plain === null ? {} : toObject(plain));
  if (!parsed.success)
    return {
      ok: false,
      problems: parsed.error.issues.map((issue) => ({
        kind: 'value',
        message: `hearth.yml: ${issue.path.length === 0 ? '' : `${issue.path.map(String).join('.')}: `}${issue.message}`,
        ...source.position(placeOf(source.root, issue.path)),
      })),
    };
  const { machine, jobs } = parsed.data;
  return {
    ok: true,
    hearth: {
      machine: { enabled: machine?.enabled ?? null, interval: machine?.interval ?? DEFAULT_MACHINE_INTERVAL },
      pausedJobs: new Set(Object.entries(jobs ?? {}).flatMap(([name, job]) => (job?.paused === true ? [name] : []))),
    },
  };
}

function toObject(plain: Plain): unknown {
  if (plain instanceof Map)
    return Object.fromEntries([...(plain as ReadonlyMap<string, Plain>)].map(([key, item]) => [key, toObject(item)]));
  return Array.isArray(plain) ? (plain as readonly Plain[]).map(toObject) : plain;
}

function placeOf(root: Node | null, path: readonly PropertyKey[]): number {
  let node: Node | null = root;
  for (const part of path) {
    const next: unknown = isMap(node) ? node.get(String(part), true) : null;
    if (next === null || next === undefined) break;
    node = next as Node;
  }
  return node?.range?.[0] ?? 0;
}

const HEADER =
  '# What Hearth knows beyond prometheus.yml. Comments and order are kept when Hearth changes it.\nversion: 1\n';

/** The text with these jobs paused and no others; all else stays. Null when it cannot be edited so. */
export function setPausedJobs(text: string, paused: ReadonlySet<string>): string | null {
  const source = parseYamlSource(text);
  if (source.problems.length > 0) return null;
  const plain = toPlain(source.root, source.document);
  const top = new Map<string, Desired>(plain instanceof Map ? (plain as ReadonlyMap<string, Plain>) : []);
  const before = top.get('jobs');
  const jobs = new Map<string, Desired>(before instanceof Map ? (before as ReadonlyMap<string, Desired>) : []);
  for (const [name, job] of jobs) {
    const keys = new Map<string, Desired>(job instanceof Map ? (job as ReadonlyMap<string, Desired>) : []);
    if (paused.has(name) || !keys.has('paused')) continue;
    keys.delete('paused');
    if (keys.size === 0) jobs.delete(name);
    else jobs.set(name, keys);
  }
  for (const name of paused) {
    const job = jobs.get(name);
    jobs.set(name, new Map([...(job instanceof Map ? (job as ReadonlyMap<string, Desired>) : []), ['paused', true]]));
  }
  if (jobs.size === 0) top.delete('jobs');
  else top.set('jobs', jobs);
  if (top.size === 0) return text;
  const base = plain === null ? `${text === '' || text.endsWith('\n') ? text : `${text}\n`}${HEADER}` : text;
  if (plain === null) top.set('version', 1);
  return reconcile(base, [], top);
}
