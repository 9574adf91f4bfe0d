import { isMap, isSeq, type Node } from 'yaml';
import { z } from 'zod';
import type { StorageForm } from '#shared/contract/index.ts';
import type { Matcher, Millis } from '#shared/model/index.ts';
import { parseSelector, PromqlParseError } from '#shared/promql/index.ts';
import { readDuration } from '../decode/duration-text.ts';
import { parseYamlSource, type Problem } from '../decode/yaml-source.ts';
import { toPlain, type Plain } from '../edit/plain-value.ts';
import {
  interval,
  jobOf,
  jobSchema,
  loadSchema,
  DEFAULT_LOAD,
  shardSchema,
  truth,
  type HearthJob,
  type LoadLimits,
} from './hearth-job.ts';
import { editTop, mapOf } from './hearth-text.ts';

/** What `hearth.yml` says beside `prometheus.yml`: all that Prometheus's schema has no place for. */
export interface HearthConfig {
  readonly machine: {
    /** Null where the file does not say: then it is scraped when no configuration file was named. */
    readonly enabled: boolean | null;
    readonly interval: Millis;
  };
  /** What is said of jobs, by name; `DEFAULT_JOB` holds for all others. */
  readonly jobs: ReadonlyMap<string, HearthJob>;
  readonly load: LoadLimits;
  /** Which share of all targets is scraped here; null: all. */
  readonly shard: { readonly index: number; readonly of: number } | null;
  readonly storage: StorageSettings;
}

export interface StorageSettings {
  /** `memory` keeps nothing on disk, and is empty after a start. */
  readonly engine: 'sqlite' | 'memory';
  /** How long series are kept that match a selector; the first that matches decides. */
  readonly retention: readonly SelectorRetention[];
  /** Downsampled tiers, finest first. */
  readonly tiers: readonly { readonly resolution: Millis; readonly keep: Millis | null }[];
  /** Whether queries read tiers where they do not say otherwise. */
  readonly useTiers: boolean;
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
  jobs: new Map(),
  load: DEFAULT_LOAD,
  shard: null,
  storage: { engine: 'sqlite', retention: [], tiers: [], useTiers: false },
};

const MINUTE: Millis = 60_000;
const DAY: Millis = 86_400_000;
/** More would tell nothing that those do not. */
const MAX_TIERS = 4;

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

/** Length of a bucket: days of UTC are made of whole ones. */
const resolution = z.string().transform((text, context) => {
  const millis = readDuration(text);
  const message =
    typeof millis === 'string'
      ? millis
      : millis < MINUTE || DAY % millis !== 0
        ? `${text}: must divide a day and be at least a minute, such as 5m or 1h`
        : null;
  if (message === null) return millis as Millis;
  context.addIssue({ code: 'custom', message });
  return z.NEVER;
});
const tiers = z
  .array(z.strictObject({ resolution, keep }))
  .max(MAX_TIERS, { error: `must not have more than ${MAX_TIERS} entries` })
  .refine((all) => new Set(all.map((tier) => tier.resolution)).size === all.length, {
    error: 'must not say a resolution twice',
  })
  .transform((all) => [...all].sort((a, b) => a.resolution - b.resolution));

const schema = z.strictObject({
  version: z.literal('1', { error: 'must be 1: this file was written by a newer Hearth' }).optional(),
  machine: z.strictObject({ enabled: truth.nullish(), interval: interval.nullish() }).nullish(),
  jobs: z.record(z.string(), jobSchema.nullable()).nullish(),
  load: loadSchema.nullish(),
  shard: shardSchema.nullish(),
  storage: z
    .strictObject({
      engine: z.enum(['sqlite', 'memory'], { error: 'must be sqlite or memory' }).nullish(),
      retention: z
        .array(selectorRetention)
        .max(MAX_SELECTORS, { error: `must not have more than ${MAX_SELECTORS} entries` })
        .nullish(),
      tiers: tiers.nullish(),
      use_tiers: truth.nullish(),
    })
    .refine(({ engine, tiers: made }) => engine !== 'memory' || (made ?? []).length === 0, {
      path: ['tiers'],
      error:
        'nothing outlives the samples of a store in memory: take the tiers out, or keep samples on disk (engine: sqlite)',
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
  const { machine, jobs, load, shard, storage } = parsed.data;
  return {
    ok: true,
    hearth: {
      machine: { enabled: machine?.enabled ?? null, interval: machine?.interval ?? DEFAULT_MACHINE_INTERVAL },
      jobs: new Map(Object.entries(jobs ?? {}).map(([name, said]) => [name, jobOf(said)])),
      load: {
        stretch: load?.stretch ?? DEFAULT_LOAD.stretch,
        maxInterval: load?.max_interval ?? DEFAULT_LOAD.maxInterval,
      },
      shard: shard ?? null,
      storage: {
        engine: storage?.engine ?? 'sqlite',
        retention: storage?.retention ?? [],
        tiers: storage?.tiers ?? [],
        useTiers: storage?.use_tiers ?? false,
      },
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
    const next: unknown = isMap(node)
      ? node.get(String(part), true)
      : isSeq(node)
        ? node.get(Number(part), true)
        : null;
    if (next === null || next === undefined) break;
    node = next as Node;
  }
  return node?.range?.[0] ?? 0;
}

/** What a text says of storage, as written; null when it says nothing that can be shown. */
export function storageTexts(text: string): StorageForm | null {
  const source = parseYamlSource(text);
  if (source.problems.length > 0) return null;
  const parsed = shownSchema.safeParse(toObject(toPlain(source.root, source.document)));
  if (!parsed.success) return null;
  const { storage } = parsed.data;
  return {
    retention: storage?.retention ?? [],
    tiers: storage?.tiers ?? [],
    useTiers: storage?.use_tiers === 'true',
  };
}

const shownSchema = z.object({
  storage: z
    .object({
      retention: z.array(z.object({ match: z.string(), keep: z.string() })).nullish(),
      tiers: z.array(z.object({ resolution: z.string(), keep: z.string() })).nullish(),
      use_tiers: z.string().nullish(),
    })
    .nullish(),
});

/** The text with these settings of storage; all else stays. Null when it cannot be edited so. */
export function setStorage(text: string, { retention, tiers: made, useTiers }: StorageForm): string | null {
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
    if (made.length === 0) storage.delete('tiers');
    else
      storage.set(
        'tiers',
        made.map(
          (tier) =>
            new Map([
              ['resolution', tier.resolution],
              ['keep', tier.keep],
            ]),
        ),
      );
    if (useTiers) storage.set('use_tiers', 'true');
    else storage.delete('use_tiers');
    // A file that says nothing else keeps the key: a text is never emptied.
    if (storage.size === 0 && top.size === 1) top.set('storage', null);
    else if (storage.size === 0) top.delete('storage');
    else top.set('storage', storage);
  });
}
