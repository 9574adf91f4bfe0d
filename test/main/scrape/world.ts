import {
  DEFAULT_JOB,
  DEFAULT_LOAD,
  loadPrometheusConfig,
  type HearthJob,
  type LoadLimits,
  type PrometheusConfig,
} from '#main/config/index.ts';
import { HttpError, type HttpAnswer, type HttpClient, type HttpRequest } from '#main/http/index.ts';
import { createScrapeManager, type BuiltinTarget, type ScrapeDeps, type ScrapeManager } from '#main/scrape/index.ts';
import { openMemoryStorage } from '#main/storage/index.ts';
import { SILENT } from '#main/telemetry/index.ts';
import { formatSeries, isStaleAt, wordsOf, type Millis } from '#shared/model/index.ts';

/** What a target answers: a body, a status, or how the request fails. */
export type Answer = string | { status?: number; contentType?: string; body?: string } | HttpError;

/** An answer that never comes. */
export const HANG = 'hang';

/** A scrape manager over a memory store, with made-up targets and a clock that stands still until it is moved. */
export class World {
  now: Millis = 1_700_000_000_000;
  readonly storage = openMemoryStorage();
  readonly answers = new Map<string, Answer>();
  readonly requests: HttpRequest[] = [];
  /** How long the store took last to make samples durable. */
  diskLag: Millis = 0;
  readonly manager: ScrapeManager;
  readonly #timers = new Map<number, { due: Millis; callback: () => void }>();
  #nextTimer = 1;

  constructor(options: Partial<Pick<ScrapeDeps, 'maxConcurrent' | 'features'>> = {}) {
    this.manager = createScrapeManager({
      storage: this.storage,
      http: () => this.#client(),
      clock: { now: () => this.now, monotonic: () => this.now },
      timers: {
        set: (callback, millis) => {
          this.#timers.set(this.#nextTimer, { due: this.now + millis, callback });
          return this.#nextTimer++;
        },
        clear: (handle) => this.#timers.delete(handle as number),
      },
      hostname: 'host',
      diskLag: () => this.diskLag,
      log: SILENT,
      ...options,
    });
  }

  apply(
    yaml: string,
    extras: {
      jobs?: Record<string, Partial<HearthJob>>;
      builtin?: BuiltinTarget[];
      load?: LoadLimits;
      shard?: { index: number; of: number };
    } = {},
  ): void {
    this.manager.apply(config(yaml), {
      jobs: new Map(Object.entries(extras.jobs ?? {}).map(([name, own]) => [name, { ...DEFAULT_JOB, ...own }])),
      builtin: extras.builtin ?? [],
      load: extras.load ?? DEFAULT_LOAD,
      shard: extras.shard ?? null,
    });
  }

  /** Lets time pass; what is due happens at its time. */
  async pass(millis: Millis): Promise<void> {
    const end = this.now + millis;
    for (;;) {
      let next: [number, { due: Millis; callback: () => void }] | null = null;
      for (const entry of this.#timers)
        if (entry[1].due <= end && (next === null || entry[1].due < next[1].due)) next = entry;
      if (next === null) break;
      this.#timers.delete(next[0]);
      this.now = Math.max(this.now, next[1].due);
      next[1].callback();
      await settle();
    }
    this.now = end;
    await settle();
  }

  /** Sets the time of day; timers do not mind. */
  setClock(now: Millis): void {
    for (const timer of this.#timers.values()) timer.due += now - this.now;
    this.now = now;
  }

  /** All samples of all series: `name{labels}` to `[time relative to the first, value or 'stale']`. */
  samples(match?: string): Record<string, [time: Millis, value: number | 'stale'][]> {
    const querier = this.storage.querier();
    const all: Record<string, [Millis, number | 'stale'][]> = {};
    for (const series of querier.select([{ name: '__name__', type: '=~', value: match ?? '.+' }], 0, 1e15)) {
      const words = wordsOf(series.values);
      const list: [Millis, number | 'stale'][] = [];
      for (let i = series.from; i < series.to; i++)
        list.push([series.times[i], isStaleAt(words, i) ? 'stale' : series.values[i]]);
      all[formatSeries(series.labels)] = list;
    }
    querier.release();
    return all;
  }

  /** Values only. */
  values(match?: string): Record<string, (number | 'stale')[]> {
    return Object.fromEntries(
      Object.entries(this.samples(match)).map(([series, samples]) => [series, samples.map(([, value]) => value)]),
    );
  }

  #client(): HttpClient {
    return {
      request: (request) => this.#answer(request),
      retire() {},
      close: () => Promise.resolve(),
    };
  }

  #answer(request: HttpRequest): Promise<HttpAnswer> {
    this.requests.push(request);
    const answer = this.answers.get(request.url) ?? new HttpError('refused', 'connect ECONNREFUSED');
    if (answer instanceof HttpError) return Promise.reject(answer);
    if (answer === HANG)
      return new Promise((_, reject) => {
        request.signal?.addEventListener('abort', () => reject(new HttpError('aborted', 'aborted')));
      });
    const {
      status = 200,
      contentType = 'text/plain',
      body = '',
    } = typeof answer === 'string' ? { body: answer } : answer;
    const bytes = Buffer.from(body);
    return Promise.resolve({
      status,
      headers: { 'content-type': contentType },
      body: bytes,
      wireBytes: bytes.length,
      url: request.url,
      release() {},
    });
  }
}

export function config(yaml: string): PrometheusConfig {
  const result = loadPrometheusConfig(yaml, {
    file: '/etc/prometheus.yml',
    readFile: () => '',
    glob: () => [],
    env: {},
  });
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result.config;
}

/** Lets everything that does not wait for time happen. */
export async function settle(): Promise<void> {
  for (let i = 0; i < 4; i++) await new Promise((resolve) => setImmediate(resolve));
}
