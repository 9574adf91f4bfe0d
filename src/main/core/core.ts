import { appendFile, mkdir, readFile, statfs } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import {
  HearthError,
  type CoreClient,
  type MethodName,
  type MethodParams,
  type MethodResults,
  type SubscriptionListener,
  type TopicName,
  type TopicParams,
} from '#shared/contract/index.ts';
import type { Millis } from '#shared/model/index.ts';
import {
  createConfigStore,
  createPreferences,
  DEFAULT_HTTP,
  fileBackend,
  fileSecretStore,
  nodeConfigFs,
  resolveRetention,
  resolveSecret,
} from '#main/config/index.ts';
import { createDiscoveryManager, systemDns, systemPrograms } from '#main/discovery/index.ts';
import { createHttpClient, type HttpClient, type HttpSettings } from '#main/http/index.ts';

import { createMachineCollector, findLocalTargets } from '#main/machine/index.ts';
import { createEngine, type EngineSettings } from '#main/promql/index.ts';
import { createQueries, Gate, ownQueries, QueryPool, warmUp, type OwnQueries } from '#main/query/index.ts';
import { createScrapeManager, type BuiltinTarget } from '#main/scrape/index.ts';
import { openMemoryStorage, openSqliteStorage, STORE_FILE, StorageError, type Retention } from '#main/storage/index.ts';
import { createLog } from '#main/telemetry/index.ts';
import type { CoreEffects } from './effects.ts';
import { startHousekeeping } from './housekeeping.ts';
import type { CoreOptions } from './options.ts';
import { createOwnMetrics } from './own-metrics.ts';
import { createHandlers, type RequestParts } from './requests.ts';
import { breathe, schedule, sleep } from './timers.ts';
import { watcherOf } from './watcher.ts';
import { sectionsWithoutEffect } from './without-effect.ts';
import { createTopics } from './topics.ts';

/** A core that runs on this thread. */
export interface Core extends CoreClient {
  /**
   * Has the code of queries compiled, in pieces between other work; ends early when the core stops. Resolves with what
   * else may be asked to that end, of what is stored.
   */
  warmUp(): Promise<OwnQueries>;
  /** Takes no more work, stops scraping, commits everything, closes the store. Later calls return the same promise. */
  stop(): Promise<void>;
}

/** Features of Prometheus that need start timestamps read and stored. */
const START_TIME_FEATURES = ['use-start-timestamps', 'created-timestamp-zero-ingestion', 'st-storage'];
const OWN_INTERVAL: Millis = 5000;
/** Threads for heavy queries, where there are processors for them. */
const MOST_QUERY_THREADS = 4;
const QUERY_THREAD_IDLE: Millis = 30_000;
/** Frames that each of them keeps for the next query, in bytes. */
const QUERY_THREAD_CACHE = 128 << 20;
/**
 * Scraping begins so long after the start, and compiling ahead as long after that: who waits for the first answer waits
 * for neither. The first scrapes are the dearest, for every series is new.
 */
const SCRAPES_AFTER: Millis = 300;
const WARM_UP_AFTER: Millis = 1500;
/** What a store in memory may take when nobody says. */
const MEMORY_BYTES = 512 * 2 ** 20;
/** Prometheus's own default for subqueries without a step. */
const SUBQUERY_STEP: Millis = 60_000;

/** Storage trouble in the contract's words; anything else as it is. */
function known(error: unknown): unknown {
  if (!(error instanceof StorageError)) return error;
  return new HearthError({ kind: 'storage', reason: error.kind, message: error.message });
}

/**
 * Builds all parts and starts them in order: store, configuration, scraping, upkeep.
 * @throws HearthError when a part cannot start; what was started before is stopped again
 */
export async function startCore(options: CoreOptions, effects: CoreEffects): Promise<Core> {
  const started: (() => Promise<void> | void)[] = [];
  const stopAll = async (): Promise<void> => {
    for (const stop of started.splice(0).reverse()) await stop();
  };
  try {
    return await build(options, effects, started, stopAll);
  } catch (error) {
    await stopAll();
    throw known(error);
  }
}

async function build(
  options: CoreOptions,
  effects: CoreEffects,
  started: (() => Promise<void> | void)[],
  stopAll: () => Promise<void>,
): Promise<Core> {
  const startedAt = effects.now();
  const log = createLog({ ...options.log, now: () => effects.now(), write: (line) => effects.writeLog(line) });
  await mkdir(options.dataPath, { recursive: true });

  const fs = nodeConfigFs();
  const configFolder = dirname(options.configPath);
  const secrets = effects.services?.secrets ?? fileSecretStore(join(configFolder, 'hearth-secrets.json'), fs);
  const preferences = createPreferences(effects.services?.preferences ?? fileBackend(options.preferencesPath));
  const config = createConfigStore({
    configFile: options.configPath,
    hearthFile: join(configFolder, 'hearth.yml'),
    configFileGiven: options.configNamed,
    fs,
    secrets,
    env: effects.env,
  });
  await config.start();
  started.push(() => config.stop());
  // A file that was named and is wrong stops the start, as in Prometheus; a later mistake leaves the old one running.
  const problems = config.problems();
  if (options.configNamed && problems.length > 0)
    throw new HearthError({ kind: 'config-invalid', file: options.configPath, problems });

  const inMemory = config.running().hearth.storage.engine === 'memory';
  const disk = await statfs(options.dataPath);
  const retention = (): Retention => {
    const { time, size, percentage } = resolveRetention(
      options.retention,
      config.running().prometheus,
      preferences.get().retention,
    );
    const share = percentage > 0 ? Math.floor((disk.blocks * disk.bsize * percentage) / 100) : 0;
    const { retention: rules, tiers } = config.running().hearth.storage;
    const bytes = size > 0 ? size : share > 0 ? share : inMemory ? MEMORY_BYTES : null;
    return { time: time > 0 ? time : null, bytes, rules, tiers };
  };

  const now = { clock: (): Millis => effects.now() };
  const file = inMemory ? null : openSqliteStorage({ path: join(options.dataPath, STORE_FILE), ...now });
  const storage = file ?? openMemoryStorage(now);
  started.push(() => storage.close());
  storage.setRetention(retention());

  const settings: EngineSettings = {
    lookback: options.lookback,
    timeout: options.queryTimeout,
    maxSamples: options.maxSamples,
    features: new Set(options.features),
  };
  const subqueryStep = (): Millis => config.running().prometheus.global.evaluationInterval || SUBQUERY_STEP;
  const clock = (): Millis => effects.monotonic();
  const engine = createEngine({ ...settings, noStepSubqueryInterval: subqueryStep, clock });
  const poolOf = (path: string): QueryPool =>
    new QueryPool(
      {
        most: Math.max(1, Math.min(MOST_QUERY_THREADS, effects.cpus - 1)),
        idleAfter: QUERY_THREAD_IDLE,
        data: { path, cacheBytes: QUERY_THREAD_CACHE, settings },
      },
      {
        schedule,
        breathe,
        damaged: (frame) => log.error('a stored frame is damaged; its samples are left out', { frame }),
      },
    );
  const threads = file === null ? null : { pool: poolOf(file.path), file };
  started.push(() => threads?.pool.stop());
  const gate = new Gate(options.maxConcurrency);
  const queries = createQueries({
    storage,
    engine,
    gate,
    threads,
    timeout: options.queryTimeout,
    subqueryStep,
    useTiers: () => config.running().hearth.storage.useTiers,
  });

  const http = (settings: HttpSettings): HttpClient =>
    createHttpClient(settings, {
      readFile: (path) => readFile(path, 'utf8'),
      resolveSecret: (secret) => resolveSecret(secrets, secret),
      env: effects.env,
      userAgent: `Hearth/${options.version}`,
      now: () => effects.now(),
    });
  const scrape = createScrapeManager({
    storage,
    http,
    clock: { now: () => effects.now(), monotonic: () => effects.monotonic() },
    timers: {
      set: (callback, millis) => setTimeout(callback, millis),
      clear: (handle) => clearTimeout(handle as NodeJS.Timeout | undefined),
    },
    hostname: effects.hostname,
    startAfter: startedAt + SCRAPES_AFTER,
    log,
    diskLag: () => {
      const { lastCommitSeconds, lastError } = storage.health();
      return lastError === null ? lastCommitSeconds * 1000 : Infinity;
    },
    features: {
      startTimes: START_TIME_FEATURES.some((name) => options.features.includes(name)),
      typeAndUnitLabels: options.features.includes('type-and-unit-labels'),
    },
    appendLine: (path, line) => appendFile(path, `${line}\n`),
  });
  started.push(() => scrape.stop());

  const discoveryDeps = {
    http,
    sleep,
    files: fs,
    dns: systemDns(),
    programs: systemPrograms(effects.env, effects.platform),
    resolveSecret: (secret: string) => resolveSecret(secrets, secret),
    env: effects.env,
    now: () => effects.now(),
  };
  const discovery = createDiscoveryManager({
    ...discoveryDeps,
    onGroups: (job, groups) => scrape.setGroups(job, groups),
    onProblem: (job, problem) => {
      if (problem !== null) log.warn('targets cannot be found', { job, error: problem });
    },
  });
  started.push(() => discovery.stop());

  const own = createOwnMetrics({ version: options.version, startedAt, storage, scrape });
  started.push(() => own.stop());

  const collectMachine = createMachineCollector({ platform: effects.platform, now: () => effects.now() });
  const self: BuiltinTarget = {
    job: 'hearth',
    instance: 'hearth',
    interval: OWN_INTERVAL,
    collect: () => Promise.resolve(Buffer.from(own.render())),
  };
  // The same object as long as nothing changes: a new one is a new target to the scraper.
  let machine: BuiltinTarget | null = null;
  let lastReload = effects.now();
  const applyConfig = (): void => {
    const running = config.running();
    const builtin: BuiltinTarget[] = [];
    if (running.machineEnabled) {
      const { interval } = running.hearth.machine;
      if (machine?.interval !== interval)
        machine = { job: 'this-computer', instance: effects.hostname, interval, collect: collectMachine };
      builtin.push(machine, self);
    }
    for (const warning of [...running.warnings, ...sectionsWithoutEffect(running.prometheus)])
      log.warn(warning, { file: options.configPath });
    scrape.apply(running.prometheus, { ...running.hearth, builtin });
    discovery.apply(
      running.prometheus.scrapeConfigs.map((job) => ({
        ...job,
        kubeContext: running.hearth.jobs.get(job.jobName)?.kubeContext,
      })),
    );
    storage.setRetention(retention());
    storage.setOutOfOrderWindow(running.prometheus.storage.tsdb.outOfOrderTimeWindow);
    lastReload = effects.now();
  };
  applyConfig();
  started.push(
    config.onChange(({ running }) => {
      if (running) applyConfig();
      for (const problem of config.problems())
        log.error('configuration is not valid', {
          file: options.configPath,
          line: problem.line,
          error: problem.message,
        });
    }),
  );
  started.push(preferences.onChange(() => storage.setRetention(retention())));

  const parts: RequestParts = {
    options,
    effects,
    startedAt,
    storage,
    config,
    scrape,
    queries,
    discovery: { ...discoveryDeps, monotonic: () => effects.monotonic() },
    preferences,
    retention,
    freeBytes: async () => {
      const { bavail, bsize } = await statfs(options.dataPath);
      return bavail * bsize;
    },
    lastReload: () => lastReload,
    ownMetrics: () => own.render(),
    findTargets: async (signal) => {
      const from = effects.monotonic();
      const client = http(DEFAULT_HTTP);
      try {
        const watchedBy = (_host: string, port: number): string | null => watcherOf(scrape.targets().active, port);
        const skip = new Set(options.ownPorts);
        const result = await findLocalTargets({ http: client, platform: effects.platform, watchedBy, skip }, signal);
        return { ...result, millis: Math.round(effects.monotonic() - from) };
      } finally {
        await client.close();
      }
    },
  };
  const handlers = createHandlers(parts);
  const topics = createTopics(parts, log, schedule);
  started.push(() => topics.stop());
  // Last in, first out: upkeep ends before the store is closed, and closing commits what came after.
  started.push(startHousekeeping(storage, log));
  log.info('core started', { data: options.dataPath, config: options.configPath });

  let stopping: Promise<void> | null = null;
  const stopSignal = new AbortController();
  const never = new AbortController().signal;
  return {
    async request<M extends MethodName>(
      method: M,
      params: MethodParams<M>,
      { signal = never }: { readonly signal?: AbortSignal } = {},
    ): Promise<MethodResults[M]> {
      if (stopping !== null) throw new HearthError({ kind: 'unavailable', message: 'the core is stopping' });
      try {
        return await handlers[method](params, signal);
      } catch (error) {
        throw known(error);
      }
    },
    subscribe<T extends TopicName>(topic: T, params: TopicParams<T>, listener: SubscriptionListener<T>): () => void {
      if (stopping !== null) {
        listener.error({ kind: 'unavailable', message: 'the core is stopping' });
        return () => {};
      }
      return topics.subscribe(topic, params, listener);
    },
    async warmUp() {
      try {
        await sleep(WARM_UP_AFTER, stopSignal.signal);
        await warmUp(engine, { pause: breathe, stopped: () => stopping !== null });
        if (stopping === null) return ownQueries(storage);
      } catch (error) {
        if (stopping === null) log.error('warming up failed', { error: String(error) });
      }
      return { time: 0, exprs: [] };
    },
    stop() {
      stopSignal.abort();
      stopping ??= stopAll();
      return stopping;
    },
  };
}
