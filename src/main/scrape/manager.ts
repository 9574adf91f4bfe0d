import type { TargetsView, TargetView, TestScrapeView } from '#shared/contract/index.ts';
import { getLabel, labelsKey, type Labels, type Millis } from '#shared/model/index.ts';
import { createBodyPool } from '#main/http/index.ts';
import type { PrometheusConfig, ScrapeConfig, TargetGroup } from '#main/config/index.ts';
import { builtinConfig, type BuiltinTarget } from './builtin.ts';
import type { ScrapeDeps } from './deps.ts';
import { fnv64a } from './fnv.ts';
import { Gate } from './gate.ts';
import type { ScrapeLoop, ScrapeOutcome } from './loop.ts';
import { ScrapePool, type PoolContext } from './pool.ts';
import { explainRelabel, type RelabelStep } from './relabel.ts';
import { StatsKeeper, type ScrapeStats } from './stats.ts';
import type { Target } from './target.ts';
import { testScrape } from './test-scrape.ts';

const MAX_CONCURRENT = 256;
/** Changes of targets are told at most this often. */
const CHANGE_DELAY: Millis = 200;

export interface ApplyExtras {
  readonly pausedJobs: ReadonlySet<string>;
  readonly builtin: readonly BuiltinTarget[];
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
  testScrape(config: ScrapeConfig, address: string, signal: AbortSignal): Promise<TestScrapeView>;
  /** Scrapes a target now, besides its rhythm; false when it is not known or under way already. */
  scrapeNow(targetId: string): boolean;
  /** What each relabelling rule of a job does to discovered labels; null when there is no such job. */
  relabelSteps(job: string, discovered: Labels): readonly RelabelStep[] | null;
  stats(): ScrapeStats;
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
  #changeTimer: unknown = null;
  #stopped = false;

  constructor(deps: ScrapeDeps) {
    this.#deps = deps;
    this.#context = {
      deps,
      bodies: createBodyPool(),
      gate: new Gate(deps.maxConcurrent ?? MAX_CONCURRENT),
      onScrape: (outcome) => this.#scraped(outcome),
      endings: new Set(),
    };
  }

  apply(config: PrometheusConfig, extras: ApplyExtras): void {
    const seed = fnv64a(this.#deps.hostname + labelsKey(config.global.externalLabels));
    const wanted = new Map<string, { config: ScrapeConfig; builtin: BuiltinTarget | null; paused: boolean }>();
    for (const builtin of extras.builtin)
      wanted.set(builtinKey(builtin), {
        config: builtinConfig(builtin),
        builtin,
        paused: extras.pausedJobs.has(builtin.job),
      });
    for (const job of config.scrapeConfigs)
      wanted.set(job.jobName, { config: job, builtin: null, paused: extras.pausedJobs.has(job.jobName) });

    for (const [key, pool] of this.#pools) {
      const next = wanted.get(key);
      if (next !== undefined && next.builtin === pool.builtin) continue;
      pool.stop();
      this.#pools.delete(key);
    }
    for (const [key, { config, builtin, paused }] of wanted) {
      const pool = this.#pools.get(key);
      if (pool !== undefined) pool.reconfigure(config, paused);
      else this.#pools.set(key, new ScrapePool(config, builtin, paused, seed, this.#context));
    }
    this.#changed();
  }

  setGroups(job: string, groups: readonly TargetGroup[]): void {
    this.#pools.get(job)?.setGroups(groups);
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

  async testScrape(config: ScrapeConfig, address: string, signal: AbortSignal): Promise<TestScrapeView> {
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

  stats(): ScrapeStats {
    return this.#stats.get(this.#deps.clock.now());
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#deps.timers.clear(this.#changeTimer);
    for (const cancel of this.#context.endings) cancel();
    await Promise.all([...this.#pools.values()].map((pool) => pool.shutDown()));
    this.#pools.clear();
  }

  #scraped(outcome: ScrapeOutcome): void {
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
    lastError: last?.failure ?? null,
    nextScrape: loop?.nextScrape ?? null,
    interval: target.interval,
    timeout: target.timeout,
    pulse: Float32Array.from(loop?.pulse ?? []),
    builtin,
  };
}
