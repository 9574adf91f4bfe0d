import { StorageError } from '#main/storage/index.ts';
import type { RefusedSamples, ScrapeFailure, TargetHealth } from '#shared/contract/index.ts';
import type { Millis } from '#shared/model/index.ts';
import type { BodyFormat } from '#main/exposition/index.ts';
import type { ScrapeDeps } from './deps.ts';
import type { Gate } from './gate.ts';
import type { ScrapeJob } from './job.ts';
import { Schedule } from './schedule.ts';
import { countsOf, failureOf, ScrapeError } from './scrape-error.ts';
import type { Target } from './target.ts';
import { TargetSeries, type AppendCounts } from './target-series.ts';

export const NONE_REFUSED: RefusedSamples = { duplicates: 0, outOfOrder: 0, outOfBounds: 0, last: null };

/** Scrapes kept for the pulse of a target. */
const PULSE = 60;

export interface FetchedBody {
  readonly body: Uint8Array;
  readonly format: BodyFormat;
  /** Something about the answer worth knowing, or null. */
  readonly note: string | null;
  /** Gives the body's bytes back once they have been read. */
  release(): void;
}

/** Gets the body of one target. @throws HttpError, ScrapeError */
export type BodyFetcher = (target: Target, signal: AbortSignal) => Promise<FetchedBody>;

export interface LoopSettings {
  readonly config: ScrapeJob;
  readonly fetch: BodyFetcher;
  /** Why the target must not be scraped although it exists (too many targets in the job), or null. */
  readonly refusal: string | null;
}

/** What a loop tells of each scrape. */
export interface ScrapeOutcome {
  readonly target: Target;
  readonly time: Millis;
  readonly lag: Millis;
  /** Times that had passed. */
  readonly skipped: number;
  /** Times left out before it, for the load. */
  readonly leftOut: number;
  readonly durationMillis: number;
  readonly failure: ScrapeFailure | null;
  /** Null when it failed. */
  readonly counts: AppendCounts | null;
  readonly bodyBytes: number;
}

/** One target, scraped again and again until it is stopped. */
export class ScrapeLoop {
  target: Target;
  health: TargetHealth = 'unknown';
  since: Millis | null = null;
  lastAnswer: Millis | null = null;
  last: ScrapeOutcome | null = null;
  refused: RefusedSamples = NONE_REFUSED;
  readonly pulse: number[] = [];
  #settings: LoopSettings;
  readonly #deps: ScrapeDeps;
  readonly #gate: Gate;
  readonly #onScrape: (outcome: ScrapeOutcome) => void;
  readonly #seed: bigint;
  #schedule: Schedule;
  readonly #series: TargetSeries;
  #timer: unknown = null;
  readonly #abort = new AbortController();
  #running: Promise<void> | null = null;
  #stopped = false;

  constructor(
    target: Target,
    settings: LoopSettings,
    deps: ScrapeDeps,
    gate: Gate,
    seed: bigint,
    onScrape: (outcome: ScrapeOutcome) => void,
  ) {
    this.target = target;
    this.#settings = settings;
    this.#deps = deps;
    this.#gate = gate;
    this.#onScrape = onScrape;
    this.#seed = seed;
    this.#schedule = new Schedule(
      target.interval,
      target.hash,
      seed,
      Math.max(deps.clock.now(), deps.startAfter ?? -Infinity),
    );
    this.#series = new TargetSeries(deps.storage, target.id, target.labels, settings.config, target.timeout);
  }

  get nextScrape(): Millis | null {
    return this.#stopped ? null : this.#schedule.due;
  }

  start(): void {
    this.#arm();
  }

  get refusal(): string | null {
    return this.#settings.refusal;
  }

  /** Takes other settings from the next scrape on; `target` is the same one, perhaps with another rhythm. */
  reconfigure(target: Target, settings: LoopSettings): void {
    const retimed = target.interval !== this.target.interval;
    this.target = target;
    this.#settings = settings;
    this.#series.reconfigure(settings.config, target.timeout);
    if (!retimed) return;
    this.#schedule = new Schedule(target.interval, target.hash, this.#seed, this.#deps.clock.now());
    this.#arm();
  }

  /** Each how many intervals it is scraped: more than one under load. */
  get stretch(): number {
    return this.#schedule.stretch;
  }

  setStretch(stretch: number): void {
    if (stretch === this.#schedule.stretch) return;
    this.#schedule.setStretch(stretch, this.#deps.clock.now());
    this.#arm();
  }

  /** Scrapes now, besides the rhythm; false when a scrape is under way already. */
  scrapeNow(): boolean {
    if (this.#running !== null || this.#stopped) return false;
    this.#start(this.#deps.clock.now(), 0, 0, 0);
    return true;
  }

  /**
   * Ends the loop. Its series end as those of a target that is gone: stamped at the time of its next scrape, once a
   * second one would have been made too (so that a reload in between does not cut them).
   * @param endings takes the function that calls that off (at shutdown nothing ends), until it has happened
   */
  stop(endings: Set<() => void>): void {
    this.#halt();
    const { clock, timers } = this.#deps;
    const first = clock.now() + this.#schedule.wait(clock.now());
    const { interval } = this.target;
    const cancel = (): void => {
      timers.clear(timer);
      this.#series.release();
    };
    const timer = timers.set(
      () => {
        endings.delete(cancel);
        this.#series.appendEnd(first);
        this.#series.release();
      },
      first - clock.now() + interval + interval / 10,
    );
    endings.add(cancel);
  }

  /** Ends the loop at shutdown: nothing is marked. Resolves when a scrape under way is over. */
  async shutDown(): Promise<void> {
    this.#halt();
    await this.#running;
    this.#series.release();
  }

  #halt(): void {
    this.#stopped = true;
    this.#deps.timers.clear(this.#timer);
    this.#abort.abort();
  }

  #arm(): void {
    if (this.#stopped) return;
    const { clock, timers } = this.#deps;
    timers.clear(this.#timer);
    this.#timer = timers.set(() => this.#tick(), this.#schedule.wait(clock.now()));
  }

  #tick(): void {
    const now = this.#deps.clock.now();
    // Timers may fire a moment early, and the clock may have been set back.
    if (!this.#schedule.isDue(now)) return this.#arm();
    const { time, lag, skipped, leftOut } = this.#schedule.take(now);
    if (this.#running === null) this.#start(time, lag, skipped, leftOut);
    this.#arm();
  }

  #start(time: Millis, lag: Millis, skipped: number, leftOut: number): void {
    this.#running = this.#scrape(time, lag, skipped, leftOut)
      .catch((error: unknown) => {
        this.#deps.log.error('scrape crashed', { url: this.target.url, error: stackOf(error) });
      })
      .finally(() => {
        this.#running = null;
      });
  }

  async #scrape(due: Millis, lag: Millis, skipped: number, leftOut: number): Promise<void> {
    const { clock, log } = this.#deps;
    const queued = clock.monotonic();
    await this.#gate.enter();
    try {
      if (this.#stopped) return;
      const waited = clock.monotonic() - queued;
      const time = waited < 1 ? due : Math.max(due, clock.now());
      const started = clock.monotonic();
      const duration = (): number => clock.monotonic() - started;
      let failure: ScrapeFailure | null = null;
      let counts: AppendCounts | null = null;
      let bodyBytes = 0;
      try {
        const { refusal, fetch } = this.#settings;
        if (refusal !== null) throw new ScrapeError('limit', refusal);
        const fetched = await fetch(this.target, this.#abort.signal);
        try {
          if (this.#stopped) return;
          bodyBytes = fetched.body.length;
          if (fetched.note !== null && this.last === null) log.warn(fetched.note, { url: this.target.url });
          counts = this.#series.append(fetched.body, fetched.format, time, () => ({
            up: true,
            durationSeconds: duration() / 1000,
            bodyBytes,
          }));
        } finally {
          fetched.release();
        }
      } catch (error) {
        if (this.#stopped) return;
        failure = this.#failureOf(error);
        const reported = failure.kind === 'body-size' ? -1 : bodyBytes;
        const report = { up: false, durationSeconds: duration() / 1000, bodyBytes: reported };
        try {
          this.#series.appendFailure(time, report, countsOf(error));
        } catch (refusal) {
          // A store that takes nothing, its disk having failed for long, does not end the scraping of this target.
          if (!(refusal instanceof StorageError)) throw refusal;
        }
      }
      this.#note({
        target: this.target,
        time,
        lag: lag + waited,
        skipped,
        leftOut,
        durationMillis: duration(),
        failure,
        counts,
        bodyBytes,
      });
    } finally {
      this.#gate.leave();
    }
  }

  #failureOf(error: unknown): ScrapeFailure {
    try {
      return failureOf(error);
    } catch {
      this.#deps.log.error('scrape crashed', { url: this.target.url, error: stackOf(error) });
      const message = error instanceof Error ? error.message : String(error);
      return { kind: 'other', message: `internal error: ${message}`, status: null, line: null };
    }
  }

  #note(outcome: ScrapeOutcome): void {
    const health = outcome.failure === null ? 'up' : 'down';
    if (health !== this.health) {
      this.health = health;
      this.since = outcome.time;
    }
    this.last = outcome;
    if (outcome.failure === null) this.lastAnswer = outcome.time;
    this.refused = addRefused(this.refused, outcome);
    this.pulse.push(outcome.failure === null ? outcome.durationMillis : -outcome.durationMillis);
    if (this.pulse.length > PULSE) this.pulse.shift();
    if (outcome.failure !== null) this.#logFailure(outcome, outcome.failure);
    this.#onScrape(outcome);
  }

  #logFailure(outcome: ScrapeOutcome, failure: ScrapeFailure): void {
    const { log } = this.#deps;
    const fields = { job: this.target.job, url: this.target.url, kind: failure.kind, error: failure.message };
    log.debug('scrape failed', fields);
    const path = this.#settings.config.scrapeFailureLogFile;
    if (path === '' || this.#deps.appendLine === undefined) return;
    const entry = { time: new Date(outcome.time).toISOString(), level: 'ERROR', msg: failure.message, ...fields };
    this.#deps.appendLine(path, JSON.stringify(entry)).catch((error: unknown) => {
      log.warn('cannot write the scrape failure log', { path, error: stackOf(error) });
    });
  }
}

function addRefused(before: RefusedSamples, { counts, time }: ScrapeOutcome): RefusedSamples {
  if (counts === null || counts.duplicates + counts.outOfOrder + counts.outOfBounds === 0) return before;
  return {
    duplicates: before.duplicates + counts.duplicates,
    outOfOrder: before.outOfOrder + counts.outOfOrder,
    outOfBounds: before.outOfBounds + counts.outOfBounds,
    last: time,
  };
}

function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
