import { isMap, isSeq, type Node } from 'yaml';
import { z } from 'zod';
import type { StorageForm } from '#shared/contract/index.ts';
import type { Matcher, Millis } from '#shared/model/index.ts';
import { parseSelector, PromqlParseError } from '#shared/promql/index.ts';
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
  readonly storage: StorageSettings;
}

export interface StorageSettings {
  /** How long series are kept that match a selector; the first that matches decides. */
  readonly retention: readonly SelectorRetention[];
}

export interface SelectorRetention {
  /** The selector as written. */
  readonly match: string;
  readonly matchers: readonly Matcher[];
  /** Null: for ever. */
  readonly keep: Millis | null;
}

/** Selectors that the store can tell apart. */
const MAX_SELECTORS = 200;

const DEFAULT_MACHINE_INTERVAL = 2000;

export const DEFAULT_HEARTH: HearthConfig = {
  machine: { enabled: null, interval: DEFAULT_MACHINE_INTERVAL },
  pausedJobs: new Set(),
  storage: { retention: [] },
};

const truth = z.enum(['true', 'false'], { error: 'must be true or false' }).transform((text) => text === 'true');
const interval = z.string().transform((text, context) => {
  const millis = readDuration(text);
  if (typeof millis === 'number' && millis >= 500) return millis;
  const message = typeof millis === 'string' ? millis : 'must be at least 500ms';
  context.addIssue({ code: 'custom', message });
  return z.NEVER;
});

/** A selector; none of its series would be an error of the pen, so it must say something. */
const matchers = z.string().transform((text, context) => {
  try {
    return { match: text, matchers: parseSelector(text) };
  } catch (error) {
    if (!(error instanceof PromqlParseError)) throw error;
    context.addIssue({ code: 'custom', message: `${JSON.stringify(text)}: ${error.message}` });
    return z.NEVER;
  }
});
/** A duration; 0 stands for ever. */
const keep = z.string().transform((text, context) => {
  const millis = readDuration(text);
  if (typeof millis === 'number') return millis === 0 ? null : millis;
  context.addIssue({ code: 'custom', message: millis });
  return z.NEVER;
});
const selectorRetention = z
  .strictObject({ match: matchers, keep })
  .transform((rule): SelectorRetention => ({ ...rule.match, keep: rule.keep }));

const schema = z.strictObject({
  version: z.literal('1', { error: 'must be 1: this file was written by a newer Hearth' }).optional(),
  machine: z.strictObject({ enabled: truth.nullish(), interval: interval.nullish() }).nullish(),
  jobs: z.record(z.string(), z.strictObject({ paused: truth.nullish() }).nullable()).nullish(),
  storage: z
    .strictObject({
      retention: z
        .array(selectorRetention)
        .max(MAX_SELECTORS, { error: `must not have more than ${MAX_SELECTORS} entries` })
        .nullish(),
    })
    .nullish(),
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
  const { machine, jobs, storage } = parsed.data;
  return {
    ok: true,
    hearth: {
      machine: { enabled: machine?.enabled ?? null, interval: machine?.interval ?? DEFAULT_MACHINE_INTERVAL },
      pausedJobs: new Set(Object.entries(jobs ?? {}).flatMap(([name, job]) => (job?.paused === true ? [name] : []))),
      storage: { retention: storage?.retention ?? [] },
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
    const next: unknown = isMap(node) ? node.get(String(part), true) : isSeq(node) ? node.get(part, true) : null;
    if (next === null || next === undefined) break;
    node = next as Node;
  }
  return node?.range?.[0] ?? 0;
}

const HEADER =
  '# What Hearth knows beyond prometheus.yml. Comments and order are kept when Hearth changes it.\nversion: 1\n';

/** Changes the text by the smallest edits that make it say what `change` makes of its top-level keys; null when it cannot be. */
function editTop(text: string, change: (top: Map<string, Desired>) => void): string | null {
  const source = parseYamlSource(text);
  if (source.problems.length > 0) return null;
  const plain = toPlain(source.root, source.document);
  const top = new Map<string, Desired>(plain instanceof Map ? (plain as ReadonlyMap<string, Plain>) : []);
  change(top);
  if (top.size === 0) return text;
  const base = plain === null ? `${text === '' || text.endsWith('\n') ? text : `${text}\n`}${HEADER}` : text;
  if (plain === null) top.set('version', 1);
  return reconcile(base, [], top);
}

const mapOf = (value: Desired | undefined): Map<string, Desired> =>
  new Map<string, Desired>(value instanceof Map ? (value as ReadonlyMap<string, Desired>) : []);

/** The text with these jobs paused and no others; all else stays. Null when it cannot be edited so. */
export function setPausedJobs(text: string, paused: ReadonlySet<string>): string | null {
  return editTop(text, (top) => {
    const jobs = mapOf(top.get('jobs'));
    for (const [name, job] of jobs) {
      const keys = mapOf(job);
      if (paused.has(name) || !keys.has('paused')) continue;
      keys.delete('paused');
      if (keys.size === 0) jobs.delete(name);
      else jobs.set(name, keys);
    }
    for (const name of paused) jobs.set(name, new Map([...mapOf(jobs.get(name)), ['paused', true]]));
    if (jobs.size === 0) top.delete('jobs');
    else top.set('jobs', jobs);
  });
}

/** What a text says of storage, as written; null when it says nothing that can be shown. */
export function storageTexts(text: string): StorageForm | null {
  const source = parseYamlSource(text);
  if (source.problems.length > 0) return null;
  const parsed = shownSchema.safeParse(toObject(toPlain(source.root, source.document)));
  return parsed.success ? { retention: parsed.data.storage?.retention ?? [] } : null;
}

const shownSchema = z.object({
  storage: z.object({ retention: z.array(z.object({ match: z.string(), keep: z.string() })).nullish() }).nullish(),
});

/** The text with these settings of storage; all else stays. Null when it cannot be edited so. */
export function setStorage(text: string, { retention }: StorageForm): string | null {
  return editTop(text, (top) => {
    const storage = mapOf(top.get('storage'));
    if (retention.length === 0) storage.delete('retention');
    else
      storage.set(
        'retention',
        retention.map(
          ({ match, keep: time }) =>
            new Map([
              ['match', match],
              ['keep', time],
            ]),
        ),
      );
    // A file that says nothing else keeps the key: a text is never emptied.
    if (storage.size === 0 && top.size === 1) top.set('storage', null);
    else if (storage.size === 0) top.delete('storage');
    else top.set('storage', storage);
  });
}
