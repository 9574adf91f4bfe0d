import type { TargetBodyView, TargetsView, TargetView, TestScrapeView } from '#shared/contract/index.ts';
import { getLabel, labelsKey, type Labels, type Millis } from '#shared/model/index.ts';
import { createBodyPool } from '#main/http/index.ts';
import {
  DEFAULT_JOB,
  DEFAULT_LOAD,
  type HearthJob,
  type LoadLimits,
  type PrometheusConfig,
  type ScrapeConfig,
  type TargetGroup,
} from '#main/config/index.ts';
import { builtinJob, type BuiltinTarget } from './builtin.ts';
import type { ScrapeDeps } from './deps.ts';
import { fnv64a } from './fnv.ts';
import { Gate } from './gate.ts';
import { LoadControl, stretchOf, type LoadSignals } from './load.ts';
import { NO_FEATURES, type ScrapeJob } from './job.ts';
import { NONE_REFUSED, type ScrapeLoop, type ScrapeOutcome } from './loop.ts';
import { ScrapePool, type PoolContext } from './pool.ts';
import { explainRelabel, type RelabelStep } from './relabel.ts';
import { withShard, type Shard } from './shard.ts';
import { StatsKeeper, type ScrapeStats } from './stats.ts';
import type { Target } from './target.ts';
import { targetBody } from './target-body.ts';
import { testScrape } from './test-scrape.ts';

const MAX_CONCURRENT = 256;
const LOAD_TICK: Millis = 1000;
/** First ticks, which judge nothing: a start has every series to register, and no more of them to come. */
const STARTING_TICKS = 10;
/** Changes of targets are told at most this often. */
const CHANGE_DELAY: Millis = 200;

export interface ApplyExtras {
  /** What hearth.yml says of jobs, by name. */
  readonly jobs: ReadonlyMap<string, HearthJob>;
  readonly load: LoadLimits;
  /** Which share of all targets this Hearth scrapes; null: all. */
  readonly shard: Shard | null;
  readonly builtin: readonly BuiltinTarget[];
}

export interface LoadView {
  /** From 0 to 1. */
  readonly pressure: number;
  /** Targets whose interval is stretched. */
  readonly stretched: number;
  /** Scrapes that may run at a time. */
  readonly concurrency: number;
  readonly waiting: number;
}

/** A job that is being written. */
export interface JobDraft {
  readonly config: ScrapeConfig;
  readonly own: HearthJob;
}

/** Scrapes all targets of a configuration. */
export interface ScrapeManager {
  /** Takes a configuration; loops of targets that stay the same are left alone. */
  apply(config: PrometheusConfig, extras: ApplyExtras): void;
  /** Replaces the targets that discovery has found for a job (static ones come from the configuration). */
  setGroups(job: string, groups: readonly TargetGroup[]): void;
  targets(): TargetsView;
  /** Discovered labels of targets that relabelling dropped, by job, as many as `keep_dropped_targets` allows. */
  droppedTargets(): ReadonlyMap<string, readonly Labels[]>;
  /** Calls back when targets or their state have changed, a little later and not for each change. */
  onChange(listener: () => void): () => void;
  /** Calls back after each scrape whose samples can be queried. */
  onScrape(listener: (targetId: string, time: Millis) => void): () => void;
  /** Scrapes an address once by a job's rules; stores nothing. */
  testScrape(draft: JobDraft, address: string, signal: AbortSignal): Promise<TestScrapeView>;
  /** Scrapes a target now, besides its rhythm; false when it is not known or under way already. */
  scrapeNow(targetId: string): boolean;
  /** What each relabelling rule of a job does to discovered labels; null when there is no such job. */
  relabelSteps(job: string, discovered: Labels): readonly RelabelStep[] | null;
  /** What a target answers now, as text; stores nothing. Null when it is not known. */
  body(targetId: string, signal: AbortSignal): Promise<TargetBodyView | null>;
  stats(): ScrapeStats;
  /** How hard the load presses, and what is done about it. */
  load(): LoadView;
  /** Stops all loops; nothing is marked stale. Resolves when no scrape is under way. */
  stop(): Promise<void>;
}

export function createScrapeManager(deps: ScrapeDeps): ScrapeManager {
  return new Manager(deps);
}

class Manager implements ScrapeManager {
  readonly #deps: ScrapeDeps;
  readonly #pools = new Map<string, ScrapePool>();
  readonly #context: PoolContext;
  readonly #stats = new StatsKeeper();
  readonly #changeListeners = new Set<() => void>();
  readonly #scrapeListeners = new Set<(targetId: string, time: Millis) => void>();
  readonly #control: LoadControl;
  #limits: LoadLimits = DEFAULT_LOAD;
  #loadTimer: unknown = null;
  #lastTick = 0;
  #ticks = 0;
  #scrapeLag = 0;
  #changeTimer: unknown = null;
  #stopped = false;

  constructor(deps: ScrapeDeps) {
    this.#deps = deps;
    const most = deps.maxConcurrent ?? MAX_CONCURRENT;
    this.#control = new LoadControl(most);
    this.#context = {
      deps,
      bodies: createBodyPool(),
      gate: new Gate(most),
      onScrape: (outcome) => this.#scraped(outcome),
      endings: new Set(),
    };
  }

  apply(config: PrometheusConfig, extras: ApplyExtras): void {
    const seed = fnv64a(this.#deps.hostname + labelsKey(config.global.externalLabels));
    const features = this.#deps.features ?? NO_FEATURES;
    const ownOf = (job: string): HearthJob => extras.jobs.get(job) ?? DEFAULT_JOB;
    const wanted = new Map<string, { config: ScrapeJob; builtin: BuiltinTarget | null }>();
    for (const builtin of extras.builtin)
      wanted.set(builtinKey(builtin), { config: { ...builtinJob(builtin), own: ownOf(builtin.job) }, builtin });
    for (const job of config.scrapeConfigs.map((each) => withShard(each, extras.shard)))
      wanted.set(job.jobName, { config: { ...job, own: ownOf(job.jobName), features }, builtin: null });

    for (const [key, pool] of this.#pools) {
      const next = wanted.get(key);
      if (next !== undefined && next.builtin === pool.builtin) continue;
      pool.stop();
      this.#pools.delete(key);
    }
    for (const [key, { config, builtin }] of wanted) {
      const pool = this.#pools.get(key);
      if (pool !== undefined) pool.reconfigure(config);
      else this.#pools.set(key, new ScrapePool(config, builtin, seed, this.#context));
    }
    this.#limits = extras.load;
    this.#stretch();
    if (this.#loadTimer === null) this.#armLoad();
    this.#changed();
  }

  setGroups(job: string, groups: readonly TargetGroup[]): void {
    this.#pools.get(job)?.setGroups(groups);
    this.#stretch();
    this.#changed();
  }

  targets(): TargetsView {
    const active: TargetView[] = [];
    const droppedByJob: Record<string, number> = {};
    for (const pool of this.#pools.values()) {
      const alone = pool.loops.size + pool.paused.size === 1;
      const builtin = pool.builtin !== null;
      for (const loop of pool.loops.values()) active.push(view(loop.target, loop, alone, builtin));
      for (const target of pool.paused.values()) active.push(view(target, null, alone, builtin));
      if (pool.dropped.length > 0) droppedByJob[pool.config.jobName] = pool.dropped.length;
    }
    return { active, droppedByJob };
  }

  droppedTargets(): ReadonlyMap<string, readonly Labels[]> {
    const dropped = new Map<string, readonly Labels[]>();
    for (const { config, dropped: all } of this.#pools.values())
      if (all.length > 0)
        dropped.set(config.jobName, config.keepDroppedTargets > 0 ? all.slice(0, config.keepDroppedTargets) : all);
    return dropped;
  }

  onChange(listener: () => void): () => void {
    this.#changeListeners.add(listener);
    return () => this.#changeListeners.delete(listener);
  }

  onScrape(listener: (targetId: string, time: Millis) => void): () => void {
    this.#scrapeListeners.add(listener);
    return () => this.#scrapeListeners.delete(listener);
  }

  async testScrape(draft: JobDraft, address: string, signal: AbortSignal): Promise<TestScrapeView> {
    const config: ScrapeJob = { ...draft.config, own: draft.own, features: this.#deps.features ?? NO_FEATURES };
    const http = this.#deps.http(config.http);
    try {
      return await testScrape({ http, clock: this.#deps.clock }, config, address, signal);
    } finally {
      await http.close();
    }
  }

  scrapeNow(targetId: string): boolean {
    for (const pool of this.#pools.values()) {
      const loop = pool.loops.get(targetId);
      if (loop !== undefined) return loop.scrapeNow();
    }
    return false;
  }

  relabelSteps(job: string, discovered: Labels): readonly RelabelStep[] | null {
    const config = this.#pools.get(job)?.config;
    if (config === undefined) return null;
    return explainRelabel(discovered, config.relabelConfigs, config.metricNameValidationScheme);
  }

  async body(targetId: string, signal: AbortSignal): Promise<TargetBodyView | null> {
    for (const pool of this.#pools.values()) {
      const target = pool.loops.get(targetId)?.target ?? pool.paused.get(targetId);
      if (target !== undefined) return targetBody(pool, target, this.#deps.clock, signal);
    }
    return null;
  }

  stats(): ScrapeStats {
    return this.#stats.get(this.#deps.clock.now());
  }

  load(): LoadView {
    let stretched = 0;
    for (const { loops } of this.#pools.values()) for (const loop of loops.values()) if (loop.stretch > 1) stretched++;
    const { pressure, concurrency } = this.#control;
    return { pressure, stretched, concurrency, waiting: this.#context.gate.waiting };
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#deps.timers.clear(this.#loadTimer);
    this.#deps.timers.clear(this.#changeTimer);
    for (const cancel of this.#context.endings) cancel();
    await Promise.all([...this.#pools.values()].map((pool) => pool.shutDown()));
    this.#pools.clear();
  }

  #armLoad(): void {
    const { clock, timers } = this.#deps;
    this.#lastTick = clock.monotonic();
    this.#loadTimer = timers.set(() => {
      this.#judgeLoad(Math.max(0, clock.monotonic() - this.#lastTick - LOAD_TICK));
      this.#armLoad();
    }, LOAD_TICK);
  }

  #judgeLoad(loopLag: Millis): void {
    if (this.#ticks++ < STARTING_TICKS) {
      this.#scrapeLag = 0;
      return;
    }
    const { gate, deps } = this.#context;
    const before = this.#control.pressure;
    const signals: LoadSignals = { loopLag, scrapeLag: this.#scrapeLag, diskLag: deps.diskLag?.() ?? 0 };
    this.#scrapeLag = 0;
    this.#control.tick(signals, gate.waiting);
    gate.setLimit(this.#control.concurrency);
    const { pressure } = this.#control;
    if (pressure === before) return;
    if (before === 0) deps.log.warn('too much to do: intervals are stretched', { ...signals });
    if (pressure === 0) deps.log.info('intervals are what they should be again');
    this.#stretch();
    this.#changed();
  }

  #stretch(): void {
    const { pressure } = this.#control;
    for (const { loops, config } of this.#pools.values())
      for (const loop of loops.values())
        loop.setStretch(stretchOf(pressure, config.own.importance, loop.target.interval, this.#limits));
  }

  #scraped(outcome: ScrapeOutcome): void {
    this.#scrapeLag = Math.max(this.#scrapeLag, outcome.lag);
    this.#stats.add(outcome, this.#deps.clock.now());
    for (const listener of this.#scrapeListeners) listener(outcome.target.id, outcome.time);
    this.#changed();
  }

  #changed(): void {
    if (this.#changeTimer !== null || this.#stopped) return;
    this.#changeTimer = this.#deps.timers.set(() => {
      this.#changeTimer = null;
      for (const listener of this.#changeListeners) listener();
    }, CHANGE_DELAY);
  }
}

/** Built-in targets are kept apart from jobs of the file, which may have the same name. */
function builtinKey(builtin: BuiltinTarget): string {
  return `builtin\n${builtin.job}\n${builtin.instance}`;
}

function view(target: Target, loop: ScrapeLoop | null, alone: boolean, builtin: boolean): TargetView {
  const last = loop?.last ?? null;
  return {
    id: target.id,
    job: target.job,
    name: alone ? target.job : getLabel(target.labels, 'instance'),
    url: target.url,
    labels: target.labels,
    discoveredLabels: target.discovered,
    health: loop === null ? 'paused' : loop.health,
    since: loop?.since ?? null,
    lastScrape: last?.time ?? null,
    lastAnswer: loop?.lastAnswer ?? null,
    lastDuration: last?.durationMillis ?? null,
    lastSamples: last?.counts?.scraped ?? null,
    lastBodyBytes: last?.bodyBytes ?? null,
    refused: loop?.refused ?? NONE_REFUSED,
    lastError: last?.failure ?? null,
    nextScrape: loop?.nextScrape ?? null,
    interval: target.interval,
    stretch: loop?.stretch ?? 1,
    timeout: target.timeout,
    pulse: Float32Array.from(loop?.pulse ?? []),
    builtin,
  };
}
