import type { Labels, Millis } from '#shared/model/index.ts';
import type { TargetGroup } from '#main/config/index.ts';
import type { BodyPool, HttpClient } from '#main/http/index.ts';
import type { BuiltinTarget } from './builtin.ts';
import type { ScrapeDeps } from './deps.ts';
import { fetchBody, formatOf, scrapeHeaders } from './fetch-body.ts';
import { fingerprint } from './fingerprint.ts';
import type { Gate } from './gate.ts';
import type { ScrapeJob } from './job.ts';
import { ScrapeLoop, type BodyFetcher, type FetchedBody, type LoopSettings, type ScrapeOutcome } from './loop.ts';
import { discoveredLabels, makeTarget, type Target } from './target.ts';

/** What all pools share. */
export interface PoolContext {
  readonly deps: ScrapeDeps;
  readonly gate: Gate;
  /** Where bodies are put together until they are read. */
  readonly bodies: BodyPool;
  readonly onScrape: (outcome: ScrapeOutcome) => void;
  /** Functions that call the pending ends of series off. */
  readonly endings: Set<() => void>;
}

/** The targets of one job and their loops. */
export class ScrapePool {
  readonly loops = new Map<string, ScrapeLoop>();
  /** Targets of a paused job: known, not scraped. */
  readonly paused = new Map<string, Target>();
  dropped: readonly Labels[] = [];
  config: ScrapeJob;
  readonly builtin: BuiltinTarget | null;
  readonly #context: PoolContext;
  #rules: string;
  #sources: string;
  #http: HttpClient | null = null;
  #httpFingerprint = '';
  #groups: readonly TargetGroup[] = [];
  readonly #seed: bigint;

  constructor(config: ScrapeJob, builtin: BuiltinTarget | null, seed: bigint, context: PoolContext) {
    this.config = config;
    this.builtin = builtin;
    this.#context = context;
    this.#seed = seed;
    this.#rules = rulesOf(config);
    this.#sources = sourcesOf(config);
    this.#sync(true);
  }

  /** Takes a new configuration; loops of targets that stay the same go on undisturbed. */
  reconfigure(config: ScrapeJob): void {
    const [rules, sources] = [rulesOf(config), sourcesOf(config)];
    const changed = rules !== this.#rules;
    this.config = config;
    if (!changed && sources === this.#sources) return;
    this.#rules = rules;
    this.#sources = sources;
    this.#sync(changed);
  }

  /** Replaces the targets that discovery has found; those of the configuration itself stay. */
  setGroups(groups: readonly TargetGroup[]): void {
    this.#groups = groups;
    this.#sync(false);
  }

  /** What a target answers now; nothing is read of it. @throws HttpError, ScrapeError */
  fetch(target: Target, signal: AbortSignal): Promise<FetchedBody> {
    return this.#fetcher()(target, signal);
  }

  /** Ends all loops; their series end. */
  stop(): void {
    for (const loop of this.loops.values()) loop.stop(this.#context.endings);
    this.loops.clear();
    this.paused.clear();
    this.#http?.retire();
  }

  async shutDown(): Promise<void> {
    await Promise.all([...this.loops.values()].map((loop) => loop.shutDown()));
    await this.#http?.close();
  }

  #sync(reconfigured: boolean): void {
    const targets = this.#targets();
    const settings = this.#settings(targets.size);
    const isPaused = this.config.own.paused;
    for (const [id, loop] of this.loops) {
      if (targets.has(id) && !isPaused) continue;
      this.loops.delete(id);
      loop.stop(this.#context.endings);
    }
    this.paused.clear();
    const { deps, gate, onScrape } = this.#context;
    for (const [id, target] of targets) {
      if (isPaused) {
        this.paused.set(id, target);
        continue;
      }
      const running = this.loops.get(id);
      if (running !== undefined) {
        const retimed = running.target.interval !== target.interval || running.target.timeout !== target.timeout;
        if (reconfigured || retimed || running.refusal !== settings.refusal) running.reconfigure(target, settings);
        continue;
      }
      const loop = new ScrapeLoop(target, settings, deps, gate, this.#seed, onScrape);
      this.loops.set(id, loop);
      loop.start();
    }
  }

  #targets(): Map<string, Target> {
    const fixed = this.config.discovery.flatMap((mechanism) => (mechanism.kind === 'static' ? mechanism.groups : []));
    const targets = new Map<string, Target>();
    const dropped: Labels[] = [];
    for (const group of [...fixed, ...this.#groups]) {
      for (const own of group.targets) {
        const result = makeTarget(this.config, discoveredLabels(this.config, group, own));
        if (result.kind === 'target') targets.set(result.target.id, result.target);
        else {
          dropped.push(result.discovered);
          if (result.kind === 'invalid')
            this.#context.deps.log.warn('target left out', { job: this.config.jobName, reason: result.message });
        }
      }
    }
    this.dropped = dropped;
    return targets;
  }

  #settings(targets: number): LoopSettings {
    const { targetLimit } = this.config;
    const refusal =
      targetLimit > 0 && targets > targetLimit
        ? `target_limit exceeded (number of targets: ${targets}, limit: ${targetLimit})`
        : null;
    return { config: this.config, fetch: this.#fetcher(), refusal };
  }

  #fetcher(): BodyFetcher {
    const { builtin, config } = this;
    if (builtin !== null)
      return async (_, signal) => ({ body: await builtin.collect(signal), format: 'text', note: null, release() {} });
    const wanted = fingerprint(config.http);
    if (this.#http === null || wanted !== this.#httpFingerprint) {
      this.#http?.retire();
      this.#http = this.#context.deps.http(config.http);
      this.#httpFingerprint = wanted;
    }
    const http = this.#http;
    // The same object for the same headers: the client makes a request's text of it once.
    const headersFor = new Map<Millis, ReturnType<typeof scrapeHeaders>>();
    return async (target, signal) => {
      let headers = headersFor.get(target.timeout);
      if (headers === undefined) headersFor.set(target.timeout, (headers = scrapeHeaders(config, target.timeout)));
      const answer = await fetchBody(http, config, target, headers, signal, this.#context.bodies);
      try {
        const { format, note } = formatOf(answer, config);
        return { body: answer.body, format, note, release: () => answer.release() };
      } catch (error) {
        answer.release();
        throw error;
      }
    };
  }
}

/** What says how targets are scraped: a target whose job changes in nothing of it goes on as it is. */
function rulesOf(config: ScrapeJob): string {
  return fingerprint({ ...config, discovery: null, own: { ...config.own, paused: false, importance: null } });
}

/** What says which targets there are, as far as the configuration itself does. */
function sourcesOf({ discovery, own }: ScrapeJob): string {
  return fingerprint([own.paused, discovery.filter((mechanism) => mechanism.kind === 'static')]);
}
