import type { ExplainedResult, QueryCost, QueryResult } from '#shared/contract/index.ts';
import type { Millis } from '#shared/model/index.ts';
import type { AnswerForm } from '#main/json/index.ts';
import type { Engine, QueryRange, TierPolicy } from '#main/promql/index.ts';
import type { FileStorage, Querier, SelectRequest, Storage } from '#main/storage/index.ts';
import { evaluateTask } from './evaluate-task.ts';
import type { Gate } from './gate.ts';
import type { QueryPool } from './pool.ts';
import type { QueryOutcome, QueryTask } from './protocol.ts';

/** Runs expressions on the local store: light ones on this thread, heavy ones on threads of their own. */
export interface Queries {
  /** So many at a time; more wait. @throws HearthError as the engine does, all of these */
  instant(expr: string, time: Millis, options: RunOptions): Promise<QueryResult>;
  range(expr: string, range: QueryRange, options: RunOptions): Promise<QueryResult>;
  explain(expr: string, range: QueryRange, options: RunOptions): Promise<ExplainedResult>;
  /** The HTTP API's body. */
  body(task: BodyTask, signal: AbortSignal): Promise<Uint8Array<ArrayBuffer>[]>;
  /** For live charts: does not wait behind other queries, since each is small. */
  live(expr: string, range: QueryRange, signal: AbortSignal): Promise<QueryResult>;
  /** What a query would read. */
  cost(expr: string, range: QueryRange, options?: Pick<RunOptions, 'lookback' | 'tiers'>): QueryCost;
}

export interface RunOptions {
  readonly signal: AbortSignal;
  readonly lookback?: Millis | undefined;
  readonly timeout?: Millis | undefined;
  /** Whether tiers may be read in place of samples; by default what the configuration says. */
  readonly tiers?: boolean | undefined;
}

/** A task whose answer is written where it is evaluated. */
export type BodyTask = Omit<QueryTask, 'tiers'> & { readonly form: AnswerForm; readonly tiers?: boolean | undefined };

export interface QueriesOptions {
  readonly storage: Storage;
  readonly engine: Engine;
  readonly gate: Gate;
  /** Threads, and the file that they read. Null: everything runs on this thread. */
  readonly threads: { readonly pool: Pick<QueryPool, 'run'>; readonly file: FileStorage } | null;
  readonly timeout: Millis;
  /** Resolution of subqueries that give none, as configured now. */
  subqueryStep(): Millis;
  /** Whether tiers are read where a query does not say; by default they are not. */
  readonly useTiers?: () => boolean;
}

/** Samples read, and values over the steps, up to which a query is light: some milliseconds of work. */
const LIGHT = 100_000;

export function createQueries(options: QueriesOptions): Queries {
  return new LocalQueries(options);
}

class LocalQueries implements Queries {
  readonly #options: QueriesOptions;

  constructor(options: QueriesOptions) {
    this.#options = options;
  }

  #isLight(querier: Querier, requests: readonly SelectRequest[], steps: number): boolean {
    let samples = 0;
    let series = 0;
    for (const { matchers, start, end, tier } of requests) {
      const part = querier.estimate(matchers, start, end, tier);
      samples += part.samples;
      series += part.series;
      if (samples > LIGHT || series * steps > LIGHT) return false;
    }
    return true;
  }

  #policy(asked: boolean | undefined): TierPolicy | null {
    const { storage } = this.#options;
    if (!(asked ?? this.#options.useTiers?.() ?? false)) return null;
    const states = storage.tiers();
    if (states.length === 0) return null;
    const newest = storage.newestTime();
    const tiers = states.map(({ resolution, keep }) => ({
      resolution,
      from: keep === null ? -Infinity : newest - keep,
    }));
    return { tiers, samplesFrom: storage.samplesFrom() };
  }

  async #evaluate(task: QueryTask, signal: AbortSignal): Promise<QueryOutcome> {
    const { threads, engine, storage } = this.#options;
    const instant = task.kind === 'explain' ? undefined : task.kind === 'instant';
    const plan = engine.plan(task.expr, task, { lookback: task.lookback, tiers: task.tiers, instant });
    const requests = plan.selections.requests();
    const querier = storage.querier();
    try {
      if (threads === null || this.#isLight(querier, requests, plan.steps))
        return await evaluateTask(engine, querier, task, signal, plan);
    } finally {
      querier.release();
    }
    const timeout = Math.min(task.timeout ?? this.#options.timeout, this.#options.timeout);
    const how = { subqueryStep: this.#options.subqueryStep(), timeout, signal };
    return threads.pool.run(task, () => threads.file.view(requests), how);
  }

  async #columns(task: QueryTask, signal: AbortSignal): Promise<QueryResult> {
    const outcome = await this.#evaluate(task, signal);
    if (outcome.kind !== 'columns') throw new Error(`a query for columns gave ${outcome.kind}`);
    return outcome.result;
  }

  instant(expr: string, time: Millis, { signal, tiers, ...how }: RunOptions): Promise<QueryResult> {
    const range = { start: time, end: time, step: 1 };
    return this.#options.gate.run(signal, () =>
      this.#columns({ kind: 'instant', expr, ...range, ...how, tiers: this.#policy(tiers), form: null }, signal),
    );
  }

  range(expr: string, range: QueryRange, { signal, tiers, ...how }: RunOptions): Promise<QueryResult> {
    return this.#options.gate.run(signal, () =>
      this.#columns({ kind: 'range', expr, ...range, ...how, tiers: this.#policy(tiers), form: null }, signal),
    );
  }

  explain(expr: string, range: QueryRange, { signal, tiers, ...how }: RunOptions): Promise<ExplainedResult> {
    return this.#options.gate.run(signal, async () => {
      const outcome = await this.#evaluate(
        { kind: 'explain', expr, ...range, ...how, tiers: this.#policy(tiers), form: null },
        signal,
      );
      if (outcome.kind !== 'explained') throw new Error(`an explained query gave ${outcome.kind}`);
      return outcome.explained;
    });
  }

  body(task: BodyTask, signal: AbortSignal): Promise<Uint8Array<ArrayBuffer>[]> {
    return this.#options.gate.run(signal, async () => {
      const outcome = await this.#evaluate({ ...task, tiers: this.#policy(task.tiers) }, signal);
      if (outcome.kind !== 'body') throw new Error(`a query for a body gave ${outcome.kind}`);
      return outcome.body;
    });
  }

  live(expr: string, range: QueryRange, signal: AbortSignal): Promise<QueryResult> {
    return this.#columns({ kind: 'range', expr, ...range, form: null }, signal);
  }

  cost(expr: string, range: QueryRange, { lookback, tiers }: Pick<RunOptions, 'lookback' | 'tiers'> = {}): QueryCost {
    const querier = this.#options.storage.querier();
    try {
      return this.#options.engine.cost(querier, expr, range, { lookback, tiers: this.#policy(tiers) });
    } finally {
      querier.release();
    }
  }
}
